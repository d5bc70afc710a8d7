; Dates, versions, flags, devices, country: what is asked rather than done. The guest's date is 1993-01-01 01:01:01.
%include "guest.inc"

        dos     2Ah
        expect  cx, 1993
        expect  dx, 0101h
        expect  al, 5                           ; a Friday
        dos     2Ch
        expect  cx, 0101h
        expect  dh, 1
        mov     cx, 1999
        mov     dx, 0C1Fh
        dos     2Bh
        expect  al, 0
        mov     cx, 173Bh                       ; 23:59
        mov     dx, 3A00h
        dos     2Dh
        expect  al, 0
        dos     2Ah
        expect  cx, 1999
        expect  dx, 0C1Fh
        dos     2Ch
        expect  cx, 173Bh
        expect  dh, 3Ah
        mov     cx, 1979
        dos     2Bh
        expect  al, 0FFh
        mov     cx, 1999
        mov     dx, 021Eh
        dos     2Bh
        expect  al, 0FFh                        ; February has no 30th
        mov     cx, 1800h
        dos     2Dh
        expect  al, 0FFh

        mov     ax, 3000h
        int     21h
        expect  ax, 5
        mov     ax, 3306h
        int     21h
        expect  bx, 5
        mov     ax, 3301h
        mov     dl, 1
        int     21h
        mov     ax, 3300h
        int     21h
        expect  dl, 1
        mov     ax, 2E01h
        int     21h
        dos     54h
        expect  al, 1
        mov     ax, 3700h
        int     21h
        expect  dl, '/'
        dos     19h
        expect  al, 2
        mov     dl, 2
        dos     0Eh
        expect  al, 26
        mov     dl, 0
        dos     36h
        cmp     ax, 0FFFFh
        check   ne
        expect  cx, 512
        mov     dl, 9
        dos     36h
        expect  ax, 0FFFFh
        push    ds
        dos     1Bh
        expect  cx, 512
        expect  byte [bx], 0F8h
        pop     ds
        dos     32h
        expect  al, 0FFh
        mov     ax, 7147h
        int     21h
        check   c
        expect  ax, 7100h

        ; handles and devices
        mov     ax, 4400h
        xor     bx, bx
        int     21h
        check   nc
        test    dl, 80h                         ; standard input is a file here
        check   z
        mov     ax, 3D02h
        mov     dx, console
        int     21h
        check   nc
        mov     bx, ax
        mov     ax, 4400h
        int     21h
        expect  dx, 80D3h
        mov     ax, 4401h
        mov     dx, 00F3h                       ; raw
        int     21h
        check   nc
        mov     ax, 4400h
        int     21h
        expect  dx, 80F3h
        mov     ax, 4401h
        mov     dh, 1
        int     21h
        check   c
        expect  ax, 0Dh
        dos     3Eh
        mov     ax, 3D02h
        mov     dx, null
        int     21h
        mov     bx, ax
        mov     cx, 5
        dos     40h
        check   nc
        expect  ax, 5
        dos     3Fh
        check   nc
        expect  ax, 0
        mov     ax, 4406h
        int     21h
        expect  al, 0FFh
        dos     3Eh
        mov     ax, 4408h
        mov     bl, 0
        int     21h
        check   nc
        expect  ax, 1
        mov     ax, 4408h
        mov     bl, 20
        int     21h
        check   c
        expect  ax, 0Fh
        mov     ax, 44FFh
        int     21h
        check   c
        expect  ax, 1

        ; country and code page
        mov     ax, 3800h
        mov     dx, buffer
        int     21h
        check   nc
        expect  bx, 1
        expect  byte [buffer + 2], '$'
        mov     al, 81h                         ; u with diaeresis
        call    far [buffer + 12h]
        expect  al, 9Ah
        mov     ax, 6502h
        mov     bx, -1
        mov     dx, -1
        mov     cx, 5
        mov     di, buffer
        int     21h
        check   nc
        les     si, [buffer + 1]
        expect  word [es:si], 128
        expect  byte [es:si + 2 + 1], 9Ah
        push    cs
        pop     es
        mov     ax, 6522h
        mov     dx, word_text
        int     21h
        expect_text word_text, {"WORD", 0}
        mov     ax, 6601h
        int     21h
        expect  bx, 437
        mov     ax, 6300h
        push    ds
        int     21h
        expect  word [si], 0
        pop     ds
        mov     si, relative
        mov     di, buffer
        dos     60h
        check   nc
        expect_text buffer, {"C:\A\C.TXT", 0}

        ; lists: the devices' chain starts at NUL and has CON
        dos     52h
        expect_text_at_es bx + 22h + 10, "NUL     "
        les     bx, [es:bx + 22h]
        expect_text_at_es bx + 10, "CON     "
        mov     ax, 1680h                       ; other interrupts
        mov     ax, 4300h
        int     2Fh
        cmp     al, 80h                         ; no XMS
        check   ne
        mov     ax, 1200h
        int     2Fh
        expect  al, 0FFh
        mov     al, 2
        mov     cx, 1
        int     25h                             ; no sectors on a folder; FLAGS stay on the stack
        check   c
        expect  ax, 8002h
        popf
        mov     ax, 0
        int     2Eh
        expect  ax, 0FFFFh
        mov     ah, 0
        int     2Ah
        expect  ah, 0
        int     28h
        exit    0

check_code
console: db     "CON", 0
null:   db      "C:\NUL", 0
word_text: db   "word", 0
relative: db    "a\b\..\c.txt", 0
buffer: times   64 db 0
