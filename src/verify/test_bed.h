// A CPU alone on the bench: 1 MiB of RAM, open ports, an interrupt controller of two wires, on the engine of one's
// choice.
#pragma once

#include "cpu/engine.h"
#include "cpu/interpreter.h"
#include "cpu/memory.h"
#include "src/base/bus.h"
#include "src/base/result.h"

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

namespace dyn86::verify {

/// Answers an acknowledge with the vector that was requested last and takes the request back, as a PIC in automatic
/// end-of-interrupt mode with one pending request.
class InterruptSource final : public InterruptAcknowledge {
public:
    explicit InterruptSource(Core& core) : core_(core) {}
    void request(u8 vector) {
        vector_ = vector;
        core_.intr = 1;
    }
    u8 acknowledge() override {
        core_.intr = 0;
        ++acknowledged_;
        return vector_;
    }
    [[nodiscard]] u64 acknowledged() const { return acknowledged_; }

private:
    Core& core_;
    u8 vector_ = 0;
    u64 acknowledged_ = 0;
};

/// Makes the engine under test beside the interpreter of the same machine; nullptr: that interpreter itself.
using EngineFactory = std::function<Result<std::unique_ptr<Engine>>(Memory&, Interpreter&)>;

enum class EngineKind : u8 { Interpreter, Jit };
[[nodiscard]] std::string_view name_of(EngineKind kind);
/// False for the recompiler on a host it has no code generator for.
[[nodiscard]] bool is_available(EngineKind kind);
/// The recompiler translates after `threshold` executions; 0: at first execution.
EngineFactory factory_of(EngineKind kind, u32 threshold);

/// Not copyable, not movable: everything inside refers to everything else.
class TestBed {
public:
    static Result<std::unique_ptr<TestBed>> create(const EngineFactory& factory, ClockModel clocks = {});

    [[nodiscard]] Memory& memory() { return *memory_; }
    [[nodiscard]] Core& core() { return memory_->core(); }
    [[nodiscard]] Engine& engine() { return engine_ ? *engine_ : static_cast<Engine&>(*interpreter_); }
    /// The one that an engine of its own falls back on, or the engine itself.
    [[nodiscard]] Interpreter& interpreter() { return *interpreter_; }
    [[nodiscard]] PortBus& ports() { return ports_; }
    [[nodiscard]] InterruptSource& interrupts() { return interrupts_; }
    /// True when an engine of its own runs beside the interpreter.
    [[nodiscard]] bool has_own_engine() const { return engine_ != nullptr; }
    /// Clock zero, nothing pending, not halted, `clocks` to go, and in the prefetch queue as many bytes as can be, or
    /// `queued`.
    void start(const Registers& regs, Cycles clocks, std::optional<u8> queued = {});

private:
    TestBed(std::unique_ptr<Memory> memory, ClockModel clocks);

    std::unique_ptr<Memory> memory_;
    PortBus ports_;
    InterruptSource interrupts_;
    std::unique_ptr<Interpreter> interpreter_;
    std::unique_ptr<Engine> engine_;
};

}  // namespace dyn86::verify
