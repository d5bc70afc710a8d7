; ROMs of adapters, and what the BIOS says it has found.

FIRST_ROM       equ     0C800h
ROMS_END        equ     0F400h
ROM_STEP        equ     80h             ; 2 KiB in paragraphs
INIT_VECTOR     equ     67h             ; offset and segment of the entry that is being called

; Calls each ROM between C8000 and F4000 at its fourth byte. It begins with 55 AA and its length in blocks of 512 bytes,
; and all its bytes add up to 0. [IBM XT, "ROM modules"]
scan_roms:
        mov     bx, FIRST_ROM
.next:  mov     es, bx
        mov     si, ROM_STEP
        cmp     word [es:0], 0AA55h
        jne     .step
        mov     al, [es:2]
        xor     ah, ah
        mov     cl, 5
        shl     ax, cl                  ; paragraphs
        jz      .step
        mov     dx, ax
        call    checksum
        jnz     .bad
        add     dx, ROM_STEP - 1        ; go on behind it
        and     dx, -ROM_STEP
        mov     si, dx
        push    bx
        push    si
        mov     word [INIT_VECTOR], 3
        mov     [INIT_VECTOR + 2], bx
        call    far [INIT_VECTOR]
        mov     ax, BDA                 ; it may have used any register
        mov     ds, ax
        cld
        pop     si
        pop     bx
.step:  add     bx, si
        jc      .end
        cmp     bx, ROMS_END
        jb      .next
.end:   ret
.bad:   mov     ax, bx
        call    print_hex
        push    bx
        mov     si, .message
        call    print
        pop     bx
        mov     si, ROM_STEP
        jmp     .step
.message:
        db      "0: ROM checksum error", 13, 10, 0

; BX = segment, AX = paragraphs: the sum of all bytes in AH; Z: it is 0.
checksum:
        push    bx
        push    ds
        xchg    ax, cx
        xor     ah, ah
.paragraph:
        mov     ds, bx
        xor     si, si
        push    cx
        mov     cx, 16
.byte:  lodsb
        add     ah, al
        loop    .byte
        pop     cx
        inc     bx
        loop    .paragraph
        pop     ds
        pop     bx
        or      ah, ah
        ret

; One line about the machine, from the BIOS data area.
report:
        mov     si, .title
        call    print
        mov     ax, [memory_kib]
        call    print_number
        mov     si, .diskettes
        call    print
        mov     ax, [equipment]
        mov     cl, 6
        shr     al, cl
        and     al, 3
        inc     ax
        xor     ah, ah
        call    print_number
        mov     si, .hard_disks
        call    print
        mov     al, [hard_disks]
        xor     ah, ah
        call    print_number
        mov     si, .ports
        call    print
        mov     di, serial_ports
        mov     dx, 4 * 100h + '1'
        mov     bp, .serial
        call    .list
        mov     di, printer_ports
        mov     dx, 3 * 100h + '1'
        mov     bp, .printer
        call    .list
        test    byte [equipment + 1], 10h
        jz      .no_game
        mov     si, .game
        call    print
.no_game:
        call    rtc_find
        jnz     .no_clock
        mov     si, .clock
        call    print
.no_clock:
        mov     si, .end
        jmp     print

; DI = words of port addresses, DH of them; DL = the first one's digit, CS:BP = what they are called.
.list:  mov     ax, [di]
        or      ax, ax
        jz      .none
        mov     si, bp
        call    print
        mov     al, dl
        call    print_character
        mov     al, ' '
        call    print_character
        mov     ax, [di]
        call    print_hex
.none:  inc     di
        inc     di
        inc     dl
        dec     dh
        jnz     .list
        ret
.title:         db      "dyn86 BIOS: ", 0
.diskettes:     db      " KiB, diskette drives: ", 0
.hard_disks:    db      ", hard disks: ", 0
.ports:         db      13, 10, "Adapters:", 0
.serial:        db      "  COM", 0
.printer:       db      "  LPT", 0
.game:          db      "  game port", 0
.clock:         db      "  clock", 0
.end:           db      13, 10, 0

; AX in decimal, and in four hexadecimal digits. AX, BX, CX are lost.
print_number:
        mov     bx, 10
        xor     cx, cx
        push    dx
.divide:
        xor     dx, dx
        div     bx
        push    dx
        inc     cx
        or      ax, ax
        jnz     .divide
.show:  pop     ax
        add     al, '0'
        call    print_character
        loop    .show
        pop     dx
        ret
print_hex:
        mov     cx, 404h
.digit: rol     ax, cl
        push    ax
        and     al, 0Fh
        add     al, 90h                 ; the digit's character
        daa
        adc     al, 40h
        daa
        call    print_character
        pop     ax
        dec     ch
        jnz     .digit
        ret
print_character:
        push    bx
        mov     ah, 0Eh
        xor     bx, bx
        int     10h
        pop     bx
        ret
