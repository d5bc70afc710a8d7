; crc - CRC-32 (reflected, 04C11DB7h) bit by bit over 256 bytes that change with every repetition: shifts, carries, and
; branches that nobody can predict
%define GUEST 'crc'
%include "guest.inc"

body:   mov     dx,0FFFFh
        mov     ax,dx
        mov     si,message
        mov     bp,256
.byte:  xor     al,[si]
        mov     cx,8
.bit:   shr     dx,1
        rcr     ax,1
        jnc     .zero
        xor     ax,8320h
        xor     dx,0EDB8h
.zero:  loop    .bit
        inc     si
        dec     bp
        jnz     .byte
        not     ax
        not     dx
        inc     byte [turn]             ; the result becomes part of the next message
        mov     bl,[turn]
        xor     bh,bh
        mov     cl,al
        xor     cl,bl
        add     [message+bx],cl
        ret

section .data
turn:   db      0
message:
%assign i 0
%rep 256
        db      (i * 7 + 3) & 255
%assign i i+1
%endrep
