; A loop that counts up its own 16-bit immediate, twice, with a branch that is flipped there and back in between.
; AX = 2 * (1 + 2 + ... + 100).
        bits 16
        org 0x100
        xor ax, ax
        xor dx, dx
again:  inc word [cs:sum + 1]
sum:    add ax, strict word 0
        cmp word [cs:sum + 1], 100
turn:   jne again
        mov word [cs:sum + 1], 0
        xor byte [cs:turn], 1           ; JE
        xor byte [cs:turn], 1           ; and JNE again
        inc dx
        cmp dx, 2
        jne again
        hlt
