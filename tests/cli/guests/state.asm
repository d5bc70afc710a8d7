; Holds on to what a state has to bring along: an open file that is written, one that is read, a search, memory.
        org     100h
        mov     dx, out_name            ; OUT.TXT, kept open
        xor     cx, cx
        mov     ah, 3Ch
        int     21h
        jc      failed
        mov     [out_handle], ax
        mov     dx, in_name             ; IN.TXT, read a byte at a time
        mov     ax, 3D00h
        int     21h
        jc      failed
        mov     [in_handle], ax
        mov     dx, pattern             ; and a search under way
        mov     cx, 0
        mov     ah, 4Eh
        int     21h
turn:   jc      done
        mov     bx, [in_handle]
        mov     cx, 1
        mov     dx, byte_read
        mov     ah, 3Fh
        int     21h
        jc      failed
        mov     dl, [byte_read]
        mov     ah, 2
        int     21h
        mov     si, 80h + 1Eh           ; the name found
        mov     cx, 0
length: cmp     byte [si], 0
        je      counted
        inc     si
        inc     cx
        jmp     length
counted:
        mov     dx, 80h + 1Eh
        mov     bx, [out_handle]
        mov     ah, 40h
        int     21h
        jc      failed
        mov     cx, 300                 ; some time
spin:   inc     word [spun]
        loop    spin
        mov     ah, 4Fh
        int     21h
        jmp     turn
done:   mov     ax, 4C07h
        int     21h
failed: mov     ax, 4C01h
        int     21h
out_name db     'OUT.TXT', 0
in_name db      'IN.TXT', 0
pattern db      '*.DAT', 0
out_handle dw   0
in_handle dw    0
spun    dw      0
byte_read db    0
