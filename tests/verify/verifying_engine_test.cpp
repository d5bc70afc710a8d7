// Both engines in lockstep on random programs and devices: they agree; an engine that is wrong in any way is found.
#include "src/verify/verifying_engine.h"

#include "src/verify/random_machine.h"
#include "tests/verify/stepper.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace dyn86::verify {
namespace {

/// Everything a device may do to a machine: registers, memory, pins, deadline, stop.
class Meddler final : public PortDevice, public MmioDevice, public InterruptAcknowledge {
public:
    explicit Meddler(Memory& memory) : memory_(memory) {}
    u8 in(Port port) override { return u8(port * 7 + ++calls_); }
    void out(Port port, u8 value) override {
        ++calls_;
        Core& core = memory_.core();
        const std::array<u8, 3> bytes{value, u8(calls_), 0x90};
        const Linear es_di = SegOff{core.regs.get(Sreg::Es), core.regs.get(Reg16::Di)}.linear();
        switch (port & 7) {
            case 0: core.intr = 1; return;
            case 1: core.regs.set(Reg16::Bx, u16(calls_)); return;
            case 2: core.regs.flags ^= flag::c; return;
            case 3: return memory_.copy_in(es_di, bytes);
            case 4: return memory_.write16(es_di, u16(value * 257));  // as BIOS services do
            case 5: core.stop = 1; return;
            case 6: core.advance(value); return;
            default: core.nmi = 1; return;
        }
    }
    u8 acknowledge() override {
        memory_.core().intr = 0;
        return u8(++calls_);
    }
    u8 read(Linear address) override { return u8(address + ++calls_); }
    void write(Linear /*address*/, u8 value) override { calls_ += value; }
    [[nodiscard]] u8 peek(Linear /*address*/) const override { return 0; }
    [[nodiscard]] unsigned calls() const { return calls_; }

private:
    Memory& memory_;
    unsigned calls_ = 0;
};

/// The recompiler at first execution.
Result<std::unique_ptr<Engine>> recompiler(Memory& memory, Interpreter& interpreter, jit::Observer& observer) {
#ifdef DYN86_HAVE_JIT
    return jit::create(memory, interpreter, {.threshold = 0, .strict = true, .observer = &observer});
#else
    (void)memory, (void)interpreter, (void)observer;
    return fail("this host has no recompiler");
#endif
}

/// The interpreter posing as translated code, one instruction per block, each spoiled.
class Impostor final : public Engine {
public:
    Impostor(Memory& memory, Interpreter& interpreter, jit::Observer& observer, Stepper::Spoil spoil)
        : memory_(memory), observer_(observer), stepper_(memory, interpreter, std::move(spoil)) {}
    Exit run() noexcept override {
        Core& core = memory_.core();
        while (core.budget > 0 && core.stop == 0 && core.halted == 0) {
            observer_.entering(core.regs.cs_ip(), host_code);
            stepper_.step();
            observer_.left({.live = flag::oszapc, .overwritten = flag::oszapc});
        }
        return std::exchange(core.stop, u8{0}) != 0 ? Exit::Stopped : core.halted != 0 ? Exit::Halted : Exit::Deadline;
    }
    void step() noexcept override { stepper_.step(); }
    void flush() noexcept override {}
    [[nodiscard]] EngineStats stats() const override { return {}; }

private:
    static constexpr std::array<u8, 3> host_code{0x0F, 0x1F, 0x00};
    Memory& memory_;
    jit::Observer& observer_;
    Stepper stepper_;
};

enum class Devices : u8 { Ports, PortsAndMemory };

class Machine {
public:
    using Subject = std::function<Result<std::unique_ptr<Engine>>(Memory&, Interpreter&, jit::Observer&)>;
    Machine(const Subject& subject, Devices devices, u64 seed = 1) {
        auto memory = Memory::create();
        EXPECT_TRUE(memory);
        memory_ = std::move(*memory);
        memory_->copy_in(0, initial_memory());
        EXPECT_TRUE(memory_->repeat(0xB'8000, 0x4000, 0x8000));
        device_ = std::make_unique<Meddler>(*memory_);
        if (devices == Devices::PortsAndMemory) memory_->map_mmio(0xA'0000, 0x1000, *device_);
        memory_->load_rom(0xF'0000, std::vector<u8>(0x1'0000, u8(0x40 + seed % 8)));
        ports_.map(0, 0x10000, *device_);
        recorder_ = std::make_unique<Recorder>(*memory_, ports_, *device_);
        interpreter_ = std::make_unique<Interpreter>(*memory_, recorder_->ports(), *recorder_);
        const auto tell = [this](const std::string& report) { report_ += report; };
        const auto make = [&](jit::Observer& observer) -> Result<Engine*> {
            auto made = subject(*memory_, *interpreter_, observer);
            if (!made) return std::unexpected(made.error());
            subject_ = std::move(*made);
            return subject_.get();
        };
        auto engine = VerifyingEngine::create(*memory_, *recorder_, make, tell);
        EXPECT_TRUE(engine) << engine.error().message;
        engine_ = std::move(*engine);
    }
    Core& core() { return memory_->core(); }
    [[nodiscard]] const std::string& report() const { return report_; }
    [[nodiscard]] const Meddler& device() const { return *device_; }

    void load(const Registers& regs, std::span<const u8> code) {
        core().regs = regs;
        core().halted = 0;
        for (std::size_t i = 0; i < code.size(); ++i)
            memory_->copy_in((regs.cs_ip() + u16(i)).linear(), code.subspan(i, 1));
    }
    Exit run(Cycles clocks) {
        core().set_deadline(core().now() + clocks);
        return engine_->run();
    }
    /// Runs a random program, with something from outside between the slices.
    void run(const Program& program) {
        load(program.regs, lay_out(program).bytes);
        for (const Slice& slice : program.slices) {
            if (run(slice.clocks) == Exit::Halted) core().nmi = 1;
            if (slice.event == Event::Write) memory_->copy_in(slice.address, {&slice.value, 1});
            if (slice.event == Event::Range) memory_->write8(slice.address, slice.value);
            if (slice.event == Event::Intr) core().intr = 1;
            if (slice.event == Event::Restart) core().regs = program.regs;
            if (slice.event == Event::Flush) engine_->flush();
        }
    }

private:
    std::unique_ptr<Memory> memory_;
    std::unique_ptr<Meddler> device_;
    PortBus ports_;
    std::unique_ptr<Recorder> recorder_;
    std::unique_ptr<Interpreter> interpreter_;
    std::unique_ptr<Engine> subject_;
    std::unique_ptr<VerifyingEngine> engine_;
    std::string report_;
};

void run_seeds(Devices devices) {
    constexpr u64 first = 700, seeds = 10;
    unsigned calls = 0;
    for (u64 seed = first; seed < first + seeds; ++seed) {
        Machine machine(recompiler, devices, seed);
        for (const Program& program : random_episode(seed, 1).programs) machine.run(program);
        ASSERT_EQ(machine.report(), "") << "seed " << seed;
        calls += machine.device().calls();
    }
    EXPECT_GT(calls, seeds);
}

/// mov ax, 1234h / add ax, 1 / push ax / mov [0200h], ax / cmp ax, ax / hlt
constexpr std::array<u8, 13> short_program{0xB8, 0x34, 0x12, 0x05, 0x01, 0x00, 0x50,
                                           0xA3, 0x00, 0x02, 0x39, 0xC0, 0xF4};

std::string report_of(const Stepper::Spoil& spoil) {
    Machine machine(
        [&](Memory& memory, Interpreter& interpreter, jit::Observer& observer) -> Result<std::unique_ptr<Engine>> {
            return std::make_unique<Impostor>(memory, interpreter, observer, spoil);
        },
        Devices::Ports);
    Registers regs;
    regs.sreg.fill(0x1000);
    regs.ip = 0x100;
    regs.set(Reg16::Sp, 0xFFFE);
    machine.load(regs, short_program);
    const Exit exit = machine.run(1000);
    EXPECT_EQ(exit, machine.report().empty() ? Exit::Halted : Exit::Stopped);
    return machine.report();
}

void expect_found(const std::string& what, const Stepper::Spoil& spoil) {
    const std::string report = report_of(spoil);
    EXPECT_NE(report.find(what), std::string::npos) << report;
}

}  // namespace

TEST(VerifyingEngine, RecompilerAgreesWithTheInterpreter) {
    if (!is_available(EngineKind::Jit)) GTEST_SKIP() << "this host has no recompiler";
    run_seeds(Devices::Ports);
}

TEST(VerifyingEngine, DevicesInMemoryAnswerOnce) {
    if (!is_available(EngineKind::Jit)) GTEST_SKIP() << "this host has no recompiler";
    run_seeds(Devices::PortsAndMemory);
}

TEST(VerifyingEngine, SaysNothingOfAnEngineThatIsRight) {
    EXPECT_EQ(report_of({}), "");
}

TEST(VerifyingEngine, FindsWhatIsWrong) {
    const auto after = [](u8 opcode, auto spoil) {
        return [=](const u8* bytes, Memory& memory) {
            if (bytes[0] == opcode) spoil(memory);
        };
    };
    expect_found("AX 1237 want 1235", after(0x05, [](Memory& m) { m.core().regs.set(Reg16::Ax, 0x1237); }));
    expect_found("differ 0010", after(0x39, [](Memory& m) { m.core().regs.flags ^= flag::a; }));
    expect_found("clock", after(0x50, [](Memory& m) { m.core().budget -= 1; }));
    expect_found("[10200] 36 want 35", after(0xA3, [](Memory& m) { m.write8(0x10200, 0x36); }));
    expect_found("[1FFFD] 13 want 12", after(0x50, [](Memory& m) { m.write8(0x1FFFD, 0x13); }));
    expect_found("IP 0107 want 0106", after(0x05, [](Memory& m) { m.core().regs.ip = 0x107; }));
}

// Where nobody writes is looked at piece by piece, and whole when the run stops.
TEST(VerifyingEngine, FindsAWriteThatNobodyMade) {
    expect_found("[54321] A5 want", [](const u8* bytes, Memory& memory) {
        if (bytes[0] == 0x50) memory.write8(0x54321, 0xA5);
        if (bytes[0] == 0x39) memory.core().stop = 1;
    });
}

TEST(VerifyingEngine, ReportsBothSidesWithGuestAndHostCode) {
    const std::string report = report_of([](const u8* bytes, Memory& memory) {
        if (bytes[0] == 0x05) memory.core().regs.set(Reg16::Ax, 0);
    });
    EXPECT_TRUE(
        report.starts_with("the engines differ behind 1000:0103, recompiler against interpreter: "
                           "AX 0000 want 1235 (was 1234)\nbefore:      AX=1234"))
        << report;
    EXPECT_NE(report.find("\ninterpreter: AX=1235"), std::string::npos) << report;
    EXPECT_NE(report.find("\nrecompiler:  AX=0000"), std::string::npos) << report;
    EXPECT_NE(report.find("1000:0103 050100         add ax,"), std::string::npos) << report;
    EXPECT_NE(report.find("host code, 3 bytes:\n  0000  0F 1F 00"), std::string::npos) << report;
}

}  // namespace dyn86::verify
