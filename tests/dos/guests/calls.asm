; Calls that programs probe with: control of devices, serial numbers, network, execution state.
%include "guest.inc"

        xor     bx, bx                          ; control strings: standard input has none
        mov     ax, 4402h
        int     21h
        check   c
        expect  ax, 1
        mov     bx, 99
        mov     ax, 4403h
        int     21h
        check   c
        expect  ax, 6
        mov     ax, 440Dh                       ; volume, serial number, file system of C:
        mov     bx, 3
        mov     cx, 0866h
        mov     dx, buffer
        int     21h
        check   nc
        expect_text buffer + 6, "TESTDISK   FAT16   "
        mov     ax, [buffer + 2]
        mov     [serial], ax
        mov     ax, 6900h
        mov     bx, 0                           ; the current drive is C:
        mov     dx, buffer
        int     21h
        check   nc
        mov     ax, [serial]
        expect  [buffer + 2], ax
        mov     ax, 6901h
        int     21h
        check   c
        expect  ax, 5
        mov     ax, 6900h
        mov     bx, 20
        int     21h
        check   c
        expect  ax, 0Fh
        mov     ax, 440Dh
        mov     bx, 3
        mov     cx, 0860h
        int     21h
        check   c
        expect  ax, 1

        mov     dx, buffer                      ; no network
        mov     ax, 5E00h
        int     21h
        check   nc
        expect  cx, 0
        expect_text buffer, {"               ", 0}
        mov     ax, 5F02h
        int     21h
        check   c
        expect  ax, 1

        mov     [state.psp], cs                 ; a prefix gets the version
        mov     word [40h], 0
        mov     dx, state
        mov     ax, 4B05h
        int     21h
        check   nc
        expect  word [40h], 5
        mov     ax, 4B02h
        int     21h
        check   c
        expect  ax, 1

        xor     bx, bx                          ; commit
        dos     68h
        check   nc
        mov     bx, 99
        dos     68h
        check   c
        expect  ax, 6
        mov     ax, 6C01h
        int     21h
        check   c
        expect  ax, 1
        exit    0

check_code
serial: dw      0
state:  dw      0, 0, 0, 0
.psp:   dw      0, 0, 0, 0, 0
buffer: times   32 db 0
