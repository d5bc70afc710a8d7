; turns - a loop of 10000 turns, for listings and counters of translated code
        cpu     8086
        bits    16
        org     100h
        xor     dx,dx
        mov     cx,10000
turn:   mov     ax,[values]
        add     dx,ax
        mov     [values+2],dx
        loop    turn
        mov     ax,4C07h
        int     21h
values: dw      3,0
