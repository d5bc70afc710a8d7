; A boot sector that counts in the second sector of its disk how often it was started, tells the count, and then shows
; the first byte of the second sector of each disk that is put in, until a key comes.
        cpu     8086
        bits    16
        org     7C00h
        xor     ax, ax
        mov     ds, ax
        mov     es, ax
        mov     ss, ax
        mov     sp, 7C00h
        mov     [drive], dl
        mov     ax, 0201h
        call    transfer
        jc      failed
        inc     byte [buffer]
        mov     ax, 0301h
        call    transfer
        mov     [status], ah
        mov     si, started
        call    print
        mov     al, [buffer]
        add     al, '0'
        call    show
        mov     si, with_status
        call    print
        mov     al, [status]
        add     al, '0'
        call    show
.again: mov     ah, 1
        int     16h
        jnz     .end
        mov     ah, 16h
        mov     dl, [drive]
        int     13h
        hlt
        jnc     .again
        cmp     ah, 6
        jne     .again
        mov     ax, 0201h
        call    transfer
        jnc     .again                  ; it has to be told that the disk was changed
        mov     ax, 0201h
        call    transfer
        jc      .again
        mov     si, found
        call    print
        mov     al, [buffer]
        call    show
        jmp     .again
.end:   mov     ah, 0
        int     16h
        mov     si, ended
        call    print
        hlt
        jmp     $ - 1
failed: mov     si, error
        call    print
        hlt
        jmp     $ - 1

; AX = function and one sector: the second of the disk.
transfer:
        mov     cx, 2
        xor     dh, dh
        mov     dl, [drive]
        mov     bx, buffer
        int     13h
        ret
print:  lodsb
        or      al, al
        jz      .end
        call    show
        jmp     print
.end:   ret
show:   mov     ah, 0Eh
        xor     bx, bx
        int     10h
        ret

started:        db      13, 10, "Start ", 0
with_status:    db      ", status ", 0
found:          db      13, 10, "Disk ", 0
ended:          db      13, 10, "End", 0
error:          db      13, 10, "Error", 0
drive           db      0
status          db      0
        times   510 - ($ - $$) db 0
        dw      0AA55h
buffer:
