; Asks for lines for ever, as interactive tools do.
%include "guest.inc"

.next:  mov     dx, buffer
        dos     0Ah
        jmp     .next
buffer: db      80, 0
        times   80 db 0
