; INT 10h. The host does the work (src/bios/video.h) on the memory, the ports and the BIOS data area that a real BIOS uses.
; It answers CF = 1 in the flags of the moment when the bell is to ring.
int10:
        sti
        cld
        host    SERVICE_VIDEO
        jc      .bell
        iret
.bell:  call    bell
        iret
