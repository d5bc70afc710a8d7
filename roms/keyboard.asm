; The keyboard: INT 09h turns scan codes (set 1) into characters and states, INT 16h hands them out.

; One key: what it gives alone, with Shift, with Ctrl, with Alt. A character, or a scan code * 100h for keys without one.
NONE    equ     0FFFFh
%macro  key     4
  %assign scan  scan + 1
  %rep 4
    %ifidn      %1, NONE
        dw      NONE
    %elif (%1) < 100h
        dw      scan * 100h + (%1)
    %else
        dw      %1
    %endif
    %rotate 1
  %endrep
%endmacro

; [IBM XT, "Keyboard encoding and usage"]
key_table:
%assign scan 0
        key     1Bh, 1Bh, 1Bh, NONE     ; 01 Esc
        key     '1', '!', NONE, 7800h
        key     '2', '@', 0300h, 7900h
        key     '3', '#', NONE, 7A00h
        key     '4', '$', NONE, 7B00h
        key     '5', '%', NONE, 7C00h
        key     '6', '^', 1Eh, 7D00h
        key     '7', '&', NONE, 7E00h
        key     '8', '*', NONE, 7F00h
        key     '9', '(', NONE, 8000h
        key     '0', ')', NONE, 8100h
        key     '-', '_', 1Fh, 8200h
        key     '=', '+', NONE, 8300h
        key     08h, 08h, 7Fh, NONE     ; 0E Backspace
        key     09h, 0F00h, NONE, NONE  ; 0F Tab
        key     'q', 'Q', 'Q' - 40h, 1000h
        key     'w', 'W', 'W' - 40h, 1100h
        key     'e', 'E', 'E' - 40h, 1200h
        key     'r', 'R', 'R' - 40h, 1300h
        key     't', 'T', 'T' - 40h, 1400h
        key     'y', 'Y', 'Y' - 40h, 1500h
        key     'u', 'U', 'U' - 40h, 1600h
        key     'i', 'I', 'I' - 40h, 1700h
        key     'o', 'O', 'O' - 40h, 1800h
        key     'p', 'P', 'P' - 40h, 1900h
        key     '[', '{', 1Bh, NONE
        key     ']', '}', 1Dh, NONE
        key     0Dh, 0Dh, 0Ah, NONE     ; 1C Enter
        key     NONE, NONE, NONE, NONE  ; 1D Ctrl
        key     'a', 'A', 'A' - 40h, 1E00h
        key     's', 'S', 'S' - 40h, 1F00h
        key     'd', 'D', 'D' - 40h, 2000h
        key     'f', 'F', 'F' - 40h, 2100h
        key     'g', 'G', 'G' - 40h, 2200h
        key     'h', 'H', 'H' - 40h, 2300h
        key     'j', 'J', 'J' - 40h, 2400h
        key     'k', 'K', 'K' - 40h, 2500h
        key     'l', 'L', 'L' - 40h, 2600h
        key     ';', ':', NONE, NONE
        key     "'", '"', NONE, NONE
        key     '`', '~', NONE, NONE
        key     NONE, NONE, NONE, NONE  ; 2A left Shift
        key     '\', '|', 1Ch, NONE
        key     'z', 'Z', 'Z' - 40h, 2C00h
        key     'x', 'X', 'X' - 40h, 2D00h
        key     'c', 'C', 'C' - 40h, 2E00h
        key     'v', 'V', 'V' - 40h, 2F00h
        key     'b', 'B', 'B' - 40h, 3000h
        key     'n', 'N', 'N' - 40h, 3100h
        key     'm', 'M', 'M' - 40h, 3200h
        key     ',', '<', NONE, NONE
        key     '.', '>', NONE, NONE
        key     '/', '?', NONE, NONE
        key     NONE, NONE, NONE, NONE  ; 36 right Shift
        key     '*', NONE, 7200h, NONE  ; 37 PrtSc; with Shift it prints
        key     NONE, NONE, NONE, NONE  ; 38 Alt
        key     ' ', ' ', ' ', ' '
        key     NONE, NONE, NONE, NONE  ; 3A Caps Lock
%assign f 0
%rep 10
        key     3B00h + f, 5400h + f, 5E00h + f, 6800h + f
  %assign f f + 100h
