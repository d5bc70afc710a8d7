; Two character devices in one file. MYDEV keeps what is written to it and gives it back in capitals; its control string
; is a word that can be read and written; its input status is "busy" while it has nothing. BROKEN fails all that it is
; asked for. At the start MYDEV shows its line.
        cpu     8086
        bits    16
        org     0

mydev:
        dw      second, 0FFFFh
        dw      0C040h                  ; character device with control strings and generic requests
        dw      strategy, interrupt
        db      "MYDEV   "
second:
        dw      0FFFFh, 0FFFFh
        dw      8000h
        dw      strategy, broken
        db      "BROKEN  "

request: dd     0
control: dw     1234h
length: dw      0
kept:   times 64 db 0

strategy:
        mov     [cs:request], bx
        mov     [cs:request + 2], es
        retf

interrupt:
        push    ax
        push    bx
        push    cx
        push    dx
        push    si
        push    di
        push    ds
        push    es
        cld
        lds     bx, [cs:request]
        mov     al, [bx + 2]
        les     di, [bx + 0Eh]          ; the caller's memory
        mov     cx, [bx + 12h]
        mov     dx, 0100h               ; done
        cmp     al, 0
        je      .init
        cmp     al, 3
        je      .read_control
        cmp     al, 4
        je      .read
        cmp     al, 6
        je      .status
        cmp     al, 8
        je      .write
        cmp     al, 0Ch
        je      .write_control
        cmp     al, 13h
        je      .generic
        mov     dx, 8103h               ; unknown command
        jmp     .end
.init:
        mov     word [bx + 0Eh], end
        mov     [bx + 10h], cs
        lds     si, [bx + 12h]
.show:  lodsb
        cmp     al, 0Ah
        je      .shown
        push    dx
        mov     dl, al
        mov     ah, 2
        int     21h
        pop     dx
        jmp     .show
.shown: mov     dl, 0Ah
        mov     ah, 2
        int     21h
        mov     dx, 0100h
        jmp     .end
.read_control:
        mov     ax, [cs:control]
        stosw
        mov     word [bx + 12h], 2
        jmp     .end
.write_control:
        mov     ax, [es:di]
        mov     [cs:control], ax
        mov     word [bx + 12h], 2
        jmp     .end
.status:
        cmp     word [cs:length], 0
        jne     .end
        or      dx, 0200h
        jmp     .end
.generic:                               ; category and function go to the caller's memory
        mov     ax, [bx + 0Dh]
        les     di, [bx + 13h]
        stosw
        jmp     .end
.write:
        push    bx
        mov     si, di
        push    es
        pop     ds
        push    cs
        pop     es
        mov     di, kept
        mov     [cs:length], cx
        rep movsb
        pop     bx
        jmp     .end
.read:                                  ; from the beginning; what is read is gone
        xor     si, si
.next:  cmp     si, cx
        je      .rest
        cmp     si, [cs:length]
        je      .rest
        mov     al, [cs:si + kept]
        cmp     al, "a"
        jb      .put
        sub     al, 20h
.put:   stosb
        inc     si
        jmp     .next
.rest:  mov     [bx + 12h], si
        sub     [cs:length], si
        push    cs
        pop     ds
        push    cs
        pop     es
        mov     di, kept
        add     si, kept
        mov     cx, 32
        rep movsb
.end:
        lds     bx, [cs:request]
        mov     [bx + 3], dx
        pop     es
        pop     ds
        pop     di
        pop     si
        pop     dx
        pop     cx
        pop     bx
        pop     ax
        retf

broken:
        push    ds
        push    bx
        lds     bx, [cs:request]
        cmp     byte [bx + 2], 0
        jne     .fails
        mov     word [bx + 0Eh], end
        mov     [bx + 10h], cs
        mov     word [bx + 3], 0100h
        jmp     .end
.fails: mov     word [bx + 3], 810Bh    ; read fault
.end:   pop     bx
        pop     ds
        retf

end:
