; Says "Ready", then shows for every key what INT 16h gives (scan code and character in hexadecimal), until Esc.
org 100h
        mov dx, ready
        mov ah, 9
        int 21h
next:   xor ah, ah
        int 16h
        push ax
        mov bx, ax
        mov cx, 4
digit:  rol bx, 1
        rol bx, 1
        rol bx, 1
        rol bx, 1
        mov al, bl
        and al, 0Fh
        add al, 90h
        daa
        adc al, 40h
        daa
        mov dl, al
        mov ah, 2
        int 21h
        loop digit
        mov dl, ' '
        mov ah, 2
        int 21h
        pop ax
        cmp al, 27
        jne next
        mov ax, 4C07h
        int 21h
ready   db 'Ready', 13, 10, '$'
