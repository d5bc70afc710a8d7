; INT 14h, serial ports, and INT 17h, printers: the chips are driven through their ports. [IBM XT, "RS232_IO",
; "PRINTER_IO"]

; INT 14h: DX = port, 0-3. AH = 0 sets it up as AL says, 1 sends AL, 2 receives AL, 3 tells; AH = line status, bit 7:
; timed out, or there is no such port; AL = modem status (0, 3).
int14:
        sti
        push    bx
        push    cx
        push    dx
        push    si
        push    ds
        mov     bx, BDA
        mov     ds, bx
        mov     bx, dx
        cmp     bx, 4
        jae     .absent
        mov     cl, [serial_timeout + bx]
        xor     ch, ch
        shl     bx, 1
        mov     dx, [serial_ports + bx]
        or      dx, dx
        jz      .absent
        mov     si, cx                  ; how often to wait through
        or      ah, ah
        jz      .set_up
        dec     ah
        jz      .send
        dec     ah
        jz      .receive
        dec     ah
        jz      .status
        add     ah, 3                   ; another function: nothing happens
        host    SERVICE_SERIAL
        jmp     .return
.absent:
        host    SERVICE_SERIAL
        mov     ah, 80h
.return:
        pop     ds
        pop     si
        pop     dx
        pop     cx
        pop     bx
        iret

; AL: bits 7-5 rate, 4-3 parity, 2 stop bits, 1-0 length.
.set_up:
        mov     bl, al
        add     dx, 3                   ; line control
        mov     al, 80h
        out     dx, al                  ; the divisor shows in the first two registers
        mov     al, bl
        mov     cl, 4
        rol     al, cl
        and     ax, 0Eh                 ; rate * 2
        xchg    ax, bx                  ; AL = the byte again
        push    ax
        mov     ax, [cs:.divisors + bx]
        sub     dx, 3
        out     dx, al
        inc     dx
        mov     al, ah
        out     dx, al
        pop     ax
        and     al, 1Fh
        inc     dx
        inc     dx
        out     dx, al
        dec     dx
        dec     dx
        xor     ax, ax
        out     dx, al                  ; no interrupts
        dec     dx
.status:
        add     dx, 5
        in      al, dx
        mov     ah, al
        inc     dx
        in      al, dx
        jmp     .return
.divisors:
        dw      1047, 768, 384, 192, 96, 48, 24, 12     ; 110 to 9600 baud

.send:  mov     bl, al
        add     dx, 4
        mov     al, 3                   ; DTR, RTS
        out     dx, al
        inc     dx
        inc     dx
        mov     bh, 30h                 ; modem status: DSR, CTS
        call    .wait
        jnz     .timed_out
        dec     dx
        mov     bh, 20h                 ; line status: room for a byte
        call    .wait
        jnz     .timed_out
        mov     cl, al
        sub     dx, 5
        mov     al, bl
        out     dx, al
        mov     ah, cl
        jmp     .return
.timed_out:
        mov     ah, al                  ; the status that did not come
        or      ah, 80h
        mov     al, bl
        jmp     .return

.receive:
        add     dx, 4
        mov     al, 1                   ; DTR
        out     dx, al
        inc     dx
        inc     dx
        mov     bl, 0
        mov     bh, 20h                 ; DSR
        call    .wait
        jnz     .timed_out
        dec     dx
        mov     bh, 1                   ; line status: a byte is there
        call    .wait
        jnz     .timed_out
        and     al, 1Eh                 ; its errors
        mov     ah, al
        sub     dx, 5
        in      al, dx
        jmp     .return

; DX = status port, BH = bits that all must be set, SI = times 65,536 polls. Z: they are; AL = the status.
.wait:  push    si
.again: xor     cx, cx
.poll:  in      al, dx
        mov     ah, al
        and     ah, bh
        cmp     ah, bh
        je      .come
        loop    .poll
        dec     si
        jg      .again
        or      si, 1                   ; NZ
.come:  pop     si
        ret

; INT 17h: DX = printer, 0-2. AH = 0 prints AL, 1 initialises, 2 tells. AH = status: 80 not busy, 40 acknowledge, 20 no
; paper, 10 selected, 08 error, 01 timed out, or there is no such printer.
int17:
        sti
        push    bx
        push    cx
        push    dx
        push    si
        push    ds
        mov     bx, BDA
        mov     ds, bx
        mov     si, dx
        cmp     si, 3
        jae     .absent
        mov     bl, [printer_timeout + si]
        shl     si, 1
        mov     dx, [printer_ports + si]
        or      dx, dx
        jz      .absent
        or      ah, ah
        jz      .print
        dec     ah
        jz      .initialise
        dec     ah
        jz      .status
        add     ah, 2                   ; another function: nothing happens
        host    SERVICE_PRINTER
        jmp     .return
.absent:
        host    SERVICE_PRINTER
        mov     ah, 1
.return:
        pop     ds
        pop     si
        pop     dx
        pop     cx
        pop     bx
        iret

.print: push    ax
        out     dx, al
        inc     dx
.wait:  xor     cx, cx
.poll:  in      al, dx
        mov     ah, al
        test    al, 80h                 ; busy is low
        jnz     .ready
        loop    .poll
        dec     bl
        jnz     .wait
        or      ah, 1
        and     ah, 0F9h
        jmp     .told
.ready: inc     dx
        mov     al, 0Dh                 ; strobe
        out     dx, al
        mov     al, 0Ch
        out     dx, al
        dec     dx
        dec     dx
        pop     ax
.status:
        push    ax
        inc     dx
        in      al, dx
        mov     ah, al
        and     ah, 0F8h
.told:  xor     ah, 48h                 ; two of the lines are low when true
        pop     dx
        mov     al, dl
        jmp     .return

.initialise:
        push    ax
        inc     dx
        inc     dx
        mov     al, 8
        out     dx, al                  ; INIT low, for a while
        mov     cx, 1000
        loop    $
        mov     al, 0Ch
        out     dx, al
        dec     dx
        dec     dx
        pop     ax
        jmp     .status
