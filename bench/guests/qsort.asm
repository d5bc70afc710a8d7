; qsort - 600 fresh pseudo-random words by recursive quicksort (Hoare), short pieces by insertion: compares and branches
%define GUEST 'qsort'
%include "guest.inc"
COUNT   equ     600
items   equ     4000h
last    equ     items + 2*(COUNT-1)

body:   mov     di,items
        mov     cx,COUNT
        mov     ax,[seed]
.fill:  mov     dx,25173                ; x := x * 25173 + 13849
        mul     dx
        add     ax,13849
        stosw
        loop    .fill
        mov     [seed],ax
        mov     si,items
        mov     di,last
        call    sort
        mov     si,items                ; order matters to this sum
        mov     cx,COUNT
        xor     ax,ax
        xor     dx,dx
.sum:   rol     dx,1
        add     dx,[si]
        mov     bx,[si]
        cmp     ax,bx
        adc     dx,0                    ; and so does a descent
        mov     ax,bx
        add     si,2
        loop    .sum
        ret

; sorts the words from SI to DI, both included, unsigned
sort:   mov     ax,di
        sub     ax,si
        jle     .done
        cmp     ax,12*2
        jl      insertion
        push    si
        push    di
        mov     bx,si                   ; the pivot: the middle one
        shr     ax,1
        and     al,0FEh
        add     bx,ax
        mov     dx,[bx]
        sub     si,2
        add     di,2
.partition:
        add     si,2
        cmp     [si],dx
        jb      .partition
.down:  sub     di,2
        cmp     [di],dx
        ja      .down
        cmp     si,di
        jae     .split
        mov     ax,[si]
        xchg    ax,[di]
        mov     [si],ax
        jmp     .partition
.split: mov     bp,di                   ; left part: start .. DI, right part: DI+2 .. end
        pop     ax
        pop     si
        push    ax
        push    bp
        mov     di,bp
        call    sort
        pop     si
        add     si,2
        pop     di
        jmp     sort
.done:  ret

insertion:
        mov     bx,si
.next:  add     bx,2
        cmp     bx,di
        ja      .sorted
        mov     ax,[bx]
        mov     bp,bx
.move:  mov     dx,[ds:bp-2]
        cmp     dx,ax
        jbe     .place
        mov     [ds:bp],dx
        sub     bp,2
        cmp     bp,si
        ja      .move
.place: mov     [ds:bp],ax
        jmp     .next
.sorted:
        ret

section .data
seed:   dw      4711
