; The ROM of dyn86: 64 KiB at F0000-FFFFF. Written from the published interface (IBM Personal Computer XT Technical
; Reference; Ralf Brown's interrupt list), with the entry points where that manual has them, because programs rely on some.
; roms/README.md shows the layout.

        cpu     8086
        bits    16
        org     0

%include "bios.inc"

; --- F000:8000: entry points of DOS
        place   8000h
%include "dos.asm"

; --- F000:C000: our code
        place   0C000h
%include "post.asm"
%include "adapters.asm"
%include "timer.asm"
%include "clock.asm"
%include "keyboard.asm"
%include "video.asm"
%include "disk.asm"
%include "ports.asm"
%include "services.asm"
%include "demo.asm"

font8x8_upper:                          ; INT 1Fh: characters 80h-FFh
        incbin  "font8x8.bin", 1024, 1024

; --- F000:E000 up: what has a published address
        place   0E000h
        db      "dyn86 BIOS"
        place   0E010h
        dw      int16.waited, dos_wait_key.waited       ; where the CPU stands that has halted for a key
        place   0E05Bh
        jmp     post
        place   0E2C3h
        jmp     int02
        place   0E401h
hard_disk_tables:                       ; INT 41h, 46h: the host fills these in when the ROM is loaded
        times   32 db 0
        place   0E6F2h
        jmp     int19
        place   0E739h
        jmp     int14
        place   0E82Eh
        jmp     int16
        place   0E987h
        jmp     int09
        place   0EC59h
        jmp     int13
        place   0EF57h
        jmp     int0E
        place   0EFC7h
diskette_table:                         ; INT 1Eh [IBM XT, "DISK_BASE"]
        db      0CFh                    ; step rate C, head unload F
        db      2                       ; head load 1, DMA
        db      37                      ; ticks until the motor stops
        db      2                       ; 512-byte sectors
        db      8                       ; sectors per track
        db      2Ah, 0FFh, 50h          ; gap, data length, gap when formatting
        db      0F6h                    ; fill byte
        db      25                      ; head settle time, ms
        db      4                       ; motor start time, 1/8 s
        place   0EFD2h
        jmp     int17
        place   0F065h
        jmp     int10
        place   0F0A4h
%include "video_table.asm"
        place   0F841h
        jmp     int12
        place   0F84Dh
        jmp     int11
        place   0F859h
        jmp     int15
        place   0FA6Eh
        incbin  "font8x8.bin", 0, 1024  ; characters 00h-7Fh
        place   0FE6Eh
        jmp     int1A
        place   0FEA5h
        jmp     int08
        place   0FEF3h
%include "vectors.asm"
        place   0FF53h
dummy_iret:
        iret
        place   0FF54h
        jmp     int05
        place   0FFF0h
        jmp     ROM:0E05Bh              ; reset: FFFF:0000
        db      "11/25/26"              ; FFFF:0005, month/day/year as IBM writes it
        db      0FFh
model:  db      0FEh                    ; FFFF:000E: PC XT; the host makes it FF for a PC
        db      0FFh
