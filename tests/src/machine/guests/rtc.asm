; Reads the ten time registers of the MC146818, as of the moment.
%include "guest.inc"
        begin
        mov     di, results
        xor     bx, bx
.next:  mov     al, bl
        out     70h, al
        in      al, 71h
        stosb
        inc     bx
        cmp     bl, 10
        jb      .next
        finish
