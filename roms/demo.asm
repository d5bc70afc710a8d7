; The demo that runs when dyn86 is started without an argument: four pages, changed by key.
; Started by INT 19h; its few variables lie at 0070:0000. Text goes straight into video memory, as most programs did it.

DEMO_DATA       equ     70h
demo_page       equ     0               ; byte: 0-3
demo_columns    equ     2               ; word: cells of a row
demo_video      equ     4               ; word: segment of video memory
demo_second     equ     6               ; word: low half of the second shown, to see that it changed
demo_key        equ     8               ; word: what INT 16h gave last
demo_held       equ     10h             ; a byte for each scan code: 1 while its key is down
DEMO_PAGES      equ     4
KEYS_PAGE       equ     3
LINE_ATTRIBUTE  equ     70h             ; of the line that explains the keys
CLOCK_ROW       equ     8
CLOCK_COLUMN    equ     8

demo:
        cli
        xor     ax, ax
        mov     ss, ax
        mov     sp, 7C00h
        sti
        cld
        mov     ax, DEMO_DATA
        mov     ds, ax
        mov     byte [demo_page], 0
        int     11h
        mov     bx, 0B000h
        and     al, 30h
        cmp     al, 30h
        je      .video
        mov     bx, 0B800h
.video: mov     [demo_video], bx
        mov     es, bx                  ; video memory, all the time
.show:  call    demo_show
.key:   mov     ah, 1
        int     16h
        jnz     .pressed
        cmp     byte [demo_page], 1
        jb      .idle
        jne     .not_clock
        call    clock_update
        jmp     .idle
.not_clock:
        cmp     byte [demo_page], KEYS_PAGE
        jne     .idle
        call    keys_update
.idle:  hlt                             ; the timer wakes us
        jmp     .key
.pressed:
        xor     ah, ah
        int     16h
        cmp     byte [demo_page], KEYS_PAGE
        jne     .command
        cmp     al, 27
        mov     [demo_key], ax
        jne     .key
        call    keys_leave
        mov     al, 0
        jmp     .set
.command:
        cmp     al, 27
        je      .end
        cmp     al, ' '
        je      .next
        sub     al, '1'
        cmp     al, DEMO_PAGES
        jae     .key
        mov     [demo_page], al
        jmp     .show
.next:  mov     al, [demo_page]
        inc     ax
        cmp     al, DEMO_PAGES
        jb      .set
        mov     al, 0
.set:   mov     [demo_page], al
        jmp     .show
.end:   mov     ax, 3                   ; leave a clean screen in the usual mode
        int     10h
        xor     al, al
        host    SERVICE_END             ; AL = errorlevel; the machine stops here
.stop:  hlt
        jmp     .stop

; Draws the page.
demo_show:
        mov     ax, 3
        int     10h
        mov     ah, 1
        mov     cx, 2000h               ; no cursor
        int     10h
        mov     word [demo_columns], 80
        mov     bl, [demo_page]
        xor     bh, bh
        shl     bx, 1
        jmp     [cs:bx + .pages]
.pages: dw      characters_page, clock_page, large_page, keys_page

; --- 1: every character, and every attribute

LEFT_COLUMN     equ     5
RIGHT_COLUMN    equ     42
TABLE_ROW       equ     4
BARS_ROW        equ     21
BAR_WIDTH       equ     4

characters_page:
        call    bright_backgrounds
        mov     si, .title
        mov     di, (1 * 80 + LEFT_COLUMN) * 2
        mov     ah, 0Fh
        call    put_text
        mov     si, .left
        mov     di, (3 * 80 + LEFT_COLUMN) * 2
        mov     ah, 0Eh
        call    put_text
        mov     si, .right
        mov     di, (3 * 80 + RIGHT_COLUMN) * 2
        call    put_text
        xor     bx, bx                  ; BL = character and attribute
        mov     di, (TABLE_ROW * 80 + LEFT_COLUMN) * 2
.row:   mov     cx, 16
        mov     al, bl
        shr     al, 1
        shr     al, 1
        shr     al, 1
        shr     al, 1
        mov     ah, 08h
        call    put_digit               ; the first digit of this row's codes
        add     di, 2
        push    di
.cell:  mov     al, bl
        mov     ah, 07h
        mov     [es:di], ax
        mov     ah, bl
        mov     [es:di + (RIGHT_COLUMN - LEFT_COLUMN) * 2], ax
        mov     byte [es:di + (RIGHT_COLUMN - LEFT_COLUMN) * 2 + 2], ' '
        mov     [es:di + (RIGHT_COLUMN - LEFT_COLUMN) * 2 + 3], bl
        add     di, 4
        inc     bl
        loop    .cell
        pop     di
        add     di, 160 - 4
        or      bl, bl
        jnz     .row
        call    .bars
        jmp     key_line

; The sixteen colours, two rows high.
.bars:  mov     di, (BARS_ROW * 80 + LEFT_COLUMN) * 2
        call    .bar
        mov     di, ((BARS_ROW + 1) * 80 + LEFT_COLUMN) * 2
