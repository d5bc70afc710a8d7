#include "devices/parallel.h"

#include "tests/support/memory_archive.h"

#include <gtest/gtest.h>

#include <string>

namespace dyn86 {
namespace {

struct Paper final : Printer {
    std::string text;
    bool is_out = false;
    bool print(u8 byte) override {
        if (!is_out) text.push_back(char(byte));
        return !is_out;
    }
};

struct Bench {
    ManualClock clock;
    Scheduler scheduler{clock};
    test::ProbePin irq;
    Paper paper;
    Parallel port{scheduler, irq, paper};

    void print(u8 byte, u8 control) {
        port.out(0x378, byte);
        port.out(0x37A, u8(control | 1));
        port.out(0x37A, control);
    }
    void wait(Ticks by) {
        clock.advance(by);
        scheduler.run_due();
    }
};

}  // namespace

TEST(Parallel, PrintsOnStrobe) {
    Bench b;
    EXPECT_EQ(b.port.in(0x379), 0xDF);
    b.print('H', 0x0C);
    EXPECT_EQ(b.port.in(0x379), 0x9F);  // acknowledged just now
    b.print('i', 0x0C);
    b.wait(Parallel::acknowledge_time);
    EXPECT_EQ(b.port.in(0x379), 0xDF);
    EXPECT_EQ(b.paper.text, "Hi");
    EXPECT_FALSE(b.irq.level);
    EXPECT_EQ(b.port.in(0x378), 'i');
    EXPECT_EQ(b.port.in(0x37A), 0xEC);
}

TEST(Parallel, AcknowledgeInterrupts) {
    Bench b;
    b.print('x', 0x1C);
    EXPECT_TRUE(b.irq.level);
    b.wait(Parallel::acknowledge_time);
    EXPECT_FALSE(b.irq.level);
    EXPECT_EQ(b.irq.rises, 1);
}

TEST(Parallel, OutOfPaper) {
    Bench b;
    b.paper.is_out = true;
    b.print('x', 0x0C);
    EXPECT_EQ(b.port.in(0x379), 0xF7);
    b.paper.is_out = false;
    b.print('y', 0x0C);
    EXPECT_EQ(b.port.in(0x379) & 0x20, 0);
    EXPECT_EQ(b.paper.text, "y");
}

TEST(Parallel, State) {
    Bench b, c;
    b.print('x', 0x1C);
    const test::Recording saved = test::save(b.port);
    test::load(c.port, saved);
    EXPECT_EQ(test::save(c.port), saved);
    c.wait(Parallel::acknowledge_time);
    EXPECT_EQ(c.port.in(0x379), 0xDF);
}

}  // namespace dyn86
