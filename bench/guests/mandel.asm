; mandel - 24 x 16 points of the Mandelbrot set, 32 iterations at most, in 6.10 fixed point: IMUL, ADC/RCL chains, variables in memory
%define GUEST 'mandel'
%include "guest.inc"
ONE     equ     1024                    ; 6.10, so that no |z|^2 overflows
LIMIT   equ     32

; AX := AX * the operand, DX is lost
%macro multiply 1
        imul    %1
        mov     al,ah                   ; DX:AX >> 8
        mov     ah,dl
        mov     dl,dh
%rep 2                                  ; and 2 more
        shr     dl,1
        rcr     ax,1
%endrep
%endmacro

body:   mov     word [im],-(ONE*5/4)
        mov     word [hash],1
        mov     word [total],0
        mov     byte [rows],16
.row:   mov     word [re],-ONE*2
        mov     byte [columns],24
.point: xor     si,si                   ; z = SI + i DI
        xor     di,di
        mov     cx,LIMIT
.iterate:
        mov     ax,si
        multiply si
        mov     bx,ax                   ; re(z)^2
        mov     ax,di
        multiply di
        mov     bp,ax                   ; im(z)^2
        add     ax,bx
        cmp     ax,4*ONE
        jae     .escaped
        mov     ax,si
        multiply di
        shl     ax,1
        add     ax,[im]
        mov     di,ax
        sub     bx,bp
        add     bx,[re]
        mov     si,bx
        loop    .iterate
.escaped:
        add     [total],cx
        mov     ax,[hash]
        rol     ax,1
        add     ax,cx
        mov     [hash],ax
        add     word [re],ONE/8
        dec     byte [columns]
        jnz     .point
        add     word [im],ONE*5/32
        dec     byte [rows]
        jnz     .row
        mov     ax,[hash]
        mov     dx,[total]
        ret

section .data
re:     dw      0
im:     dw      0
hash:   dw      0
total:  dw      0
rows:   db      0
columns: db     0
