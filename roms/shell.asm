; The loop of COMMAND.COM, which src/dos/shell drives: the host says which call comes next, and here it is made. So the
; shell's calls come from a guest process, and all of DOS (redirection, ^C, hooks of INT 21h, EXEC) holds for them.
; Included by dos.asm.

DOS_SERVICE_SHELL_BEGIN equ 0A0h
DOS_SERVICE_SHELL_STEP  equ 0A1h
DOS_SERVICE_SHELL_BREAK equ 0A2h
DOS_SERVICE_SHELL_RUN   equ 0A3h

DOS_SHELL_PARAMETERS    equ 100h        ; src/dos/shell/shell.cpp, parameters_size
DOS_SHELL_SIZE          equ 800h        ; src/dos/shell/state.h, layout::size

; COMMAND.COM jumps here: SS is its PSP. It keeps what it needs, and takes ^C.
dos_shell:
    mov ax, ss
    mov es, ax
    mov bx, DOS_SHELL_SIZE / 16
    mov ah, 4Ah
    int 21h
    push cs
    pop ds
    jc dos_shell_fails          ; EXEC gives a short .COM file whatever there is
    mov sp, DOS_SHELL_SIZE
    mov dx, dos_shell_break
    mov ax, 2523h
    int 21h
    dos_service DOS_SERVICE_SHELL_BEGIN
dos_shell_step:                 ; registers and carry are those that the last call came back with
    dos_service DOS_SERVICE_SHELL_STEP
    jc .video
    int 21h
    jmp dos_shell_step
.video:
    int 10h
    jmp dos_shell_step

dos_shell_fails:
    mov dx, dos_shell_no_room
    mov cx, DOS_SHELL_NO_ROOM_SIZE
    mov bx, 2
    mov ah, 40h
    int 21h
    mov ax, 4C01h
    int 21h
dos_shell_no_room: db "Program too big to fit in memory", 13, 10
DOS_SHELL_NO_ROOM_SIZE  equ $ - dos_shell_no_room

; INT 23h of the shell, and of all that it starts. A program ends; the shell gives up what it is doing.
dos_shell_break:
    push ax
    push bx
    mov ah, 51h
    int 21h
    dos_service DOS_SERVICE_SHELL_BREAK
    jc .shell
    pop bx
    pop ax
    stc
    retf
.shell:
    sti
    jmp dos_shell_step

; INT 2Eh: the command at DS:SI (its length, the text, CR), by a shell of its own. EXEC's parameters go onto the caller's
; stack. AX: the command's errorlevel, FFFFh when there is no memory for a shell. [RBIL 2E]
dos_int2e:
    dos_service DOS_SERVICE_SHELL_RUN
    sti
    int 21h
    jc .failed
    mov ah, 4Dh
    int 21h
    mov ah, 0
    jmp short .done
.failed:
    mov ax, 0FFFFh
.done:
    add sp, DOS_SHELL_PARAMETERS
    iret
