// The registers of whoever called a DOS interrupt, and how a service answers him.
#pragma once

#include "cpu/flags.h"
#include "cpu/registers.h"
#include "src/dos/errors.h"
#include "src/dos/guest.h"

namespace dyn86::dos {

/// A copy of the caller's registers, IP, CS and FLAGS being those on his stack. The twelve words are in the order in
/// which the ROM's long call leaves them on the stack.
struct Caller {
    u16 ax = 0, bx = 0, cx = 0, dx = 0, si = 0, di = 0, bp = 0, ds = 0, es = 0, ip = 0, cs = 0, flags = 0;

    /// What went wrong, for AH=59h; set by fail().
    DosError error = DosError::None;
    /// Set by a handler that cannot answer at once: its task takes over, and nothing else it did here counts.
    bool waits = false;
    /// Set by a handler that has put the CPU into another process: these registers go nowhere.
    bool leaves = false;

    [[nodiscard]] u8 al() const { return u8(ax); }
    [[nodiscard]] u8 ah() const { return u8(ax >> 8); }
    [[nodiscard]] u8 bl() const { return u8(bx); }
    [[nodiscard]] u8 bh() const { return u8(bx >> 8); }
    [[nodiscard]] u8 cl() const { return u8(cx); }
    [[nodiscard]] u8 dl() const { return u8(dx); }
    [[nodiscard]] u8 dh() const { return u8(dx >> 8); }
    void set_al(u8 value) { ax = u16((ax & 0xFF00) | value); }
    void set_ah(u8 value) { ax = u16((ax & 0x00FF) | value << 8); }
    void set_dl(u8 value) { dx = u16((dx & 0xFF00) | value); }

    [[nodiscard]] SegOff ds_dx() const { return {ds, dx}; }
    [[nodiscard]] SegOff ds_si() const { return {ds, si}; }
    [[nodiscard]] SegOff es_bx() const { return {es, bx}; }
    [[nodiscard]] SegOff es_di() const { return {es, di}; }

    void set_flag(u16 which, bool on) { flags = u16(on ? flags | which : flags & ~which); }
    /// The way of version 2 and later: carry clear.
    void succeed() { set_flag(flag::c, false); }
    void succeed(u16 result) {
        ax = result;
        succeed();
    }
    /// Carry set, the code in AX.
    void fail(DosError code) {
        ax = u16(code);
        error = code;
        set_flag(flag::c, true);
    }
    void finish(const DosResult<>& result) { result ? succeed() : fail(result.error()); }
    void finish(const DosResult<u16>& result) { result ? succeed(*result) : fail(result.error()); }
    /// The way of version 1: AL is 00h or FFh and the flags stay as they are.
    void finish_old(const DosResult<>& result) {
        set_al(result ? 0x00 : 0xFF);
        if (!result) error = result.error();
    }
};

/// Reads the caller's registers at an interrupt entry point, before anything was pushed.
[[nodiscard]] Caller load_caller(const Registers& regs, const Guest& guest);
void store_caller(const Caller& caller, Registers& regs, Guest& guest);

}  // namespace dyn86::dos
