; Work without end, with something to stop at: places are fixed, so that tests know them.
        %include "guest.inc"
counter equ     results
source  equ     results + 10h
target  equ     results + 20h

        begin
        mov     word [60h * 4], handler
        mov     word [60h * 4 + 2], 0
        mov     word [counter], 0
        jmp     0:turn

        times   40h - ($ - $$) nop
turn:                                   ; 7C40
        mov     cx, 3
again:                                  ; 7C43
        call    bump
        cmp     ax, 0FFFFh
        loop    again
        mov     ah, 12h
        int     60h                     ; 7C4D
        mov     dx, 2F8h
        mov     al, 55h
        out     dx, al                  ; 7C54
        in      al, dx                  ; 7C55
        cmp     bx, [source]            ; 7C56
        mov     si, source              ; 7C5A
        mov     di, target
        mov     cx, 4
        rep movsb                       ; 7C63
        jmp     turn                    ; 7C65

        times   80h - ($ - $$) nop
bump:                                   ; 7C80
        mov     ax, [counter]
        inc     ax                      ; 7C83
        mov     [counter], ax           ; 7C84
        ret                             ; 7C87

        times   90h - ($ - $$) nop
handler:                                ; 7C90
        inc     bx
        iret
        finish
