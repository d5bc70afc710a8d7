; The timer tick and the time of day.

; INT 08h, IRQ 0, 18.2 times a second: counts ticks since midnight, stops the diskette motor, calls INT 1Ch.
int08:
        sti
        push    ds
        push    ax
        push    dx
        mov     ax, BDA
        mov     ds, ax
        inc     word [ticks_low]
        jnz     .low
        inc     word [ticks_high]
.low:   cmp     word [ticks_high], 18h  ; a day is 1800B0h ticks
        jne     .motor
        cmp     word [ticks_low], 0B0h
        jne     .motor
        xor     ax, ax
        mov     [ticks_high], ax
        mov     [ticks_low], ax
        mov     byte [midnight], 1
.motor: dec     byte [motor_count]
        jnz     .user
        and     byte [motor_status], 0F0h
        mov     al, 0Ch                 ; motors off, DMA and interrupt stay on
        mov     dx, 3F2h
        out     dx, al
.user:  int     1Ch
        mov     al, 20h
        out     20h, al
        pop     dx
        pop     ax
        pop     ds
        iret

; INT 1Ah: AH=0 reads the count of ticks into CX:DX (AL: midnight has passed since), AH=1 sets it.
; AH=02h up: the battery clock.
int1A:
        sti
        push    ds
        push    ax
        mov     ax, BDA
        mov     ds, ax
        pop     ax
        or      ah, ah
        jz      .read
        cmp     ah, 1
        je      .set
        jmp     clock_services
.set:   cli
        mov     [ticks_low], dx
        mov     [ticks_high], cx
        mov     byte [midnight], 0
        pop     ds
        iret
.read:  cli
        mov     al, [midnight]
        mov     byte [midnight], 0
        mov     cx, [ticks_high]
        mov     dx, [ticks_low]
        pop     ds
        iret

; Rings the bell: 896 Hz for a quarter of a second, counted by the tone itself, which shows at bit 5 of port 62h.
; All registers stay.
BEEP_DIVISOR    equ     533h
BEEP_HALF_WAVES equ     2 * 224
bell:
        push    ax
        push    bx
        push    cx
        mov     al, 0B6h                ; channel 2, square wave
        out     43h, al
        mov     ax, BEEP_DIVISOR
        out     42h, al
        mov     al, ah
        out     42h, al
        in      al, 61h
        push    ax
        or      al, 3
        out     61h, al
        mov     bx, BEEP_HALF_WAVES
        xor     ah, ah
.half:  mov     cx, 4000                ; polls; a machine whose tone never changes goes on all the same
.poll:  in      al, 62h
        and     al, 20h
        cmp     al, ah
        loope   .poll
        mov     ah, al
        dec     bx
        jnz     .half
        pop     ax
        out     61h, al
        pop     cx
        pop     bx
        pop     ax
        ret
