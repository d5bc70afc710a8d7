; ^P at the console: the printer gets what the screen shows, until the next one. Keys: ^P x ^P y.
%include "guest.inc"

        mov     ax, 2517h
        mov     dx, printer
        int     21h
        mov     dx, before
        dos     09h
        dos     08h
        expect  al, 'x'
        mov     dx, text
        dos     09h
        mov     dl, '.'
        dos     02h
        dos     08h
        expect  al, 'y'
        mov     dx, before
        dos     09h
        expect_text printed, {"both.", 0}
        exit    0

printer:
        push    bx
        mov     bx, [cs:printed_end]
        mov     [cs:bx], al
        inc     word [cs:printed_end]
        pop     bx
        mov     ah, 90h
        iret

check_code
before: db      "screen$"
text:   db      "both$"
printed_end: dw printed
printed: times  32 db 0
