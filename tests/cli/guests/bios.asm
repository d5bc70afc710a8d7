; A BIOS of 8 KiB that writes to the screen without any help, and shows what port E8h, which dyn86's own ROM uses,
; answers. It has no INT 19h, no data area and no stack.
        cpu     8086
        bits    16
        org     0E000h
start:  mov     dx, 3D8h
        mov     al, 29h
        out     dx, al
        mov     dx, 3D4h
        mov     si, crtc
        xor     bx, bx
.next:  mov     al, bl
        out     dx, al
        inc     dx
        cs lodsb
        out     dx, al
        dec     dx
        inc     bx
        cmp     bl, 14
        jb      .next
        mov     ax, 0B800h
        mov     es, ax
        xor     di, di
        mov     si, text
        mov     cx, text_end - text
        mov     ah, 7
.show:  cs lodsb
        stosw
        loop    .show
        mov     al, 10h
        out     0E8h, al                ; nothing may answer, and the next byte is code
        db      90h
        in      al, 0E8h
        cmp     al, 0FFh
        jne     .end
        mov     ax, 0700h + '.'
        stosw
.end:   jmp     .end
crtc:   db      71h, 50h, 5Ah, 0Ah, 1Fh, 6, 19h, 1Ch, 2, 7, 6, 7, 0, 0
text:   db      "A foreign BIOS"
text_end:
        times   1FF0h - ($ - $$) db 0FFh
        jmp     0F000h:start
        times   2000h - ($ - $$) db 0FFh
