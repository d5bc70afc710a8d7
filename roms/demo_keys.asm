; The demo's keyboard tester.

; --- 4: the keyboard: the keys that are down, by scan code; what INT 16h gives; the shift states

KEYS_ROW        equ     5
KEYS_COLUMN     equ     8
INT09_ENTRY     equ     0E987h          ; the BIOS's own, to go on with
HELD            equ     4Fh             ; attributes: white on red
RELEASED        equ     17h

keys_page:
        push    es
        push    ds
        pop     es
        mov     di, demo_held
        mov     cx, 64
        xor     ax, ax
        mov     [demo_key], ax
        rep     stosw
        mov     es, ax
        mov     word [es:9 * 4], keys_int09
        pop     es
        mov     si, .title
        mov     di, (2 * 80 + KEYS_COLUMN) * 2
        mov     ah, 0Fh
        call    put_text
        mov     si, .given
        mov     di, (13 * 80 + KEYS_COLUMN) * 2
        mov     ah, 07h
        call    put_text
        call    keys_update
        mov     si, .line
        jmp     key_line.show
.title: db      "Keyboard: scan codes of set 1; a key lights up while it is down", 0
.given: db      "INT 16h gave", 0
.line:  db      "Esc back", 0

keys_leave:
        push    es
        xor     ax, ax
        mov     es, ax
        mov     word [es:9 * 4], INT09_ENTRY
        pop     es
        ret

; INT 09h while this page is shown: notes the scan code and goes on.
keys_int09:
        push    ax
        push    bx
        push    ds
        mov     ax, DEMO_DATA
        mov     ds, ax
        in      al, 60h
        mov     bl, al
        and     bx, 7Fh
        rol     al, 1
        and     al, 1                   ; bit 7: released
        xor     al, 1
        mov     [bx + demo_held], al
        pop     ds
        pop     bx
        pop     ax
        jmp     INT09_ENTRY

keys_update:
        mov     di, (KEYS_ROW * 80 + KEYS_COLUMN + 3) * 2
        mov     bx, 1                   ; sixteen codes a row; there is no 00
.key:   mov     ah, RELEASED
        cmp     byte [bx + demo_held], 0
        je      .color
        mov     ah, HELD
.color: call    put_byte
        mov     al, ' '
        stosw
        inc     bx
        mov     al, bl
        and     al, 0Fh
        jnz     .same_row
        add     di, (80 - 16 * 3) * 2
.same_row:
        cmp     bl, 54h
        jb      .key
        mov     di, (13 * 80 + KEYS_COLUMN + 14) * 2
        mov     ah, 0Fh
        mov     bl, [demo_key + 1]
        call    put_byte
        mov     bl, [demo_key]
        call    put_byte
        mov     al, ' '
        stosw
        mov     al, bl
        stosw
        push    ds
        mov     bx, BDA
        mov     ds, bx
        mov     bl, [shift_flags]
        pop     ds
        mov     di, (15 * 80 + KEYS_COLUMN) * 2
        mov     si, .states
        mov     cx, 8
.state: mov     ah, RELEASED
        shl     bl, 1
        jnc     .off
        mov     ah, HELD
.off:   call    put_text
        mov     al, ' '
        mov     ah, 07h
        stosw
        loop    .state
        ret
.states:
        db      "Ins", 0, "Caps Lock", 0, "Num Lock", 0, "Scroll Lock", 0, "Alt", 0, "Ctrl", 0, "left Shift", 0
        db      "right Shift", 0

; BL in two hexadecimal digits at ES:DI, AH = attribute.
put_byte:
        push    cx
        mov     al, bl
        mov     cl, 4
        shr     al, cl
        call    put_digit
        mov     al, bl
        and     al, 0Fh
        pop     cx
        jmp     put_digit
