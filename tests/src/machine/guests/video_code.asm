; Code that runs in video memory and is patched through its repetition, and the other way round. Leaves the sum of what
; it added, and of what code that patches its own next instruction added.
%include "guest.inc"
        begin
        mov     ax, 0B800h              ; CGA: 16 KiB, again at BC000
        mov     dx, 0BC00h
        test    byte [410h], 20h
        jz      .color
        test    byte [410h], 10h
        jz      .color
        mov     ax, 0B000h              ; MDA: 4 KiB, the eighth time at B7000
        mov     dx, 0B700h
.color: mov     [first + 2], ax
        mov     [first_own + 2], ax
        mov     [again + 2], dx
        mov     [again_own + 2], dx

        mov     es, ax
        mov     si, routine
        xor     di, di
        mov     cx, routine_end - routine
        rep     movsb

        xor     bx, bx
        xor     bp, bp
        mov     cx, 300
.next:  call    far [first]
        mov     es, [again + 2]
        mov     [es:adds - routine + 1], cx
        call    far [first]
        call    far [again]
        mov     es, [first + 2]
        add     word [es:adds - routine + 1], 7
        call    far [again]
        mov     dl, cl
        mov     es, [again + 2]
        call    far [first_own]
        mov     es, [first + 2]
        call    far [again_own]
        loop    .next
        mov     [results], bx
        mov     [results + 2], bp
        cli
        hlt
routine:
adds:   mov     ax, 1
        add     bx, ax
        retf
own:    mov     [es:.patched - routine + 1], dl
.patched:
        mov     al, 0
        cbw
        add     bp, ax
        retf
routine_end:
first:  dw      0, 0
again:  dw      0, 0
first_own:
        dw      own - routine, 0
again_own:
        dw      own - routine, 0
        finish
