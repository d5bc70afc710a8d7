; Files by handle: every call with success and failure.
%include "guest.inc"

        ; create, write, position, read back
        mov     dx, name
        xor     cx, cx
        dos     3Ch
        check   nc
        mov     [handle], ax
        mov     bx, ax
        mov     dx, text
        mov     cx, 10
        dos     40h
        check   nc
        expect  ax, 10
        mov     ax, 4202h                       ; from the end
        mov     cx, -1
        mov     dx, -4
        int     21h
        check   nc
        expect  ax, 6
        expect  dx, 0
        mov     dx, buffer
        mov     cx, 100
        dos     3Fh
        check   nc
        expect  ax, 4
        expect_text buffer, "6789"
        dos     3Fh                             ; at the end: no bytes, no error
        check   nc
        expect  ax, 0
        mov     ax, 4200h
        xor     cx, cx
        mov     dx, 3
        int     21h
        xor     cx, cx                          ; no bytes: the file ends here
        dos     40h
        check   nc
        mov     ax, 4202h
        xor     cx, cx
        xor     dx, dx
        int     21h
        expect  ax, 3
        mov     ax, 4203h
        int     21h
        check   c
        expect  ax, 1

        ; duplicates share the position
        dos     45h
        check   nc
        mov     [second], ax
        mov     ax, 4200h
        xor     dx, dx
        int     21h
        mov     bx, [second]
        mov     ax, 4201h
        mov     dx, 2
        int     21h
        expect  ax, 2
        mov     bx, [handle]
        mov     ax, 4201h
        xor     dx, dx
        int     21h
        expect  ax, 2
        mov     cx, [second]
        dos     46h                             ; onto an open handle
        check   nc
        dos     3Eh
        check   nc
        dos     3Eh
        check   c
        expect  ax, 6
        mov     bx, [second]                    ; the other one still works
        mov     ax, 4201h
        xor     cx, cx
        xor     dx, dx
        int     21h
        check   nc
        dos     68h
        check   nc

        ; date and time
        mov     ax, 5701h
        mov     cx, 12 * 2048 + 34 * 32 + 28
        mov     dx, 10 * 512 + 3 * 32 + 14
        int     21h
        check   nc
        mov     ax, 5700h
        int     21h
        expect  cx, 12 * 2048 + 34 * 32 + 28
        expect  dx, 10 * 512 + 3 * 32 + 14
        mov     ax, 5709h
        int     21h
        check   c
        mov     bx, [second]
        dos     3Eh
        check   nc

        ; modes
        mov     ax, 3D00h
        mov     dx, name
        int     21h
        check   nc
        mov     bx, ax
        mov     cx, 1
        mov     dx, text
        dos     40h                             ; read only
        check   c
        expect  ax, 5
        dos     3Eh
        mov     ax, 3D01h
        mov     dx, name
        int     21h
        mov     bx, ax
        mov     cx, 1
        mov     dx, buffer
        dos     3Fh                             ; write only
        check   c
        expect  ax, 5
        dos     3Eh
        mov     ax, 3D03h
        mov     dx, name
        int     21h
        check   c
        expect  ax, 0Ch
        mov     ax, 3D00h
        mov     dx, missing
        int     21h
        check   c
        expect  ax, 2
        dos     59h                             ; what was it?
        expect  ax, 2
        expect  bx, 0803h
        mov     ax, 3D00h
        mov     dx, nowhere
        int     21h
        check   c
        expect  ax, 3
        mov     bx, 77
        dos     3Eh
        check   c
        expect  ax, 6

        ; attributes
        mov     dx, name
        mov     ax, 4300h
        int     21h
        check   nc
        expect  cx, 20h
        mov     ax, 4301h
        mov     cx, 21h
        int     21h
        check   nc
        mov     ax, 4300h
        int     21h
        expect  cx, 21h
        mov     ax, 3D02h
        int     21h
        check   c
        expect  ax, 5
        dos     41h
        check   c
        expect  ax, 5
        xor     cx, cx
        dos     3Ch
        check   c
        expect  ax, 5
        mov     ax, 4301h
        mov     cx, 20h
        int     21h
        check   nc
        mov     ax, 4301h
        mov     cx, 22h                         ; hidden: a folder cannot keep that, a disk (D:) can
        int     21h
        pushf
        dos     19h
        cmp     al, 3
        je      .disk
        popf
        check   c
        jmp     short .attributes_done
.disk:
        popf
        check   nc
        mov     ax, 4300h
        int     21h
        expect  cx, 22h
        mov     ax, 4301h
        mov     cx, 20h
        int     21h
        check   nc
.attributes_done:

        ; extended attributes are an empty list; a server's call
        mov     dx, name
        mov     ax, 3D00h
        int     21h
        check   nc
        mov     bx, ax
        mov     ax, 5702h
        mov     cx, 2
        push    cs
        pop     es
        mov     di, server_list
        int     21h
        check   nc
        expect  cx, 2
        expect  word [server_list], 0
        mov     ax, 5702h
        mov     cx, 1
        int     21h
        check   c
        expect  ax, 8
        mov     word [server_list], 3E00h       ; close this handle
        mov     [server_list + 2], bx
        mov     dx, server_list
        mov     ax, 5D00h
        int     21h
        check   nc
        dos     3Eh
        check   c
        expect  ax, 6
        mov     word [server_list], 0100h       ; what waits is not done so
        mov     ax, 5D00h
        mov     dx, server_list
        int     21h
        check   c
        expect  ax, 1
        mov     dx, name

        ; new, temporary, extended open
        xor     cx, cx
        dos     5Bh
        check   c
        expect  ax, 50h
        mov     dx, temporary
        dos     5Ah
        check   nc
        mov     bx, ax
        dos     3Eh
        mov     dx, temporary
        dos     41h
        check   nc
        mov     si, name
        mov     bx, 2
        mov     dx, 0101h                       ; open, fail if it is not there; DH does not matter
        mov     ax, 6C00h
        int     21h
        check   nc
        expect  cx, 1
        mov     bx, ax
        dos     3Eh
        mov     si, other
        mov     bx, 2
        xor     cx, cx
        mov     dx, 0010h                       ; create, fail if it is there
        mov     ax, 6C00h
        int     21h
        check   nc
        expect  cx, 2
        mov     bx, ax
        dos     3Eh
        mov     si, other
        mov     ax, 6C00h
        int     21h
        check   c
        expect  ax, 50h

        ; rename
        mov     dx, name
        mov     di, other
        dos     56h
        check   c
        expect  ax, 5
        mov     di, third
        dos     56h
        check   nc
        mov     dx, name
        dos     41h
        check   c
        expect  ax, 2
        mov     dx, other
        dos     41h
        check   nc

        ; folders
        mov     dx, folder
        dos     39h
        check   nc
        dos     39h
        check   c
        expect  ax, 5
        dos     3Bh
        check   nc
        mov     si, buffer
        xor     dl, dl
        dos     47h
        check   nc
        expect_text buffer, {"SUB", 0}
        mov     dx, in_folder                   ; ..\THIRD.DAT
        mov     ax, 3D00h
        int     21h
        check   nc
        mov     bx, ax
        dos     3Eh
        mov     dx, folder
        dos     3Ah                             ; from inside: SUB\SUB is not there
        check   c
        expect  ax, 3
        mov     dx, full_path
        dos     3Ah
        check   c
        expect  ax, 10h                         ; the current one
        mov     dx, up
        dos     3Bh
        check   nc
        dos     3Bh                             ; above the root
        check   c
        expect  ax, 3
        mov     dx, folder
        dos     3Ah
        check   nc
        mov     dx, folder
        dos     3Bh
        check   c
        expect  ax, 3

        ; more handles than twenty: their table needs memory that the program has to give back first
        mov     bx, 40
        dos     67h
        check   c
        expect  ax, 8
        mov     bx, 0FFFh
        dos     4Ah
        check   nc
        mov     bx, 40
        dos     67h
        check   nc
        mov     cx, 30
.more:  mov     ax, 3D00h
        mov     dx, third
        int     21h
        check   nc
        loop    .more
        mov     bx, 20                          ; too many are open to go back
        dos     67h
        check   c
        expect  ax, 4
        mov     bx, 5
.close: dos     3Eh
        check   nc
        inc     bx
        cmp     bx, 35
        jb      .close
        mov     bx, 20
        dos     67h
        check   nc
        mov     cx, 15                          ; 20 less the five standard ones
.fill:  mov     ax, 3D00h
        mov     dx, third
        int     21h
        check   nc
        loop    .fill
        mov     ax, 3D00h
        int     21h
        check   c
        expect  ax, 4
        exit    0

check_code
name:   db      "DATA.BIN", 0
other:  db      "other.bin", 0
third:  db      "THIRD.DAT", 0
missing: db     "MISSING.BIN", 0
nowhere: db     "NO\WHERE.BIN", 0
folder: db      "SUB", 0
full_path: db    "\SUB", 0
up:     db      "..", 0
in_folder: db   "..\THIRD.DAT", 0
temporary: db   "C:\", 0
        times   13 db 0
text:   db      "0123456789"
handle: dw      0
second: dw      0
buffer: times   128 db 0
server_list: times 11 dw 0