.bar:   mov     ax, 00DBh               ; a full block
.color: mov     cx, BAR_WIDTH
        rep     stosw
        inc     ah
        cmp     ah, 16
        jb      .color
        ret
.title: db      "dyn86: 256 characters, 256 attributes", 0
.left:  db      "  0 1 2 3 4 5 6 7 8 9 A B C D E F", 0
.right: db      "  Attribute = code", 0

; Attribute bit 7 means a bright background, not blinking: mode register of the adapter without its bit 5.
bright_backgrounds:
        push    ds
        mov     ax, BDA
        mov     ds, ax
        mov     dx, [63h]
        add     dx, 4
        mov     al, [65h]
        and     al, 0DFh
        mov     [65h], al
        out     dx, al
        pop     ds
        ret

; --- 2: the time of day, in digits made of the 8x8 font. From the battery clock if there is one, else from the ticks.

clock_page:
        mov     si, .title
        mov     di, (2 * 80 + CLOCK_COLUMN) * 2
        mov     ah, 0Fh
        call    put_text
        call    read_clock
        mov     si, .battery
        jc      .found
        mov     si, .ticks
.found: mov     di, (4 * 80 + CLOCK_COLUMN) * 2
        mov     ah, 07h
        call    put_text
        mov     word [demo_second], -1
        call    clock_update
        jmp     key_line
.title: db      "The time of day", 0
.battery:
        db      "read from the MC146818 at ports 70h and 71h by INT 1Ah", 0
.ticks: db      "counted by INT 08h from the 8253's 18.2 ticks a second", 0

; CF: there is a battery clock; CH:CL:DH = the time in BCD. An XT without one leaves the registers as they are.
read_clock:
        mov     cx, -1
        mov     ah, 2
        int     1Ah
        jc      .none                   ; it is there, but does not run
        cmp     cx, -1
        je      .none
        stc
        ret
.none:  clc
        ret

; Shows the time when its second has changed. A day has 1,573,040 ticks: seconds = ticks * 1080 / 19663, exactly.
TICKS_FACTOR    equ     1080
TICKS_DIVISOR   equ     19663
clock_update:
        call    read_clock
        jnc     .count
        mov     al, dh
        xor     ah, ah
        cmp     ax, [demo_second]
        je      .same
        mov     [demo_second], ax
        push    dx
        push    cx
        mov     di, (CLOCK_ROW * 80 + CLOCK_COLUMN) * 2
        mov     al, ch
        call    .bcd
        call    .colon
        pop     cx
        mov     al, cl
        call    .bcd
        call    .colon
        pop     dx
        mov     al, dh
.bcd:   mov     ah, al                  ; AL = two digits
        and     al, 0Fh
        mov     cl, 4
        shr     ah, cl
        jmp     .digits
.colon: mov     al, ':'
        jmp     big_character
.count: xor     ah, ah
        int     1Ah                     ; CX:DX = ticks
        push    cx
        mov     ax, dx
        mov     cx, TICKS_FACTOR
        mul     cx
        mov     bx, dx
        pop     dx
        push    ax
        mov     ax, dx
        mul     cx
        add     ax, bx
        adc     dx, 0                   ; DX:AX, stack = ticks * 1080; DX is 0: below 2^32
        mov     cx, TICKS_DIVISOR
        div     cx
        mov     bx, ax                  ; high word of the seconds
        pop     ax
        div     cx                      ; BX:AX = seconds
        cmp     ax, [demo_second]
        je      .same
        mov     [demo_second], ax
        mov     dx, bx
        mov     cx, 3600
        div     cx                      ; AX = hours, DX = rest
        mov     di, (CLOCK_ROW * 80 + CLOCK_COLUMN) * 2
        call    .two_digits
        mov     al, ':'
        call    big_character
        mov     ax, dx
        xor     dx, dx
        mov     cx, 60
        div     cx
        call    .two_digits
        mov     al, ':'
        call    big_character
        mov     ax, dx
.two_digits:                            ; AX = 0-99
        aam
.digits:
        or      ax, 3030h
        push    ax
        mov     al, ah
        call    big_character
        pop     ax
        jmp     big_character
.same:  ret

; AL = character: 8x8 cells of full blocks at ES:DI, and DI to the place of the next one. BX, CX and SI are used.
big_character:
        push    dx
        push    di
        xor     ah, ah
        mov     cl, 3
        shl     ax, cl
        add     ax, 0FA6Eh              ; the font's published place
        mov     si, ax
        mov     dh, 8
.row:   cs lodsb
        mov     bl, al
        mov     cx, 8
.cell:  mov     ax, 08F9h               ; a faint dot ...
        shl     bl, 1
        jnc     .put
        mov     ax, 0ADBh               ; ... or a bright block
.put:   stosw
        loop    .cell
        add     di, 160 - 16
        dec     dh
        jnz     .row
        pop     di
        add     di, 16
        pop     dx
        ret

