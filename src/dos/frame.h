// A call that takes the long way: its state lies on the caller's stack, and the ROM does what the host asks for.
#pragma once

#include "src/dos/caller.h"

namespace dyn86::dos {

/// What the ROM does next for a long call. The numbers index dos_actions in roms/dos.asm.
enum class Action : u8 {
    Finish,    // restore the registers and return to the caller
    WaitKey,   // INT 16h AH=0 into `key`, halting until there is one
    PollKey,   // INT 16h AH=1 into `key`; key_ready says if there was one
    Emit,      // INT 29h with the character
    Break,     // INT 23h, then start again or end the program
    Idle,      // halt until the next interrupt
    Critical,  // INT 24h with the registers as they are; its answer into `key`
    Print,     // INT 17h with AX and DX as they are; AX into `key`
    Serial,    // INT 14h likewise
    Device,    // the driver whose request lies in DOS's data: its strategy and interrupt entries
    Leave,     // nothing: the registers have been set for another process (never reaches the ROM)
    Continue,  // nothing: the host goes on at once (never reaches the ROM)
};

/// The words on the stack, lowest address first; `caller`'s twelve follow them.
struct Frame {
    u16 step = 0;  // how far the function is; 0 at first
    u16 key = 0;   // AX of INT 16h
    u16 key_ready = 0;
    u16 out_offset = 0, out_segment = 0, out_count = 0;  // text that still has to go through INT 29h
    u16 a = 0, b = 0;                                    // the function's own
    Caller caller;

    static constexpr u16 locals = 8;
    /// `step` of a call that ^C ends as soon as its text is out.
    static constexpr u16 breaking = 0xFFFF;
    /// `step` of a call that ends its program, whatever INT 23h thinks of it.
    static constexpr u16 ending = 0xFFFD;
    /// `step` of a call that failed critically, once INT 24h has said in `key` how to go on.
    static constexpr u16 answered = 0xFFFE;

    [[nodiscard]] SegOff out() const { return {out_segment, out_offset}; }
    void set_out(SegOff text, u16 count) {
        out_segment = text.segment;
        out_offset = text.offset;
        out_count = count;
    }
};

[[nodiscard]] Frame load_frame(SegOff stack, const Guest& guest);
void store_frame(const Frame& frame, SegOff stack, Guest& guest);

}  // namespace dyn86::dos
