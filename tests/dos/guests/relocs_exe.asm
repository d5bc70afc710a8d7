; An .EXE program with a relocation, a stack of its own, and data in another segment; it prints through both.
        cpu     8086
        bits    16
        org     0

header: db      "MZ"
        dw      (end - header) % 512
        dw      (end - header + 511) / 512
        dw      1                               ; relocations
        dw      (code - header) / 16
        dw      10h                             ; needs 256 bytes more
        dw      20h                             ; and likes 512
        dw      (end - code + 15) / 16          ; SS: behind the image
        dw      100h
        dw      0
        dw      0, 0                            ; CS:IP
        dw      table - header
        dw      0
table:  dw      1, 0                            ; the word at 0000:0001
        times   32 - ($ - header) db 0

code:   mov     ax, 1                           ; segment of the data, relocated
        mov     ds, ax
        mov     dx, 0
        mov     ah, 9
        int     21h
        jmp     near more
        times   16 - ($ - code) db 90h
data:   db      "relocated$", 0, 0, 0, 0, 0, 0
more:   mov     ax, [es:2]                      ; the block is as large as the header says: PSP, image, 512 bytes
        mov     bx, es
        sub     ax, bx
        sub     ax, 10h + 20h + (end - code + 15) / 16
        mov     ah, 4Ch
        int     21h
end:
