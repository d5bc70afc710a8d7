; Calls what somebody else has put at offset 2000, again and again.
        bits 16
        org 0x100
again:  call 0x2000
        hlt
        jmp again
