// Boot sectors that write and read every chip at random: nothing a guest does to a port stops the emulator, and both
// engines come to the same memory at the same clock.
#include "src/dyn86.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace dyn86 {
namespace {

constexpr std::size_t floppy_size = 368'640, memory_size = 0x10'0000;
constexpr std::pair<u16, u16> chips[]{{0x00, 0x0F},   {0x20, 0x21},   {0x40, 0x43},   {0x60, 0x63},   {0x70, 0x71},
                                      {0x80, 0x8F},   {0xA0, 0xA0},   {0x200, 0x201}, {0x2F8, 0x2FF}, {0x300, 0x30F},
                                      {0x378, 0x37A}, {0x3B0, 0x3BF}, {0x3D0, 0x3DF}, {0x3F0, 0x3F7}, {0x3F5, 0x3F5}};
/// Commands and modes that lead somewhere; other values come, too.
constexpr u8 meaning[]{0x00, 0x01, 0x02, 0x03, 0x07, 0x08, 0x0F, 0x13, 0x1C, 0x20, 0x2C, 0x36,
                       0x46, 0x4A, 0x4D, 0x80, 0x90, 0xB0, 0xB6, 0xC5, 0xE6, 0xEC, 0xFF};

class Traffic {
public:
    explicit Traffic(u32 seed) : random_(seed) {}

    std::vector<u8> floppy() {
        code_ = {0x31, 0xC0, 0x8E, 0xD8, 0x8E, 0xC0};  // DS = ES = 0
        while (code_.size() < 490) step();
        code_.insert(code_.end(), {0xE9, u8(6 - code_.size() - 3), u8((6 - code_.size() - 3) >> 8)});  // all over again
        code_.resize(510, 0x90);
        code_.insert(code_.end(), {0x55, 0xAA});
        while (code_.size() < 16 * 512) code_.push_back(u8(below(256)));
        code_.resize(floppy_size);
        return code_;
    }
    u32 below(u32 end) { return u32(random_() % end); }

private:
    void step() {
        const auto [first, last] = chips[below(std::size(chips))];
        const u16 port = u16(first + below(last - first + 1u));
        const auto add = [this](std::initializer_list<u8> bytes) { code_.insert(code_.end(), bytes); };
        const u32 kind = below(16);
        if (kind < 13) add({0xBA, u8(port), u8(port >> 8)});  // DX = port
        if (kind < 9) add({0xB0, below(3) == 0 ? u8(below(256)) : meaning[below(std::size(meaning))], 0xEE});
        if (kind >= 9 && kind < 13) add({below(4) == 0 ? u8{0xED} : u8{0xEC}, 0xAB});  // IN, and STOSW of it
        if (kind == 13) add({0xFB, 0xF4});                                             // STI, HLT
        if (kind == 14) add({below(2) == 0 ? u8{0xFA} : u8{0xFB}});
        if (kind == 15) add({0xB9, u8(below(256)), u8(below(4)), 0xE2, 0xFE});  // a delay
    }

    std::mt19937 random_;
    std::vector<u8> code_;
};

struct Found {
    std::vector<u8> memory;
    i64 clocks = 0;
    std::string end;
};

Found run(MachineConfig config, EngineKind engine) {
    config.engine = engine;
    auto machine = Machine::create(config);
    EXPECT_TRUE(machine) << machine.error().message;
    EXPECT_TRUE((*machine)->start_boot());
    (*machine)->run(Ticks::from_ms(120));
    Found found{.memory = std::vector<u8>(memory_size), .clocks = i64((*machine)->stats().cycles), .end = {}};
    (*machine)->peek(0, found.memory);
    if ((*machine)->ended()) found.end = (*machine)->outcome().message;
    return found;
}

}  // namespace

TEST(Traffic, BothEnginesComeToTheSame) {
    const std::string path =
        (std::filesystem::temp_directory_path() / ("dyn86-traffic-" + std::to_string(::getpid()))).string();
    for (u32 seed = 1; seed <= 60; ++seed) {
        Traffic traffic(seed);
        const std::vector<u8> floppy = traffic.floppy();
        std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(floppy.data()), floppy_size);
        MachineConfig config;
        config.adapter = Adapter(traffic.below(3));
        config.model = BoardModel(traffic.below(2));
        config.clocks.timing = Timing(traffic.below(2));
        config.serial[0] = {SerialSetting::Kind::Mouse, {}};
        config.printer_file = "/dev/null";
        config.date = {DateSetting::Kind::Fixed, 514'862'645};
        config.jit_threshold = 2;
        config.images.push_back({.number = 0, .path = path, .overlay = path + ".overlay"});
        const Found interpreted = run(config, EngineKind::Interpreter);
        std::filesystem::remove(path + ".overlay");
        const Found translated = run(config, EngineKind::Jit);
        std::filesystem::remove(path + ".overlay");
        EXPECT_EQ(interpreted.clocks, translated.clocks) << "seed " << seed;
        EXPECT_EQ(interpreted.end, translated.end) << "seed " << seed;
        EXPECT_TRUE(interpreted.memory == translated.memory) << "seed " << seed;
    }
    std::filesystem::remove(path);
}

}  // namespace dyn86
