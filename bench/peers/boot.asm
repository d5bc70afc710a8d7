; boot - a floppy that starts one .COM, for machines without DOS: the program is read behind this sector to 1000:0100 and
; gets INT 21h AH = 02h, 09h, 4Ch and INT 20h. Output goes to port E9h (debug console of QEMU and Bochs); the end is a
; write to port F4h (QEMU's isa-debug-exit), the word Shutdown to port 8900h (Bochs), and HLT with interrupts off (dyn86).
; With -DSCREEN output goes to the screen too. nasm -DPROGRAM='"x.com"' makes the whole 1440 KiB image.
        cpu     8086
        bits    16
        org     7C00h
SEGMENT_ equ    1000h
SECTORS equ     (end - program + 511) / 512

        cli
        xor     ax,ax
        mov     ds,ax
        mov     ss,ax
        mov     sp,7C00h
        sti
        cld
        mov     word [20h*4],terminate
        mov     [20h*4+2],ax
        mov     word [21h*4],service
        mov     [21h*4+2],ax
        mov     [drive],dl

        mov     ax,SEGMENT_ + 10h       ; where the next sector goes
        mov     es,ax
        mov     cx,SECTORS
        mov     ax,1                    ; which one it is
.read:  push    ax
        push    cx
        mov     bl,18                   ; sectors a track
        div     bl
        mov     cl,ah
        inc     cl
        xor     ah,ah
        shr     al,1                    ; two heads
        adc     ah,0
        mov     ch,al
        mov     dh,ah
        mov     dl,[drive]
        xor     bx,bx
        mov     ax,0201h
        int     13h
        jc      terminate
        mov     ax,es
        add     ax,512/16
        mov     es,ax
        pop     cx
        pop     ax
        inc     ax
        loop    .read

        mov     ax,SEGMENT_
        mov     ds,ax
        mov     es,ax
        cli
        mov     ss,ax
        mov     sp,0FFFEh
        sti
        mov     word [0],20CDh
        xor     bx,bx
        push    bx
        push    ax
        mov     bx,100h
        push    bx
        retf

service:
        cmp     ah,4Ch
        je      terminate
        push    ax
        push    si
        cmp     ah,09h
        je      .string
        mov     al,dl
        call    put
        jmp     .done
.string:
        mov     si,dx
.next:  lodsb
        cmp     al,'$'
        je      .done
        call    put
        jmp     .next
.done:  pop     si
        pop     ax
        iret

put:    out     0E9h,al
%ifdef SCREEN
        push    bx
        push    bp
        mov     ah,0Eh
        xor     bx,bx
        int     10h
        pop     bp
        pop     bx
%endif
        ret

terminate:
        mov     al,0
        out     0F4h,al
        push    cs
        pop     ds
        mov     si,shutdown
        mov     dx,8900h
.next:  lodsb
        out     dx,al
        or      al,al
        jnz     .next
        cli
.halt:  hlt
        jmp     .halt

shutdown: db    'Shutdown',0

drive:  db      0
        times   510-($-$$) db 0
        dw      0AA55h
program: incbin PROGRAM
end:    times   1440*1024-($-$$) db 0
