// What the world outside CPU and RAM did to a machine, in order: so that a second machine can live through the same
// without touching the world.
#pragma once

#include "cpu/core.h"
#include "cpu/memory.h"
#include "src/base/bus.h"
#include "src/base/types.h"

#include <span>
#include <vector>

namespace dyn86::verify {

/// A device was called, and meanwhile, or between two runs, somebody wrote into memory.
struct Happening {
    enum class Kind : u8 { In, Out, Acknowledge, DeviceRead, DeviceWrite, Write };
    Kind kind = Kind::Write;
    u8 value = 0;        // read, written, or the vector
    u32 place = 0;       // port or address
    u32 length = 0;      // Write: its bytes are in the tape's pool,
    u32 first = 0;       // from here on
    Core before, after;  // the call
};

/// Written by a Recorder ahead of the Shadow that reads it.
class Tape {
public:
    /// Its number, for operator[].
    std::size_t add(Happening::Kind kind, u32 place);
    [[nodiscard]] Happening& operator[](std::size_t number) { return happenings_[number]; }
    void add_write(Linear start, std::span<const u8> bytes);
    /// The next one, or null. Stays valid until something is added.
    [[nodiscard]] const Happening* next() const { return read_ < happenings_.size() ? &happenings_[read_] : nullptr; }
    void skip() {
        if (++read_ == happenings_.size()) clear();
    }
    [[nodiscard]] bool is_empty() const { return happenings_.empty(); }
    [[nodiscard]] std::span<const u8> bytes_of(const Happening& write) const {
        return std::span(pool_).subspan(write.first, write.length);
    }
    void clear();

private:
    std::vector<Happening> happenings_;
    std::vector<u8> pool_;
    std::size_t read_ = 0;
};

/// Stands between a machine's interpreter and its ports, interrupt controller and memory, and notes what they do.
class Recorder final : private PortDevice, public InterruptAcknowledge, public MemoryTap {
public:
    /// `real` and `pic` must outlive it. The caller makes it the memory's tap.
    Recorder(Memory& memory, PortBus& real, InterruptAcknowledge& pic);

    /// What the interpreter is to be built on.
    [[nodiscard]] PortBus& ports() { return ports_; }
    [[nodiscard]] Tape& tape() { return tape_; }
    /// While the CPU does not run, all that happens to memory is others' doing.
    void set_running(bool running);
    u8 acknowledge() override;

private:
    u8 in(Port port) override;
    void out(Port port, u8 value) override;
    void cpu_wrote(Linear /*start*/, u32 /*length*/) override {}
    void others_wrote(Linear start, u32 length) override;
    void device_read(Linear at, u8 value) override;
    void device_written(Linear at, u8 value) override;
    /// What is written between these two belongs to the call.
    std::size_t begin_call(Happening::Kind kind, u32 place);
    void end_call(std::size_t number, u8 value);
    /// An access to a device in memory, by the CPU.
    void note(Happening::Kind kind, Linear at, u8 value);

    Memory& memory_;
    PortBus& real_;
    InterruptAcknowledge& pic_;
    PortBus ports_;
    Tape tape_;
    bool running_ = false, calling_ = false;
};

}  // namespace dyn86::verify
