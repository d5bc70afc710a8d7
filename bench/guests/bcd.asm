; bcd - decimal arithmetic: packed addition and subtraction, unpacked multiplication, conversions with AAM and AAD
%define GUEST 'bcd'
%include "guest.inc"
DIGITS  equ     24

body:   mov     bp,16                   ; sum += step, 48 digits
.sums:  mov     si,step
        mov     di,sum
        mov     cx,DIGITS
        clc
.add:   mov     al,[di]
        adc     al,[si]
        daa
        mov     [di],al
        inc     si
        inc     di
        loop    .add
        mov     si,sum                  ; difference -= sum
        mov     di,difference
        mov     cx,DIGITS
        clc
.sub:   mov     al,[di]
        sbb     al,[si]
        das
        stosb
        inc     si
        loop    .sub
        dec     bp
        jnz     .sums

        mov     si,sum                  ; product of the digits of sum by 7, unpacked
        mov     di,product
        mov     cx,DIGITS
        mov     bl,0                    ; carried
.digit: lodsb
        and     al,15
        mov     ah,7
        mul     ah
        aam
        add     al,bl
        aaa
        mov     bl,ah
        stosb
        loop    .digit

        mov     si,product              ; two digits to binary and back, subtracted in ASCII
        mov     di,texts
        mov     cx,DIGITS/2
        xor     dx,dx
.pair:  lodsw
        aad
        add     dl,al
        adc     dh,0
        aam
        or      ax,3030h
        sub     al,'7'
        aas
        or      al,30h
        stosw
        loop    .pair
        mov     ax,[texts+4]
        ret

section .data
step:
%assign i 0
%rep DIGITS
        db      ((i * 7 + 3) % 10) * 16 + (i * 3 + 1) % 10
%assign i i+1
%endrep
sum:            times DIGITS db 0
difference:     times DIGITS db 99h
product:        times DIGITS db 0
texts:          times DIGITS db 0
