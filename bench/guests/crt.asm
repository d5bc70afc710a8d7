; crt - makes a .COM of a C guest without a C library: the frame of guest.inc around `unsigned body()`, and the arithmetic that
; bcc -0 leaves to its library (AX op BX -> AX).
%define PREPARE
%include "guest.inc"

        extern  _body
        extern  __edata
        extern  __end
        global  idiv_
        global  imod
        global  imul_
        global  isl
        global  isr

prepare:                                ; the file does not hold what C wants zeroed
        mov     di,__edata
        mov     cx,__end
        sub     cx,di
        xor     al,al
        rep     stosb
        ret

body:   call    _body
        xor     dx,dx
        ret

imul_:  imul    bx
        ret
idiv_:  cwd
        idiv    bx
        ret
imod:   cwd
        idiv    bx
        mov     ax,dx
        ret
isl:    mov     cl,bl
        shl     ax,cl
        ret
isr:    mov     cl,bl
        sar     ax,cl
        ret
