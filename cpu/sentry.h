// A debugger as the CPU sees it. Nobody pays for one that is not there: translated code is made without the places to
// stop at, and the marks of the special map that send stores the slow way are there anyway.
#pragma once

#include "cpu/insn.h"
#include "cpu/memory.h"

namespace dyn86 {

/// Posted with Memory::post(). Engines ask it at instruction boundaries, and the software bus tells it of bytes that it
/// has marked.
class Sentry : public MemorySentry {
public:
    /// At a boundary, Core complete, no interrupt being due: is the CPU to stop before the instruction at CS:IP?
    /// Without side effects on the guest; may be asked more than once.
    [[nodiscard]] virtual bool stops_here() noexcept = 0;
    /// May it stop at instructions of this kind, wherever they are? An engine forgets all code when the answer changes.
    [[nodiscard]] virtual bool may_stop_at(Op op) const noexcept = 0;
};

[[nodiscard]] inline bool stops_here(const Memory& memory) {
    MemorySentry* const sentry = memory.sentry();
    return sentry != nullptr && static_cast<Sentry*>(sentry)->stops_here();
}

/// May the CPU have to stop before this instruction? Then it begins no translation and is in none.
[[nodiscard]] inline bool may_stop(const Memory& memory, u16 segment, const Insn& insn) {
    const auto* const sentry = static_cast<const Sentry*>(memory.sentry());
    if (sentry == nullptr) return false;
    return memory.has_mark(SegOff{segment, insn.ip}.linear(), special::stop) || sentry->may_stop_at(insn.op);
}

}  // namespace dyn86
