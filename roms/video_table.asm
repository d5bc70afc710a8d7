; INT 1Dh: registers 0-15 of the 6845 for 40x25, 80x25, graphics and monochrome. [IBM XT, "VIDEO_PARMS"]
video_table:
        db      38h, 28h, 2Dh, 0Ah, 1Fh, 6, 19h, 1Ch, 2, 7, 6, 7, 0, 0, 0, 0
        db      71h, 50h, 5Ah, 0Ah, 1Fh, 6, 19h, 1Ch, 2, 7, 6, 7, 0, 0, 0, 0
        db      38h, 28h, 2Dh, 0Ah, 7Fh, 6, 64h, 70h, 2, 1, 6, 7, 0, 0, 0, 0
        db      61h, 50h, 52h, 0Fh, 19h, 6, 19h, 19h, 2, 0Dh, 0Bh, 0Ch, 0, 0, 0, 0
        dw      2048, 4096, 16384, 16384                        ; bytes of a page: 40, 80 columns, graphics
        db      40, 40, 80, 80, 40, 40, 80, 80                  ; columns of modes 0-7
        db      2Ch, 28h, 2Dh, 29h, 2Ah, 2Eh, 1Eh, 29h          ; mode register of modes 0-7
        db      3, 3, 5, 5, 3, 3, 3, 4                          ; characters that a light pen's answer is late
