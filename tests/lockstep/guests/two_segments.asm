; One routine under two values of CS, patched through either. AX = 5608 (see the sums).
        bits 16
        org 0x100
        xor bx, bx
        mov cx, 60
again:  call 0x1000:routine             ; 0, then cl + 2
        mov [cs:routine + 1], cl
        call 0x0FF0:routine + 0x100     ; cl
        push ds
        mov ax, 0x0FF0
        mov ds, ax
        inc byte [routine + 0x101]
        pop ds
        call 0x1000:routine             ; cl + 1
        loop again
        mov ax, bx
        hlt
routine: mov al, 0
        xor ah, ah
        add bx, ax
        retf
