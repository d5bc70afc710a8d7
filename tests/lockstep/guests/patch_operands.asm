; Every form of operand that is read when its instruction executes, patched in each turn: whole words and halves of
; them, through another name of the segment, by the instruction itself, with flags alive across it. AX is a checksum.
        bits 16
        org 0x100
        xor di, di
        mov dx, 0x1234
        mov cx, 200
turn:   mov ax, dx
        rol dx, 1
        add dx, 0x3579
        ; immediates
        mov [cs:move + 1], dx
        mov [cs:add_word + 1], dx
        mov [cs:adc_byte + 2], dl
        mov [cs:high_byte + 2], dh
        mov [cs:sbb_extended + 2], dl
        mov [cs:test_high + 2], dh
        mov [cs:test_word + 2], dh              ; its upper half alone
        mov [cs:to_memory + 4], dx
        mov [cs:byte_to_memory + 4], dl
        mov [cs:or_memory + 4], dx
        mov [cs:extended_to_memory + 4], dh
        push ds
        mov bx, 0x0FF0
        mov ds, bx
        xor [move_low + 0x101], dl
        xor [move_high + 0x101], dh
        pop ds
        ; displacements
        mov bx, dx
        and bx, 0x3E
        mov [cs:near_load + 2], bl
        mov [cs:far_load + 2], bl               ; the lower half of two bytes
        mov [cs:two_registers + 2], bl
        mov [cs:address + 2], dx
        lea si, [bx + words]
        mov [cs:direct_load + 2], si
        mov [cs:offset_load + 1], si
        mov [cs:direct_store + 2], si
        mov [cs:exchange + 2], si
        mov [cs:push_word + 2], si
        mov [cs:pointer + 2], si
        mov [cs:both + 2], si
        mov [cs:both + 4], dx
        and bx, 2
        add bx, targets
        mov [cs:jump + 2], bx
        mov si, words
        mov bx, 4
        ; and what they belong to
move:   mov ax, 0
add_word: add ax, 0x1111
adc_byte: adc bl, 0x22
        rcl ax, 1
high_byte: xor bh, 0x33
sbb_extended: sbb ax, byte 0x11
        adc di, ax
test_high: test ah, 0x10
        jz .even
        inc di
.even:
test_word: test ax, 0x1111
        js .plus
        xor di, 0x4321
.plus:
to_memory: mov word [scratch], 0x1111
byte_to_memory: xor byte [scratch], 0x22
or_memory: sub word [scratch], 0x1111
        rcl di, 1
extended_to_memory: adc word [scratch], byte 0x11
        adc di, [scratch]
move_low: mov bl, 1
move_high: mov bh, 2
        add di, bx
        mov bx, 4
near_load: add di, [si + 1]
far_load: mov ah, [word si + 0x0102]
two_registers: xor di, [bx + si + 1]
address: lea bx, [si + 0x1111]
        add di, bx
direct_load: add di, [words]
offset_load: mov ax, [words]
        xor di, ax
direct_store: mov [words], di
exchange: xchg [words], ax
        rol di, 1
push_word: push word [words]
        pop ax
        adc di, ax
pointer: les bx, [words]
        xor di, bx
        mov ax, es
        sub di, ax
both:   add word [words], 0x1111
        adc di, 0
jump:   jmp [targets]
first:  xor di, 0x5555
second: inc di
        ; an instruction that patches itself: the next turn finds it changed
own_immediate: add word [cs:own_immediate + 5], 0x1357
        rcl di, 1
        mov word [cs:own_displacement + 3], own_displacement + 3
own_displacement: inc byte [cs:words]
        xor di, [cs:own_displacement + 3]
        ; a word of which the halves are written one by one just before
        mov [cs:halves + 1], dl
        mov [cs:halves + 2], dh
halves: mov ax, 0
        add di, ax
        dec cx
        jz done
        jmp turn
done:   mov ax, di
        hlt
targets: dw first, second
scratch: dw 0
words:  times 40 dw 0x1248
