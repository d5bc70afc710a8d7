#include "src/dos/shell/shell.h"

#include <utility>

namespace dyn86::dos::shell {
namespace {

CallRegisters answer_of(const Registers& regs) {
    return {.ax = regs.get(Reg16::Ax),
            .bx = regs.get(Reg16::Bx),
            .cx = regs.get(Reg16::Cx),
            .dx = regs.get(Reg16::Dx),
            .si = regs.get(Reg16::Si),
            .di = regs.get(Reg16::Di),
            .ds = regs.get(Sreg::Ds),
            .es = regs.get(Sreg::Es),
            .carry = (regs.flags & flag::c) != 0};
}

void set_registers(Registers& regs, const Request& request) {
    const CallRegisters& call = request.regs;
    regs.set(Reg16::Ax, call.ax);
    regs.set(Reg16::Bx, call.bx);
    regs.set(Reg16::Cx, call.cx);
    regs.set(Reg16::Dx, call.dx);
    regs.set(Reg16::Si, call.si);
    regs.set(Reg16::Di, call.di);
    regs.set(Sreg::Ds, call.ds);
    regs.set(Sreg::Es, call.es);
    const bool is_video = request.kind == Request::Kind::Video;
    regs.flags = u16(is_video ? regs.flags | flag::c : regs.flags & ~flag::c);
}

constexpr u8 terminate = 0x4C;
constexpr u16 parameters_size = 0x100;  // roms/shell.asm, DOS_SHELL_PARAMETERS

}  // namespace

std::string Shells::program(SegOff entry) {
    std::string bytes = {'\xEA', char(entry.offset), char(entry.offset >> 8), char(entry.segment),
                         char(entry.segment >> 8)};  // JMP FAR
    bytes += "\r\nThe command interpreter of dyn86. It works in dyn86 alone.\r\n\x1A";
    return bytes;
}

Shells::Session& Shells::session_at(u16 segment) {
    auto& session = sessions_[segment];
    if (!session) session = std::make_unique<Session>(guest_, segment, start_);
    return *session;
}

bool Shells::has_begun() const {
    const bool is_starting =
        sessions_.size() == 1 && State(guest_, sessions_.begin()->first).phase() == Phase::Starting;
    return has_begun_ && !is_starting;
}

void Shells::restore(std::vector<std::string> commands, bool has_begun) {
    start_.commands = std::move(commands);
    has_begun_ = has_begun;
    sessions_.clear();
}

void Shells::begin(const Registers& regs) {
    const u16 segment = regs.get(Sreg::Ss);
    sessions_.erase(segment);  // of one that was ended by force
    State(guest_, segment).initialise();
}

Task<Request> Shells::next_activity(Session& session, const CallRegisters& answer) {
    Interpreter& interpreter = session.interpreter;
    switch (interpreter.state().phase()) {
        case Phase::Starting: {
            std::vector<std::string> commands;
            if (!std::exchange(has_begun_, true)) commands = start_.commands;
            return interpreter.begin(std::move(commands));
        }
        case Phase::Child: return interpreter.after_child(answer);
        case Phase::Broken: return interpreter.after_break();
        case Phase::Line: break;
    }
    return interpreter.run();
}

void Shells::step(Registers& regs) {
    const u16 segment = regs.get(Sreg::Ss);
    Session& session = session_at(segment);
    const CallRegisters answer = answer_of(regs);
    if (session.activity.exists()) {
        session.interpreter.channel().resume(answer);
    } else {
        session.activity = next_activity(session, answer);
        session.activity.start();
    }
    if (!session.activity.has_ended()) return set_registers(regs, session.interpreter.channel().request());
    const Request last = session.activity.result();
    session.activity = {};
    if (last.regs.ah() == terminate) sessions_.erase(segment);
    set_registers(regs, last);
}

void Shells::broken(Registers& regs) {
    State state(guest_, regs.get(Reg16::Bx));
    if (!state.is_shell()) {
        regs.flags = u16(regs.flags & ~flag::c);
        return;
    }
    session_at(state.segment()).activity = {};
    state.set_phase(Phase::Broken);
    regs.set(Sreg::Ss, state.segment());
    regs.set(Reg16::Sp, layout::size);
    regs.flags = u16(regs.flags | flag::c);
}

void Shells::prepare_command(Registers& regs, std::string_view interpreter) {
    // On the stack: EXEC's parameters, an empty FCB, the tail, the interpreter's path.
    constexpr u16 fcb = 16, tail = 32, path = tail + 128;
    const u16 stack = regs.get(Sreg::Ss), base = u16(regs.get(Reg16::Sp) - parameters_size);
    const auto at = [&](u16 offset) { return SegOff{stack, u16(base + offset)}; };
    const SegOff given{regs.get(Sreg::Ds), regs.get(Reg16::Si)};
    std::string text(guest_.byte(given), '\0');
    guest_.read(given + 1, {reinterpret_cast<u8*>(text.data()), text.size()});
    constexpr std::size_t longest_tail = 126;
    text = ("/C " + text.substr(0, text.find('\r'))).substr(0, longest_tail);
    guest_.fill(at(0), parameters_size, 0);
    guest_.set_pointer(at(2), at(tail));
    guest_.set_pointer(at(6), at(fcb));
    guest_.set_pointer(at(10), at(fcb));
    guest_.fill(at(fcb + 1), 11, ' ');
    guest_.set_byte(at(tail), u8(text.size()));
    guest_.write(at(tail + 1), text + '\r');
    guest_.write_asciiz(at(path), interpreter);
    regs.set(Reg16::Sp, base);
    regs.set(Reg16::Ax, 0x4B00);
    regs.set(Reg16::Bx, base);
    regs.set(Reg16::Dx, u16(base + path));
    regs.set(Sreg::Ds, stack);
    regs.set(Sreg::Es, stack);
}

}  // namespace dyn86::dos::shell
