; FindFirst and FindNext. The test puts A.TXT, B.TXT, "C long name.text", sub/ (with d.txt in it) and .hidden into C:.
%include "guest.inc"

        mov     dx, dta
        dos     1Ah
        dos     2Fh
        expect  bx, dta

        mov     dx, all_texts
        xor     cx, cx
        dos     4Eh
        check   nc
        expect_text dta + 1Eh, {"A.TXT", 0}
        expect  byte [dta + 15h], 20h
        expect  word [dta + 1Ah], 5
        dos     4Fh
        check   nc
        expect_text dta + 1Eh, {"B.TXT", 0}
        dos     4Fh
        check   c
        expect  ax, 12h
        dos     4Fh                             ; and it stays so
        check   c
        expect  ax, 12h

        mov     dx, long_ones                   ; *.TEX: an alias of its own, which opens the file
        dos     4Eh
        check   nc
        mov     dx, dta + 1Eh
        mov     ax, 3D00h
        int     21h
        check   nc
        mov     bx, ax
        mov     dx, buffer
        mov     cx, 10
        dos     3Fh
        expect  ax, 4
        expect_text buffer, "long"
        dos     3Eh

        mov     dx, plain                       ; one name, no wildcards
        dos     4Eh
        check   nc
        expect_text dta + 1Eh, {"B.TXT", 0}
        dos     4Fh
        check   c
        expect  ax, 12h
        mov     dx, missing
        dos     4Eh
        check   c
        expect  ax, 12h
        mov     dx, no_folder
        dos     4Eh
        check   c
        expect  ax, 3

        mov     dx, folder                      ; folders only when asked for
        xor     cx, cx
        dos     4Eh
        check   c
        expect  ax, 12h
        mov     cx, 10h
        dos     4Eh
        check   nc
        expect  byte [dta + 15h], 10h
        mov     dx, in_folder                   ; . and .. come first
        mov     cx, 10h
        dos     4Eh
        check   nc
        expect_text dta + 1Eh, {".", 0}
        dos     4Fh
        expect_text dta + 1Eh, {"..", 0}
        dos     4Fh
        check   nc
        expect_text dta + 1Eh, {"D.TXT", 0}
        dos     4Fh
        check   c

        mov     dx, label_of                    ; the volume's label
        mov     cx, 08h
        dos     4Eh
        check   nc
        expect_text dta + 1Eh, {"TESTDISK", 0}
        expect  byte [dta + 15h], 08h

        mov     dx, dot_file                    ; .hidden is hidden
        xor     cx, cx
        dos     4Eh
        check   c
        mov     cx, 2
        dos     4Eh
        check   nc
        expect  byte [dta + 15h], 22h

        mov     dx, dta + 1Eh                   ; and so AH=43h has it, which may set what is there
        mov     ax, 4300h
        int     21h
        check   nc
        expect  cx, 22h
        mov     ax, 4301h
        int     21h
        check   nc
        mov     cx, 24h                         ; "system" is nothing that the host keeps
        mov     ax, 4301h
        int     21h
        check   c
        expect  ax, 5

        mov     dx, null_in_folder              ; the folder exists: its NUL does
        xor     cx, cx
        dos     4Eh
        check   nc
        mov     dx, null_nowhere
        dos     4Eh
        check   c
        expect  ax, 3

        mov     dx, fcb                         ; the old way
        dos     11h
        expect  al, 0
        expect  byte [dta], 3
        expect_text dta + 1, "A       TXT"
        expect  word [dta + 1 + 1Ch], 5
        mov     dx, fcb
        dos     12h
        expect  al, 0
        expect_text dta + 1, "B       TXT"
        mov     dx, fcb
        dos     12h
        expect  al, 0FFh
        exit    0

check_code
all_texts: db   "*.txt", 0
long_ones: db   "c*.tex", 0
plain:  db      "b.txt", 0
missing: db     "zzz", 0
no_folder: db   "nono\*.*", 0
folder: db      "sub", 0
in_folder: db   "sub\*.*", 0
label_of: db    "C:\*.*", 0
dot_file: db    "HIDD*.*", 0
null_in_folder: db "C:\SUB\NUL", 0
null_nowhere: db "C:\NONO\NUL", 0
fcb:    db      0, "????????TXT"
        times   30 db 0
dta:    times   80 db 0
buffer: times   16 db 0
