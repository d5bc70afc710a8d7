#include "src/verify/fresh_code.h"

#include <gtest/gtest.h>

namespace dyn86::verify {
namespace {

/// Runs the bytes at 1000:0100 for some clocks; DS = CS.
bool executes_fresh_code(std::initializer_list<u8> code, Cycles window) {
    bool seen = false;
    auto bed = TestBed::create([&](Memory& memory, Interpreter& interpreter) -> Result<std::unique_ptr<Engine>> {
        return std::make_unique<FreshCodeWatch>(memory, interpreter, window, seen);
    });
    EXPECT_TRUE(bed);
    (*bed)->engine().flush();
    (*bed)->memory().copy_in(0x10100, std::vector<u8>(code));
    Registers regs;
    regs.sreg.fill(0x1000);
    regs.ip = 0x100;
    (*bed)->start(regs, 10'000);
    EXPECT_EQ((*bed)->engine().run(), Exit::Halted);
    return seen;
}

}  // namespace

TEST(FreshCodeWatch, SeesAPatchOfTheNextInstruction) {
    // mov byte [0106], 42h / mov al, 0 / hlt
    EXPECT_TRUE(executes_fresh_code({0xC6, 0x06, 0x06, 0x01, 0x42, 0xB0, 0x00, 0xF4}, 512));
}

TEST(FreshCodeWatch, IgnoresEqualBytesAndData) {
    EXPECT_FALSE(executes_fresh_code({0xC6, 0x06, 0x06, 0x01, 0x00, 0xB0, 0x00, 0xF4}, 512));
    EXPECT_FALSE(executes_fresh_code({0xC6, 0x06, 0x06, 0x20, 0x42, 0xB0, 0x00, 0xF4}, 512));
}

TEST(FreshCodeWatch, ForgetsAfterTheWindow) {
    // mov byte [010D], 42h / mov cx, 1 / mul cx / nop / nop / mov al, 0 / hlt: more than 100 clocks in between
    EXPECT_FALSE(executes_fresh_code(
        {0xC6, 0x06, 0x0D, 0x01, 0x42, 0xB9, 0x01, 0x00, 0xF7, 0xE1, 0x90, 0x90, 0xB0, 0x00, 0xF4}, 100));
    EXPECT_TRUE(executes_fresh_code(
        {0xC6, 0x06, 0x0D, 0x01, 0x42, 0xB9, 0x01, 0x00, 0xF7, 0xE1, 0x90, 0x90, 0xB0, 0x00, 0xF4}, 512));
}

}  // namespace dyn86::verify
