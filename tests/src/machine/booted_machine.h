// A machine that boots one of guests/*.asm, for tests of the board as a whole.
#pragma once

#include "src/dyn86.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace dyn86::test {

class BootedMachine {
public:
    static constexpr Linear results = 0x600;

    /// The boot sector ends in HLT with interrupts off.
    BootedMachine(const std::string& guest, MachineConfig config) {
        config.images.push_back({0, std::string(DYN86_MACHINE_GUESTS) + "/" + guest + ".img", true});
        config.date = {DateSetting::Kind::Fixed, 514'862'645};  // 1986-04-26 01:24:05
        config.jit_threshold = 1;
        auto created = Machine::create(config);
        EXPECT_TRUE(created) << created.error().message;
        machine_ = std::move(*created);
        EXPECT_TRUE(machine_->start_boot());
    }
    Machine* operator->() { return machine_.get(); }
    void run_for(double seconds) { machine_->run(machine_->now() + Ticks::from_seconds(seconds)); }
    void run() {
        run_for(60);
        ASSERT_TRUE(machine_->ended());
        EXPECT_EQ(machine_->outcome().reason, Reason::CpuFault) << machine_->outcome().message;
    }
    [[nodiscard]] std::vector<u8> bytes(Linear from, std::size_t count) const {
        std::vector<u8> found(count);
        machine_->peek(from, found);
        return found;
    }
    [[nodiscard]] u16 word(Linear from) const {
        const auto two = bytes(from, 2);
        return u16(two[0] | two[1] << 8);
    }

private:
    std::unique_ptr<Machine> machine_;
};

}  // namespace dyn86::test
