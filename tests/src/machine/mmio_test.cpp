// A device whose reads have side effects, as the latches of EGA and VGA have: in a machine that has one, translated
// loads are tested, so both engines show it the same accesses at the same clocks. [DESIGN part I]
#include "cpu/interpreter.h"
#include "cpu/memory.h"
#include "jit/jit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace dyn86 {
namespace {

/// Reading loads the latch; what is written is mixed with it.
class Latched final : public MmioDevice {
public:
    explicit Latched(const Core& core) : core_(core) {
        for (std::size_t i = 0; i < cells_.size(); ++i) cells_[i] = u8(i * 37 + 11);
    }
    struct Access {
        Cycles when = 0;
        Linear address = 0;
        u8 value = 0;
        bool is_write = false;
        friend bool operator==(const Access&, const Access&) = default;
    };
    std::vector<Access> log;

    u8 read(Linear address) override {
        latch_ = u8(cells_[address & 0xFFFF] + ++reads_);
        log.push_back({core_.now(), address, latch_, false});
        return latch_;
    }
    void write(Linear address, u8 value) override {
        log.push_back({core_.now(), address, value, true});
        cells_[address & 0xFFFF] = u8(value ^ latch_);
    }
    [[nodiscard]] u8 peek(Linear address) const override { return cells_[address & 0xFFFF]; }

private:
    const Core& core_;
    std::vector<u8> cells_ = std::vector<u8>(0x1'0000);
    u8 latch_ = 0, reads_ = 0;
};

struct NoPic final : InterruptAcknowledge {
    u8 acknowledge() override { return 8; }
};

std::vector<u8> guest() {
    std::ifstream file(DYN86_MACHINE_GUESTS "/mmio.img", std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

struct Trace {
    std::vector<Latched::Access> log;
    Registers regs;
    Cycles clocks = 0;
};

Trace run(bool translated) {
    constexpr Linear start = 0x7C00;
    const auto memory = std::move(*Memory::create());
    Core& core = memory->core();
    Latched device(core);
    memory->map_mmio(0xA'0000, 0x1'0000, device);
    PortBus ports;
    NoPic pic;
    Interpreter interpreter(*memory, ports, pic);
    const auto jit = std::move(*jit::Jit::create(*memory, interpreter, {.threshold = 1}));
    memory->copy_in(start, guest());
    core.regs.ip = start;
    core.set_deadline(1'000'000);
    Engine& engine = translated ? *jit : static_cast<Engine&>(interpreter);
    EXPECT_EQ(engine.run(), Exit::Halted);
    EXPECT_EQ(jit->stats().blocks_translated > 0, translated);
    return {std::move(device.log), core.regs, core.now()};
}

}  // namespace

TEST(Mmio, BothEnginesReadTheDeviceAlike) {
    const Trace interpreted = run(false), translated = run(true);
    EXPECT_GT(interpreted.log.size(), 1500u);
    ASSERT_EQ(interpreted.log.size(), translated.log.size());
    for (std::size_t i = 0; i < interpreted.log.size(); ++i)
        ASSERT_EQ(interpreted.log[i], translated.log[i]) << "access " << i;
    EXPECT_EQ(interpreted.clocks, translated.clocks);
    for (const Reg16 reg : {Reg16::Ax, Reg16::Bx, Reg16::Cx, Reg16::Dx, Reg16::Si, Reg16::Di})
        EXPECT_EQ(interpreted.regs.get(reg), translated.regs.get(reg));
}

}  // namespace dyn86
