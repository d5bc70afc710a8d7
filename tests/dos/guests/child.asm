; Says what EXEC gave it, opens a file and leaves it open, takes memory and keeps it, hooks INT 22h-24h, and ends with 42.
%include "guest.inc"

        mov     si, 81h
        mov     cl, [80h]
        xor     ch, ch
        mov     dx, si
        mov     bx, 1
        dos     40h
        mov     es, [2Ch]                       ; the first string of the environment
        xor     di, di
.next:  mov     dl, [es:di]
        inc     di
        test    dl, dl
        jz      .done
        dos     02h
        jmp     .next
.done:  mov     dx, 6Dh                         ; the second FCB's name
        mov     cx, 6
        mov     bx, 1
        dos     40h
        mov     dx, line_end
        mov     cx, 2
        mov     bx, 1
        dos     40h

        mov     dx, file
        xor     cx, cx
        dos     3Ch
        mov     ax, 2523h
        mov     dx, 0BADh
        int     21h
        mov     ax, 2524h
        int     21h
        exit    42

line_end: db    13, 10
file:   db      "LEFT.OPN", 0
