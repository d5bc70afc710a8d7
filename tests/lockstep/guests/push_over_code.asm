; A PUSH whose word is the immediate of the next instruction. AX = 60 + ... + 1.
        bits 16
        org 0x100
        mov ax, cs
        mov ss, ax
        xor bx, bx
        mov cx, 60
        jmp again
        times 0x21 - 6 - ($ - $$) nop
again:  mov sp, patched + 3
        push cx
        nop
        nop
patched: mov ax, 0                      ; at an odd offset, so that SP is even
        add bx, ax
        loop again
        mov ax, bx
        hlt
