; matmul - C := A * B + C for 20 x 20 words, indices and sum in a BP frame as a simple compiler would have them
%define GUEST 'matmul'
%define PREPARE
%include "guest.inc"
N       equ     20
a       equ     4000h
b       equ     4400h
c       equ     4800h

prepare:
        mov     di,a
        mov     ax,1
        mov     cx,2*400h/2
.fill:  stosw
        mov     dx,ax
        shl     ax,1
        shl     ax,1
        add     ax,dx
        add     ax,0B5h
        loop    .fill
        xor     ax,ax
        mov     cx,400h/2
        rep     stosw
        ret

%define i       word [bp-2]
%define j       word [bp-4]
%define k       word [bp-6]
%define sum     word [bp-8]
body:   push    bp
        mov     bp,sp
        sub     sp,8
        mov     i,0
.row:   mov     j,0
.column:
        mov     sum,0
        mov     k,0
.product:
        mov     ax,i                    ; a[i][k]
        mov     cx,N
        mul     cx
        add     ax,k
        shl     ax,1
        mov     bx,ax
        mov     si,[a+bx]
        mov     ax,k                    ; b[k][j]
        mul     cx
        add     ax,j
        shl     ax,1
        mov     bx,ax
        mov     ax,[b+bx]
        imul    si
        add     sum,ax
        inc     k
        cmp     k,N
        jl      .product
        mov     ax,i
        mul     cx
        add     ax,j
        shl     ax,1
        mov     bx,ax
        mov     ax,sum
        add     [c+bx],ax
        inc     j
        cmp     j,N
        jl      .column
        inc     i
        cmp     i,N
        jl      .row
        mov     sp,bp
        pop     bp
        xor     ax,ax                   ; a checksum over C
        xor     dx,dx
        mov     si,c
        mov     cx,N*N
.sum:   add     dx,[si]
        xor     ax,dx
        rol     ax,1
        inc     si
        inc     si
        loop    .sum
        ret
