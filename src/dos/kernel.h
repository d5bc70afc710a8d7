// The way into DOS: the services behind the ROM's interrupt entry points, and the dispatch of INT 21h.
#pragma once

#include "src/dos/console.h"
#include "src/dos/critical.h"
#include "src/dos/functions.h"
#include "src/dos/process.h"
#include "src/dos/system.h"
#include "src/dos/trace.h"

#include <map>
#include <string>

namespace dyn86::dos {

/// Numbers of the host services, as roms/dos.asm has them.
enum class Service : u8 {
    Call = 0x80,
    Step = 0x81,
    BreakReturned = 0x82,
    Int20 = 0x83,
    Int27 = 0x84,
    Ended = 0x85,
    Int2f = 0x86,
    Casemap = 0x87,
    Strategy = 0x88,
    Interrupt = 0x89,
    Int33 = 0x8A,
    MouseEvent = 0x8B,
    Int25 = 0x8C,
    Int26 = 0x8D,
    Drivers = 0x8E,
    ShellBegin = 0xA0,
    ShellStep = 0xA1,
    ShellBreak = 0xA2,
    ShellRun = 0xA3,
};

class Kernel {
public:
    Kernel(Guest& guest, Functions& functions, Console& console, Process& process, System& system, FileTable& files)
        : guest_(guest),
          functions_(functions),
          console_(console),
          process_(process),
          system_(system),
          files_(files),
          critical_(guest) {}

    /// From now on every call is told. Must outlive the kernel.
    void set_trace(const CallTrace* trace) { trace_ = trace; }
    /// INT 21h. Leaves carry set when the call has to take the long way.
    void call(Registers& regs);
    /// One step of a long call: BX is twice the Action's number.
    void step(Registers& regs);
    /// INT 23h came back.
    void break_returned(Registers& regs);
    void int20(Registers& regs);
    void int27(const Registers& regs);
    void int2f(Registers& regs) const;
    /// A device driver's entries, which only programs that walk the chain call.
    void strategy(const Registers& regs);
    void interrupt();

    /// Calls of functions that do not exist, as "21/AH", and of subfunctions, as "21/AX".
    [[nodiscard]] const std::map<std::string, u64>& missing_calls() const { return missing_; }

private:
    void missing(Caller& caller);
    void handle(Caller& caller);
    void call_for_server(Caller& caller);
    /// What a finished call tells its caller of an error, and AH=59h.
    void settle(Caller& caller, u8 function);
    Action advance(Frame& frame, u8& character);
    Action go_on_after_critical(Frame& frame, u8& character);
    Action run(Frame& frame, u8& character);
    void begin_break(SegOff stack);
    void count_in_dos(int by);

    Guest& guest_;
    Functions& functions_;
    Console& console_;
    Process& process_;
    System& system_;
    FileTable& files_;
    CriticalErrors critical_;
    const CallTrace* trace_ = nullptr;
    std::map<std::string, u64> missing_;
};

}  // namespace dyn86::dos
