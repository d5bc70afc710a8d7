; hello - prints a line and ends: for the time from exec to exit
        cpu     8086
        bits    16
        org     100h
        mov     dx,message
        mov     ah,9
        int     21h
        mov     ax,4C00h
        int     21h
message: db     'Hello from 1978.',13,10,'$'
