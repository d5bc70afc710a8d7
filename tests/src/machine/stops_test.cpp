// A debugger's stops, on both engines: where they hold the machine, and that nothing changes by them.
#include "tests/src/machine/booted_machine.h"

#include <gtest/gtest.h>

namespace dyn86 {
namespace {

constexpr Linear bump = 0x7C80, after_store = 0x7C87, handler = 0x7C90;
constexpr Linear counter = 0x600, source = 0x610, target = 0x620;
constexpr u16 int_60 = 0x7C4D, out_dx = 0x7C54, in_dx = 0x7C55, behind_cmp = 0x7C5A, behind_movsb = 0x7C65;

MachineConfig config_with(EngineKind engine) {
    MachineConfig config;
    config.engine = engine;
    return config;
}
Stops stops_at(Linear breakpoint) {
    Stops stops;
    stops.breakpoints = {breakpoint};
    return stops;
}
Stops stops_watching(Watch watch) {
    Stops stops;
    stops.watches = {watch};
    return stops;
}

class StopsTest : public testing::TestWithParam<EngineKind> {
protected:
    StopsTest() : machine_("stops", config_with(GetParam())) { machine_.run_for(2); }  // translated by now
    Pause run() { return machine_->run(machine_->now() + Ticks::from_seconds(1)); }
    [[nodiscard]] u16 ip() { return machine_->cpu().ip; }
    [[nodiscard]] const StopEvent& event() { return *machine_->stop_event(); }

