; In ROM: what it writes over itself is lost. AX = 60 * 5.
        bits 16
        org 0x100
        xor bx, bx
        mov cx, 60
again:  mov [cs:next + 1], cl
next:   mov al, 5
        xor ah, ah
        add bx, ax
        loop again
        mov ax, bx
        hlt
