; hash - FNV-1a, Adler-32 and a Jenkins one-at-a-time hash over a text: 32-bit arithmetic of pairs of registers
%define GUEST 'hash'
%include "guest.inc"

body:   mov     ax,9DC5h                ; FNV-1a: DX:AX = (DX:AX ^ byte) * 01000193h
        mov     dx,811Ch
        mov     si,text
        mov     bp,text_size
.fnv:   xor     al,[si]
        inc     si
        mov     bx,ax
        mov     cx,dx
        mov     ax,0193h
        mul     cx
        xchg    ax,bx
        mov     cx,ax
        mov     dx,0193h
        mul     dx
        add     dx,bx
        add     dh,cl
        dec     bp
        jnz     .fnv
        mov     [fnv],ax
        mov     [fnv+2],dx

        mov     bx,1                    ; Adler-32: BX, DX modulo 65521
        xor     dx,dx
        mov     si,text
        mov     cx,text_size
        xor     ah,ah
.adler: lodsb
        add     bx,ax
        jc      .low
        cmp     bx,65521
        jb      .reduced
.low:   sub     bx,65521
.reduced:
        add     dx,bx
        jc      .high
        cmp     dx,65521
        jb      .summed
.high:  sub     dx,65521
.summed:
        loop    .adler
        xor     [fnv],bx
        xor     [fnv+2],dx

        xor     ax,ax                   ; one at a time: DX:AX
        xor     dx,dx
        mov     si,text
        mov     di,text_size
.jenkins:
        mov     bl,[si]
        xor     bh,bh
        inc     si
        add     ax,bx
        adc     dx,0
        mov     bx,ax                   ; += << 10
        mov     bp,dx
        mov     cx,10
.left:  shl     bx,1
        rcl     bp,1
        loop    .left
        add     ax,bx
        adc     dx,bp
        mov     bx,ax                   ; ^= >> 6
        mov     bp,dx
        mov     cx,6
.right: shr     bp,1
        rcr     bx,1
        loop    .right
        xor     ax,bx
        xor     dx,bp
        dec     di
        jnz     .jenkins
        xor     ax,[fnv]
        xor     dx,[fnv+2]
        add     [text],al
        ret

section .data
fnv:    dw      0,0
text:   db      'The quick brown fox jumps over the lazy dog; pack my box with five dozen liquor jugs. '
        db      'Sphinx of black quartz, judge my vow: how vexingly quick daft zebras jump over me!'
text_size equ   $ - text
