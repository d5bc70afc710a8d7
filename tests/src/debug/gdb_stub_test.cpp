// The protocol as gdb speaks it, and as nobody should.
#include "src/debug/gdb_stub.h"

#include "src/debug/target.h"
#include "tests/src/machine/booted_machine.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

namespace dyn86::debug {
namespace {

constexpr std::string_view bump = "7c80";

class GdbStubTest : public testing::Test {
protected:
    GdbStubTest() : machine_("stops", MachineConfig{}), stub_(*machine_.operator->()) {
        machine_.run_for(2);
        stub_.connect();
    }
    /// The reply's payload, acknowledged and framed as it has to be.
    std::string ask(std::string_view payload) { return unframed(stub_.receive(packet(payload)), "+$"); }
    /// Runs until the stub has something to say.
    std::string run() {
        for (unsigned i = 0; i < 100; ++i) {
            const Pause pause = machine_->run(machine_->now() + Ticks::from_ms(10));
            if (const std::string out = stub_.paused(pause); !out.empty()) return out;
        }
        return "nothing";
    }
    std::string go(std::string_view payload) {
        EXPECT_EQ(stub_.receive(packet(payload)), "+");
        return unframed(run(), "$");
    }
    std::string run_text(std::string_view payload) {
        const std::string out = stub_.receive(packet(payload));
        return out + run();
    }
    static std::string unframed(const std::string& out, std::string_view before) {
        EXPECT_TRUE(out.starts_with(before)) << out;
        if (out.size() < before.size() + 3) return out;
        const std::string payload = out.substr(before.size(), out.size() - before.size() - 3);
        EXPECT_EQ(packet(payload), out.substr(before.size() - 1));
        return payload;
    }
    std::string monitor(std::string_view line) {
        const std::string out = stub_.receive(packet("qRcmd," + to_hex(line)));
        std::string text;
        for (std::size_t at = out.find("$O"); at != std::string::npos; at = out.find("$O", at + 1))
            if (const auto bytes = from_hex(out.substr(at + 2, out.find('#', at) - at - 2))) text += *bytes;
        return text;
    }

