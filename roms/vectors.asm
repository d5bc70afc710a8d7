; What POST puts into vectors 00h-1Fh (offsets; the segment is F000h).
vector_table:
        dw      unexpected              ; 00 divide
        dw      unexpected              ; 01 single step
        dw      0E2C3h                  ; 02 NMI
        dw      unexpected              ; 03 breakpoint
        dw      unexpected              ; 04 overflow
        dw      0FF54h                  ; 05 print screen
        dw      unexpected              ; 06
        dw      unexpected              ; 07
        dw      0FEA5h                  ; 08 timer
        dw      0E987h                  ; 09 keyboard
        dw      unexpected              ; 0A
        dw      unexpected              ; 0B
        dw      unexpected              ; 0C
        dw      unexpected              ; 0D
        dw      0EF57h                  ; 0E diskette
        dw      unexpected              ; 0F
        dw      0F065h                  ; 10 video
        dw      0F84Dh                  ; 11 equipment
        dw      0F841h                  ; 12 memory size
        dw      0EC59h                  ; 13 disks
        dw      0E739h                  ; 14 serial ports
        dw      0F859h                  ; 15 system
        dw      0E82Eh                  ; 16 keyboard
        dw      0EFD2h                  ; 17 printers
        dw      int18                   ; 18 nothing to boot
        dw      0E6F2h                  ; 19 boot
        dw      0FE6Eh                  ; 1A time of day
        dw      dummy_iret              ; 1B Ctrl+Break
        dw      dummy_iret              ; 1C timer tick
        dw      video_table             ; 1D
        dw      diskette_table          ; 1E
        dw      font8x8_upper           ; 1F
