; Counts, prints, and ends with errorlevel 5: something to debug.
        org     100h
start:  mov     cx, 2000                ; 100
again:  call    count                   ; 103
        loop    again                   ; 106
        mov     ah, 9                   ; 108
        mov     dx, text                ; 10A
        int     21h                     ; 10D
        mov     ax, 4C05h               ; 10F
        int     21h                     ; 112
count:  inc     word [counter]          ; 114
        ret                             ; 118
counter dw      0                       ; 119
text    db      'counted', 13, 10, '$'
