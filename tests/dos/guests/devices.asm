; With driver.sys loaded: its devices are in the chain, and can be opened, read, written and controlled.
%include "guest.inc"

        ; the chain: NUL, BROKEN, MYDEV, ours
        dos     52h
        les     bx, [es:bx + 22h]
        expect  word [es:bx + 10], "BR"
        les     bx, [es:bx]
        expect  word [es:bx + 10], "MY"
        mov     ax, es
        dec     ax
        mov     es, ax
        expect  word [es:1], 8          ; its memory is DOS's
        check   e

        mov     dx, name
        mov     ax, 3D02h
        int     21h
        check   nc
        mov     bx, ax
        mov     ax, 4400h
        int     21h
        check   nc
        expect  dx, 0C0C0h              ; the header's attributes above the device bits
        mov     ax, 4406h
        int     21h
        check   nc
        expect  al, 0                   ; nothing to read yet
        mov     ax, 4407h
        int     21h
        check   c                       ; it does not know that command
        mov     dx, text
        mov     cx, 5
        dos     40h
        check   nc
        expect  ax, 5
        mov     ax, 4406h
        int     21h
        check   nc
        expect  al, 0FFh
        mov     dx, buffer
        mov     cx, 20
        dos     3Fh                     ; not raw: up to CR
        check   nc
        expect  ax, 3
        mov     dx, 0E0h                ; raw from now on
        mov     ax, 4401h
        int     21h
        check   nc
        mov     dx, buffer + 3
        mov     cx, 20
        dos     3Fh
        check   nc
        expect  ax, 2
        expect_text buffer, {"AB", 13, "CD"}

        mov     dx, buffer              ; control strings
        mov     cx, 2
        mov     ax, 4402h
        int     21h
        check   nc
        expect  ax, 2
        expect  word [buffer], 1234h
        mov     word [buffer], 5678h
        mov     ax, 4403h
        int     21h
        check   nc
        mov     word [buffer], 0
        mov     ax, 4402h
        int     21h
        check   nc
        expect  word [buffer], 5678h
        mov     ax, 440Ch
        mov     cx, 0365h
        mov     dx, buffer
        int     21h
        check   nc
        expect  word [buffer], 6503h    ; category 03h, function 65h
        dos     3Eh
        check   nc

        mov     dx, broken
        mov     ax, 3D02h
        int     21h
        check   nc
        mov     bx, ax
        mov     dx, buffer
        mov     cx, 2
        dos     3Fh
        check   c
        expect  ax, 5
        dos     59h
        expect  ax, 1Eh                 ; read fault
        exit    0

        check_code

name:   db      "mydev", 0
broken: db      "C:\BROKEN", 0
text:   db      "ab", 13, "cd"
buffer: times 32 db 0
