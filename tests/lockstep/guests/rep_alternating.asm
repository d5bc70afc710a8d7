; REP MOVSB lays one of two instructions right behind itself, in turn. AL = AH = 20.
        bits 16
        org 0x100
        xor ax, ax
        mov dx, 40
again:  mov si, image_a
        test dl, 1
        jz go
        mov si, image_b
go:     mov di, target
        mov cx, 3
        cld
        rep movsb
target: add ax, strict word 0
        dec dx
        jnz again
        hlt
image_a: add ax, strict word 1
image_b: add ax, strict word 0x100
