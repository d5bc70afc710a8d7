; A handler of INT 16h that writes over the call DOS is busy with: what comes back is nobody's business, but DOS lives.
%include "guest.inc"

        mov     ax, 3516h
        int     21h
        mov     [old16], bx
        mov     [old16 + 2], es
        mov     ax, 2516h
        mov     dx, spoil
        int     21h
        dos     08h
        push    ds
        lds     dx, [old16]
        mov     ax, 2516h
        int     21h
        pop     ds
        expect  byte [spoilt], 1
        exit    0

; The registers that DOS keeps of its caller lie above its own eight words.
spoil:  push    bp
        mov     bp, sp
        cmp     byte [bp + 8 + 16 + 1], 08h
        jne     .on
        mov     byte [bp + 8 + 16 + 1], 0F0h    ; AH: no such function
        inc     byte [cs:spoilt]
.on:    pop     bp
        jmp     far [cs:old16]

check_code
old16:  dw      0, 0
spoilt: db      0
