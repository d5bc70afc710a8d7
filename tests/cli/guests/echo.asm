; Copies handle 0 to handle 1 in capitals, then says so on handle 2.
org 100h
next:   mov ah, 3Fh
        xor bx, bx
        mov cx, 1
        mov dx, letter
        int 21h
        or ax, ax
        jz done
        cmp byte [letter], 'a'
        jb write
        cmp byte [letter], 'z'
        ja write
        sub byte [letter], 20h
write:  mov ah, 40h
        mov bx, 1
        mov cx, 1
        int 21h
        jmp next
done:   mov ah, 40h
        mov bx, 2
        mov cx, end - text
        mov dx, text
        int 21h
        mov ax, 4C00h
        int 21h
letter  db 0
text    db 'end of input', 13, 10
end:
