; A boot sector that prints a line and waits.
org 7C00h
        mov si, text
next:   cs lodsb
        or al, al
        jz idle
        mov ah, 0Eh
        mov bx, 7
        int 10h
        jmp next
idle:   sti
        hlt
        jmp idle
text    db 'Booted.', 0
        times 510 - ($ - $$) db 0
        dw 0AA55h
