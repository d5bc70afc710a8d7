; smc - code that rewrites itself: an immediate, a displacement and an opcode of a loop, before each of its 64 turns of 24 rounds
%define GUEST 'smc'
%include "guest.inc"

body:   mov     dx,[state]
        mov     cx,64
.outer: mov     [.immediate+1],dx
        mov     bx,dx
        and     bx,7
        mov     [.displacement+2],bl
        and     bl,3    
        mov     al,[opcodes+bx]
        mov     [.opcode],al
        mov     si,table
        mov     bp,24
        mov     ax,cx
.inner:
.immediate:
        mov     bx,1234h
.opcode:
        db      03h,0C3h                ; add ax,bx
        rol     ax,1
.displacement:
        xor     al,[si+1]
        dec     bp
        jnz     .inner
        add     dx,ax
        loop    .outer
        mov     [state],dx
        mov     ax,dx
        xor     dx,dx
        ret

section .data
state:  dw      1
opcodes: db     03h,33h,2Bh,13h         ; add, xor, sub, adc with a register as destination
table:  db      27,18,28,18,28,45,90,45
