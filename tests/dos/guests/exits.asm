; Ends with the number of its tail as errorlevel.
%include "guest.inc"

        mov     si, 81h
        xor     ax, ax
        mov     bl, 10
.next:  mov     cl, [si]
        inc     si
        cmp     cl, ' '
        je      .next
        sub     cl, '0'
        cmp     cl, 9
        ja      .done
        mul     bl
        add     al, cl
        jmp     .next
.done:  dos     4Ch
