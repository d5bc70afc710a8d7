; Runs for ever.
org 100h
        mov dx, text
        mov ah, 9
        int 21h
again:  inc ax
        jmp again
text    db 'spinning', 13, 10, '$'
