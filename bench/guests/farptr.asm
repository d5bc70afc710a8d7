; farptr - a linked list through far pointers, compared and copied by far procedures, as the large memory model has it
%define GUEST 'farptr'
%define PREPARE
%include "guest.inc"
nodes   equ     4000h                   ; 8 bytes each: far pointer to the next, value, count
COUNT   equ     512

body:   push    bp
        mov     bp,sp
        sub     sp,4
        mov     word [bp-4],0
        mov     word [bp-2],0
        les     bx,[first]
.node:  mov     ax,es
        or      ax,bx
        jz      .end
        mov     ax,[es:bx+4]
        test    al,1
        jz      .even
        push    es
        push    bx
        call    far [visit]
        add     sp,4
        jmp     .added
.even:  inc     word [es:bx+6]
.added: add     [bp-4],ax
        adc     word [bp-2],0
        les     bx,[es:bx]
        jmp     .node
.end:   push    ds
        lds     si,[first]              ; the same way once more, through DS
.again: mov     ax,[si+4]
        xor     [bp-4],ax
        lds     si,[si]
        mov     cx,ds
        or      cx,si
        jnz     .again
        pop     ds
        mov     ax,[bp-4]
        mov     dx,[bp-2]
        mov     sp,bp
        pop     bp
        ret

; int far visit(struct node far *p) { return p->value += ++p->count; }
visit_far:
        push    bp
        mov     bp,sp
        push    ds
        lds     bx,[bp+6]
        inc     word [bx+6]
        mov     ax,[bx+6]
        add     [bx+4],ax
        mov     ax,[bx+4]
        pop     ds
        pop     bp
        retf

prepare:
        mov     [visit+2],cs
        mov     bx,nodes
        mov     [first],bx
        mov     [first+2],ds
        mov     cx,COUNT
        mov     dx,1
.node:  mov     ax,25173
        mul     dx
        add     ax,13849
        mov     dx,ax
        mov     [bx+4],ax
        mov     word [bx+6],0
        lea     ax,[bx+8]
        mov     [bx],ax
        mov     [bx+2],ds
        mov     bx,ax
        loop    .node
        mov     word [bx-8],0
        mov     word [bx-6],0
        ret

section .data
visit:  dw      visit_far,0
first:  dw      0,0