%endrep
        key     NONE, NONE, NONE, NONE  ; 45 Num Lock
        key     NONE, NONE, NONE, NONE  ; 46 Scroll Lock
        key     4700h, '7', 7700h, NONE ; 47 Home
        key     4800h, '8', NONE, NONE
        key     4900h, '9', 8400h, NONE ; 49 PgUp
        key     '-', '-', NONE, NONE
        key     4B00h, '4', 7300h, NONE
        key     NONE, '5', NONE, NONE
        key     4D00h, '6', 7400h, NONE
        key     '+', '+', NONE, NONE
        key     4F00h, '1', 7500h, NONE ; 4F End
        key     5000h, '2', NONE, NONE
        key     5100h, '3', 7600h, NONE ; 51 PgDn
        key     5200h, '0', NONE, NONE  ; 52 Ins
        key     5300h, '.', NONE, NONE  ; 53 Del
LAST_KEY        equ     scan

; Keys that make or break a state: scan code, bit in shift_flags.
state_keys:
        db      2Ah, 02h,  36h, 01h,  1Dh, 04h,  38h, 08h
lock_keys:
        db      3Ah, 40h,  45h, 20h,  46h, 10h,  52h, 80h
        db      0

; Digits of the keypad from scan code 47h; -1 where it has none.
keypad_digits:
        db      7, 8, 9, -1, 4, 5, 6, -1, 1, 2, 3, 0

; INT 09h, IRQ 1: one scan code.
int09:
        sti
        push    ax
        push    bx
        push    cx
        push    dx
        push    si
        push    di
        push    ds
        push    es
        cld
        mov     ax, BDA
        mov     ds, ax
        in      al, 60h
        xchg    ax, cx                  ; CL = scan code
        in      al, 61h                 ; a pulse at bit 7 tells the keyboard to go on
        mov     ah, al
        or      al, 80h
        out     61h, al
        mov     al, ah
        out     61h, al
        cmp     cl, 0FFh                ; the keyboard's own buffer ran over
        je      .bell
        call    state_key
        jc      .end
        test    cl, 80h
        jnz     .end                    ; other keys matter when pressed
        test    byte [shift_held], 8
        jz      .key
        and     byte [shift_held], ~8   ; any key ends a pause, and is gone
        jmp     .end
.key:   cmp     cl, LAST_KEY
        ja      .end
        call    special_key
        jc      .end
        call    translate
        cmp     ax, NONE
        je      .end
        call    put_key
        jnc     .end
.bell:  call    end_of_interrupt
        call    bell
        jmp     .return
.end:   call    end_of_interrupt
.return:
        pop     es
        pop     ds
        pop     di
        pop     si
        pop     dx
        pop     cx
        pop     bx
        pop     ax
        iret

end_of_interrupt:
        cli
        mov     al, 20h
        out     20h, al
        ret

; CL = scan code: Shift, Ctrl, Alt and the lock keys. CF: nothing else is to be done with it.
state_key:
        mov     bl, cl
        and     bl, 7Fh
        push    cs
        pop     es
        mov     si, state_keys
        mov     dx, lock_keys           ; where the second kind begins
.next:  es lodsb
        or      al, al
        jz      .other                  ; CF = 0
        cmp     al, bl
        es lodsb
        jne     .next
        cmp     si, dx
        ja      .lock
        test    cl, 80h
        jnz     .release
        or      [shift_flags], al
        stc
        ret
.release:
        not     al
        and     [shift_flags], al
        cmp     bl, 38h
        jne     .done
        xor     ax, ax                  ; Alt goes up: the number typed with it becomes a character
        xchg    al, [alt_number]
        or      al, al
        jz      .done
        call    put_key
.done:  stc
.other: ret

.lock:  test    cl, 80h
        jnz     .lock_release
        test    byte [shift_flags], 4   ; with Ctrl these are other keys
        jnz     .not_lock
        cmp     bl, 52h
        jne     .toggle
        test    byte [shift_flags], 8   ; Alt+Ins is a 0 of alt_number
        jnz     .not_lock
        call    keypad_shifted          ; Ins is a digit then
        jnz     .not_lock
.toggle:
        test    [shift_held], al
        jnz     .repeated
        or      [shift_held], al
        xor     [shift_flags], al
.repeated:
        cmp     bl, 52h
        je      .not_lock               ; and Ins is a key besides
        stc
        ret
.lock_release:
        not     al
        and     [shift_held], al
        stc
        ret
.not_lock:
        clc
        ret

; NZ: the keypad gives digits (Num Lock, or Shift, but not both).
keypad_shifted:
        push    ax
        mov     al, [shift_flags]
        test    al, 3
        jz      .unshifted
        xor     al, 20h
.unshifted:
        test    al, 20h
        pop     ax
        ret

