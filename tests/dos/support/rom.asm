; The ROM of DOS's tests: DOS's entry points, and as much BIOS as they call. INT 10h teletype output goes to the host, INT
; 16h reads the keyboard buffer at 40:1E as the BIOS does; whoever fills it is the test.

        cpu     8086
        bits    16
        org     0

vectors:                        ; the test sets these: number, offset
        dw      10h, int10, 16h, int16, 0

%include "dos.asm"

int10:
        out     0E8h, al
        db      10h
        iret

int16:
        sti
        push    ds
        push    bx
        mov     bx, 40h
        mov     ds, bx
        cmp     ah, 1
        je      .look
.wait:
        cli
        mov     bx, [1Ah]
        cmp     bx, [1Ch]
        jne     .take
        sti
        hlt
        jmp     .wait
.take:
        mov     ax, [bx]
        add     bx, 2
        cmp     bx, 3Eh
        jb      .store
        mov     bx, 1Eh
.store:
        mov     [1Ah], bx
        pop     bx
        pop     ds
        iret
.look:
        mov     bx, [1Ah]
        cmp     bx, [1Ch]
        mov     ax, [bx]
        pop     bx
        pop     ds
        retf    2

        times   10000h - ($ - $$) db 0FFh
