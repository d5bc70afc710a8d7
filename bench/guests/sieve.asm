; sieve - the odd primes below 16384 by Eratosthenes, one byte per odd number: short loops of byte stores
%define GUEST 'sieve'
%include "guest.inc"
HALF    equ     8192                    ; flag i stands for 2i+1
flags   equ     4000h

body:   mov     di,flags
        mov     ax,0101h
        mov     cx,HALF/2
        rep     stosw
        mov     bx,1                    ; from 3 on
        xor     dx,dx                   ; how many
        xor     bp,bp                   ; their sum, modulo 65536
.next:  cmp     byte [flags+bx],0
        je      .composite
        inc     dx
        mov     si,bx
        shl     si,1
        inc     si                      ; the prime
        add     bp,si
        mov     di,bx
.strike:
        add     di,si
        cmp     di,HALF
        jae     .composite
        mov     byte [flags+di],0
        jmp     .strike
.composite:
        inc     bx
        cmp     bx,HALF
        jb      .next
        mov     ax,bp
        ret
