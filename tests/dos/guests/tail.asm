; Shows its tail in brackets, and its first FCB's name.
%include "guest.inc"

        mov     dx, bracket
        mov     cx, 1
        mov     bx, 1
        dos     40h
        mov     cl, [80h]
        xor     ch, ch
        mov     dx, 81h
        dos     40h
        mov     dx, bracket + 1
        mov     cx, 1
        dos     40h
        mov     dx, 5Dh
        mov     cx, 8
        dos     40h
        exit    0

bracket: db     "[]"
