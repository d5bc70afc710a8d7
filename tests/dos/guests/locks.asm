; Share modes and record locks, between two handles of one program. The test puts DATA.TXT, twelve bytes, into C:.
%include "guest.inc"

%macro open 1
        mov     ax, 3D00h + %1
        mov     dx, name
        int     21h
%endmacro
%macro close 1
        mov     bx, %1
        dos     3Eh
        check   nc
%endmacro
; lock HANDLE, START, LENGTH; unlock likewise
%macro lock 3
        mov     ax, 5C00h
        mov     bx, %1
        xor     cx, cx
        mov     dx, %2
        xor     si, si
        mov     di, %3
        int     21h
%endmacro
%macro unlock 3
        mov     ax, 5C01h
        mov     bx, %1
        xor     cx, cx
        mov     dx, %2
        xor     si, si
        mov     di, %3
        int     21h
%endmacro

        mov     ax, 1000h                       ; SHARE says that it is there
        int     2Fh
        expect  al, 0FFh

        ; what a first opener denies, a second one does not get
        open    12h                             ; read and write, deny all
        check   nc
        mov     [one], ax
        open    40h                             ; read, deny nothing
        check   c
        expect  ax, 5
        call    true_error
        expect  ax, 20h
        expect  bh, 0Ah                         ; locked
        expect  bl, 2                           ; try again later
        expect  ch, 2
        open    00h                             ; compatible
        check   c
        close   [one]
        open    20h                             ; read, deny writing
        check   nc
        mov     [one], ax
        open    40h
        check   nc
        mov     [two], ax
        close   [two]
        open    42h
        check   c
        open    02h
        check   c
        mov     dx, name                        ; neither is the file emptied, renamed or deleted
        xor     cx, cx
        dos     3Ch
        check   c
        expect  ax, 5
        mov     dx, name
        mov     di, other
        dos     56h
        check   c
        mov     dx, name
        dos     41h
        check   c
        expect  ax, 5
        close   [one]
        open    42h                             ; a writer is there: who denies writing comes too late
        check   nc
        mov     [one], ax
        open    20h
        check   c
        open    30h                             ; and who denies reading
        check   c
        open    02h                             ; compatible readers and writers do not mind
        check   nc
        mov     [two], ax
        close   [two]
        open    53h
        check   c
        expect  ax, 0Ch

        ; record locks
        open    42h
        check   nc
        mov     [two], ax
        lock    [one], 4, 4
        check   nc
        lock    [two], 6, 1
        check   c
        expect  ax, 21h
        call    true_error
        expect  ax, 21h
        lock    [one], 7, 2                     ; nor twice by the same handle
        check   c
        expect  ax, 21h
        lock    [two], 8, 4
        check   nc
        mov     bx, [two]                       ; reading up to the locked bytes, and into them
        mov     cx, 4
        mov     dx, buffer
        dos     3Fh
        check   nc
        expect  ax, 4
        mov     cx, 1
        dos     3Fh
        check   c
        expect  ax, 21h
        mov     cx, 1
        dos     40h
        check   c
        expect  ax, 21h
        mov     cx, 0                           ; cutting the file off there
        dos     40h
        check   c
        mov     bx, [one]                       ; who locked them may
        mov     cx, 8
        dos     3Fh
        check   nc
        expect  ax, 8
        unlock  [one], 4, 3                     ; not what was locked
        check   c
        expect  ax, 21h
        unlock  [one], 4, 4
        check   nc
        unlock  [one], 4, 4
        check   c
        mov     bx, [two]
        mov     cx, 4
        dos     3Fh
        check   nc
        expect  ax, 4
        lock    [one], 8, 0                     ; nothing cannot be locked
        check   c
        lock    99, 0, 1
        check   c
        expect  ax, 6
        mov     ax, 5C02h
        int     21h
        check   c
        close   [two]                           ; closing lets go
        lock    [one], 8, 4
        check   nc
        exit    0

true_error:
        xor     bx, bx
        dos     59h
        ret

check_code
name:   db      "DATA.TXT", 0
other:  db      "OTHER.TXT", 0
one:    dw      0
two:    dw      0
buffer: times   16 db 0
