; Reads the DS1216 in the socket of the ROM at F8000. Between the bits it calls the BIOS in that ROM: fetches must not
; disturb.
%include "guest.inc"
        begin
        mov     ax, 0F800h
        mov     es, ax
        mov     al, [es:4]
        mov     si, key
        mov     dh, 8
.byte:  lodsb
        mov     dl, al
        mov     cx, 8
.bit:   int     12h
        mov     bx, 2
        shr     dl, 1
        adc     bx, 0
        mov     al, [es:bx]
        loop    .bit
        dec     dh
        jnz     .byte

        mov     di, results
        mov     dh, 8
.read:  mov     cx, 8
.in:    int     12h
        mov     al, [es:4]
        shr     al, 1
        rcr     dl, 1
        loop    .in
        mov     [di], dl
        inc     di
        dec     dh
        jnz     .read
        cli
        hlt
key:    db      0C5h, 3Ah, 0A3h, 5Ch, 0C5h, 3Ah, 0A3h, 5Ch
        finish
