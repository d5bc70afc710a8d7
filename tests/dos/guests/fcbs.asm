; Files by FCB.
%include "guest.inc"

        mov     dx, dta
        dos     1Ah
        mov     dx, fcb
        dos     0Fh
        expect  al, 0FFh                        ; not there yet
        dos     16h
        expect  al, 0
        expect  word [fcb + 0Eh], 128

        ; three sequential records of 16 bytes
        mov     word [fcb + 0Eh], 16
        mov     byte [fcb + 20h], 0
        mov     al, 'a'
.write: mov     di, dta
        mov     cx, 16
        cld
        rep stosb
        push    ax
        mov     dx, fcb
        dos     15h
        expect  al, 0
        pop     ax
        inc     al
        cmp     al, 'd'
        jb      .write
        expect  byte [fcb + 20h], 3
        expect  word [fcb + 10h], 48
        mov     dx, fcb
        dos     10h
        expect  al, 0

        ; random
        mov     dx, fcb
        dos     0Fh
        expect  al, 0
        expect  word [fcb + 10h], 48
        mov     word [fcb + 0Eh], 16
        mov     word [fcb + 21h], 2
        mov     byte [fcb + 23h], 0
        mov     dx, fcb
        dos     21h
        expect  al, 0
        expect  byte [dta], 'c'
        expect  byte [fcb + 20h], 2             ; the random record is the current one now
        mov     word [fcb + 21h], 7
        mov     dx, fcb
        dos     21h
        expect  al, 1                           ; behind the end
        mov     word [fcb + 21h], 1
        mov     byte [dta], 'X'
        mov     dx, fcb
        dos     22h
        expect  al, 0
        dos     24h
        expect  word [fcb + 21h], 1

        ; blocks: all of it, and a part of a record at the end
        mov     word [fcb + 0Eh], 10
        mov     word [fcb + 21h], 0
        mov     word [fcb + 23h], 0
        mov     cx, 7
        mov     dx, fcb
        dos     27h
        expect  al, 3
        expect  cx, 5
        expect  word [fcb + 21h], 5
        expect  byte [dta + 47], 'c'
        expect  byte [dta + 48], 0
        mov     word [fcb + 21h], 2             ; no records: the file ends at record 2
        xor     cx, cx
        mov     dx, fcb
        dos     28h
        expect  al, 0
        expect  word [fcb + 10h], 20
        mov     dx, fcb
        dos     10h
        mov     dx, fcb
        mov     word [fcb + 0Eh], 8
        dos     23h
        expect  al, 0
        expect  word [fcb + 21h], 3             ; 20 bytes are three records of 8

        ; rename with wildcards, delete with wildcards
        mov     dx, renaming
        dos     17h
        expect  al, 0
        mov     dx, fcb
        dos     0Fh
        expect  al, 0FFh
        mov     dx, label               ; the volume's label, whose name matches all files
        dos     13h
        expect  al, 0FFh
        mov     dx, label
        dos     17h
        expect  al, 0FFh
        mov     dx, everything
        dos     13h
        expect  al, 0
        mov     dx, everything
        dos     13h
        expect  al, 0FFh

        ; names out of a command line
        mov     si, line
        mov     di, parsed
        mov     ax, 2901h
        int     21h
        expect  al, 1
        expect  si, line + 9
        expect  byte [parsed], 3
        expect_text parsed + 1, "AB?????????"
        mov     si, other_line
        mov     di, parsed
        mov     ax, 2900h
        int     21h
        expect  al, 0FFh                        ; no drive Q:
        exit    0

check_code
fcb:    db      0, "RECORDS DAT"
        times   25 db 0
renaming: db    0, "RECORDS DAT"
        times   5 db 0
        db      "????????OLD"
        times   9 db 0
label:  db      0FFh, 0, 0, 0, 0, 0, 8, 0, "???????????"
        times   25 db 0
everything: db  0, "????????OLD"
        times   25 db 0
line:   db      " ,c:ab*.* rest", 13
other_line: db  "q:x", 13
parsed: times   37 db 0
dta:    times   128 db 0
