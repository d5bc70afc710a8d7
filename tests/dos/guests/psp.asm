; What a .COM program finds when it starts. The test gives it the tail "one.txt d:two /x" and NAME=VALUE.
%include "guest.inc"

        mov     [start_sp], sp
        expect  ax, 0FF00h                      ; there is no drive D:
        expect  cx, 00FFh
        mov     ax, cs
        expect  dx, ax
        mov     bx, ds
        expect  ax, bx
        mov     bx, es
        expect  ax, bx
        mov     bx, ss
        expect  ax, bx
        expect  si, 100h
        expect  word [start_sp], 0FFFEh
        pop     ax
        expect  ax, 0
        push    ax

        expect  word [0], 20CDh
        expect  word [2], 0A000h                ; all of memory
        expect  word [6], 0FEF0h
        expect  byte [50h], 0CDh
        expect  word [32h], 20
        expect  word [34h], 18h
        mov     ax, cs
        expect  [36h], ax
        expect  byte [80h], 17
        expect_text 81h, {" one.txt d:two /x", 13}
        expect  byte [5Ch], 0
        expect_text 5Dh, "ONE     TXT"
        expect  byte [6Ch], 4
        expect_text 6Dh, "TWO        "

        dos     62h
        mov     ax, cs
        expect  bx, ax
        dos     51h
        mov     ax, cs
        expect  bx, ax

        ; the parent is its own parent
        mov     es, [16h]
        mov     ax, es
        expect  [es:16h], ax

        ; environment: strings, then the program's name
        mov     es, [2Ch]
        xor     di, di
        xor     al, al
        cld
.string:
        mov     si, variable
        push    di
        mov     cx, variable_end - variable
        repe cmpsb
        pop     di
        jne     .next
        inc     byte [found]
.next:  mov     cx, 0FFFFh
        repne scasb
        cmp     byte [es:di], 0
        jne     .string
        expect  byte [found], 1
        expect  word [es:di + 1], 1
        lea     si, [di + 3]
        push    es
        pop     ds
        push    cs
        pop     es
        mov     di, own_name
        mov     cx, own_name_end - own_name
        repe cmpsb
        push    cs
        pop     ds
        check   e

        ; CALL 5 and the far entry at 50h
        mov     cl, 19h
        call    5
        expect  al, 2
        mov     [entry + 2], cs
        mov     ah, 19h
        call    far [entry]
        expect  al, 2

        ; the DTA is in the PSP
        dos     2Fh
        expect  bx, 80h

        ; AH=26h, 55h: a PSP of our own making
        mov     dx, cs
        add     dx, 0800h
        dos     26h
        mov     es, dx
        expect  word [es:0], 20CDh
        mov     ax, [16h]
        expect  [es:16h], ax
        mov     si, 9000h
        dos     55h
        dos     51h
        expect  bx, dx
        mov     ax, cs
        expect  [es:16h], ax
        expect  word [es:2], 9000h
        mov     bx, cs
        dos     50h
        ret                                     ; to the INT 20h at offset 0

check_code
start_sp: dw    0
entry:  dw      50h
        dw      0
found:  db      0
variable: db    "NAME=VALUE", 0
variable_end:
own_name: db    "C:\PSP.COM", 0
own_name_end:
