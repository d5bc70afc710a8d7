; Critical errors: D: is read-only, so creating files there ends in INT 24h.
%include "guest.inc"

        mov     ax, 2524h
        mov     dx, handler
        int     21h

        mov     byte [answer], 3                ; fail
        call    create
        check   c
        expect  ax, 5
        expect  byte [asked], 1
        expect  byte [saved_al], 3              ; D:
        expect  byte [saved_di], 0              ; write-protected
        test    byte [saved_ah], 80h
        check   z
        test    byte [saved_ah], 01h            ; it was a write, may be repeated, may not be ignored
        check   nz
        test    byte [saved_ah], 10h
        check   nz
        test    byte [saved_ah], 20h
        check   z
        expect  byte [saved_caller_ax + 1], 3Ch ; the caller's registers lie above the return address
        expect  word [saved_caller_dx], name
        xor     bx, bx
        dos     59h
        expect  ax, 53h

        mov     byte [asked], 0                 ; again and again, then fail
        mov     byte [answer], 1
        call    create
        check   c
        expect  byte [asked], 3

        mov     byte [asked], 0                 ; what may not be ignored fails
        mov     byte [answer], 0
        call    create
        check   c
        expect  byte [asked], 1

        ; a printer without paper: may be ignored, and is asked about as a device
        mov     ax, 2517h
        mov     dx, printer
        int     21h
        mov     byte [answer], 0
        mov     byte [asked], 0
        mov     bx, 4
        mov     cx, 2
        mov     dx, text
        dos     40h
        check   nc
        expect  ax, 2
        expect  byte [asked], 1
        expect  byte [saved_di], 9
        test    byte [saved_ah], 80h
        check   nz
        mov     byte [answer], 3
        mov     dl, 'x'
        dos     05h
        expect  byte [asked], 2
        mov     byte [status], 0                ; paper is back
        mov     bx, 4
        mov     cx, 2
        mov     dx, text
        dos     40h
        check   nc
        mov     dl, '!'
        dos     05h
        expect_text printed, "ok!"

        ; AUX: what goes out comes back
        mov     ax, 2514h
        mov     dx, serial
        int     21h
        mov     dl, 'q'
        dos     04h
        dos     03h
        expect  al, 'q'

        mov     byte [asked], 0
        mov     byte [answer], 2                ; abort
        call    create
        exit    9

create: mov     dx, name
        xor     cx, cx
        dos     3Ch
        ret

handler:
        push    bp
        mov     bp, sp
        mov     [cs:saved_al], al
        mov     [cs:saved_ah], ah
        mov     [cs:saved_di], di
        mov     ax, [bp + 8]
        mov     [cs:saved_caller_ax], ax
        mov     ax, [bp + 8 + 6]
        mov     [cs:saved_caller_dx], ax
        pop     bp
        inc     byte [cs:asked]
        mov     al, [cs:answer]
        cmp     byte [cs:asked], 3
        jne     .done
        mov     al, 3
.done:  iret

printer:
        cmp     byte [cs:status], 0
        jne     .none
        push    bx
        mov     bx, [cs:printed_end]
        mov     [cs:bx], al
        inc     word [cs:printed_end]
        pop     bx
.none:  mov     ah, [cs:status]
        iret

serial: cmp     ah, 1
        je      .write
        cmp     ah, 2
        je      .read
        mov     ah, [cs:has_data]
        iret
.write: mov     [cs:line], al
        mov     byte [cs:has_data], 1
        mov     ah, 0
        iret
.read:  mov     al, [cs:line]
        mov     byte [cs:has_data], 0
        mov     ah, 0
        iret

check_code
name:   db      "D:\NEW.TXT", 0
text:   db      "ok"
answer: db      0
asked:  db      0
saved_al: db    0
saved_ah: db    0
saved_di: dw    0
saved_caller_ax: dw 0
saved_caller_dx: dw 0
status: db      29h                             ; out of paper, I/O error, time-out
printed_end: dw printed
printed: times  8 db 0
line:   db      0
has_data: db    0
