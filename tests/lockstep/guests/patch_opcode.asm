; A loop whose first instruction changes between INC AX and INC BX. AL = AH = 50.
        bits 16
        org 0x100
        xor ax, ax
        xor bx, bx
        mov cx, 100
again:  inc ax
        xor byte [cs:again], 0x40 ^ 0x43
        loop again
        mov ah, bl
        hlt
