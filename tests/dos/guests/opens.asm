; Tries what it can to reach the file that the command tail names: open, create, delete, rename, make and remove a folder,
; change to it, find, and EXEC. Errorlevel: a bit for each that succeeded (1 open, 2 create, 4 delete or rename, 8 folders,
; 10h find, 20h attributes, 40h EXEC).
%include "guest.inc"

        mov     sp, stack_end
        mov     bx, (stack_end - $$ + 100h + 15) / 16
        dos     4Ah
        mov     bl, [80h]
        xor     bh, bh
        mov     byte [bx + 81h], 0              ; a string at 82h
%macro try 1
        jc      %%failed
        or      byte [result], %1
%%failed:
%endmacro
        mov     ax, 3D00h
        mov     dx, 82h
        int     21h
        try     1
        mov     dx, 82h
        xor     cx, cx
        dos     4Eh
        try     10h
        mov     ax, 4300h
        mov     dx, 82h
        int     21h
        try     20h
        mov     bx, parameters
        mov     dx, 82h
        mov     ax, 4B00h
        int     21h
        try     40h
        mov     dx, 82h
        dos     3Bh
        try     8
        mov     dx, 82h
        dos     39h
        try     8
        mov     dx, 82h
        mov     di, other
        dos     56h
        try     4
        mov     dx, 82h
        dos     41h
        try     4
        mov     dx, 82h
        dos     3Ah
        try     8
        mov     dx, 82h
        xor     cx, cx
        dos     3Ch
        try     2
        mov     al, [result]
        mov     ah, 4Ch
        int     21h

check_code
result: db      0
other:  db      "MOVED.XXX", 0
parameters: times 7 dw 0
        times   128 db 0
stack_end:
