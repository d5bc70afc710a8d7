; Hercules: graphics, the second page behind its gate, and code that runs there.
%include "guest.inc"
        begin
        mov     ax, 0B800h
        mov     es, ax
        mov     al, [es:0]              ; closed: nobody answers
        mov     [results], al
        mov     byte [es:0], 12h
        mov     al, [es:0]
        mov     [results + 1], al

        mov     dx, 3BFh
        mov     al, 3
        out     dx, al
        mov     si, routine             ; open: memory
        xor     di, di
        mov     cx, routine_end - routine
        rep     movsb
        xor     bx, bx
        mov     cx, 100
.run:   call    0B800h:0
        inc     word [es:1]
        loop    .run
        mov     [results + 2], bx

        mov     dx, 3BFh
        mov     al, 1
        out     dx, al
        mov     al, [es:0]              ; closed again
        mov     [results + 4], al
        mov     al, 3
        out     dx, al
        call    0B800h:0                ; open: what was there
        mov     [results + 6], bx

        mov     dx, 3B4h
        mov     si, registers
        xor     bx, bx
.crtc:  mov     al, bl
        out     dx, al
        inc     dx
        lodsb
        out     dx, al
        dec     dx
        inc     bx
        cmp     bl, 16
        jb      .crtc
        mov     dl, 0B8h
        mov     al, 8Ah                 ; graphics, second page
        out     dx, al
        mov     di, 6000h + 86 * 90 + 89
        mov     byte [es:di], 1         ; the last dot
        cli
        hlt
routine:
        mov     ax, 0
        add     bx, ax
        retf
routine_end:
registers:
        db      35h, 2Dh, 2Eh, 07h, 5Bh, 02h, 57h, 57h, 02h, 03h, 00h, 00h, 00h, 00h, 00h, 00h
        finish
