; Prints its command tail in brackets.
org 100h
        mov dl, '['
        mov ah, 2
        int 21h
        mov ah, 40h
        mov bx, 1
        xor cx, cx
        mov cl, [80h]
        mov dx, 81h
        int 21h
        mov dl, ']'
        mov ah, 2
        int 21h
        mov ax, 4C00h
        int 21h
