; parts - little programs for bench_parts: nasm -DPART=int21 and so on. Each does its PART so often as COUNT says (rep: so
; many times 32 KiB), and ends.
        cpu     8086
        bits    16
        org     100h
%assign COUNT 60000

        cld
        push    cs
        pop     es
        mov     cx,COUNT
%ifidn PART,nothing
again:  loop    again
%elifidn PART,int21
again:  mov     ah,19h                  ; the current drive: nothing to do but to go there and back
        int     21h
        loop    again
%elifidn PART,int10
again:  mov     ah,0Fh                  ; the video mode
        int     10h
        loop    again
%elifidn PART,in61
again:  in      al,61h                  ; a latch of the 8255A
        loop    again
%elifidn PART,in40
again:  in      al,40h                  ; the timer's count
        loop    again
%elifidn PART,out80
again:  out     80h,al                  ; nothing is there
        loop    again
%elifidn PART,text
        mov     ax,0B800h
        mov     es,ax
        xor     di,di
        mov     ax,0741h
again:  mov     [es:di],ax
        add     di,2
        and     di,0FFFh
        loop    again
%elifidn PART,timer
%assign COUNT 2000
        cli
        xor     ax,ax
        mov     es,ax
        mov     word [es:8*4],tick
        mov     [es:8*4+2],cs
        mov     al,34h                  ; counter 0, both bytes, a pulse every ...
        out     43h,al
        mov     al,1000 & 255           ; ... 1000 of its clocks, 838 us
        out     40h,al
        mov     al,1000 >> 8
        out     40h,al
        sti
wait_:  hlt
        cmp     word [ticks],COUNT
        jb      wait_
%else
        mov     di,4000h                ; zeros, so that comparisons go to the end
        mov     cx,4000h
        xor     ax,ax
        rep     stosw
        mov     bp,COUNT / 60
turn:   mov     si,8000h
        mov     di,4000h
        mov     cx,8000h
        xor     ax,ax
%ifidn PART,movsb
        rep     movsb
%elifidn PART,movsw
        shr     cx,1
        rep     movsw
%elifidn PART,stosw
        shr     cx,1
        rep     stosw
%elifidn PART,scasb
        repe    scasb
%elifidn PART,cmpsb
        repe    cmpsb
%else
%error unknown PART
%endif
        dec     bp
        jnz     turn
%endif
        mov     ax,4C00h
        int     21h

%ifidn PART,timer
tick:   inc     word [cs:ticks]
        push    ax
        mov     al,20h
        out     20h,al
        pop     ax
        iret
ticks:  dw      0
%endif
