; Every way of reading memory, in a device whose reads have side effects (mmio_test.cpp). Leaves DX.
%include "guest.inc"
        begin
        mov     ax, 0A000h
        mov     ds, ax
        mov     es, ax
        mov     cx, 40
        xor     bx, bx
        xor     dx, dx
.next:  mov     si, bx
        mov     al, [si]                ; latches a cell
        mov     [si + 100h], al         ; writes the latch elsewhere
        add     dx, [si]                ; a word: two reads
        lodsb
        lodsw
        xchg    al, [si]
        inc     byte [si + 1]
        cmp     word [bx + si], 1234h
        push    word [si + 2]
        pop     word [si + 4]
        mov     di, 200h
        push    cx
        mov     cx, 5
        rep     movsb                   ; a read and a write at each step
        mov     cx, 4
        mov     si, bx
        repe    cmpsb
        mov     cx, 3
        mov     al, 7
        repne   scasb
        mov     cx, 2
        rep     stosw
        pop     cx
        push    bx
        mov     al, 3
        xlatb
        pop     bx
        les     di, [bx]
        mov     ax, 0A000h
        mov     es, ax
        test    byte [bx + 8], 80h
        jz      .even
        add     dx, 3
.even:  add     bx, 3
        loop    .next
        xor     ax, ax
        mov     ds, ax
        mov     [results], dx
        finish
