; The smallest program: text three ways, and an errorlevel.
%include "guest.inc"

        mov     dx, text
        dos     09h
        mov     dl, '!'
        dos     02h
        mov     dx, more
        mov     cx, more_end - more
        mov     bx, 1
        dos     40h
        expect  ax, more_end - more
        mov     dx, complaint
        mov     cx, complaint_end - complaint
        mov     bx, 2
        dos     40h
        exit    7

check_code
text:   db      "Hello$"
more:   db      13, 10, "tab", 9, 081h, 13, 10       ; 81h: u with diaeresis
more_end:
complaint: db   "oh"
complaint_end:
