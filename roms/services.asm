; The small services, and interrupts nobody has taken.

; INT 11h: AX = equipment word.
int11:
        sti
        push    ds
        mov     ax, BDA
        mov     ds, ax
        mov     ax, [equipment]
        pop     ds
        iret

; INT 12h: AX = KiB of memory.
int12:
        sti
        push    ds
        mov     ax, BDA
        mov     ds, ax
        mov     ax, [memory_kib]
        pop     ds
        iret

; INT 15h: an XT has no cassette, and none of the services an AT has. AH = 86h, CF.
int15:
        sti
        host    SERVICE_SYSTEM
        push    bp
        mov     bp, sp
        or      byte [bp + 6], 1
        pop     bp
        mov     ah, 86h
        iret

; INT 02h, NMI: memory or an adapter found wrong parity, or the 8087 wants something, which concerns nobody here.
int02:
        push    ax
        in      al, 62h
        test    al, 0C0h
        jz      .return
        mov     si, .message
        call    print
        cli
        hlt
.return:
        pop     ax
        iret
.message:
        db      "PARITY CHECK", 13, 10, 0

; INT 05h: prints the screen.
int05:
        sti
        push    ds
        push    ax
        push    bx
        push    cx
        push    dx
        mov     ax, BDA
        mov     ds, ax
        cmp     byte [print_status], 1
        je      .return                 ; at it already
        mov     byte [print_status], 1
        mov     ah, 0Fh
        int     10h                     ; AH = columns, BH = page
        mov     cl, ah
        mov     ch, [last_row]          ; 0 unless there are not 25
        inc     ch
        cmp     ch, 1
        jne     .rows
        mov     ch, 25
.rows:
        mov     ah, 3
        push    cx
        int     10h
        pop     cx
        push    dx                      ; where the cursor was
        xor     dx, dx
        call    .new_line
        jnz     .error
.cell:  mov     ah, 2
        int     10h
        mov     ah, 8
        int     10h
        or      al, al
        jnz     .print
        mov     al, ' '
.print: call    .put
        jnz     .error
        inc     dl
        cmp     dl, cl
        jb      .cell
        mov     dl, 0
        call    .new_line
        jnz     .error
        inc     dh
        cmp     dh, ch
        jb      .cell
        mov     byte [print_status], 0
        jmp     .restore
.error: mov     byte [print_status], 0FFh
.restore:
        pop     dx
        mov     ah, 2
        int     10h
.return:
        pop     dx
        pop     cx
        pop     bx
        pop     ax
        pop     ds
        iret
.new_line:
        mov     al, 13
        call    .put
        jnz     .put_end
        mov     al, 10
.put:   push    dx                      ; AL to the first printer; NZ: it can't
        xor     dx, dx
        xor     ah, ah
        int     17h
        pop     dx
        test    ah, 29h                 ; error, no paper, time-out
.put_end:
        ret

; INT 18h: nothing to boot. Tells what machine this is, and tries again at a key.
int18:
        sti
        cld
        mov     ax, BDA
        mov     ds, ax
        call    report
        mov     si, .message
        call    print
        xor     ah, ah
        int     16h
        int     19h
.message:
        db      "No disk to start from. Press a key to try again.", 13, 10, 0

; CS:SI = text ending in 0, to the screen.
print:
        cs lodsb
        or      al, al
        jz      .end
        mov     ah, 0Eh
        xor     bx, bx
        int     10h
        jmp     print
.end:   ret

; An interrupt without a service. A hardware request is masked, so that it does not come again. [IBM XT, "D11"]
unexpected:
        push    ds
        push    ax
        mov     ax, BDA
        mov     ds, ax
        mov     al, 0Bh                 ; which is in service?
        out     20h, al
        in      al, 20h
        mov     ah, al
        or      al, al
        mov     al, 0FFh
        jz      .software
        in      al, 21h
        or      al, ah
        out     21h, al
        mov     al, 20h
        out     20h, al
        mov     al, ah
.software:
        mov     [6Bh], al
        pop     ax
        pop     ds
        iret
