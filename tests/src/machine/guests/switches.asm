; Reads the switches of a PC as its BIOS does: banks of 16 KiB on SW1, steps of 32 KiB behind them on SW2.
%include "guest.inc"
        begin
        mov     al, 99h
        out     63h, al
        mov     al, 0FCh                ; SW1 at port 60h, SW2-1 to 4 at port 62h
        out     61h, al
        in      al, 60h
        and     ax, 0Ch
        add     al, 4
        shl     ax, 1
        shl     ax, 1
        xchg    ax, bx                  ; BX = KiB on the board
        mov     al, 0F8h                ; SW2-5
        out     61h, al
        in      al, 62h
        and     al, 1
        mov     cl, 4
        shl     al, cl
        mov     ah, al
        mov     al, 0FCh
        out     61h, al
        in      al, 62h
        and     al, 0Fh
        or      al, ah
        xor     ah, ah
        inc     cx
        shl     ax, cl
        add     ax, bx
        mov     [results], ax
        finish
