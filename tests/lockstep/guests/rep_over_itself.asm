; REP MOVSB copies two NOPs and an ADD over itself and the ADD behind it: it ends as it began, then the new bytes run.
; AX = 40 * 3.
        bits 16
        org 0x100
        xor ax, ax
        mov dx, 40
again:  mov si, image
        mov di, target
        mov cx, image_end - image
        cld
target: rep movsb
        add ax, strict word 1000
        dec dx
        jnz again
        hlt
image:  nop
        nop
        add ax, strict word 3
image_end:
