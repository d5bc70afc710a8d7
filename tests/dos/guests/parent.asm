; EXEC: runs CHILD.COM (which says what it was given) in several ways.
%include "guest.inc"

        mov     sp, stack_end
        mov     bx, (stack_end - $$ + 100h + 15) / 16
        dos     4Ah
        check   nc
        mov     ax, cs
        mov     [parameters + 4], ax
        mov     [parameters + 8], ax
        mov     [parameters + 12], ax

        ; a program that is not there, one that is none, a function that is none
        mov     bx, parameters
        mov     dx, missing
        mov     ax, 4B00h
        int     21h
        check   c
        expect  ax, 2
        mov     dx, empty
        mov     ax, 4B00h
        int     21h
        check   c
        expect  ax, 0Bh
        mov     dx, child
        mov     ax, 4B77h
        int     21h
        check   c
        expect  ax, 1

        ; run it: registers and stack come back
        mov     [saved_sp], sp
        mov     bp, 1234h
        mov     si, 5678h
        mov     dx, child
        mov     ax, 4B00h
        int     21h
        check   nc
        expect  sp, [saved_sp]
        expect  bp, 1234h
        expect  si, 5678h
        mov     ax, cs
        mov     bx, ds
        expect  ax, bx
        dos     4Dh
        expect  ax, 42
        dos     4Dh                             ; told once
        expect  ax, 0
        dos     62h
        mov     ax, cs
        expect  bx, ax

        ; an environment of our own
        mov     ax, environment
        mov     cl, 4
        shr     ax, cl
        mov     bx, cs
        add     ax, bx
        mov     [parameters], ax
        mov     bx, parameters
        mov     dx, child
        mov     ax, 4B00h
        int     21h
        check   nc

        ; memory is as it was: the largest block twice the same
        mov     bx, 0FFFFh
        dos     48h
        mov     [largest], bx
        mov     bx, parameters
        mov     dx, child
        mov     ax, 4B00h
        int     21h
        mov     bx, 0FFFFh
        dos     48h
        expect  bx, [largest]

        ; load only: the child is current, then ended from here
        mov     word [parameters], 0
        mov     bx, parameters
        mov     dx, child
        mov     ax, 4B01h
        int     21h
        check   nc
        expect  word [parameters + 12h], 100h
        dos     62h
        expect  bx, [parameters + 14h]
        mov     es, bx
        mov     ax, cs
        expect  [es:16h], ax
        mov     word [es:0Ah], .child_ended
        mov     [es:0Ch], cs
        dos     4Ch
.child_ended:
        push    cs
        pop     ds
        cli
        mov     ax, cs
        mov     ss, ax
        mov     sp, stack_end
        sti
        dos     62h
        mov     ax, cs
        expect  bx, ax

        ; an overlay: a .COM as it is, an .EXE relocated
        mov     bx, 1000h
        dos     48h
        check   nc
        mov     [block], ax
        mov     [factor], ax
        push    cs
        pop     es
        mov     bx, block
        mov     dx, child
        mov     ax, 4B03h
        int     21h
        check   nc
        mov     es, [block]
        mov     ax, [es:0]
        push    ax
        mov     ax, 3D00h
        mov     dx, child
        int     21h
        mov     bx, ax
        mov     dx, word_read
        mov     cx, 2
        dos     3Fh
        dos     3Eh
        pop     ax
        expect  ax, [word_read]
        push    cs
        pop     es
        mov     word [factor], 1111h
        mov     bx, block
        mov     dx, exe
        mov     ax, 4B03h
        int     21h
        check   nc
        mov     es, [block]
        expect  word [es:1], 1112h              ; `mov ax, 1` of relocs.exe, plus the factor
        exit    0

check_code
missing: db     "NOTHERE.COM", 0
empty:  db      "EMPTY.COM", 0
child:  db      "\CHILD.COM", 0
exe:    db      "RELOCS.EXE", 0
parameters:
        dw      0
        dw      tail, 0
        dw      fcb1, 0
        dw      fcb2, 0
        dw      0, 0, 0, 0
tail:   db      6, " hello", 13
fcb1:   db      0, "HELLO      "
        times   4 db 0
fcb2:   db      3, "SECOND     "
        times   4 db 0
saved_sp: dw    0
largest: dw     0
block:  dw      0
factor: dw      0
word_read: dw   0
        align   16
environment: db "OWN=1", 0, 0
        times   256 db 0
stack_end:
