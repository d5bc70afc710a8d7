; A routine is scrambled, restored and called, thirty times. AX = 30 * 7.
        bits 16
        org 0x100
        xor ax, ax
        mov dx, 30
again:  call crypt
        call crypt
        call body
        dec dx
        jnz again
        hlt
crypt:  mov si, body
        mov cx, body_end - body
next:   xor byte [cs:si], 0x5A
        inc si
        loop next
        ret
body:   add ax, 3
        inc ax
        add ax, strict word 3
        ret
body_end:
