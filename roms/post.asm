; Power-on: programs the chips, fills the vector table and the BIOS data area, looks for adapters and their ROMs,
; and starts the system. No test runs: the machine is known to be whole, and a cold start should take no time. The screen
; is left to the system; what was found is told when there is none (INT 18h).

post:
        cli
        cld
        xor     ax, ax
        out     0A0h, al                ; no NMI
        mov     dx, 3D8h
        out     dx, al                  ; CGA off
        inc     ax
        mov     dl, 0B8h
        out     dx, al                  ; MDA off; it must stay in its one resolution
        xor     ax, ax
        mov     ss, ax
        mov     sp, 400h                ; the end of the vector table, where nobody has vectors yet
        call    init_chips
        call    clear_data_area
        call    init_vectors
        call    size_memory
        call    read_switches
        call    find_ports
        call    init_keyboard
        host    SERVICE_POST            ; CX:DX = ticks since midnight
        mov     [ticks_low], dx
        mov     [ticks_high], cx
        call    init_video
        mov     al, 80h
        out     0A0h, al                ; NMI may come
        in      al, 21h
        and     al, 0BCh                ; timer, keyboard, diskette
        out     21h, al
        sti
        call    scan_roms
        int     19h

init_chips:
        ; 8255: A and C are inputs, B output [IBM XT, "8255A I/O bit map"]. Keyboard clock on, its byte cleared.
        mov     al, 99h
        out     63h, al
        mov     al, 0C8h
        out     61h, al
        mov     al, 48h
        out     61h, al
        ; 8237: refresh on channel 0, the others single transfers.
        out     0Dh, al
        mov     al, 0FFh
        out     1, al
        out     1, al
        mov     al, 58h
        out     0Bh, al
        mov     al, 41h
        out     0Bh, al
        inc     ax
        out     0Bh, al
        inc     ax
        out     0Bh, al
        xor     ax, ax
        out     8, al
        out     0Ah, al
        ; 8253: channel 0 divides by 65,536 (18.2 Hz), 1 asks for refresh every 18 counts, 2 is the speaker's.
        mov     al, 36h
        out     43h, al
        xor     ax, ax
        out     40h, al
        out     40h, al
        mov     al, 54h
        out     43h, al
        mov     al, 18
        out     41h, al
        mov     al, 0B6h
        out     43h, al
        mov     ax, BEEP_DIVISOR
        out     42h, al
        mov     al, ah
        out     42h, al
        ; 8259: edges, one chip, vectors from 08h, 8086 mode, EOI by command. All masked so far.
        mov     al, 13h
        out     20h, al
        mov     al, 8
        out     21h, al
        mov     al, 9
        out     21h, al
        mov     al, 0FFh
        out     21h, al
        ret

; Zeroes 0040:0000-0110 but for the warm start flag; DS = the BIOS data area from here on.
clear_data_area:
        mov     ax, BDA
        mov     ds, ax
        mov     es, ax
        mov     bx, [reset_flag]
        xor     ax, ax
        xor     di, di
        mov     cx, 110h / 2
        rep     stosw
        mov     [reset_flag], bx
        ret

; The vectors IBM's BIOS sets, 00h-1Fh and those of the hard disk; the rest stays zero.
init_vectors:
        push    ds
        xor     ax, ax
        mov     es, ax
        mov     di, ax
        mov     cx, 3C0h / 2            ; the stack is behind
        rep     stosw
        mov     di, ax
        push    cs
        pop     ds
        mov     si, vector_table
        mov     cx, 32
.next:  movsw
        mov     ax, cs
        stosw
        loop    .next
        mov     word [es:40h * 4], 0EC59h       ; diskette services, for those who look for them here
        mov     [es:40h * 4 + 2], cs
        mov     word [es:41h * 4], hard_disk_tables
        mov     [es:41h * 4 + 2], cs
        mov     word [es:46h * 4], hard_disk_tables + 16
        mov     [es:46h * 4 + 2], cs
        pop     ds
        ret

; Finds the end of RAM in steps of 16 KiB and leaves its content as it is.
size_memory:
        mov     bx, 400h                ; 16 KiB are there
.next:  mov     es, bx
        mov     ax, [es:0]
        mov     dx, ax
        not     ax
        mov     [es:0], ax
        mov     cx, [es:0]
        mov     [es:0], dx
        cmp     ax, cx
        jne     .end
        add     bx, 400h
        cmp     bx, 0A000h
        jb      .next
.end:   mov     cl, 6                   ; paragraphs to KiB
        shr     bx, cl
        mov     [memory_kib], bx
        ret

; The switches of the system board make the equipment word. A PC shows all eight at port 60h while bit 7 of port 61h is
; set; an XT would clear its keyboard then, and shows switches 5-8 at port 62h: display (bits 0-1) and diskette drives
; (2-3). [IBM PC, IBM XT, "System board switch settings"]
read_switches:
        cmp     byte [cs:model], 0FFh
        jne     .xt
        mov     al, 0C8h
        out     61h, al
        in      al, 60h
        xor     ah, ah
        mov     [equipment], ax
        mov     al, 48h
        out     61h, al
        ret
.xt:    in      al, 61h
        or      al, 8
        out     61h, al
        in      al, 62h
        and     ax, 0Fh
        mov     cl, 4
        shl     ax, cl
        or      al, 0Dh                 ; diskette drives are there; memory on the system board: all of it
        mov     [equipment], ax
        in      al, 61h
        and     al, 0F7h
        out     61h, al
        ret

; Printers, serial ports and the game adapter, as far as they answer.
find_ports:
        mov     si, .printers
        mov     di, printer_ports
        mov     cx, 3
.printer:
        cs lodsw
        xchg    ax, dx
        mov     al, 0AAh                ; a printer port remembers its data
        out     dx, al
        in      al, dx
        cmp     al, 0AAh
        jne     .no_printer
        mov     [di], dx
        inc     di
        inc     di
        add     byte [equipment + 1], 40h
.no_printer:
        loop    .printer
        mov     dx, 3F8h
        mov     di, serial_ports
        call    .serial
        mov     dx, 2F8h
        call    .serial
        mov     dx, 201h
        in      al, dx
        test    al, 0Fh                 ; its one-shots rest at 0
        jnz     .no_game
        or      byte [equipment + 1], 10h
.no_game:
        mov     ax, 1414h
        mov     [printer_timeout], ax
        mov     [printer_timeout + 2], ax
        mov     ax, 0101h
        mov     [serial_timeout], ax
        mov     [serial_timeout + 2], ax
        ret
.serial:
        inc     dx
        inc     dx
        in      al, dx                  ; interrupt identification: bits 7-3 are 0 in an 8250
        test    al, 0F8h
        jnz     .no_serial
        dec     dx
        dec     dx
        mov     [di], dx
        inc     di
        inc     di
        add     byte [equipment + 1], 2
.no_serial:
        ret
.printers:
        dw      3BCh, 378h, 278h

init_keyboard:
        mov     ax, key_buffer
        mov     [key_head], ax
        mov     [key_tail], ax
        mov     [key_start], ax
        mov     word [key_end], key_buffer + 32
        ret

; The mode that the switches ask for: 80x25 monochrome or colour, or 40x25.
init_video:
        mov     al, [equipment]
        and     al, 30h
        mov     ah, 7
        cmp     al, 30h
        je      .set
        mov     ah, 1
        cmp     al, 10h
        je      .set
        mov     ah, 3
.set:   mov     al, ah
        xor     ah, ah
        int     10h
        ret