    test::BootedMachine machine_;
    GdbStub stub_;
};

TEST_F(GdbStubTest, SaysWhatItCan) {
    EXPECT_NE(ask("qSupported:swbreak+").find("vContSupported+"), std::string::npos);
    EXPECT_EQ(ask("vCont?"), "vCont;c;C;s;S");
    EXPECT_EQ(ask("?"), "S05");
    EXPECT_EQ(ask("qUnheardOf"), "");
    EXPECT_EQ(ask("vMustReplyEmpty"), "");
}

TEST_F(GdbStubTest, TheDescriptionComesInParts) {
    std::string text;
    for (;;) {
        const std::string part = ask(fmt::format("qXfer:features:read:target.xml:{:x},100", text.size()));
        ASSERT_FALSE(part.empty());
        text += unescaped(part.substr(1));
        if (part.front() == 'l') break;
        ASSERT_EQ(part.front(), 'm');
    }
    EXPECT_EQ(text, target_description());
    EXPECT_NE(text.find("<architecture>i8086</architecture>"), std::string::npos);
}

TEST_F(GdbStubTest, RegistersGoBothWays) {
    EXPECT_EQ(ask("P0=34120000"), "OK");
    EXPECT_EQ(ask("p0"), "34120000");
    EXPECT_EQ(machine_->cpu().words[CpuState::Ax], 0x1234);
    EXPECT_EQ(ask("P8=437c0000"), "OK");  // EIP is linear
    EXPECT_EQ(machine_->cpu().ip, 0x7C43);
    EXPECT_EQ(ask("p20"), "437c");
    EXPECT_EQ(ask("P8=00000900"), "E01");  // beyond the code segment
    const std::string all = ask("g");
    EXPECT_EQ(ask("G" + all), "OK");
    EXPECT_EQ(ask("g"), all);
    EXPECT_EQ(ask("G1234"), "E01");
}

TEST_F(GdbStubTest, MemoryGoesBothWays) {
    EXPECT_EQ(ask("M700,3:010203"), "OK");
    EXPECT_EQ(ask("m700,3"), "010203");
    EXPECT_EQ(ask(std::string("X700,2:\x05}\x03", 10)), "OK");
    EXPECT_EQ(ask("m700,3"), "052303");
    EXPECT_EQ(ask("m100000,2"), ask("m0,2"));  // 21 bits wrap
    EXPECT_EQ(ask("Mffff0,1:00"), "E0e");      // ROM
    EXPECT_EQ(ask("m200000,1"), "E0e");
    EXPECT_EQ(ask("m0,ffffffff"), "E0e");
}

TEST_F(GdbStubTest, StopsAtABreakpointAndComesAway) {
    EXPECT_EQ(ask(std::string("Z0,") + std::string(bump) + ",1"), "OK");
    for (unsigned i = 0; i < 3; ++i) {
        EXPECT_EQ(go("c"), "T05swbreak:;");
        EXPECT_EQ(ask("p8"), "807c0000");
    }
    EXPECT_EQ(ask("vCont;s:1"), "T05");
    EXPECT_EQ(ask("p8"), "837c0000");
    EXPECT_EQ(ask(std::string("z0,") + std::string(bump) + ",1"), "OK");
    EXPECT_EQ(stub_.receive(packet("c")), "+");
    EXPECT_EQ(run(), "nothing");
    EXPECT_EQ(unframed(stub_.receive("\x03"), "$"), "T02");
    EXPECT_TRUE(stub_.holds());
}

TEST_F(GdbStubTest, WatchpointsTellTheirAddress) {
    EXPECT_EQ(ask("Z2,600,2"), "OK");
    EXPECT_EQ(go("c"), "T05watch:600;");
    EXPECT_EQ(ask("z2,600,2"), "OK");
    EXPECT_EQ(ask("Z3,610,1"), "OK");
    EXPECT_EQ(go("c"), "T05rwatch:610;");
    EXPECT_EQ(ask("Z5,610,1"), "");
    EXPECT_EQ(ask("Z2,610,0"), "E01");
}

TEST_F(GdbStubTest, StopsBeforeInterruptsAndPorts) {
    EXPECT_EQ(monitor("stop int 60 ah=12"), "1: int 60 ah=12\n");
    EXPECT_NE(run_text("c").find(to_hex("before INT 60 with AX=12")), std::string::npos);
    EXPECT_EQ(machine_->cpu().ip, 0x7C4D);
    EXPECT_EQ(monitor("clear all"), "");
    EXPECT_EQ(monitor("stop port 2f0-2ff out al=55"), "1: port 2f0-2ff out al=55\n");
    EXPECT_NE(run_text("c").find(to_hex("before OUT of 55 to port 2F8")), std::string::npos);
    EXPECT_EQ(machine_->cpu().ip, 0x7C54);
    EXPECT_EQ(monitor("clear 1"), "no stops\n");
}

TEST_F(GdbStubTest, MonitorShowsTheMachine) {
    EXPECT_NE(monitor("regs").find("FLAGS="), std::string::npos);
    EXPECT_EQ(monitor("ivt 60"), "60 0000:7C90\n");
    EXPECT_NE(monitor("stack 2").find("0000:7"), std::string::npos);
    EXPECT_NE(monitor("blocks").find("blocks translated"), std::string::npos);
    EXPECT_NE(monitor("help").find("monitor stop int"), std::string::npos);
    EXPECT_NE(monitor("screen").find('\n'), std::string::npos);
    for (const auto* bad : {"frob", "stop", "stop int", "stop int 100", "stop port 5-4", "stop int 21 frob",
                            "stop port 3 in out", "ivt 100", "stack zz", "clear 9"})
        EXPECT_NE(monitor(bad), "") << bad;
}

TEST_F(GdbStubTest, AGdbThatGoesLeavesNothingBehind) {
    ask(std::string("Z0,") + std::string(bump) + ",1");
    go("c");
    stub_.disconnect();
    EXPECT_FALSE(stub_.holds());
    EXPECT_EQ(machine_->run(machine_->now() + Ticks::from_ms(100)), Pause::Time);
}

TEST_F(GdbStubTest, ToldToKillItSaysSo) {
    EXPECT_EQ(ask("vKill;1"), "OK");
    EXPECT_TRUE(stub_.is_killed());
}

/// Packets that begin like real ones and go on like none, with sound checksums: all are answered, and the machine is
/// there afterwards.
TEST_F(GdbStubTest, AnswersWhatMakesNoSense) {
    std::mt19937 random(86);
    constexpr std::string_view starts[] = {"m",       "M",
                                           "X",       "Z0,",
                                           "Z2,",     "z3,",
                                           "P",       "p",
                                           "G",       "g",
                                           "s",       "?",
                                           "H",       "q",
                                           "Q",       "qRcmd,",
                                           "vCont;s", "qXfer:features:read:",
                                           "v",       "T",
                                           "R",       "",
                                           "D;",      "!",
                                           "b",       "qXfer:memory-map:read::"};
    constexpr std::string_view letters = "0123456789abcdef,:;=#$}*\x03\xFF-zZ ";
    for (unsigned i = 0; i < 20'000; ++i) {
        std::string payload(starts[random() % std::size(starts)]);
        for (auto n = random() % 24; n != 0; --n) payload += letters[random() % letters.size()];
        if (payload.find_first_of("#$") != std::string::npos) payload = escaped(payload);
        const std::string out = stub_.receive(packet(payload));
        EXPECT_FALSE(out.empty());
        if (stub_.is_detached()) stub_.connect();
    }
    stub_.connect();
    EXPECT_EQ(ask("?"), "S05");
}

/// Noise without any frame.
TEST_F(GdbStubTest, SurvivesNoise) {
    std::mt19937 random(8086);
    for (unsigned i = 0; i < 2'000; ++i) {
        std::string noise;
        for (auto n = random() % 64; n != 0; --n) noise += char(random());
        (void)stub_.receive(noise);
        if (!stub_.holds()) stub_.connect();
    }
    stub_.connect();
    EXPECT_EQ(ask("qC"), "QC1");
}

}  // namespace
}  // namespace dyn86::debug
