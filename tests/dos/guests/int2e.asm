; INT 2Eh: has a command executed, and shows what it came back with.
%include "guest.inc"

        mov     sp, stack_end
        mov     bx, (stack_end - $$ + 100h + 15) / 16
        dos     4Ah
        mov     [saved_sp], sp
        mov     si, command
        int     2Eh
        push    cs
        pop     ds
        expect  sp, [saved_sp]
        mov     bx, ax                          ; the errorlevel of ECHO: none
        expect  bx, 0
        exit    0
        check_code

saved_sp: dw    0
command: db     .end - .text
.text:  db      "echo two e"
.end:   db      13
        align   2
        times   200h db 0
stack_end:
