; Disks and the start of the system.

; INT 13h. The host moves the sectors (src/bios/disk_services.h) and sets CF in the caller's flags.
int13:
        sti
        host    SERVICE_DISK
        iret

; INT 0Eh, IRQ 6: the diskette controller has finished something.
int0E:
        sti
        push    ds
        push    ax
        mov     ax, BDA
        mov     ds, ax
        or      byte [3Eh], 80h
        mov     al, 20h
        out     20h, al
        pop     ax
        pop     ds
        iret

; INT 19h: what the host wants started: disks, the demo, or something the host loads itself (then it does not return here).
BOOT_DISKS      equ     0
BOOT_DEMO       equ     1
int19:
        sti
        cld
        host    SERVICE_BOOT
        cmp     al, BOOT_DEMO
        jne     .disks
        jmp     demo
.disks: xor     ax, ax
        mov     ds, ax
        mov     word [1Eh * 4], diskette_table
        mov     [1Eh * 4 + 2], cs
        xor     dh, dh
        call    .try
        mov     dl, 0
        call    .try
        mov     dl, 80h
        call    .try
        int     18h

; DL = drive: starts the system on it, or comes back. Hard disks must say that they hold one. Diskettes of DOS 1 do not;
; the first words of one without a system are all alike, or no code. [IBM AT, BIOS, INT 19h]
.try:   call    .load
        jc      .no_system
        cmp     word [7DFEh], 0AA55h
        je      .start
        test    dl, 80h
        jnz     .no_system
        mov     si, 7C00h
        lodsw
        cmp     al, 6
        jb      .no_system
        mov     cx, 8
.alike: cmp     ax, [si]
        jne     .start
        inc     si
        inc     si
        loop    .alike
        ret
.start: pop     ax
        jmp     0:7C00h
.no_system:
        ret

; DL = drive: its first sector to 0000:7C00. CF: there is none.
.load:  mov     si, 4                   ; as IBM's manual advises: reset and try again
.again: xor     ax, ax
        int     13h
        jc      .failed
        xor     ax, ax
        mov     es, ax
        mov     ax, 0201h
        mov     bx, 7C00h
        mov     cx, 1
        mov     dh, 0
        int     13h
        jnc     .loaded
        cmp     ah, 80h                 ; not ready: nobody put a disk in
        je      .failed
        dec     si
        jnz     .again
.failed:
        stc
.loaded:
        ret
