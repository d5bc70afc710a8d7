; DOS's part of the ROM: the guest-visible entry points of INT 20h-2Fh, included into the BIOS ROM image (segment F000h).
;
; Provides, all prefixed dos_:
;   dos_entries            a table that src/dos finds by its signature: the offsets of everything below
;   dos_int20..dos_int2f   the interrupt entry points that DOS puts into the vector table when it starts
;   dos_call5, dos_finish, dos_root_exit, dos_casemap, dos_strategy, dos_interrupt, dos_int33, dos_mouse_irq,
;   dos_load_drivers
; Needs nothing from its includer but `bits 16` and one section. Before DOS starts none of this is reachable.
;
; A host service is OUT 0E8h,AL and its number (src/bios/host_trap.h). What can be done at once is done by the first
; service of dos_int21. What waits for a key or shows text through somebody's INT 29h takes the long way: the caller's
; registers and eight words of state go onto his own stack, and the host says step by step what this code is to do next.
; So everything that waits lies in guest memory, and interrupts and INT 28h hooks run meanwhile.

DOS_SERVICE_CALL        equ 80h
DOS_SERVICE_STEP        equ 81h
DOS_SERVICE_BREAK       equ 82h
DOS_SERVICE_INT20       equ 83h
DOS_SERVICE_INT27       equ 84h
DOS_SERVICE_ENDED       equ 85h
DOS_SERVICE_INT2F       equ 86h
DOS_SERVICE_CASEMAP     equ 87h
DOS_SERVICE_STRATEGY    equ 88h
DOS_SERVICE_INTERRUPT   equ 89h
DOS_SERVICE_INT33       equ 8Ah
DOS_SERVICE_MOUSE       equ 8Bh
DOS_SERVICE_INT25       equ 8Ch
DOS_SERVICE_INT26       equ 8Dh
DOS_SERVICE_DRIVERS     equ 8Eh

; DOS's data, and what of it this code reads (src/dos/layout.h: own::mouse_handler, own::printer_echo, own::request,
; own::driver_strategy, own::driver_interrupt).
DOS_DATA                equ 60h
DOS_MOUSE_HANDLER       equ 1A4h
DOS_PRINTER_ECHO        equ 1A8h
DOS_REQUEST             equ 700h
DOS_STRATEGY            equ 720h
DOS_INTERRUPT           equ 724h

; Words of a long call's state, lowest first; the caller's AX BX CX DX SI DI BP DS ES IP CS FLAGS lie above them.
DOS_FRAME_KEY           equ 2
DOS_FRAME_KEY_READY     equ 4
DOS_FRAME_LOCALS        equ 16
; The first word once INT 24h has answered (src/dos/frame.h, Frame::answered).
DOS_FRAME_ANSWERED      equ 0FFFEh

%macro dos_service 1
    out 0E8h, al
    db %1
%endmacro

dos_entries:
    db "dyn86DOS"
    dw dos_int20, dos_int21, dos_root_exit, dos_int23, dos_int24, dos_int25, dos_int26, dos_int27
    dw dos_iret, dos_int29, dos_int2a, dos_iret, dos_iret, dos_iret, dos_int2e, dos_int2f
    dw dos_call5, dos_finish, dos_casemap, dos_strategy, dos_interrupt, dos_int33, dos_mouse_irq
    dw dos_shell, dos_load_drivers

; --- INT 21h
dos_int21:
    dos_service DOS_SERVICE_CALL
    jc dos_long_call            ; the flags here are nobody's: the caller's lie on the stack
    iret

dos_long_call:
    push es
    push ds
    push bp
    push di
    push si
    push dx
    push cx
    push bx
    push ax
    mov cx, DOS_FRAME_LOCALS / 2
    xor ax, ax
.clear:
    push ax
    loop .clear
    sti
dos_step:
    dos_service DOS_SERVICE_STEP
    jmp [cs:bx + dos_actions]

dos_actions:                    ; src/dos/frame.h, enum Action
    dw dos_finish, dos_wait_key, dos_poll_key, dos_emit, dos_break, dos_idle
    dw dos_critical, dos_print, dos_serial, dos_device

dos_finish:
    add sp, DOS_FRAME_LOCALS
    pop ax
    pop bx
    pop cx
    pop dx
    pop si
    pop di
    pop bp
    pop ds
    pop es
dos_iret:
    iret

; A key, however long it takes. INT 28h tells resident programs that DOS is waiting.
dos_wait_key:
    mov ah, 1
    int 16h
    jnz .ready
    int 28h
    cli                         ; a key that came since must not be slept over
    mov ax, 40h
    mov ds, ax
    mov ax, [1Ah]
    cmp ax, [1Ch]
    sti                         ; takes effect after the next instruction
    jne dos_wait_key
    sti
    hlt
.waited:
    jmp dos_wait_key
.ready:
    mov ah, 0
    int 16h
dos_have_key:
    mov bp, sp
    mov [bp + DOS_FRAME_KEY], ax
    mov word [bp + DOS_FRAME_KEY_READY], 1
    jmp dos_step

; A look at the next key, which stays where it is.
dos_poll_key:
    mov ah, 1
    int 16h
    jnz dos_have_key
    mov bp, sp
    mov word [bp + DOS_FRAME_KEY_READY], 0
    jmp dos_step

; One character, AL, to the screen.
dos_emit:
    int 29h
    push ds
    mov bx, DOS_DATA
    mov ds, bx
    test byte [DOS_PRINTER_ECHO], 1 ; ^P: the printer gets it too
    pop ds
    jz dos_step
    mov ah, 0
    xor dx, dx
    int 17h
    jmp dos_step

; Input that the host waits for.
dos_idle:
    sti
    hlt
    jmp dos_step

; A critical error: AH, AL, DI and BP:SI tell the handler which. It sees the interrupted call's registers above its own
; return address, so the state makes room and is built anew, with the answer in it.
dos_critical:
    add sp, DOS_FRAME_LOCALS
    int 24h
    mov bx, ax
    mov cx, DOS_FRAME_LOCALS / 2
    xor ax, ax
.clear:
    push ax
    loop .clear
    mov ax, bx
    mov bp, sp
    mov word [bp], DOS_FRAME_ANSWERED
    jmp short dos_have_key

; The BIOS's printer and serial ports: AX is its function, DX the port; what comes back counts as a key.
dos_print:
    int 17h
    jmp short dos_have_key
dos_serial:
    int 14h
    jmp short dos_have_key

; A device driver that somebody brought along does what the request in DOS's data says.
dos_device:
    call dos_call_driver
    jmp dos_have_key

dos_call_driver:
    call .point_at_request
    call far [DOS_STRATEGY]
    call .point_at_request
    call far [DOS_INTERRUPT]
    ret
.point_at_request:
    mov bx, DOS_DATA
    mov ds, bx
    mov es, bx
    mov bx, DOS_REQUEST
    ret

; Before the first program: the drivers of --device, one initialisation after the other, until the host goes elsewhere.
dos_load_drivers:
    dos_service DOS_SERVICE_DRIVERS
    call dos_call_driver
    jmp dos_load_drivers

; ^C: the handler sees the registers of the interrupted call. IRET, or RETF with carry clear: the call starts again;
; RETF with carry set: the program ends. Which it was, the host sees from SP.
dos_break:
    add sp, DOS_FRAME_LOCALS
    pop ax
    pop bx
    pop cx
    pop dx
    pop si
    pop di
    pop bp
    pop ds
    pop es
    int 23h
    dos_service DOS_SERVICE_BREAK
    jmp dos_int21

; --- CALL 5, the way of CP/M: CL is the function. On the stack: an offset in the PSP, its segment, the caller's IP.
dos_call5:
    push bp
    mov bp, sp
    mov ax, [bp + 6]
    mov [bp + 2], ax
    pushf
    pop ax
    mov [bp + 6], ax
    pop bp
    mov ah, cl
    cmp cl, 24h
    jbe dos_int21
    mov al, 0
    iret

; --- the other interrupts
dos_int20:
    dos_service DOS_SERVICE_INT20
    iret

dos_int23:                      ; nobody wants ^C: end the program
    stc
    retf

dos_int24:                      ; nobody handles critical errors: fail the call
    mov al, 3
    iret

dos_int25:                      ; absolute disk access: FLAGS stay on the stack
    dos_service DOS_SERVICE_INT25
    retf

dos_int26:
    dos_service DOS_SERVICE_INT26
    retf

dos_int27:
    dos_service DOS_SERVICE_INT27
    iret

dos_int29:
    push ax
    push bx
    push bp
    push si
    push di
    push ds
    mov bx, 40h
    mov ds, bx
    mov bh, [62h]               ; the active page
    pop ds
    mov bl, 7
    mov ah, 0Eh
    int 10h
    pop di
    pop si
    pop bp
    pop bx
    pop ax
    iret

dos_int2a:                      ; network installation check: AH = 0, there is none
    mov ah, 0
    iret


dos_int2f:
    cmp ax, 1680h
    je .idle
    dos_service DOS_SERVICE_INT2F
    iret
.idle:                          ; the caller gives up his time slice
    sti
    hlt
    mov al, 0
    iret

dos_casemap:                    ; far procedure of the country information: AL = character to make upper-case
    dos_service DOS_SERVICE_CASEMAP
    retf

; The device drivers' entries. DOS itself does not use them.
dos_strategy:
    dos_service DOS_SERVICE_STRATEGY
    retf

dos_interrupt:
    dos_service DOS_SERVICE_INTERRUPT
    retf

; --- the mouse: INT 33h, and its interrupt (IRQ 2), behind which the program's event handler may stand
dos_int33:
    push ax
    in al, 21h
    and al, 0FBh
    out 21h, al
    pop ax
    dos_service DOS_SERVICE_INT33
    iret

dos_mouse_irq:
    push ax
    push bx
    push cx
    push dx
    push si
    push di
    push bp
    push ds
    push es
    cld
    dos_service DOS_SERVICE_MOUSE   ; carry: call it; the registers are its, DS is DOS's
    jnc .done
    call far [DOS_MOUSE_HANDLER]
.done:
    cli
    mov al, 20h
    out 20h, al
    pop es
    pop ds
    pop bp
    pop di
    pop si
    pop dx
    pop cx
    pop bx
    pop ax
    iret

; The program that was started first has ended.
dos_root_exit:
    dos_service DOS_SERVICE_ENDED
    cli
    hlt
    jmp dos_root_exit

%include "shell.asm"
