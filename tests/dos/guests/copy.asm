; Copies standard input to standard output in blocks until there is no more, and counts the bytes in the errorlevel.
%include "guest.inc"

.next:  mov     dx, buffer
        mov     cx, 100
        xor     bx, bx
        dos     3Fh
        check   nc
        test    ax, ax
        jz      .end
        add     [count], ax
        mov     cx, ax
        mov     bx, 1
        dos     40h
        jnc     .next
        exit    254                             ; the output takes no more
.end:   mov     ax, [count]
        mov     ah, 4Ch
        int     21h

check_code
count:  dw      0
buffer: times   100 db 0
