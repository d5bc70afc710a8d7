; Adds one to the number in COUNT.DAT, ten thousand times, each time under a record lock.
%include "guest.inc"

        mov     ax, 3D42h                       ; read and write, deny nothing
        mov     dx, name
        int     21h
        check   nc
        mov     bx, ax
        mov     bp, 10000
next:   mov     ax, 5C00h
        xor     cx, cx
        xor     dx, dx
        xor     si, si
        mov     di, 4
        int     21h
        jnc     locked
        expect  ax, 21h
        jmp     next
locked: call    rewind
        mov     cx, 4
        mov     dx, number
        dos     3Fh
        check   nc
        expect  ax, 4
        add     word [number], 1
        adc     word [number + 2], 0
        call    rewind
        mov     cx, 4
        mov     dx, number
        dos     40h
        check   nc
        mov     ax, 5C01h
        xor     cx, cx
        xor     dx, dx
        xor     si, si
        mov     di, 4
        int     21h
        check   nc
        dec     bp
        jnz     next
        exit    0

rewind: mov     ax, 4200h
        xor     cx, cx
        xor     dx, dx
        int     21h
        ret

check_code
name:   db      "COUNT.DAT", 0
number: dd      0
