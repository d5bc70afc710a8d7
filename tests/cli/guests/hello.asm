; Prints a line and ends with errorlevel 42.
org 100h
        mov dx, text
        mov ah, 9
        int 21h
        mov ax, 4C2Ah
        int 21h
text    db 'Hello, world!', 13, 10, '$'
