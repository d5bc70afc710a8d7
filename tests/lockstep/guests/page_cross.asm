; An instruction whose last byte lies in the next page, where it is patched. AX = (60 + ... + 1) * 256.
        bits 16
        org 0xF00
        xor bx, bx
        mov cx, 60
        jmp again
        times 0xE0 - ($ - $$) nop
again:  mov [cs:cross + 2], cl
        jmp short cross
        times 0xFE - ($ - $$) nop
cross:  mov ax, 0                       ; 0FFE, 0FFF, 1000
        add bx, ax
        loop again
        mov ax, bx
        hlt
