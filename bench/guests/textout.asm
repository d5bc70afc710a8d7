; textout - a text screen at B800:0000 used as programs use it: fields of digits with attributes, a scroll, a clear, reading back
%define GUEST 'textout'
%include "guest.inc"

body:   mov     ax,0B800h
        mov     es,ax
        mov     bp,12                   ; lines
.line:  mov     di,24*160
        mov     cx,16                   ; fields a line
.field: mov     ax,[number]
        mov     bx,7919
        mul     bx
        add     ax,cx
        mov     [number],ax
        call    decimal
        loop    .field

        push    ds                      ; scroll up by a line
        push    es
        pop     ds
        mov     si,160
        xor     di,di
        mov     cx,24*80
        rep     movsw
        pop     ds
        mov     ax,1F20h                ; clear the last one
        mov     cx,80
        rep     stosw
        dec     bp
        jnz     .line

        xor     ax,ax                   ; read the screen back
        xor     dx,dx
        mov     di,12*160
        mov     cx,12*80
.read:  add     ax,[es:di]
        rol     ax,1
        adc     dx,ax
        add     di,2
        loop    .read
        ret

; AX as four decimal digits and a blank at ES:DI, the colour by the last digit; CX is kept
decimal:
        mov     bx,10
        add     di,6
        mov     si,4
.digit: xor     dx,dx
        div     bx
        add     dl,'0'
        mov     dh,dl
        and     dh,0Fh
        or      dh,08h
        mov     [es:di],dx
        sub     di,2
        dec     si
        jnz     .digit
        mov     word [es:di+10],0720h
        add     di,12
        ret

section .data
number: dw      1
