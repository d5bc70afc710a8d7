; Whoever hooks INT 29h sees every character, and whoever hooks INT 21h sees every call.
%include "guest.inc"

        mov     ax, 3529h
        int     21h
        mov     [old29], bx
        mov     [old29 + 2], es
        mov     ax, 2529h
        mov     dx, shout
        int     21h
        mov     dx, text
        dos     09h
        mov     dl, 'x'
        dos     02h
        mov     dx, text
        mov     cx, 3
        mov     bx, 1
        dos     40h
        check   nc
        expect  ax, 3
        expect  byte [count], 5 + 8 + 1 + 1 + 3     ; a line, a tab, d, x, and abc

        mov     ax, 3521h
        int     21h
        mov     [old21], bx
        mov     [old21 + 2], es
        mov     ax, 2521h
        mov     dx, watch
        int     21h
        dos     30h
        expect  al, 5
        expect  byte [calls], 1
        mov     ax, 3D00h                       ; carry comes through a chain
        mov     dx, missing
        int     21h
        check   c
        push    ds
        lds     dx, [old21]
        mov     ax, 2521h
        int     21h
        pop     ds
        lds     dx, [old29]
        mov     ax, 2529h
        int     21h
        exit    0

shout:  inc     byte [cs:count]
        cmp     al, 'a'
        jb      .old
        sub     al, 20h
.old:   jmp     far [cs:old29]

watch:  inc     byte [cs:calls]
        jmp     far [cs:old21]

check_code
old29:  dw      0, 0
old21:  dw      0, 0
count:  db      0
calls:  db      0
missing: db     "NOTHERE", 0
text:   db      "abc", 13, 10, 9, "d$"
