; ^C and its handler. Keys: ^C x ^C ^C, then more. The first handler returns with IRET (the call starts again), the second
; with RETF and carry clear (likewise), the third with RETF and carry set (the program ends, with abort).
%include "guest.inc"

        mov     ax, 2523h
        mov     dx, handler
        int     21h
        mov     [saved_sp], sp
        mov     bp, 1234h
        dos     08h                             ; ^C, and the key behind it
        expect  al, 'x'
        expect  byte [count], 1
        expect  sp, [saved_sp]
        expect  bp, 1234h
        dos     01h                             ; ^C again
        expect  al, 'y'
        expect  byte [count], 2
        dos     07h                             ; does not look for ^C
        expect  al, 3
        expect  byte [count], 2
        dos     34h
        expect  byte [es:bx], 0
        dos     08h                             ; the last one
        exit    9                               ; not reached

handler:
        expect  bp, 1234h                       ; the caller's registers
        inc     byte [cs:count]
        cmp     byte [cs:count], 2
        je      .go_on
        ja      .end
        iret
.go_on: clc
        retf
.end:   stc
        retf

check_code
count:  db      0
saved_sp: dw    0
