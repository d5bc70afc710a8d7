; Runs its tail by the command interpreter that COMSPEC names, and ends with its errorlevel.
%include "guest.inc"

        mov     sp, stack_end
        mov     bx, (stack_end - $$ + 100h + 15) / 16
        dos     4Ah
        mov     ax, cs
        mov     [parameters + 4], ax
        mov     [parameters + 8], ax
        mov     [parameters + 12], ax
        mov     es, [2Ch]
        xor     di, di
.line:  mov     si, comspec
        mov     cx, 8
        push    di
        repe    cmpsb
        pop     ax
        je      .found
        xchg    ax, di
        xor     al, al
        mov     cx, 0FFFFh
        repne   scasb
        jmp     .line
.found: mov     dx, di
        push    es
        pop     ds
        push    cs
        pop     es
        mov     bx, parameters
        mov     ax, 4B00h
        int     21h
        dos     4Dh
        dos     4Ch

comspec: db     "COMSPEC="
parameters: dw  0, 80h, 0, 5Ch, 0, 6Ch, 0
        align   2
        times   128 db 0
stack_end:
