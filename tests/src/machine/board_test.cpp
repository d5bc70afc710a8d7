// The board's chips as guests see them, on both engines.
#include "tests/src/machine/booted_machine.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace dyn86 {
namespace {

using test::BootedMachine;

class OnBoard : public testing::TestWithParam<EngineKind> {
protected:
    [[nodiscard]] static MachineConfig config() {
        MachineConfig config;
        config.engine = GetParam();
        return config;
    }
};

class Scratch {
public:
    explicit Scratch(const std::string& name)
        : path_((std::filesystem::temp_directory_path() / ("dyn86-" + std::to_string(::getpid()) + name)).string()) {}
    ~Scratch() { std::filesystem::remove(path_); }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string text() const {
        std::ifstream file(path_, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }

private:
    std::string path_;
};

/// What guests/video_code.asm adds up.
std::pair<u16, u16> sums_of_video_code() {
    u16 sum = 0, own = 0, immediate = 1;
    for (u16 count = 300; count != 0; --count) {
        sum = u16(sum + immediate);
        immediate = count;
        sum = u16(sum + 2 * immediate);
        immediate = u16(immediate + 7);
        sum = u16(sum + immediate);
        own = u16(own + 2 * i8(count));
    }
    return {sum, own};
}

}  // namespace

TEST_P(OnBoard, CodeInVideoMemoryIsPatchedThroughItsRepetition) {
    for (const Adapter adapter : {Adapter::Cga, Adapter::Mda}) {
        MachineConfig with = config();
        with.adapter = adapter;
        BootedMachine pc("video_code", with);
        pc.run();
        const auto [sum, own] = sums_of_video_code();
        EXPECT_EQ(pc.word(BootedMachine::results), sum);
        EXPECT_EQ(pc.word(BootedMachine::results + 2), own);
    }
}

TEST_P(OnBoard, HerculesGatesItsSecondPage) {
    MachineConfig with = config();
    with.adapter = Adapter::Hercules;
    BootedMachine pc("hercules", with);
    pc.run();
    EXPECT_EQ(pc.bytes(BootedMachine::results, 2), (std::vector<u8>{0xFF, 0xFF}));
    EXPECT_EQ(pc.word(BootedMachine::results + 2), 99 * 100 / 2);
    EXPECT_EQ(pc.bytes(BootedMachine::results + 4, 1), std::vector<u8>{0xFF});
    EXPECT_EQ(pc.word(BootedMachine::results + 6), 99 * 100 / 2 + 100);
    const Screen screen = pc->screen();
    EXPECT_EQ(screen.mode, Screen::Mode::Graphics720);
    EXPECT_EQ(screen.line_bytes(), 90u);
    EXPECT_EQ(screen.lines(), 348u);
    EXPECT_EQ(screen.graphics_byte(347, 89), 1);
    EXPECT_EQ(screen.graphics_byte(0, 1), 100);
}

TEST_P(OnBoard, NoSlotClockIsNotDisturbedByFetches) {
    MachineConfig with = config();
    with.no_slot_clock = 0xF'8000;
    BootedMachine pc("no_slot_clock", with);
    pc.run();
    const auto time = pc.bytes(BootedMachine::results, 8);
    EXPECT_EQ(std::vector<u8>(time.begin() + 2, time.end()), (std::vector<u8>{0x24, 0x01, 0x07, 0x26, 0x04, 0x86}));
    EXPECT_GE(time[1], 0x05);
}

TEST_P(OnBoard, ClockAtPort70) {
    BootedMachine pc("rtc", config());
    pc.run();
    const auto time = pc.bytes(BootedMachine::results, 10);
    EXPECT_EQ(std::vector<u8>(time.begin() + 6, time.end()), (std::vector<u8>{0x07, 0x26, 0x04, 0x86}));
    EXPECT_EQ(time[4], 0x01);
}

TEST_P(OnBoard, TheTimerIsWhatAProgramExpects) {
    for (const bool exact : {false, true}) {
        MachineConfig with = config();
        with.clocks.timing = exact ? Timing::Exact : Timing::Table;
        BootedMachine pc("pit", with);
        pc.run();
        const auto found = pc.bytes(BootedMachine::results, 5);
        EXPECT_EQ(found[0], 0) << std::hex << "the last before " << pc.word(BootedMachine::results + 2);
        EXPECT_EQ(found[4], 1);
    }
}

TEST_P(OnBoard, SwitchesOfAPcAddUpToItsMemory) {
    for (const u32 kib : {64u, 96u, 256u, 640u}) {
        MachineConfig with = config();
        with.model = BoardModel::Pc;
        with.memory_kib = kib;
        BootedMachine pc("switches", with);
        pc.run();
        EXPECT_EQ(pc.word(BootedMachine::results), kib);
    }
}

TEST_P(OnBoard, SerialAndPrinterFiles) {
    for (const Adapter adapter : {Adapter::Cga, Adapter::Hercules}) {
        const Scratch line("-serial"), paper("-paper");
        MachineConfig with = config();
        with.adapter = adapter;
        with.serial[0] = {SerialSetting::Kind::File, line.path()};
        with.printer_file = paper.path();
        BootedMachine pc("ports", with);
        pc.run();
        EXPECT_EQ(line.text(), "serial line\r\n");
        EXPECT_EQ(paper.text(), "printed line\r\n");
        EXPECT_EQ(pc.word(BootedMachine::results), 0x3F8);
        EXPECT_EQ(pc.word(BootedMachine::results + 2), adapter == Adapter::Cga ? 0x378 : 0x3BC);
    }
}

TEST_P(OnBoard, FullPaperIsAnErrorOfTheRun) {
    MachineConfig with = config();
    with.printer_file = "/dev/full";
    BootedMachine pc("ports", with);
    pc.run_for(60);
    ASSERT_TRUE(pc->ended());
    EXPECT_EQ(pc->outcome().reason, Reason::EmulatorError);
    EXPECT_EQ(pc->outcome().message, "/dev/full: No space left on device");
}

TEST_P(OnBoard, SerialMouse) {
    MachineConfig with = config();
    with.serial[0].kind = SerialSetting::Kind::Mouse;
    BootedMachine pc("mouse", with);
    pc.run_for(5);
    EXPECT_FALSE(pc->ended());       // waits for a report
    pc->mouse({0x8000, 0x8000, 0});  // where the pointer is to begin with
    pc->mouse({0x8400, 0x7C00, 2});  // 10 mickeys right, 7 up, the right button
    pc.run();
    EXPECT_EQ(pc.bytes(BootedMachine::results, 4), (std::vector<u8>{'M', 0x5C, 0x0A, 0x39}));
}

TEST_P(OnBoard, TargetsThatAreRefused) {
    const auto message = [](SerialSetting setting) {
        MachineConfig with = config();
        with.serial[1] = std::move(setting);
        const auto made = Machine::create(with);
        EXPECT_FALSE(made);
        return made ? "" : made.error().message;
    };
    EXPECT_EQ(message({SerialSetting::Kind::File, "/nonexistent/line"}),
              "/nonexistent/line: No such file or directory");
    EXPECT_EQ(message({SerialSetting::Kind::Tcp, "127.0.0.1:1"}), "tcp:127.0.0.1:1: Connection refused");
}

TEST_P(OnBoard, APseudoterminalIsNamed) {
    MachineConfig with = config();
    with.serial[1].kind = SerialSetting::Kind::Pty;
    BootedMachine pc("rtc", with);
    ASSERT_EQ(pc->notes().size(), 1u);
    EXPECT_TRUE(pc->notes()[0].starts_with("serial port 2 is /dev/pts/")) << pc->notes()[0];
}

INSTANTIATE_TEST_SUITE_P(Engines, OnBoard, testing::Values(EngineKind::Jit, EngineKind::Interpreter));

}  // namespace dyn86
