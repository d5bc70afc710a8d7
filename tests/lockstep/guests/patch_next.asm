; Patches the immediate of the very next instruction, sixty times. AX = 60 + 59 + ... + 1.
        bits 16
        org 0x100
        xor bx, bx
        mov cx, 60
again:  mov [cs:next + 1], cl
next:   mov al, 0
        xor ah, ah
        add bx, ax
        loop again
        mov ax, bx
        hlt
