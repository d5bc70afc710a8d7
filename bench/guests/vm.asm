; vm - an interpreter of byte codes (a stack machine, its top in AX) that counts Collatz steps: jumps through a table
%define GUEST 'vm'
%include "guest.inc"

%macro dispatch 0
        mov     bl,[si]
        inc     si
        xor     bh,bh
        jmp     [table+bx]
%endmacro

body:   mov     di,stack
        mov     word [variables],0      ; 0: steps, 2: number, 4: start
        mov     word [variables+4],40
        mov     si,program
        dispatch

op_push:        ; value
        mov     [di],ax
        add     di,2
        mov     ax,[si]
        add     si,2
        dispatch
op_load:        ; variable
        mov     [di],ax
        add     di,2
        mov     bl,[si]
        inc     si
        xor     bh,bh
        mov     ax,[variables+bx]
        dispatch
op_store:       ; variable
        mov     bl,[si]
        inc     si
        xor     bh,bh
        mov     [variables+bx],ax
        sub     di,2
        mov     ax,[di]
        dispatch
op_add: sub     di,2
        add     ax,[di]
        dispatch
op_and: sub     di,2
        and     ax,[di]
        dispatch
op_half:
        shr     ax,1
        dispatch
op_triple:
        mov     dx,ax
        shl     ax,1
        add     ax,dx
        dispatch
op_less:        ; value: is the top less?
        cmp     ax,[si]
        mov     ax,0
        adc     ax,ax
        add     si,2
        dispatch
op_if_zero:     ; target: drops the top
        mov     dx,ax
        sub     di,2
        mov     ax,[di]
        mov     bx,[si]
        add     si,2
        test    dx,dx
        jnz     .stay
        mov     si,bx
.stay:  dispatch
op_goto:        ; target
        mov     si,[si]
        dispatch
op_end: mov     ax,[variables]
        mov     dx,[variables+2]
        ret

section .data
table:  dw      op_push,op_load,op_store,op_add,op_and,op_half,op_triple,op_less,op_if_zero,op_goto,op_end
%assign code 0
%macro op 1-2
%1      equ     code
%assign code code+2
%endmacro
        op      PUSH_
        op      LOAD_
        op      STORE_
        op      ADD_
        op      AND_
        op      HALF_
        op      TRIPLE_
        op      LESS_
        op      IF_ZERO
        op      GOTO_
        op      END_
program:
.start: db      LOAD_,4, STORE_,2               ; number := start
.step:  db      LOAD_,2, LESS_
        dw      2
        db      IF_ZERO
        dw      .work
        db      GOTO_
        dw      .next
.work:  db      LOAD_,2, PUSH_
        dw      1
        db      AND_, IF_ZERO
        dw      .even
        db      LOAD_,2, TRIPLE_, PUSH_         ; odd: 3 n + 1
        dw      1
        db      ADD_, STORE_,2, GOTO_
        dw      .count
.even:  db      LOAD_,2, HALF_, STORE_,2
.count: db      LOAD_,0, PUSH_
        dw      1
        db      ADD_, STORE_,0, GOTO_
        dw      .step
.next:  db      LOAD_,4, PUSH_
        dw      -1
        db      ADD_, STORE_,4, LOAD_,4, IF_ZERO
        dw      .end
        db      GOTO_
        dw      .start
.end:   db      END_
        align   2,db 0
variables:      dw 0,0,0
stack:  times   8 dw 0
