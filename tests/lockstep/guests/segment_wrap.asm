; Code that runs over the end of its segment, with an instruction across FFFF:0 that is patched on both sides.
; Loaded at FFE0. AX = (60 + ... + 1) * 257.
        bits 16
%define at(label) (((label) - $$ + 0xFFE0) & 0xFFFF)
        xor bx, bx
        mov cx, 60
again:  mov [cs:at(cross) + 1], cl
        mov [cs:(at(cross) + 2) & 0xFFFF], cl
        times 30 - ($ - $$) nop
cross:  mov ax, 0                       ; FFFE, FFFF, 0000
        add bx, ax
        loop again
        mov ax, bx
        hlt
