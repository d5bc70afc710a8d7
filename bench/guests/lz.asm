; lz - unpacks a stream of literals and matches, as packed programs do with themselves: bit by bit from words, short copies
%define GUEST 'lz'
%define PREPARE
%include "guest.inc"
packed  equ     3000h
plain   equ     6000h
LENGTH  equ     8000h                   ; of the plain text

; BP: bits not yet used, DL: how many
%macro next_bit 0                       ; -> carry
        shr     bp,1
        dec     dl
        jnz     %%have
        mov     bp,[si]
        inc     si
        inc     si
        mov     dl,16
%%have:
%endmacro

body:   mov     si,packed
        mov     di,plain
        mov     bp,[si]
        inc     si
        inc     si
        mov     dl,16
.token: next_bit
        jnc     .match
        movsb
        jmp     .token
.match: mov     cx,2
        next_bit
        rcl     cx,1                    ; length 4 to 7, or longer in a byte of its own
        next_bit
        rcl     cx,1
        sub     cx,8-3
        cmp     cx,6
        jb      .short
        lodsb
        xor     ah,ah
        mov     cx,ax
        jcxz    .end
.short: xor     bx,bx
        mov     bl,[si]
        inc     si
        not     bx                      ; distance 1 to 256
        push    si
        lea     si,[bx+di]
        rep     movsb
        pop     si
        jmp     .token
.end:   mov     ax,di
        mov     dx,[di-2]
        add     [plain],dl              ; nothing reads it but the eye
        ret

; a stream that no packer made: tokens by a random number
prepare:
        mov     di,packed
        mov     bx,plain                ; where the output will be
.group: mov     si,di                   ; the place of 16 bits
        inc     di
        inc     di
        mov     cx,16
        xor     dx,dx
        mov     bp,0                    ; bits of the present token still to come
.bit:   cmp     bp,0
        jne     .inside
        cmp     bx,plain+LENGTH
        jae     .last
        call    random
        test    al,5
        jz      .start_match
        shr     dx,1
        or      dx,8000h                ; literal
        and     ah,63
        mov     al,ah
        add     al,32
        stosb
        inc     bx
        jmp     .counted
.start_match:
        cmp     cx,3                    ; only as a whole within a group
        jb      .literal
        cmp     bx,plain+256
        jb      .literal
        shr     dx,1                    ; 0, then two bits of the length
        mov     bp,2
        mov     [kind],ah
        jmp     .counted
.literal:
        shr     dx,1
        or      dx,8000h
        mov     al,'x'
        stosb
        inc     bx
        jmp     .counted
.inside:
        shr     dx,1
        test    byte [kind],1
        jz      .zero
        or      dx,8000h
.zero:  dec     bp
        jnz     .counted
        mov     al,[kind]               ; both bits the same: lengths 3 and 6; 6 stands for a byte
        test    al,1
        mov     ax,3
        jz      .has_length
        call    random
        and     ax,31
        add     ax,4
        stosb
.has_length:
        add     bx,ax
        call    random
        stosb
.counted:
        dec     cx
        jnz     .bit
        mov     [si],dx
        jmp     .group
.last:  cmp     cx,3                    ; the end: a match of length 0
        jae     .close
.pad:   shr     dx,1
        or      dx,8000h
        mov     al,'.'
        stosb
        loop    .pad
        mov     [si],dx
        jmp     .group
.close: shr     dx,1
        shr     dx,1
        or      dx,8000h
        shr     dx,1
        or      dx,8000h
        sub     cx,3
        jcxz    .closed
        shr     dx,cl
.closed:
        mov     [si],dx
        xor     al,al
        stosb
        ret

random: push    dx
        mov     ax,25173
        mul     word [seed]
        add     ax,13849
        mov     [seed],ax
        pop     dx
        ret

section .data
seed:   dw      1
kind:   db      0
