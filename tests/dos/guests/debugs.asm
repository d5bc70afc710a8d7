; What debuggers do: load a program (AL=01h), run it as its parent, see it end; and run code behind a prefix made by
; AH=26h, whose INT 20h comes to INT 22h and releases nothing.
%include "guest.inc"

        mov     sp, stack_end
        mov     bx, 200h
        dos     4Ah
        check   nc
        mov     [block.tail + 2], cs
        mov     [block.fcb1 + 2], cs
        mov     [block.fcb2 + 2], cs
        mov     ax, 4B01h
        mov     dx, name
        mov     bx, block
        int     21h
        check   nc
        dos     62h
        mov     [child], bx
        mov     es, bx
        mov     word [es:0Ah], ended            ; the child's INT 22h
        mov     [es:0Ch], cs
        mov     [saved_sp], sp
        mov     sp, other_stack_end             ; where EXEC's stack was is nobody's now
        mov     cx, 40
.use:   push    cx
        loop    .use
        mov     ax, [child]
        mov     ds, ax
        mov     es, ax
        cli
        mov     ss, [cs:block.sssp + 2]
        mov     sp, [cs:block.sssp]
        sti
        pop     ax
        jmp     far [cs:block.csip]
ended:  cli
        mov     ax, cs
        mov     ss, ax
        mov     sp, [cs:saved_sp]
        sti
        mov     ds, ax
        mov     es, ax
        dos     62h
        mov     ax, cs
        expect  bx, ax                          ; we are current again
        dos     4Dh
        expect  ax, 0

        ; a prefix of our own
        mov     ax, 2522h
        mov     dx, over
        int     21h
        mov     bx, 20h
        dos     48h
        check   nc
        mov     [child], ax
        mov     dx, ax
        dos     26h
        mov     es, [child]
        expect  word [es:0], 20CDh
        expect  word [es:0Ah], over
        mov     word [es:100h], 20CDh           ; int 20h
        mov     [saved_sp], sp
        push    es
        mov     ax, 100h
        push    ax
        retf
over:   cli
        mov     ax, cs
        mov     ss, ax
        mov     sp, [cs:saved_sp]
        sti
        mov     ds, ax
        dos     62h
        mov     ax, cs
        expect  bx, ax
        mov     es, [child]                     ; still ours
        dos     49h
        check   nc
        exit    0

check_code
name:   db      "ENDS.COM", 0
child:  dw      0
saved_sp: dw    0
block:  dw      0
.tail:  dw      tail, 0
.fcb1:  dw      fcb, 0
.fcb2:  dw      fcb, 0
.sssp:  dd      0
.csip:  dd      0
tail:   db      0, 13
fcb:    times   16 db 0
        align   2
        times   100 dw 0
other_stack_end:
        times   200 dw 0
stack_end:
