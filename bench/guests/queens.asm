; queens - all ways to put seven queens on a board, by recursion with bit masks in BP frames
%define GUEST 'queens'
%include "guest.inc"
ALL     equ     7Fh

body:   mov     word [ways],0
        mov     word [tries],0
        xor     ax,ax
        push    ax
        push    ax
        push    ax
        call    place
        add     sp,6
        mov     ax,[ways]
        mov     dx,[tries]
        ret

; void place(int columns, int left, int right)
place:  push    bp
        mov     bp,sp
        push    si
        push    di
        inc     word [tries]
        mov     ax,[bp+8]
        cmp     ax,ALL
        jne     .free
        inc     word [ways]
        jmp     .done
.free:  or      ax,[bp+6]
        or      ax,[bp+4]
        not     ax
        and     ax,ALL
        mov     si,ax                   ; squares not attacked
.next:  test    si,si
        jz      .done
        mov     di,si
        neg     di
        and     di,si                   ; the lowest
        xor     si,di
        mov     ax,[bp+8]
        or      ax,di
        push    ax
        mov     ax,[bp+6]
        or      ax,di
        shl     ax,1
        push    ax
        mov     ax,[bp+4]
        or      ax,di
        shr     ax,1
        push    ax
        call    place
        add     sp,6
        jmp     .next
.done:  pop     di
        pop     si
        pop     bp
        ret

section .data
ways:   dw      0
tries:  dw      0