; --- 3: a page of 96 x 64 cells: 12,288 bytes, three quarters of what a CGA has

LARGE_COLUMNS   equ     96
LARGE_ROWS      equ     64

large_page:
        cmp     word [demo_video], 0B800h
        je      .program
        mov     si, .absent
        mov     di, (10 * 80 + 8) * 2
        mov     ah, 07h
        call    put_text
        jmp     key_line
.program:
        mov     word [demo_columns], LARGE_COLUMNS
        mov     si, .registers
        mov     dx, 3D4h
        xor     cx, cx
.register:
        mov     al, cl
        out     dx, al
        inc     dx
        cs lodsb
        out     dx, al
        dec     dx
        inc     cx
        cmp     cl, 10
        jb      .register
        push    ds
        mov     ax, BDA                 ; tell the BIOS, so that its services still know the way
        mov     ds, ax
        mov     word [4Ah], LARGE_COLUMNS
        mov     word [4Ch], LARGE_COLUMNS * LARGE_ROWS * 2
        pop     ds
        call    bright_backgrounds
        call    .cells
        call    .rulers
        mov     si, .title
        mov     di, (2 * LARGE_COLUMNS + 8) * 2
        mov     ah, 0Fh
        call    put_text
        jmp     key_line

; Fills the page: each cell a character by its place, coloured by its distance from the middle.
.cells: xor     di, di
        xor     dh, dh                  ; row
.row:   xor     dl, dl                  ; column
.cell:  mov     al, dl
        sub     al, LARGE_COLUMNS / 2
        jns     .right
        neg     al
.right: mov     ah, dh
        sub     ah, LARGE_ROWS / 2
        jns     .below
        neg     ah
.below: add     al, ah
        shr     al, 1
        shr     al, 1
        and     al, 0Fh
        mov     ah, al                  ; colour of a ring
        mov     al, dl
        add     al, dh
        and     al, 3
        add     al, 0B0h                ; shades and a line
        cmp     al, 0B3h
        jne     .put
        mov     al, 0FAh
.put:   stosw
        inc     dx
        cmp     dl, LARGE_COLUMNS
        jb      .cell
        inc     dh
        cmp     dh, LARGE_ROWS
        jb      .row
        ret

; Column numbers in the first row and row numbers at the left edge.
.rulers:
        xor     di, di
        xor     dl, dl
.mark:  mov     al, dl
        aam
        mov     bx, ax                  ; BH = tens, BL = ones
        mov     al, bl
        or      al, al
        jnz     .ones
        mov     al, bh                  ; 0, 1, 2 at whole tens, dots between
        mov     ah, 1Eh
        call    put_digit
        jmp     .marked
.ones:  mov     ax, 1FFAh
        stosw
.marked:
        inc     dx
        cmp     dl, LARGE_COLUMNS
        jb      .mark
        mov     dl, 1
.line:  mov     al, dl
        aam
        xchg    al, ah
        push    ax
        mov     ah, 1Eh
        call    put_digit
        pop     ax
        mov     al, ah
        mov     ah, 1Eh
        call    put_digit
        add     di, (LARGE_COLUMNS - 2) * 2
        inc     dx
        cmp     dl, LARGE_ROWS - 1
        jb      .line
        ret

; Horizontal total, displayed, sync, sync width; vertical total, adjust, displayed, sync; interlace, lines of a cell - 1.
.registers:
        db      7Eh, LARGE_COLUMNS, 69h, 0Ah, 44h, 2, LARGE_ROWS, 42h, 2, 7
.title: db      " 96 x 64 cells of 8 x 8: 12,288 bytes, by ten registers of the 6845 ", 0
.absent:
        db      "96 x 64 cells are 12,288 bytes; this adapter has 4,096.", 0

%include "demo_keys.asm"

; --- parts

; The line of keys, in the last row of any page; at .show, CS:SI instead.
key_line:
        mov     si, .text
.show:  mov     cx, [demo_columns]
        mov     di, 24 * 80 * 2
        cmp     cx, 80
        je      .fill
        mov     di, (LARGE_ROWS - 1) * LARGE_COLUMNS * 2
.fill:  push    di
        mov     ax, LINE_ATTRIBUTE * 256 + ' '
        rep     stosw
        pop     di
        inc     di
        inc     di
        mov     ah, LINE_ATTRIBUTE
        jmp     put_text
.text:  db      "1 characters   2 clock   3 a page of 96x64   4 keyboard   Space next   Esc end", 0

; CS:SI = text ending in 0, AH = attribute, ES:DI = where.
put_text:
        cs lodsb
        or      al, al
        jz      .end
        stosw
        jmp     put_text
.end:   ret

; AL = 0-15 as a hexadecimal digit, AH = attribute.
put_digit:
        add     al, '0'
        cmp     al, '9'
        jbe     .put
        add     al, 'A' - '0' - 10
.put:   stosw
        ret
