; Runs at BC00:0100 on a machine that shows B8000-BBFFF again at BC000, and patches itself through B800.
; AX = 60 + ... + 1.
        bits 16
        org 0x100
        mov ax, 0xB800
        mov ds, ax
        xor bx, bx
        mov cx, 60
again:  mov [next + 1], cl
next:   mov al, 0
        xor ah, ah
        add bx, ax
        loop again
        mov ax, bx
        hlt
