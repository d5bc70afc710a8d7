; What a program can find out about counter 2 of an 8253, whose gate is bit 0 of port 61h and whose OUT is bit 5 of port
; 62h. Leaves how often it did not behave as its data sheet says, where it last did not, and 1 for the end.
%include "guest.inc"

%macro must_be 1                        ; condition of the last compare; else its place is noted
        j%1     %%yes
        int3
%%yes:
%endmacro
%macro control 1
        mov     al, %1
        out     43h, al
%endmacro
%macro program 2                        ; control word, count
        call    load_counter
        db      %1
        dw      %2
%endmacro

        begin
        mov     word [3 * 4], failed
        mov     [3 * 4 + 2], ax
        jmp     start

failed: mov     bp, sp
        mov     ax, [bp]
        mov     [results + 2], ax
        inc     byte [results]
        iret
load_counter:
        pop     si
        cs lodsb
        out     43h, al
        cs lodsb
        out     42h, al                 ; least significant byte first
        cs lodsb
        out     42h, al
        jmp     si
gate_up:
        in      al, 61h
        or      al, 1
        jmp     gate_down.set
gate_down:
        in      al, 61h
        and     al, 0FCh
.set:   out     61h, al
        ret
is_high:
        in      al, 62h                 ; NZ: OUT is high
        test    al, 20h
        ret
wait_high:
        mov     cx, 4000
.poll:  call    is_high
        loopz   .poll
        test    al, 20h
        ret
latched:
        control 80h
.read:  in      al, 42h
        mov     ah, al
        in      al, 42h
        xchg    al, ah
        ret
latched_byte:
        control 80h
        in      al, 42h
        xor     ah, ah
        ret
moves:  call    latched                 ; NZ: the count changes
        push    ax
        call    .rest
        call    latched
        pop     bx
        cmp     ax, bx
        ret
.rest:  mov     cx, 100
        loop    $
        ret
; DX = the lowest, BX = the highest of many counts, SI = all of them ORed.
ranges: mov     dx, 0FFFFh
        xor     bx, bx
        xor     si, si
        mov     cx, 300
.next:  call    latched
        or      si, ax
        cmp     ax, dx
        ja      .above
        mov     dx, ax
.above: cmp     ax, bx
        jb      .below
        mov     bx, ax
.below: loop    .next
        ret
has_letters:
        mov     bx, ax                  ; NZ: a digit is above 9
        add     bx, 6666h
        jc      .carry
        xor     bx, ax
        xor     bx, 6666h
        test    bx, 1110h
        ret
.carry: or      bp, 1
        ret

start:
        call    gate_up

        ; Mode 0: OUT is low from the control word on until the count has run out, then high; the count goes on.
        program 0B0h, 400h
        call    is_high
        must_be z
        call    wait_high
        must_be nz
        call    latched
        cmp     ax, 0F000h
        must_be a
        ; The gate holds the count; a first byte does, too, and OUT falls at it.
        call    gate_down
        call    moves
        must_be z
        call    gate_up
        call    moves
        must_be nz
        mov     al, 10h
        out     42h, al
        call    moves
        must_be z
        call    is_high
        must_be z

        ; Mode 1: a rising gate starts a pulse, and may start it again.
        call    gate_down
        program 0B2h, 800h
        call    is_high
        must_be nz
        call    gate_up
        call    moves
        call    is_high
        must_be z
        call    latched
        push    ax
        call    gate_down
        call    gate_up
        call    moves
        call    latched
        pop     bx
        cmp     ax, bx                  ; as far as then, though later
        must_be ae
        call    wait_high
        must_be nz

        ; Mode 2: from the count down to 1. OUT is high while the gate is low.
        program 0B4h, 57
        call    ranges
        cmp     dx, 1
        must_be ae
        cmp     bx, 57
        must_be e
        call    gate_down
        call    is_high
        must_be nz
        call    moves
        must_be z
        call    gate_up

        ; Mode 3: an even count goes in steps of two; an odd one does behind its first step.
        program 0B6h, 100h
        call    ranges
        test    si, 1
        must_be z
        cmp     bx, 100h
        must_be be
        program 0B6h, 101h
        call    ranges
        cmp     bx, 101h
        must_be be

        ; Mode 4: OUT is high, but for a pulse that is too short to be seen here for certain.
        program 0B8h, 4000h
        call    is_high
        must_be nz
        call    moves
        must_be nz

        ; BCD: no digit above 9, and after 0 comes 9999.
        program 0B1h, 1000h
        mov     cx, 300
.digits:
        call    latched
        call    has_letters
        loopz   .digits
        must_be z
        call    wait_high
        call    latched
        cmp     ax, 9999h
        must_be be

        ; One byte: the other is zero.
        control 94h
        mov     al, 80h
        out     42h, al
        call    latched_byte
        cmp     ax, 80h
        must_be be
        control 0A4h
        mov     al, 80h
        out     42h, al
        call    latched_byte
        cmp     al, 80h
        must_be be

        ; The first of two latch commands counts.
        program 0B4h, 0
        call    latched
        push    ax
        control 80h
        call    moves.rest
        control 80h
        call    latched.read
        pop     bx
        sub     bx, ax
        cmp     bx, 100
        must_be b
        inc     byte [results + 4]
        finish
