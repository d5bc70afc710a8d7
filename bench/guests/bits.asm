; bits - bit counts, reversals, Gray code and a linear feedback register: shifts and rotates by one and by CL
%define GUEST 'bits'
%include "guest.inc"

body:   mov     bp,256
        mov     di,[register]
        xor     si,si
.word:  mov     cl,4                    ; the register: 32 bits, taps by rotation
        mov     ax,di
        ror     ax,cl
        xor     ax,di
        shr     ax,1
        rcr     di,1
        mov     ax,di                   ; population count
        mov     bx,ax
        shr     bx,1
        and     bx,5555h
        sub     ax,bx
        mov     bx,ax
        shr     bx,1
        shr     bx,1
        and     ax,3333h
        and     bx,3333h
        add     ax,bx
        mov     bx,ax
        shr     bx,cl
        add     ax,bx
        and     ax,0F0Fh
        add     al,ah
        xor     ah,ah
        add     si,ax
        mov     ax,di                   ; reversed, bit by bit
        mov     cx,16
.turn:  rcr     ax,1
        rcl     bx,1
        loop    .turn
        xor     si,bx
        mov     ax,di                   ; Gray code and back
        shr     ax,1
        xor     ax,di
        mov     cl,8
        mov     bx,ax
        shr     bx,cl
        xor     ax,bx
        mov     cl,4
        mov     bx,ax
        shr     bx,cl
        xor     ax,bx
        rol     si,cl
        add     si,ax
        mov     cx,di                   ; a shift by a count that varies
        and     cl,15
        mov     ax,1
        shl     ax,cl
        test    ax,si
        jz      .clear
        not     si
.clear: sar     ax,cl
        sub     si,ax
        dec     bp
        jnz     .word
        mov     [register],di
        mov     ax,si
        mov     dx,di
        ret

section .data
register:       dw 0ACE1h
