; REP STOSB fills the bytes right behind itself with INC BX or NOP, in turn. AX = 20 * 4.
        bits 16
        org 0x100
        xor bx, bx
        mov dx, 40
again:  mov al, 0x90
        test dl, 1
        jz go
        mov al, 0x43
go:     mov di, slot
        mov cx, 4
        cld
        rep stosb
slot:   times 4 nop
        dec dx
        jnz again
        mov ax, bx
        hlt
