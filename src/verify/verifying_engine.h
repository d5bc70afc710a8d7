// Both engines in lockstep on any program: the recompiler runs the machine, the interpreter repeats each block in a
// shadow of it, and the first difference ends the run.
#pragma once

#include "cpu/engine.h"
#include "cpu/memory.h"
#include "jit/jit.h"
#include "src/base/result.h"
#include "src/verify/shadow.h"
#include "src/verify/tape.h"

#include <functional>
#include <memory>
#include <span>
#include <string>

namespace dyn86::verify {

/// Compares after every block: registers, live flags, clocks, memory; all flags at device accesses, at interrupts and
/// whenever run() returns. Devices, DOS and BIOS act once: the shadow is told what they did.
class VerifyingEngine final : public Engine, private jit::Observer {
public:
    /// Makes the engine under test, on that memory and an interpreter on the recorder's ports. It is the caller's, and
    /// must live until the last run.
    using SubjectFactory = std::function<Result<Engine*>(jit::Observer& observer)>;
    /// The first difference, told once; Core::stop is set.
    using Teller = std::function<void(const std::string& report)>;

    /// Memory and recorder must outlive the engine.
    static Result<std::unique_ptr<VerifyingEngine>> create(Memory& memory, Recorder& recorder,
                                                           const SubjectFactory& subject, Teller teller);
    /// Of the shadow: the same as the interpreter's.
    void set_clocks(ClockModel model) { shadow_->set_clocks(model); }

    Exit run() noexcept override;
    void step() noexcept override;
    void flush() noexcept override { subject_->flush(); }
    [[nodiscard]] EngineStats stats() const override { return subject_->stats(); }

private:
    VerifyingEngine(Memory& memory, Recorder& recorder, std::unique_ptr<Shadow> shadow, Teller teller);
    void entering(SegOff head, std::span<const u8> host_code) noexcept override;
    void left(Flags flags) noexcept override;
    void begin();
    /// Brings the shadow to where the machine is and compares all but the flags in `open`.
    void compare(u16 open);
    void differ(const std::string& difference, const Core& before);
    [[nodiscard]] std::string report(const std::string& difference, const Core& before) const;

    Memory& memory_;
    Recorder& recorder_;
    Core& core_;
    std::unique_ptr<Shadow> shadow_;
    Teller teller_;
    Engine* subject_ = nullptr;
    bool differs_ = false;
    u16 lost_ = 0;                   // flags that were not live behind an earlier block, and not overwritten since
    std::span<const u8> host_code_;  // of the block that runs or has just run; empty: the interpreter does
};

}  // namespace dyn86::verify
