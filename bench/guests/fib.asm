; fib - Fibonacci's 17th number by plain recursion, with the BP frames that compilers make: calls and returns
%define GUEST 'fib'
%include "guest.inc"

body:   mov     ax,17
        push    ax
        call    fib
        pop     cx
        mov     dx,[calls]
        ret

; int fib(int n) { calls++; return n < 2 ? n : fib(n - 1) + fib(n - 2); }
fib:    push    bp
        mov     bp,sp
        push    si
        inc     word [calls]
        mov     ax,[bp+4]
        cmp     ax,2
        jl      .done
        dec     ax
        push    ax
        call    fib
        pop     cx
        mov     si,ax
        mov     ax,[bp+4]
        sub     ax,2
        push    ax
        call    fib
        pop     cx
        add     ax,si
.done:  pop     si
        pop     bp
        ret

section .data
calls:  dw      0