    test::BootedMachine machine_;
};

TEST_P(StopsTest, ABreakpointStopsBeforeItsInstructionEachTime) {
    machine_->set_stops(stops_at(bump));
    ASSERT_EQ(run(), Pause::Stop);
    EXPECT_EQ(event().kind, StopEvent::Kind::Breakpoint);
    EXPECT_EQ(event().address, bump);
    EXPECT_EQ(ip(), bump);
    const u16 before = machine_.word(counter);
    ASSERT_EQ(machine_->step(), Pause::Stop);
    EXPECT_FALSE(machine_->stop_event());
    ASSERT_EQ(run(), Pause::Stop);
    EXPECT_EQ(ip(), bump);
    EXPECT_EQ(machine_.word(counter), u16(before + 1));
}

TEST_P(StopsTest, FlagsAreExactAtABreakpoint) {
    // CMP AX,FFFFh has been executed, and the INC that overwrites its flags has not.
    machine_->set_stops(stops_at(0x7C83));
    ASSERT_EQ(run(), Pause::Stop);
    ASSERT_EQ(machine_->step(), Pause::Stop);
    ASSERT_EQ(run(), Pause::Stop);
    const CpuState state = machine_->cpu();
    const bool is_turn = state.words[CpuState::Cx] == 3;  // then CMP BX,[source] was the last
    const u16 left = is_turn ? u16(state.words[CpuState::Bx] - 0) : u16(state.words[CpuState::Ax]);
    const u16 right = is_turn ? machine_.word(source) : u16{0xFFFF};
    EXPECT_EQ((state.flags & 1) != 0, left < right);
    EXPECT_EQ((state.flags & 0x40) != 0, left == right);
}

TEST_P(StopsTest, WhenTheBreakpointIsGoneTheMachineRunsOn) {
    machine_->set_stops(stops_at(bump));
    ASSERT_EQ(run(), Pause::Stop);
    machine_->set_stops(Stops{});
    EXPECT_EQ(run(), Pause::Time);
}

TEST_P(StopsTest, CodeThatIsTakenUpAgainHasTheStopsOfNow) {
    for (unsigned turn = 0; turn < 3; ++turn) {
        machine_->set_stops(stops_at(bump));
        ASSERT_EQ(run(), Pause::Stop) << turn;
        machine_->set_stops(Stops{});
        ASSERT_EQ(run(), Pause::Time);
    }
}

TEST_P(StopsTest, AWatchedWriteStopsBehindItsInstruction) {
    machine_->set_stops(stops_watching({Watch::Kind::Write, counter + 1, 1}));
    ASSERT_EQ(run(), Pause::Stop);
    EXPECT_EQ(event().kind, StopEvent::Kind::Watchpoint);
    EXPECT_EQ(event().address, counter + 1);
    EXPECT_EQ(ip(), after_store);
    EXPECT_EQ(run(), Pause::Stop);
    EXPECT_EQ(ip(), after_store);
}

TEST_P(StopsTest, AWatchedReadStopsBehindItsInstruction) {
    machine_->set_stops(stops_watching({Watch::Kind::Read, source, 2}));
    ASSERT_EQ(run(), Pause::Stop);
    EXPECT_EQ(event().watch, Watch::Kind::Read);
    EXPECT_EQ(event().address, source);
    EXPECT_TRUE(ip() == behind_cmp || ip() == behind_movsb) << ip();
}

TEST_P(StopsTest, AStringInstructionIsWatchedToo) {
    machine_->set_stops(stops_watching({Watch::Kind::Write, target + 2, 1}));
    ASSERT_EQ(run(), Pause::Stop);
    EXPECT_EQ(event().address, target + 2);
}

TEST_P(StopsTest, InterruptsAndPortsStopBeforeTheirInstruction) {
    std::vector<PortAccess> ports;
    Stops stops;
    stops.on_interrupt = [](u8 number) { return number == 0x60; };
    stops.on_port = [&](const PortAccess& access) {
        if (access.port == 0x2F8) ports.push_back(access);
        return access.port == 0x2F8;
    };
    machine_->set_stops(stops);
    for (const u16 where : {int_60, out_dx, in_dx, int_60}) {
        ASSERT_EQ(run(), Pause::Stop);
        if (where == int_60 && ports.empty() && ip() != int_60) continue;  // it was in the middle of a turn
        machine_->step();
    }
    ASSERT_FALSE(ports.empty());
    for (const PortAccess& access : ports) {
        EXPECT_EQ(access.width, Width::Byte);
        EXPECT_EQ(access.is_write ? access.value : 0x55, 0x55);
    }
}

TEST_P(StopsTest, AnInterruptThatNobodyWantsIsExecuted) {
    unsigned asked = 0;
    Stops stops;
    stops.on_interrupt = [&](u8) { return ++asked, false; };
    const u16 before = machine_->cpu().words[CpuState::Bx];
    machine_->set_stops(stops);
    EXPECT_EQ(run(), Pause::Time);
    EXPECT_GT(asked, 100u);
    EXPECT_NE(machine_->cpu().words[CpuState::Bx], before);
}

TEST_P(StopsTest, OneStepIsOneInstruction) {
    machine_->set_stops(stops_at(handler));
    ASSERT_EQ(run(), Pause::Stop);
    const u16 bx = machine_->cpu().words[CpuState::Bx];
    machine_->step();
    EXPECT_EQ(ip(), handler + 1);
    EXPECT_EQ(machine_->cpu().words[CpuState::Bx], u16(bx + 1));
    machine_->step();
    EXPECT_EQ(ip(), int_60 + 2);
}

TEST_P(StopsTest, ARepeatedInstructionIsOneStep) {
    machine_->set_stops(stops_at(behind_movsb - 2u));
    ASSERT_EQ(run(), Pause::Stop);
    machine_->step();
    EXPECT_EQ(ip(), behind_movsb);
    EXPECT_EQ(machine_->cpu().words[CpuState::Cx], 0);
}

TEST_P(StopsTest, WhatIsPokedIsExecuted) {
    const u8 nop_ret[] = {0x90, 0xC3};  // over bump: count no more
    EXPECT_TRUE(machine_->poke(bump, nop_ret));
    machine_->run(machine_->now() + Ticks::from_ms(1));  // it may have been within
    const u16 before = machine_.word(counter);
    EXPECT_EQ(run(), Pause::Time);
    EXPECT_EQ(machine_.word(counter), before);
}

TEST_P(StopsTest, RomDoesNotTakeWhatIsPoked) {
    const u8 byte[] = {0x00};
    EXPECT_FALSE(machine_->poke(0xFFFF0, byte));
}

TEST_P(StopsTest, RegistersAreWhatTheyAreSetTo) {
    CpuState state = machine_->cpu();
    state.words = {1, 2, 3, 4, 0x7000, 6, 7, 8};
    state.ip = behind_movsb - 2;
    machine_->set_cpu(state);
    state.flags = machine_->cpu().flags;
    EXPECT_EQ(machine_->cpu(), state);
    machine_->step();
    EXPECT_EQ(machine_->cpu().words[CpuState::Cx], 0);
    EXPECT_EQ(machine_->cpu().words[CpuState::Si], 9);
}

/// The same bytes at the same clocks, whoever looks on.
TEST_P(StopsTest, LookingOnChangesNothing) {
    test::BootedMachine other("stops", config_with(GetParam()));
    other.run_for(2);
    Stops stops = stops_at(0x7F00);
    stops.watches = {{Watch::Kind::Access, 0x9000, 4}};
    stops.on_interrupt = [](u8) { return false; };
    machine_->set_stops(stops);
    const Ticks until = machine_->now() + Ticks::from_seconds(1);
    machine_->run(until);
    other->run(until);
    EXPECT_EQ(machine_->cpu(), other->cpu());
    EXPECT_EQ(machine_.word(counter), other.word(counter));
    EXPECT_EQ(machine_->stats().cycles, other->stats().cycles);
}

INSTANTIATE_TEST_SUITE_P(Engines, StopsTest, testing::Values(EngineKind::Jit, EngineKind::Interpreter));

}  // namespace
}  // namespace dyn86
