; Stays resident by AH=31h with errorlevel 3.
%include "guest.inc"

        mov     ax, 3103h
        mov     dx, 20h
        int     21h
        exit    1                               ; not reached
