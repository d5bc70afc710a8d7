// A second machine that lives through what a first one did, on the interpreter and without touching the world: what
// devices answered, and what others wrote into memory, it takes from a tape.
#pragma once

#include "cpu/interpreter.h"
#include "cpu/memory.h"
#include "src/base/result.h"
#include "src/verify/difference.h"
#include "src/verify/tape.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace dyn86::verify {

/// Follows the original boundary by boundary. The interpreter decodes afresh what it executes, so that it shares no
/// mistake about code that changes.
class Shadow final : private PortDevice, private InterruptAcknowledge, private MmioDevice, private MemoryTap {
public:
    /// `original` and `tape` must outlive it.
    static Result<std::unique_ptr<Shadow>> create(const Memory& original, Tape& tape);

    void set_clocks(ClockModel model) { interpreter_.set_clocks(model); }
    /// Between runs of the original: takes over its state, which somebody may have changed.
    Result<> adopt(const Core& core);
    /// Executes up to the first boundary at which no less time has passed.
    void catch_up(Cycles now);
    [[nodiscard]] const Core& core() const { return core_; }

    /// Is everything as in the original's Core, but for flags that are not `compared`, and what was written too? Looks
    /// also at a further piece of memory each time, for what the original alone wrote.
    [[nodiscard]] bool agrees(const Core& original, u16 compared);
    /// The same of the whole memory.
    [[nodiscard]] bool memory_agrees() const;
    /// What does not, of Core, of the last writes, of the piece looked at, and of device accesses.
    [[nodiscard]] std::string difference(const Core& original, u16 compared, const Registers& before) const;
    /// Before the next catch_up.
    void forget_writes() { written_.clear(); }

private:
    struct Stretch {
        Linear start;
        u32 length;
    };
    Shadow(const Memory& original, Tape& tape, std::unique_ptr<Memory> memory);

    u8 in(Port port) override { return repeat_call(Happening::Kind::In, port, 0); }
    void out(Port port, u8 value) override { repeat_call(Happening::Kind::Out, port, value); }
    u8 acknowledge() override { return repeat_call(Happening::Kind::Acknowledge, 0, 0); }
    u8 read(Linear address) override { return repeat_call(Happening::Kind::DeviceRead, address, 0); }
    void write(Linear address, u8 value) override { repeat_call(Happening::Kind::DeviceWrite, address, value); }
    [[nodiscard]] u8 peek(Linear /*address*/) const override { return 0xFF; }
    void cpu_wrote(Linear start, u32 length) override { written_.push_back({start, length}); }
    void others_wrote(Linear /*start*/, u32 /*length*/) override {}
    void device_read(Linear /*at*/, u8 /*value*/) override {}
    void device_written(Linear /*at*/, u8 /*value*/) override {}

    u8 repeat_call(Happening::Kind kind, u32 place, u8 value);
    void take_writes();
    void take_core(const Happening& call);
    u8 stray(Happening::Kind kind, u32 place, std::string_view what);
    [[nodiscard]] bool same(Stretch stretch) const;
    [[nodiscard]] bool writes_agree() const;

    const Memory& original_;
    Tape& tape_;
    std::unique_ptr<Memory> memory_;
    Core& core_;
    PortBus ports_;
    Interpreter interpreter_;
    u64 layout_version_ = 0;
    bool resembles_ = false;
    std::vector<Stretch> written_;
    Linear looked_at_ = 0;  // the piece of memory
    std::string strayed_;   // from the tape: how
};

}  // namespace dyn86::verify
