; Memory blocks.
%include "guest.inc"

        mov     sp, stack_end
        mov     bx, (stack_end - $$ + 100h + 15) / 16
        dos     4Ah                             ; give back what the program does not need
        check   nc
        mov     bx, 0FFFFh
        dos     48h
        check   c
        expect  ax, 8
        mov     [largest], bx
        cmp     bx, 8000h                       ; most of 640 KiB
        check   a

        ; first, best and last fit
        mov     bx, 100h
        dos     48h
        check   nc
        mov     [first], ax
        mov     bx, 10h
        dos     48h
        mov     [second], ax
        mov     es, [first]
        dos     49h
        check   nc
        mov     ax, 5800h
        int     21h
        check   nc
        expect  ax, 0
        mov     bx, 10h
        dos     48h                             ; first fit: in the hole
        expect  ax, [first]
        mov     es, ax
        dos     49h
        mov     ax, 5801h
        mov     bx, 2
        int     21h
        check   nc
        mov     bx, 10h
        dos     48h                             ; last fit: at the end of memory
        check   nc
        cmp     ax, 9000h
        check   a
        mov     es, ax
        dos     49h
        mov     ax, 5801h
        mov     bx, 1
        int     21h
        mov     bx, 0F0h
        dos     48h                             ; best fit: the hole again
        expect  ax, [first]
        mov     es, ax
        dos     49h
        check   nc
        mov     ax, 5801h
        mov     bx, 9
        int     21h
        check   c
        mov     ax, 5801h
        xor     bx, bx
        int     21h
        mov     ax, 5802h
        int     21h
        check   nc
        expect  al, 0

        ; growing
        mov     es, [second]
        mov     bx, 0FFFFh
        dos     4Ah
        check   c
        expect  ax, 8
        cmp     bx, 8000h
        check   a
        mov     bx, 20h
        dos     4Ah
        check   nc
        dos     49h
        check   nc
        mov     bx, 0FFFFh
        dos     48h
        expect  bx, [largest]
        mov     ax, 1234h                       ; no block there
        mov     es, ax
        dos     49h
        check   c
        expect  ax, 9

        ; the chain, from the list of lists: all of memory, without holes
        dos     52h
        mov     ax, [es:bx - 2]
.walk:  mov     es, ax
        mov     cl, [es:0]
        add     ax, [es:3]
        inc     ax
        cmp     cl, 'M'
        je      .walk
        expect  cl, 'Z'
        expect  ax, 0A000h
        mov     ax, cs                          ; the program's own block bears its name
        dec     ax
        mov     es, ax
        mov     ax, cs
        expect  [es:1], ax
        expect  word [es:8], 'ME'

        mov     byte [es:0], 'X'                ; a broken chain is an error, not a hang
        mov     bx, 1
        dos     48h
        check   c
        expect  ax, 7
        mov     byte [es:0], 'M'
        exit    0

check_code
largest: dw     0
first:  dw      0
second: dw      0
        times   256 db 0
stack_end:
