// The mouse from the public API to a program's event handler.
#include "src/dyn86.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace dyn86 {
namespace {

// INT 33h AX=0, AX=0Ch with CX=3 (moved, left pressed); halts until the handler was there, and ends with what it noted:
// column / 8, and 100 more when the left button is down.
constexpr unsigned char program[] = {
    0x31, 0xC0, 0xCD, 0x33, 0xB8, 0x0C, 0x00, 0xB9, 0x03, 0x00, 0xBA, 0x1E, 0x01, 0xCD, 0x33, 0xF4, 0x80,
    0x3E, 0x32, 0x01, 0x00, 0x74, 0xF8, 0xA0, 0x32, 0x01, 0xB4, 0x4C, 0xCD, 0x21, 0x88, 0xC8, 0x88, 0xEC,
    0xB1, 0x03, 0xD3, 0xE8, 0xF6, 0xC3, 0x01, 0x74, 0x02, 0x04, 0x64, 0x2E, 0xA2, 0x32, 0x01, 0xCB, 0x00,
};

TEST(Mouse, EventsReachTheHandlerOnBothEngines) {
    const std::filesystem::path folder = std::filesystem::temp_directory_path() / "dyn86-mouse-test";
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "m.com", std::ios::binary).write(reinterpret_cast<const char*>(program), sizeof program);
    for (const EngineKind engine : {EngineKind::Interpreter, EngineKind::Jit}) {
        MachineConfig config;
        config.engine = engine;
        config.folders.push_back({.letter = 'C', .path = folder.string(), .label = {}, .current = {}});
        auto machine = Machine::create(config);
        ASSERT_TRUE(machine) << machine.error().message;
        ASSERT_TRUE((*machine)->start_program("C:\\M.COM", ""));
        EXPECT_EQ((*machine)->run((*machine)->now() + Ticks::from_ms(200)), Pause::Time);
        (*machine)->mouse({.x = 32768, .y = 32768, .buttons = 0});  // where it is already: no event
        EXPECT_EQ((*machine)->run((*machine)->now() + Ticks::from_ms(200)), Pause::Time);
        (*machine)->mouse({.x = 16384, .y = 32768, .buttons = 1});
        EXPECT_EQ((*machine)->run((*machine)->now() + Ticks::from_ms(200)), Pause::Ended);
        EXPECT_EQ((*machine)->outcome().errorlevel, 120);
    }
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace dyn86
