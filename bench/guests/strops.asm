; strops - every string instruction, repeated and single, on strings of the lengths that programs have
%define GUEST 'strops'
%include "guest.inc"
line    equ     4000h
copies  equ     5000h
bigger  equ     6000h

body:   mov     si,text                 ; copy the text 8 times, one byte further each time
        mov     di,line
        mov     bp,8
.copy:  push    si
        mov     cx,text_size
        rep     movsb
        pop     si
        inc     di
        dec     bp
        jnz     .copy

        mov     si,line                 ; upper case, letter by letter
        mov     di,copies
        mov     cx,8*text_size
        mov     ah,'a'
.letter:
        lodsb
        cmp     al,ah
        jb      .store
        cmp     al,'z'
        ja      .store
        sub     al,32
.store: stosb
        loop    .letter

        xor     bx,bx                   ; count the words
        mov     di,copies
        mov     cx,8*text_size
        mov     al,' '
.word:  repne   scasb
        jne     .counted
        inc     bx
        jcxz    .counted
        jmp     .word
.counted:
        mov     si,line                 ; where do the two differ?
        mov     di,copies
        mov     cx,text_size
        repe    cmpsb
        add     bx,cx

        mov     di,bigger               ; a longer fill, a longer copy, a copy downwards
        mov     ax,bx
        mov     cx,512
        rep     stosw
        mov     si,copies
        mov     di,bigger+100
        mov     cx,200
        rep     movsw
        std
        mov     si,bigger+600
        mov     di,bigger+900
        mov     cx,90
        rep     movsw
        cld

        mov     si,bigger
        mov     cx,512
        xor     dx,dx
.sum:   lodsw
        rol     dx,1
        xor     dx,ax
        loop    .sum
        add     [text],dl               ; next time another text
        and     byte [text],7Fh
        mov     ax,bx
        ret

section .data
text:   db      'A string of middling length, such as a line of a letter or a path of a file '
text_size equ   $ - text
