; Sends "?" through COM1, then back what comes, until a "q". It waits by INT 14h; after an "h", in HLT.
        cpu     8086
        org     7C00h
        xor     ax, ax
        mov     ds, ax
        mov     es, ax
        mov     ss, ax
        mov     sp, 7C00h
        xor     dx, dx
        mov     ax, 00E3h               ; 9600 baud, 8 bits
        int     14h
        mov     al, "?"
.send:  mov     ah, 1
        int     14h
        cmp     al, "h"
        je      .halt
        cmp     al, "q"
        je      .end
.poll:  mov     ah, 2
        int     14h
        test    ah, 80h
        jnz     .poll
        jmp     .send
.halt:  hlt
        mov     ah, 3
        int     14h
        test    ah, 1
        jz      .halt
        jmp     .poll
.end:   mov     ax, 0E00h + "Q"
        int     10h
.rest:  hlt
        jmp     .rest
        times   510 - ($ - $$) db 0
        dw      0AA55h
