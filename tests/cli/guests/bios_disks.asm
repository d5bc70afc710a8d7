; A BIOS of 8 KiB that reads the first sector of a floppy through the 765 and the 8237, writes it back as the second,
; and reads the first sector of a hard disk through the XT-IDE card, all polled. It shows the first character of each.
        cpu     8086
        bits    16
        org     0E000h
BUFFER  equ     1000h                   ; physical address of the sector
start:  xor     ax, ax
        mov     ds, ax
        mov     ss, ax
        mov     sp, 800h
        cld
        mov     dx, 3D8h
        mov     al, 29h
        out     dx, al
        mov     dx, 3D4h
        mov     si, crtc
        xor     bx, bx
.crtc:  mov     al, bl
        out     dx, al
        inc     dx
        cs lodsb
        out     dx, al
        dec     dx
        inc     bx
        cmp     bl, 14
        jb      .crtc
        mov     ax, 0B800h
        mov     es, ax
        xor     di, di
        mov     cx, 2000
        mov     ax, 0720h
        rep     stosw
        xor     di, di
        out     0Dh, al                 ; 8237: reset
        mov     dx, 3F2h
        xor     ax, ax
        out     dx, al                  ; 765: reset
        mov     al, 1Ch                 ; motor 0, DMA
        out     dx, al
        call    wait_interrupt
        mov     si, specify
        call    send
        mov     si, recalibrate
        call    send
        call    wait_interrupt
        mov     al, 46h                 ; 8237 channel 2: single, to memory
        call    arm_dma
        mov     si, read
        call    send
        call    result
        mov     al, [BUFFER]
        call    show
        mov     al, 4Ah                 ; from memory
        call    arm_dma
        mov     si, write
        call    send
        call    result
        call    read_hard_disk
        mov     si, done
.done:  cs lodsb
        or      al, al
        jz      $
        call    show
        jmp     .done

show:   mov     ah, 7
        stosw
        ret

; CS:SI = length, bytes of a command.
send:   cs lodsb
        mov     cl, al
        xor     ch, ch
.byte:  mov     dx, 3F4h
.wait:  in      al, dx
        and     al, 0C0h
        cmp     al, 80h
        jne     .wait
        inc     dx
        cs lodsb
        out     dx, al
        loop    .byte
        ret

; Seven bytes of result; ST0 goes to the screen when it tells of an error.
result: mov     cx, 7
.byte:  mov     dx, 3F4h
.wait:  in      al, dx
        and     al, 0C0h
        cmp     al, 0C0h
        jne     .wait
        inc     dx
        in      al, dx
        cmp     cl, 7
        jne     .next
        test    al, 0C0h
        jz      .next
        mov     al, '!'
        call    show
.next:  loop    .byte
        ret

; Asks until the end of a reset or a seek is told.
wait_interrupt:
        mov     si, sense
        call    send
        mov     dx, 3F4h
.wait:  in      al, dx
        and     al, 0C0h
        cmp     al, 0C0h
        jne     .wait
        inc     dx
        in      al, dx
        cmp     al, 80h
        je      wait_interrupt          ; nothing yet: one byte
        dec     dx
.track: in      al, dx
        and     al, 0C0h
        cmp     al, 0C0h
        jne     .track
        inc     dx
        in      al, dx
        ret

; AL = mode of channel 2 for one sector at BUFFER.
arm_dma:
        out     0Bh, al
        out     0Ch, al
        mov     al, BUFFER & 0FFh
        out     4, al
        mov     al, BUFFER >> 8
        out     4, al
        mov     al, 0
        out     81h, al
        mov     al, 0FFh
        out     5, al
        mov     al, 1
        out     5, al
        mov     al, 2
        out     0Ah, al
        ret

; The card answers at 300h: cylinder 0, head 0, sector 1.
read_hard_disk:
        mov     si, task_file
        mov     dx, 302h
.task:  cs lodsb
        out     dx, al
        inc     dx
        cmp     dx, 308h
        jb      .task
        dec     dx
.wait:  in      al, dx
        and     al, 88h                 ; not busy, data
        cmp     al, 8
        jne     .wait
        mov     dx, 300h
        in      al, dx
        call    show
        mov     dx, 308h
        in      al, dx
        call    show
        ret

crtc:   db      71h, 50h, 5Ah, 0Ah, 1Fh, 6, 19h, 1Ch, 2, 7, 6, 7, 0, 0
specify:        db      3, 3, 0CFh, 2
recalibrate:    db      2, 7, 0
sense:          db      1, 8
read:           db      9, 0E6h, 0, 0, 0, 1, 2, 9, 2Ah, 0FFh
write:          db      9, 0C5h, 0, 0, 0, 2, 2, 9, 2Ah, 0FFh
task_file:      db      1, 1, 0, 0, 0A0h, 20h
done:           db      " done", 0
        times   1FF0h - ($ - $$) db 0FFh
        jmp     0F000h:start
        times   2000h - ($ - $$) db 0FFh
