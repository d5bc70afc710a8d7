; Drive D: is a disk image: absolute sectors, parameter blocks, and what DOS says of the drive. It writes "MARK" into
; the last sector of the disk by INT 26h, and restores it.
%include "guest.inc"

        mov     dl, 4                   ; the disk's parameter block
        dos     32h
        expect  al, 0
        push    bx
        expect  byte [bx], 3            ; drive D:
        expect  word [bx + 2], 512
        mov     al, [bx + 17h]
        push    cs
        pop     ds
        mov     [media], al
        pop     bx
        mov     dl, 3                   ; C: is a folder
        dos     32h
        expect  al, 0FFh
        push    cs
        pop     ds

        mov     dl, 4                   ; AH=1Ch agrees with it
        dos     1Ch
        mov     ah, [bx]
        push    cs
        pop     ds
        expect  ah, [media]
        expect  cx, 512

        mov     al, 3                   ; the boot sector
        mov     cx, 1
        xor     dx, dx
        mov     bx, buffer
        int     25h
        pop     cx
        check   nc
        expect  word [buffer + 0Bh], 512
        mov     al, [buffer + 15h]
        expect  al, [media]

        mov     [packet_segment], cs
        mov     dx, [buffer + 13h]      ; the last sector, by the packet of large disks
        dec     dx
        mov     [packet], dx
        mov     al, 3
        mov     cx, -1
        mov     bx, packet
        int     25h
        pop     cx
        check   nc
        mov     ax, [sector]
        mov     [kept], ax
        mov     word [sector], "MA"
        mov     al, 3
        mov     cx, 1
        mov     dx, [packet]
        mov     bx, sector
        int     26h
        pop     cx
        check   nc
        mov     word [sector], 0
        mov     al, 3
        mov     cx, 1
        mov     dx, [packet]
        mov     bx, sector
        int     25h
        pop     cx
        check   nc
        expect  word [sector], "MA"
        mov     ax, [kept]
        mov     [sector], ax
        mov     al, 3
        mov     cx, 1
        mov     dx, [packet]
        mov     bx, sector
        int     26h
        pop     cx
        check   nc

        mov     dx, [packet]            ; behind its end
        inc     dx
        mov     al, 3
        mov     cx, 1
        mov     bx, sector
        int     25h
        pop     cx
        check   c
        expect  ax, 0408h
        mov     al, 2                   ; a folder has no sectors
        mov     cx, 1
        xor     dx, dx
        mov     bx, sector
        int     25h
        pop     cx
        check   c
        expect  ax, 8002h
        mov     al, 20                  ; no such drive
        mov     cx, 1
        mov     bx, sector
        int     26h
        pop     cx
        check   c
        expect  ax, 8001h

        mov     ax, 4408h               ; its medium can be changed
        mov     bl, 4
        int     21h
        check   nc
        expect  ax, 0
        mov     ax, 4408h
        mov     bl, 3
        int     21h
        check   nc
        expect  ax, 1
        mov     ax, 440Dh               ; device parameters
        mov     bl, 4
        mov     cx, 0860h
        mov     dx, parameters
        int     21h
        check   nc
        expect  word [parameters + 7], 512
        mov     al, [parameters + 17]
        expect  al, [media]
        mov     ax, 440Dh
        mov     bl, 3
        mov     cx, 0860h
        mov     dx, parameters
        int     21h
        check   c
        expect  ax, 1
        mov     word [track + 9], sector        ; the first sector, as one of its track
        mov     [track + 11], cs
        mov     ax, 440Dh
        mov     bl, 4
        mov     cx, 0861h
        mov     dx, track
        int     21h
        check   nc
        expect  word [sector + 0Bh], 512
        mov     ax, 440Dh
        mov     cx, 0841h
        int     21h
        check   nc
        mov     word [track + 1], 9             ; no such head
        mov     ax, 440Dh
        mov     cx, 0861h
        int     21h
        check   c
        mov     dx, finding                     ; FCB searches show a file's first cluster
        dos     16h
        expect  al, 0
        mov     dx, finding
        mov     word [finding + 0Eh], 1
        dos     15h
        expect  al, 0
        mov     dx, finding
        dos     10h
        expect  al, 0
        mov     word [finding + 0Ch], 0
        mov     dx, sector
        dos     1Ah
        mov     dx, finding
        dos     11h
        expect  al, 0
        expect  word [sector + 1 + 1Ah], 2      ; on an empty disk
        mov     dx, folder              ; a folder's own entries, by FCB
        dos     39h
        check   nc
        dos     3Bh
        check   nc
        mov     dx, all
        dos     11h
        expect  al, 0
        expect_text sector + 8, ".          "
        expect  word [sector + 8 + 1Ah], 3
        mov     dx, all
        dos     12h
        expect  al, 0
        expect_text sector + 8, "..         "
        expect  word [sector + 8 + 1Ah], 0
        mov     dx, up
        dos     3Bh
        check   nc
        mov     dx, folder
        dos     3Ah
        check   nc
        mov     dx, label               ; the volume's label
        dos     16h
        expect  al, 0
        mov     dx, label
        dos     11h
        expect  al, 0
        expect_text sector + 8, "MY LABEL   "
        mov     dx, label
        dos     13h
        expect  al, 0
        mov     dx, label
        dos     11h
        expect  al, 0FFh
        mov     dx, label
        dos     13h
        expect  al, 0FFh
        mov     dx, finding
        dos     13h
        expect  al, 0
        exit    0

        check_code

track:  db      0
        dw      0, 0, 0, 1, 0, 0        ; head, cylinder, sector, how many, where
folder: db      "D:\SUB", 0
up:     db      "..", 0
all:    db      0FFh, 0, 0, 0, 0, 0, 10h, 4, "???????????"
        times   25 db 0
label:  db      0FFh, 0, 0, 0, 0, 0, 8, 4, "MY LABEL   "
        times   25 db 0
finding: db     4, "CLUSTER DAT"
        times   25 db 0

media:  db      0
kept:   dw      0
packet: dd      0                       ; first sector, how many, where to
        dw      1, sector
packet_segment: dw 0
buffer: times 512 db 0
sector: times 512 db 0
parameters: times 64 db 0
