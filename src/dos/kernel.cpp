#include "src/dos/kernel.h"

#include <fmt/format.h>

namespace dyn86::dos {
namespace {

constexpr u16 locals_bytes = Frame::locals * 2;
constexpr u16 server_call = 0x5D00;
constexpr u16 pushed_registers = 9 * 2;  // AX to ES; IP, CS, FLAGS lie above

SegOff stack_of(const Registers& regs) {
    return {regs.get(Sreg::Ss), regs.get(Reg16::Sp)};
}

}  // namespace

void Kernel::count_in_dos(int by) {
    const SegOff flag = in_dos_segment(sda::in_dos);
    guest_.set_byte(flag, u8(guest_.byte(flag) + by));
}

void Kernel::missing(Caller& caller) {
    ++missing_[fmt::format("21/{:02X}", caller.ah())];
    caller.fail(DosError::InvalidFunction);
}

/// AX=5D00h: the call whose registers stand at DS:DX; those that have to wait for something are not made so.
void Kernel::call_for_server(Caller& caller) {
    const SegOff list = caller.ds_dx();  // [RBIL 21/AX=5D00h]
    const Caller server = caller;
    u16 at = 0;
    for (u16* const field :
         {&caller.ax, &caller.bx, &caller.cx, &caller.dx, &caller.si, &caller.di, &caller.ds, &caller.es}) {
        *field = guest_.word(list + at);
        at = u16(at + 2);
    }
    const Caller given = caller;
    const bool nests = caller.ax == server_call;
    if (!nests) handle(caller);
    if (caller.waits || nests) {
        caller = server;
        return caller.fail(DosError::InvalidFunction);
    }
    if (caller.ds == given.ds) caller.ds = server.ds;  // unless the call returns something there
    if (caller.es == given.es) caller.es = server.es;
}

void Kernel::handle(Caller& caller) {
    if (caller.ax == server_call) return call_for_server(caller);
    const u16 ax = caller.ax;
    const auto& handler = functions_.handler(caller.ah());
    if (!handler) return missing(caller);
    handler(caller);
    constexpr u16 set_device_word = 0x4401;  // of a file it has to be refused
    if (caller.error == DosError::InvalidFunction && ax != set_device_word) ++missing_[fmt::format("21/{:04X}", ax)];
}

void Kernel::settle(Caller& caller, u8 function) {
    if (caller.error == DosError::None) return;
    system_.remember_error(caller.error);
    if ((caller.flags & flag::c) != 0 && caller.ax == u16(caller.error))
        caller.ax = u16(reported(function, caller.error));
}

void Kernel::call(Registers& regs) {
    Caller caller = load_caller(regs, guest_);
    const u8 function = caller.ah();
    const Caller before = caller;
    if (trace_ != nullptr) trace_->entering(before);
    handle(caller);
    if (caller.leaves) {
        regs.flags &= u16(~flag::c);
        return;
    }
    const bool takes_long = caller.waits || critical_.is_asked_about(caller.error);
    regs.flags = u16(takes_long ? regs.flags | flag::c : regs.flags & ~flag::c);
    if (takes_long) {
        guest_.set_byte(in_dos_segment(own::failed_at_once), caller.waits ? 0 : u8(caller.error));
        return count_in_dos(+1);
    }
    settle(caller, function);
    if (trace_ != nullptr) trace_->returned(before, caller);
    store_caller(caller, regs, guest_);
}

Action Kernel::run(Frame& frame, u8& character) {
    const auto& task = functions_.task(frame.caller.ah());
    if (!task)
        return Action::Finish;  // a program that jumps into DOS, or writes over its stack, has any frame it likes
    for (;;) {
        if (frame.out_count > 0 && !console_.emit_directly(frame)) {
            character = console_.next_emitted(frame);
            return Action::Emit;
        }
        if (frame.step == Frame::breaking) return Action::Break;
        if (frame.step == Frame::ending) {
            process_.terminate(Ending::Break, 0);
            return Action::Leave;
        }
        const Action next = task(frame);
        if (next == Action::Finish && frame.out_count > 0) continue;
        if (next != Action::Continue) return next;
    }
}

/// The call's next step; a critical failure becomes Action::Critical, with the caller as he was.
Action Kernel::advance(Frame& frame, u8& character) {
    const SegOff at_once = in_dos_segment(own::failed_at_once);
    const Caller before = frame.caller;
    DosError error = DosError(guest_.byte(at_once));
    guest_.set_byte(at_once, 0);
    Action action = Action::Finish;
    if (error == DosError::None) {
        action = run(frame, character);
        if (action != Action::Finish) return action;
        error = frame.caller.error;
    }
    if (!critical_.is_asked_about(error)) return action;
    frame.caller = before;
    critical_.ask(before, error, guest_.memory().core().regs);
    return Action::Critical;
}

Action Kernel::go_on_after_critical(Frame& frame, u8& character) {
    frame.step = 0;
    frame.key_ready = 0;
    switch (critical_.take_answer(frame)) {
        case CriticalErrors::Answer::Ignore: CriticalErrors::ignore(frame.caller); return Action::Finish;
        case CriticalErrors::Answer::Fail: critical_.fail(frame.caller); return Action::Finish;
        case CriticalErrors::Answer::Abort: process_.terminate(Ending::CriticalError, 0); return Action::Leave;
        case CriticalErrors::Answer::Retry: break;
    }
    Caller again = frame.caller;
    handle(again);
    if (again.leaves) return Action::Leave;
    if (again.waits) return advance(frame, character);
    if (critical_.is_asked_about(again.error)) {
        guest_.set_byte(in_dos_segment(own::failed_at_once), u8(again.error));
        return advance(frame, character);
    }
    frame.caller = again;
    return Action::Finish;
}

void Kernel::step(Registers& regs) {
    const SegOff stack = stack_of(regs);
    Frame frame = load_frame(stack, guest_);
    const u8 function = frame.caller.ah();
    const Caller before = frame.caller;
    u8 character = 0;
    const bool is_answered = frame.step == Frame::answered;
    const Action action = is_answered ? go_on_after_critical(frame, character) : advance(frame, character);
    if (action == Action::Leave) return;
    if (action == Action::Finish) {
        count_in_dos(-1);
        settle(frame.caller, function);
        if (trace_ != nullptr) trace_->returned(before, frame.caller);
    }
    if (action == Action::Break) begin_break(stack);
    store_frame(frame, stack, guest_);
    if (action == Action::Emit) regs.set(Reg8::Al, character);
    regs.set(Reg16::Bx, u16(u16(action) * 2));
}

/// The handler of ^C must see SP where the call left it; whether it came back by IRET or RETF shows in SP.
void Kernel::begin_break(SegOff stack) {
    guest_.set_byte(in_dos_segment(sda::in_dos), 0);
    guest_.set_word(in_dos_segment(own::break_sp), u16(stack.offset + locals_bytes + pushed_registers));
}

void Kernel::break_returned(Registers& regs) {
    const u16 expected = guest_.word(in_dos_segment(own::break_sp));
    const bool left_flags = regs.get(Reg16::Sp) == u16(expected - 2);  // RETF
    if (left_flags) regs.set(Reg16::Sp, expected);
    if (left_flags && (regs.flags & flag::c) != 0) process_.terminate(Ending::Break, 0);
}

void Kernel::int20(Registers& regs) {
    if (trace_ != nullptr) trace_->ended(0x20);
    process_.terminate_named(guest_.word(stack_of(regs) + 2));
}

void Kernel::int27(const Registers& regs) {
    if (trace_ != nullptr) trace_->ended(0x27);
    process_.stay_resident(u16((u32{regs.get(Reg16::Dx)} + 15) / 16), 0);
}

/// INT 2Fh: DOS's own probes that tools use. The others come back as they went: nobody is there.
void Kernel::int2f(Registers& regs) const {
    const u16 bx = regs.get(Reg16::Bx);
    switch (regs.get(Reg16::Ax)) {
        case 0x1000: regs.set(Reg8::Al, 0xFF); break;  // SHARE: share modes and record locks work
        case 0x1200: regs.set(Reg8::Al, 0xFF); break;  // DOS's internal functions are there
        case 0x1216:                                   // address of a file table entry
            if (bx >= sft::count) break;
            regs.set(Sreg::Es, files_.entry(u8(bx)).at().segment);
            regs.set(Reg16::Di, files_.entry(u8(bx)).at().offset);
            break;
        case 0x1220: {  // address of a handle's byte in the process's table
            const SegOff table = Psp(guest_, process_.current()).pointer(psp::jft_pointer);
            if (bx >= files_.handle_count()) break;
            regs.set(Sreg::Es, table.segment);
            regs.set(Reg16::Di, u16(table.offset + bx));
            break;
        }
        default: break;
    }
}

void Kernel::strategy(const Registers& regs) {
    guest_.set_pointer(in_dos_segment(own::device_request), {regs.get(Sreg::Es), regs.get(Reg16::Bx)});
}

void Kernel::interrupt() {
    constexpr u16 error_done_unknown_command = 0x8103;
    guest_.set_word(guest_.pointer(in_dos_segment(own::device_request)) + 3, error_done_unknown_command);
}

}  // namespace dyn86::dos
