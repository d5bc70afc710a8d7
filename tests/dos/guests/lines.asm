; Echoes lines of buffered input, each in brackets, until an empty line.
%include "guest.inc"

.next:  mov     dx, buffer
        dos     0Ah
        mov     dl, '['
        dos     02h
        mov     dx, buffer + 2
        mov     cl, [buffer + 1]
        xor     ch, ch
        jcxz    .end
        mov     bx, 1
        dos     40h
        mov     dl, ']'
        dos     02h
        jmp     .next
.end:   exit    0

check_code
buffer: db      80, 0
        times   80 db 0
