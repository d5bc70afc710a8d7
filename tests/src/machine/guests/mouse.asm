; Powers the mouse on COM1 up, and leaves what it says: its name, then reports.
%include "guest.inc"
        begin
        mov     dx, 3FBh
        mov     al, 80h
        out     dx, al
        mov     dx, 3F8h
        mov     ax, 96                  ; 1200, 7N1
        out     dx, al
        inc     dx
        mov     al, ah
        out     dx, al
        mov     dx, 3FBh
        mov     al, 2
        out     dx, al
        inc     dx
        mov     al, 0Bh
        out     dx, al
        mov     di, results
        mov     cx, 4
.next:  mov     dx, 3FDh
.wait:  in      al, dx
        test    al, 1
        jz      .wait
        mov     dx, 3F8h
        in      al, dx
        stosb
        loop    .next
        cli
        hlt
        finish
