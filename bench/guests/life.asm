; life - Conway's cellular automaton on a torus-free board of 64 by 32 bytes, next to next: loads around a point, a table
%define GUEST 'life'
%define PREPARE
%include "guest.inc"
WIDE    equ     66                      ; with a border of dead cells
HIGH    equ     34
board   equ     4000h
next    equ     5000h

body:   mov     si,board+WIDE+1
        mov     di,next+WIDE+1
        mov     bp,32                   ; rows
.row:   mov     cx,64
.cell:  mov     al,[si-WIDE-1]
        add     al,[si-WIDE]
        add     al,[si-WIDE+1]
        add     al,[si-1]
        add     al,[si+1]
        add     al,[si+WIDE-1]
        add     al,[si+WIDE]
        add     al,[si+WIDE+1]
        mov     bl,[si]
        cmp     al,3
        je      .lives
        cmp     al,2
        je      .stays
        xor     bl,bl
        jmp     .store
.lives: mov     bl,1
.stays:
.store: mov     [di],bl
        inc     si
        inc     di
        loop    .cell
        add     si,2
        add     di,2
        dec     bp
        jnz     .row
        mov     si,next                 ; the new board over the old
        mov     di,board
        mov     cx,WIDE*HIGH/2
        rep     movsw
        xor     ax,ax                   ; how many live, and a mixture of where
        xor     dx,dx
        mov     si,board
        mov     cx,WIDE*HIGH
.count: add     al,[si]
        adc     ah,0
        test    byte [si],1
        jz      .dead
        xor     dx,si
        rol     dx,1
.dead:  inc     si
        loop    .count
        inc     byte [generation]       ; keep it alive: a glider's seed now and then
        test    byte [generation],31
        jnz     .done
        push    ax
        call    seed_board
        pop     ax
.done:  ret

prepare:
seed_board:
        mov     di,board+WIDE+1
        mov     bp,32
        mov     bx,[seed]
.row:   mov     cx,64
.cell:  mov     ax,25173
        mul     bx
        add     ax,13849
        mov     bx,ax
        and     ah,1
        mov     [di],ah
        inc     di
        loop    .cell
        inc     di
        inc     di
        dec     bp
        jnz     .row
        mov     [seed],bx
        ret

section .data
seed:   dw      77
generation: db  0
