; INT 1Ah, functions 2 up: the battery clock, an MC146818 at ports 70h and 71h as in an AT. Without one everything
; returns as it came, as in an XT.

RTC_INDEX       equ     70h
CMOS_CENTURY    equ     32h             ; where an AT keeps it

; Reads the clock's register %1 into AL.
%macro  rtc_read 1
        mov     al, %1
        out     RTC_INDEX, al
        in      al, RTC_INDEX + 1
%endmacro
; Writes %2 into its register %1. AL is lost.
%macro  rtc_write 2
        mov     al, %1
        out     RTC_INDEX, al
        mov     al, %2
        out     RTC_INDEX + 1, al
%endmacro

; NZ: there is none. On a board without a clock these ports are the 8255's once more: index 0Dh is then written to an
; input port, and what is read is no "valid RAM and time" (80h). AL is lost.
rtc_find:
        rtc_read 0Dh
        cmp     al, 80h
        ret

; CF: the clock does not stand still long enough. AL is lost.
rtc_wait:
        push    cx
        mov     cx, 800h                ; an update takes 2 ms
.poll:  rtc_read 0Ah
        test    al, 80h
        jz      .quiet                  ; CF = 0
        loop    .poll
        stc
.quiet: pop     cx
        ret

; Everything behind function 1 of INT 1Ah comes here: caller's AX, DS on the stack, then IP, CS, FLAGS.
clock_services:
        push    bp
        mov     bp, sp
        push    ax
        call    rtc_find
        pop     ax
        jnz     .absent
        and     byte [bp + 8], 0FEh     ; CF of the caller
        cmp     ah, 2
        je      .time
        cmp     ah, 3
        je      .set_time
        cmp     ah, 4
        je      .date
        cmp     ah, 5
        je      .set_date
        cmp     ah, 6
        je      .alarm
        cmp     ah, 7
        je      .no_alarm
.absent:
        host    SERVICE_TIME
.return:
        pop     bp
        pop     ds
        iret
.failed:
        pop     ax
.fail:  or      byte [bp + 8], 1
        jmp     .return

; CH:CL:DH = the time in BCD, DL = 1: daylight saving.
.time:  push    ax
        call    rtc_wait
        jc      .failed
        rtc_read 4
        mov     ch, al
        rtc_read 2
        mov     cl, al
        rtc_read 0
        mov     dh, al
        rtc_read 0Bh
        and     al, 1
        mov     dl, al
        jmp     .done
.set_time:
        push    ax
        call    .stop
        rtc_write 4, ch
        rtc_write 2, cl
        rtc_write 0, dh
        rtc_read 0Bh
        and     al, 7Eh
        and     dl, 1
        or      al, dl
.start: mov     ah, al                  ; 24 hours, BCD
        or      ah, 2
        and     ah, 7Bh
        rtc_write 0Bh, ah
.done:  pop     ax
        jmp     .return

; CHCL = the year, DH the month, DL the day, in BCD.
.date:  push    ax
        call    rtc_wait
        jc      .failed
        rtc_read 9
        mov     cl, al
        rtc_read 8
        mov     dh, al
        rtc_read 7
        mov     dl, al
        rtc_read CMOS_CENTURY
        mov     ch, al
        cmp     al, 19h
        je      .done
        mov     ch, 20h                 ; a century that nobody wrote is taken from the year
        cmp     cl, 80h
        jb      .done
        cmp     al, ch
        je      .done
        mov     ch, 19h
        jmp     .done
.set_date:
        push    ax
        call    .stop
        rtc_write 9, cl
        rtc_write 8, dh
        rtc_write 7, dl
        rtc_write CMOS_CENTURY, ch
        rtc_read 0Bh
        jmp     .start

; The alarm of a clock whose interrupt line an XT has no input for: it shows in register 0Ch only.
.alarm: push    ax
        rtc_read 0Bh
        test    al, 20h
        jnz     .failed                 ; it is set already
        rtc_write 5, ch
        rtc_write 3, cl
        rtc_write 1, dh
        rtc_read 0Bh
        or      al, 20h
        jmp     .start
.no_alarm:
        push    ax
        rtc_read 0Bh
        and     al, 5Fh
        jmp     .start

; No update comes between what is written now.
.stop:  rtc_read 0Bh
        or      al, 80h
        mov     ah, al
        rtc_write 0Bh, ah
        ret
