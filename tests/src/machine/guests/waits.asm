; Waits in the ways that programs do, each for some timer ticks, while INT 1Ch writes down what it interrupts: the words on
; the stack, AX and the counts. So whoever lets time pass without executing has to get every register right.
%include "guest.inc"
log     equ     1000h                   ; 40 bytes a tick
        begin
        mov     word [1Ch * 4], tick
        mov     word [1Ch * 4 + 2], 0
        mov     word [results], log
        xor     si, si
        mov     ax, [46Ch]
        mov     [results + 2], ax
        sti
.keys:  mov     ah, 1                   ; for a key
        int     16h
        call    passed
        cmp     ax, 90
        jb      .keys
.ticks: call    passed
        cmp     ax, 120
        jb      .ticks
.flag:  mov     ax, [41Ah]              ; for the buffer's pointers to differ
        cmp     ax, [41Ch]
        jne     .flag
        call    passed
        cmp     ax, 150
        jb      .flag
        mov     dx, 3DAh                ; for the retrace
.frame: in      al, dx
        test    al, 8
        jnz     .frame
.line:  in      al, dx
        test    al, 8
        jz      .line
        inc     word [results + 4]
        call    passed
        cmp     ax, 180
        jb      .frame
.count: inc     si                      ; and how much can be done in the meantime, as calibrations do
        adc     word [results + 6], 0
        call    passed
        cmp     ax, 190
        jb      .count
        mov     [results + 8], si
        cli
        hlt
passed: mov     ax, [46Ch]
        sub     ax, [results + 2]
        ret
tick:   push    ax
        push    cx
        push    si
        push    di
        push    ds
        push    es
        xor     cx, cx
        mov     ds, cx
        mov     es, cx
        mov     di, [results]
        stosw
        mov     si, sp
        mov     cx, 19
        rep movsw
        mov     [results], di
        pop     es
        pop     ds
        pop     di
        pop     si
        pop     cx
        pop     ax
        iret
        finish
