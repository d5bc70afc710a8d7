; Sends a line through COM1, polled, and prints one on the first printer that the BIOS has found.
%include "guest.inc"
        begin
        mov     dx, 3FBh
        mov     al, 83h                 ; 9600, 8N1
        out     dx, al
        mov     dx, 3F8h
        mov     ax, 12
        out     dx, al
        inc     dx
        mov     al, ah
        out     dx, al
        mov     dx, 3FBh
        mov     al, 3
        out     dx, al
        mov     si, text
.send:  mov     dx, 3FDh
.busy:  in      al, dx
        test    al, 20h
        jz      .busy
        lodsb
        test    al, al
        jz      .sent
        mov     dx, 3F8h
        out     dx, al
        jmp     .send
.sent:  mov     dx, 3FDh
.drain: in      al, dx
        test    al, 40h
        jz      .drain

        mov     ax, [400h]              ; COM1
        mov     [results], ax
        mov     dx, [408h]              ; LPT1
        mov     [results + 2], dx
        mov     si, paper
.print: lodsb
        test    al, al
        jz      .done
        mov     dx, [408h]
        out     dx, al
        add     dx, 2
        mov     al, 0Dh
        out     dx, al
        mov     al, 0Ch
        out     dx, al
        jmp     .print
.done:  cli
        hlt
text:   db      "serial line", 13, 10, 0
paper:  db      "printed line", 13, 10, 0
        finish
