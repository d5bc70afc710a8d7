// One of the two machines of a lockstep: a CPU with ports and a memory-mapped device that answer by clock and order of
// access, and that do to the CPU all that devices may do.
#pragma once

#include "src/verify/lockstep.h"
#include "src/verify/random.h"

namespace dyn86::verify {

/// Folds every access, with its clock, into one number; what is read depends on it, so that one access more, less or at
/// another clock changes all that follows.
class AccessLog {
public:
    explicit AccessLog(const Core& core) : core_(core) {}
    u8 fold(u32 what, u8 value) {
        state_ = Random::mix(state_ ^ (u64{what} << 8 | value) ^ u64(core_.now()) << 32);
        return u8(state_ >> 56);
    }
    void reset() { state_ = 0; }
    [[nodiscard]] u64 state() const { return state_; }

private:
    const Core& core_;
    u64 state_ = 0;
};

/// On every port. The low three bits of the port decide what OUT does besides being logged.
class LockstepPorts final : public PortDevice {
public:
    LockstepPorts(TestBed& bed, AccessLog& log) : bed_(bed), log_(log) {}
    u8 in(Port port) override { return log_.fold(port, 0); }
    void out(Port port, u8 value) override;
    void set_restart(SegOff where) { restart_ = where; }

private:
    TestBed& bed_;
    AccessLog& log_;
    SegOff restart_;
};

/// Reads have side effects.
class LockstepMmio final : public MmioDevice {
public:
    explicit LockstepMmio(AccessLog& log) : log_(log) {}
    u8 read(Linear address) override { return log_.fold(1u << 20 | address, 0); }
    void write(Linear address, u8 value) override { log_.fold(2u << 20 | address, value); }
    [[nodiscard]] u8 peek(Linear /*address*/) const override { return 0xFF; }

private:
    AccessLog& log_;
};

class Lockstep::Side {
public:
    static Result<std::unique_ptr<Side>> create(const EngineFactory& factory, const LockstepConfig& config,
                                                std::span<const u8> image);
    /// Memory as at the start, clock zero, no translations.
    void reset();
    void load(const Program& program, const Layout& layout);
    /// The slice's event, then its clocks. Ends early where the CPU halts.
    Exit run(const Slice& slice, const Program& program);
    /// After a HLT: time passes and something wakes the CPU (INTR does so only with IF set).
    void wake(const Slice& slice);

    [[nodiscard]] TestBed& bed() { return *bed_; }
    [[nodiscard]] u64 executed() const { return bed_->engine().stats().instructions; }
    [[nodiscard]] u64 log() const { return log_.state(); }

private:
    explicit Side(std::unique_ptr<TestBed> bed);
    Result<> shape(Terrain terrain, std::span<const u8> image);
    void happen(const Slice& slice, const Program& program);

    std::unique_ptr<TestBed> bed_;
    AccessLog log_;
    LockstepPorts ports_;
    LockstepMmio mmio_;
    std::vector<u8> start_;  // memory at the start of an episode
};

}  // namespace dyn86::verify