; CL = scan code of a key pressed: combinations that give no character. CF: it was one.
special_key:
        mov     al, [shift_flags]
        test    al, 8
        jnz     .alt
        test    al, 4
        jnz     .ctrl
        cmp     cl, 37h
        jne     .none
        test    al, 3
        jz      .none
        call    end_of_interrupt        ; Shift+PrtSc
        sti
        int     5
        jmp     .served
.ctrl:  cmp     cl, 46h
        je      .break
        cmp     cl, 45h
        jne     .none
        or      byte [shift_held], 8    ; Ctrl+NumLock: stand still until a key comes
        call    end_of_interrupt
.pause: sti
        hlt
        test    byte [shift_held], 8
        jnz     .pause
.served:
        pop     ax                      ; not back to the caller: the EOI has been sent
        jmp     int09.return
.break: mov     ax, [key_start]         ; Ctrl+ScrollLock: forget what was typed
        mov     [key_head], ax
        mov     [key_tail], ax
        mov     byte [break_flag], 80h
        call    end_of_interrupt
        sti
        int     1Bh
        xor     ax, ax
        call    put_key
        jmp     .served
.none:  clc
        ret
.alt:   cmp     cl, 53h
        jne     .number
        test    al, 4
        jz      .none
        mov     word [reset_flag], 1234h        ; Ctrl+Alt+Del
        jmp     post
.number:
        mov     bl, cl
        sub     bl, 47h
        jb      .no_number
        cmp     bl, 52h - 47h
        ja      .no_number
        xor     bh, bh
        mov     ah, [cs:bx + keypad_digits]
        or      ah, ah
        js      .no_number
        mov     al, 10
        mov     dl, ah
        mul     byte [alt_number]
        add     al, dl
        mov     [alt_number], al
        stc
        ret
.no_number:
        mov     byte [alt_number], 0
        clc
        ret

; CL = scan code, 1..LAST_KEY: AX = what it gives in the present state.
translate:
        mov     bl, cl
        xor     bh, bh
        dec     bx
        shl     bx, 1
        shl     bx, 1
        shl     bx, 1
        add     bx, key_table
        mov     al, [shift_flags]
        test    al, 8
        jnz     .alt
        test    al, 4
        jnz     .ctrl
        cmp     cl, 47h
        jb      .not_keypad
        call    keypad_shifted
        jmp     .choose
.not_keypad:
        mov     dl, [cs:bx]
        cmp     dl, 'a'
        jb      .shift
        cmp     dl, 'z'
        ja      .shift
        test    al, 40h                 ; Caps Lock turns Shift round, for letters
        jz      .shift
        test    al, 3
        jz      .shifted
        jmp     .plain
.shift: test    al, 3
.choose:
        jnz     .shifted
.plain: mov     ax, [cs:bx]
        ret
.shifted:
        mov     ax, [cs:bx + 2]
        ret
.ctrl:  mov     ax, [cs:bx + 4]
        ret
.alt:   mov     ax, [cs:bx + 6]
        ret

; Appends AX to the buffer. CF: it was full.
put_key:
        cli
        mov     bx, [key_tail]
        mov     si, bx
        call    next_key
        cmp     bx, [key_head]
        je      .full
        mov     [si], ax
        mov     [key_tail], bx
        clc
        ret
.full:  stc
        ret

; BX = the place behind BX in the buffer.
next_key:
        inc     bx
        inc     bx
        cmp     bx, [key_end]
        jne     .inside
        mov     bx, [key_start]
.inside:
        ret

; INT 16h: AH=0 waits for a key, 1 looks for one (ZF: there is none), 2 tells shift_flags. AX = scan code and character.
; 10h-12h belong to keyboards an XT does not have: everything returns as it came.
int16:
        sti
        push    ds
        push    bx
        mov     bx, BDA
        mov     ds, bx
        or      ah, ah
        jz      .read
        cmp     ah, 2
        jb      .status
        jne     .absent
        mov     al, [shift_flags]
        jmp     .return
.absent:
        host    SERVICE_KEYBOARD
.return:
        pop     bx
        pop     ds
        iret
.wait:  sti
        hlt
.waited:
.read:  cli
        mov     bx, [key_head]
        cmp     bx, [key_tail]
        je      .wait
        mov     ax, [bx]
        call    next_key
        mov     [key_head], bx
        pop     bx
        pop     ds
        iret
.status:
        cli
        mov     bx, [key_head]
        cmp     bx, [key_tail]
        je      .empty
        mov     ax, [bx]
.empty: sti
        pop     bx
        pop     ds
        retf    2
