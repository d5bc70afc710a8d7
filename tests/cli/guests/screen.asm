; All characters in many colours at B8000h, no blinking, no cursor; then waits for a key.
org 100h
        mov ah, 1               ; no cursor
        mov cx, 2000h
        int 10h
        mov ax, 0B800h
        mov es, ax
        xor di, di
        xor ax, ax
        mov cx, 2000
cell:   mov [es:di], al
        mov ah, al
        and ah, 7Fh
        mov [es:di + 1], ah
        inc di
        inc di
        inc al
        loop cell
        xor ah, ah
        int 16h
        mov ax, 4C00h
        int 21h
