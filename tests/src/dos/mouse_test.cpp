#include "src/dos/mouse.h"

#include <gtest/gtest.h>

namespace dyn86::dos {
namespace {

class MouseTest : public testing::Test {
protected:
    MouseTest() {
        memory_->write8(0x449, 3);  // 80 columns
        memory_->write16(0x44A, 80);
    }
    /// INT 33h; AX, BX, CX, DX before and, in regs(), after.
    Registers& call(u16 ax, u16 bx = 0, u16 cx = 0, u16 dx = 0) {
        regs_.set(Reg16::Ax, ax);
        regs_.set(Reg16::Bx, bx);
        regs_.set(Reg16::Cx, cx);
        regs_.set(Reg16::Dx, dx);
        regs_.set(Sreg::Es, 0x2000);
        mouse_.call(regs_);
        return regs_;
    }
    u16 cell(u16 row, u16 column) { return memory_->read16(0xB8000u + (row * 80u + column) * 2); }

    std::unique_ptr<Memory> memory_ = std::move(*Memory::create());
    Guest guest_{*memory_};
    bool line_ = false;
    Mouse mouse_{guest_, [this](bool level) { line_ = level; }};
    Registers regs_;
};

TEST_F(MouseTest, ResetSaysThatItIsThere) {
    EXPECT_EQ(call(0).get(Reg16::Ax), 0xFFFF);
    EXPECT_EQ(regs_.get(Reg16::Bx), 2);
    call(3);
    EXPECT_EQ(regs_.get(Reg16::Cx), 320);
    EXPECT_EQ(regs_.get(Reg16::Dx), 96);  // a cell's
}

TEST_F(MouseTest, MovesWithinItsRangesAndCountsMickeys) {
    call(0);
    call(7, 0, 400, 100);  // either way round
    call(8, 0, 0, 79);
    mouse_.move({.x = 0, .y = 65535, .buttons = 0});
    call(3);
    EXPECT_EQ(regs_.get(Reg16::Cx), 96);
    EXPECT_EQ(regs_.get(Reg16::Dx), 72);
    mouse_.move({.x = 65535, .y = 65535, .buttons = 0});
    call(11);
    EXPECT_EQ(i16(regs_.get(Reg16::Cx)), 400 - 320);
    EXPECT_EQ(regs_.get(Reg16::Dx), 0);  // limits had moved it there, not the person
    call(11);
    EXPECT_EQ(regs_.get(Reg16::Cx), 0);
    call(4, 0, 200, 1000);
    call(3);
    EXPECT_EQ(regs_.get(Reg16::Cx), 200);
    EXPECT_EQ(regs_.get(Reg16::Dx), 72);
}

TEST_F(MouseTest, CountsPressesAndReleasesOnce) {
    call(0);
    mouse_.move({.x = 0, .y = 0, .buttons = 1});
    mouse_.move({.x = 0, .y = 0, .buttons = 3});
    mouse_.move({.x = 6554, .y = 0, .buttons = 2});  // released at column 64
    call(5, 0);
    EXPECT_EQ(regs_.get(Reg16::Ax), 2);
    EXPECT_EQ(regs_.get(Reg16::Bx), 1);
    EXPECT_EQ(regs_.get(Reg16::Cx), 0);
    call(6, 0);
    EXPECT_EQ(regs_.get(Reg16::Bx), 1);
    EXPECT_EQ(regs_.get(Reg16::Cx), 64);
    call(5, 0);
    EXPECT_EQ(regs_.get(Reg16::Bx), 0);
}

TEST_F(MouseTest, TheHandlerIsToldOfWhatItAskedFor) {
    call(0);
    call(12, 0, 0x02, 0x1234);
    mouse_.move({.x = 0, .y = 0, .buttons = 0});
    EXPECT_FALSE(line_);
    mouse_.move({.x = 0, .y = 0, .buttons = 1});
    EXPECT_TRUE(line_);
    EXPECT_TRUE(mouse_.event(regs_));
    EXPECT_FALSE(line_);
    EXPECT_EQ(regs_.get(Reg16::Ax), 2);
    EXPECT_EQ(regs_.get(Reg16::Bx), 1);
    EXPECT_FALSE(mouse_.event(regs_));
    call(20, 0, 0x01, 0x5678);  // exchange
    EXPECT_EQ(regs_.get(Reg16::Cx), 2);
    EXPECT_EQ(regs_.get(Reg16::Dx), 0x1234);
    EXPECT_EQ(regs_.get(Sreg::Es), 0x2000);
}

TEST_F(MouseTest, DrawsItsCursorAndPutsBackWhatWasThere) {
    call(0);
    call(4, 0, 0, 0);
    memory_->write16(0xB8000, 0x0741);
    call(1);
    EXPECT_EQ(cell(0, 0), 0x7041);  // colours exchanged
    mouse_.move({.x = 8 * 65536 / 640 + 1, .y = 0, .buttons = 0});
    EXPECT_EQ(cell(0, 0), 0x0741);
    EXPECT_EQ(cell(0, 1), 0x7700);
    call(10, 0, 0x0000, 0x0E2A);
    EXPECT_EQ(cell(0, 1), 0x0E2A);
    memory_->write16(0xB8002, 0x0758);  // the program's, since
    call(2);
    EXPECT_EQ(cell(0, 1), 0x0758);
}

TEST_F(MouseTest, SavesAndRestores) {
    call(0);
    call(4, 0, 80, 80);
    call(21);
    const u16 size = regs_.get(Reg16::Bx);
    EXPECT_GT(size, 0);
    call(22, 0, 0, 0x100);
    call(4, 0, 400, 8);
    call(23, 0, 0, 0x100);
    call(3);
    EXPECT_EQ(regs_.get(Reg16::Cx), 80);
}

TEST_F(MouseTest, CountsWhatItDoesNotKnow) {
    call(0x77);
    EXPECT_EQ(mouse_.missing_calls(), (std::map<std::string, u64>{{"33/0077", 1}}));
}

}  // namespace
}  // namespace dyn86::dos
