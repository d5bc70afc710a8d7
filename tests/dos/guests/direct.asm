; AH=06h and 0Bh: input that does not wait.
%include "guest.inc"

        mov     dl, 0FFh
        dos     06h
        check   z                               ; nothing yet
        expect  al, 0
        dos     0Bh
        expect  al, 0
        dos     01h                             ; the test presses k, and l when we wait again
        expect  al, 'k'
        hlt
        dos     0Bh
        expect  al, 0FFh
        mov     dl, 0FFh
        dos     06h
        check   nz
        expect  al, 'l'
        mov     dl, '>'
        dos     06h
        expect  al, '>'
        exit    0

check_code
