; Console input. The same program reads keys and a redirected stream: "ab", an extended key or two bytes, lines.
%include "guest.inc"

        dos     01h                             ; with echo
        expect  al, 'a'
        dos     08h                             ; without
        expect  al, 'b'
        dos     0Bh
        mov     ax, 0C07h                       ; a console forgets what was typed ahead
        cmp     byte [80h], 0
        jne     .stream
        int     21h
        jmp     .extended
.stream:
        dos     07h
.extended:
        expect  al, 0                           ; F10: zero, then its scan code
        dos     07h
        expect  al, 44h

        mov     dx, buffer                      ; a line: at most five characters and CR
        dos     0Ah
        expect  byte [buffer + 1], 5
        expect_text buffer + 2, {"hello", 13}
        mov     dx, crlf
        mov     cx, 2
        mov     bx, 1
        dos     40h

        mov     dx, line                        ; a line by handle, in two bites
        mov     cx, 3
        xor     bx, bx
        dos     3Fh
        check   nc
        expect  ax, 3
        mov     dx, line + 3
        mov     cx, 100
        xor     bx, bx
        dos     3Fh
        check   nc
        expect  ax, 4
        expect_text line, {"again", 13, 10}
        exit    0

check_code
crlf:   db      13, 10
buffer: db      6, 0
        times   8 db 0
line:   times   128 db 0
