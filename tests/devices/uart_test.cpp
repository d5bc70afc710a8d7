#include "devices/uart.h"

#include "devices/serial_mouse.h"
#include "tests/support/memory_archive.h"

#include <gtest/gtest.h>

#include <deque>
#include <vector>

namespace dyn86 {
namespace {

struct Peer final : SerialPeer {
    std::vector<u8> got;
    std::deque<u8> to_send;
    int lines = -1;
    void receive(u8 character) override { got.push_back(character); }
    std::optional<u8> send() override {
        if (to_send.empty()) return std::nullopt;
        const u8 first = to_send.front();
        to_send.pop_front();
        return first;
    }
    void set_lines(bool dtr, bool rts) override { lines = int{dtr} << 1 | int{rts}; }
};

constexpr Port com1 = 0x3F8;

struct Bench {
    ManualClock clock;
    Scheduler scheduler{clock};
    test::ProbePin irq;
    Uart uart{"com1", scheduler, irq};
    Peer peer;

    Bench() {
        set_rate(12, 0x03);  // 9600, 8N1
        uart.out(com1 + 4, 0x08);
    }
    void set_rate(u16 divisor, u8 format) {
        uart.out(com1 + 3, 0x80);
        uart.out(com1, u8(divisor));
        uart.out(com1 + 1, u8(divisor >> 8));
        uart.out(com1 + 3, format);
    }
    void plug() {
        uart.connect(peer);
        uart.in(com1 + 6);
    }
    void wait(Ticks by) {
        const Ticks end = clock.now() + by;
        while (scheduler.next() <= end) {
            clock.advance(scheduler.next() - clock.now());
            scheduler.run_due();
        }
        clock.advance(end - clock.now());
    }
};

}  // namespace

TEST(Uart, SendsAtItsRate) {
    Bench b;
    b.plug();
    EXPECT_EQ(b.uart.in(com1 + 5), 0x60);
    b.uart.out(com1, 'A');
    EXPECT_EQ(b.uart.in(com1 + 5), 0x20);  // on the line; room for the next
    b.uart.out(com1, 'B');
    EXPECT_EQ(b.uart.in(com1 + 5), 0x00);
    b.wait(Ticks::from_us(1030));  // ten bits of 104.2 us
    EXPECT_TRUE(b.peer.got.empty());
    b.wait(Ticks::from_us(20));
    EXPECT_EQ(b.peer.got, (std::vector<u8>{'A'}));
    EXPECT_EQ(b.uart.in(com1 + 5), 0x20);
    b.wait(Ticks::from_us(1050));
    EXPECT_EQ(b.peer.got, (std::vector<u8>{'A', 'B'}));
    EXPECT_EQ(b.uart.in(com1 + 5), 0x60);
}

TEST(Uart, ReceivesOneAfterTheOther) {
    Bench b;
    b.plug();
    b.peer.to_send = {'x', 'y'};
    b.uart.wake();
    b.wait(Ticks::from_ms(50));
    EXPECT_EQ(b.uart.in(com1 + 5), 0x61);
    EXPECT_EQ(b.uart.in(com1), 'x');
    EXPECT_EQ(b.uart.in(com1 + 5), 0x60);
    b.wait(Ticks::from_us(1050));
    EXPECT_EQ(b.uart.in(com1 + 5), 0x61);
    EXPECT_EQ(b.uart.in(com1), 'y');
    EXPECT_EQ(b.scheduler.next(), Ticks::never());  // idle
}

TEST(Uart, InterruptsByPriority) {
    Bench b;
    b.plug();
    b.uart.out(com1 + 1, 0x0F);
    EXPECT_TRUE(b.irq.level);  // the holding register is empty
    EXPECT_EQ(b.uart.in(com1 + 2), 0x02);
    EXPECT_FALSE(b.irq.level);
    EXPECT_EQ(b.uart.in(com1 + 2), 0x01);
    b.uart.out(com1, 'A');
    b.peer.to_send = {'z'};
    b.uart.wake();
    b.wait(Ticks::from_ms(2));
    EXPECT_EQ(b.uart.in(com1 + 2), 0x04);
    EXPECT_EQ(b.uart.in(com1 + 2), 0x04);  // until the data is read
    b.uart.in(com1);
    EXPECT_EQ(b.uart.in(com1 + 2), 0x02);
    EXPECT_FALSE(b.irq.level);
}

TEST(Uart, Out2LetsInterruptsOut) {
    Bench b;
    b.uart.out(com1 + 4, 0x00);
    b.uart.out(com1 + 1, 0x02);
    EXPECT_FALSE(b.irq.level);
    EXPECT_EQ(b.uart.in(com1 + 2), 0x02);
    b.uart.out(com1, 'A');
    b.uart.out(com1 + 4, 0x08);
    EXPECT_TRUE(b.irq.level);
}

TEST(Uart, LoopMode) {
    Bench b;
    b.plug();
    b.uart.out(com1 + 4, 0x10);
    EXPECT_EQ(b.uart.in(com1 + 6), 0x0B);  // the inputs fell
    b.uart.out(com1 + 4, 0x1F);
    EXPECT_EQ(b.uart.in(com1 + 6) & 0xF0, 0xF0);
    b.uart.out(com1 + 4, 0x1A);
    EXPECT_EQ(b.uart.in(com1 + 6), 0x96);  // CTS, DCD; DSR changed, RI fell
    b.uart.out(com1, 0x55);
    b.wait(Ticks::from_ms(2));
    EXPECT_EQ(b.uart.in(com1 + 5), 0x61);
    EXPECT_EQ(b.uart.in(com1), 0x55);
    EXPECT_TRUE(b.peer.got.empty());
    b.uart.out(com1, 1);
    b.uart.out(com1, 2);
    b.wait(Ticks::from_ms(3));
    EXPECT_EQ(b.uart.in(com1 + 5), 0x63);  // overrun, told once
    EXPECT_EQ(b.uart.in(com1 + 5), 0x61);
    EXPECT_EQ(b.uart.in(com1), 2);
}

TEST(Uart, WordLength) {
    Bench b;
    b.plug();
    b.set_rate(96, 0x02);  // 1200, 7N1
    b.uart.out(com1, 0xC1);
    b.wait(Ticks::from_us(7490));
    EXPECT_TRUE(b.peer.got.empty());
    b.wait(Ticks::from_us(20));
    EXPECT_EQ(b.peer.got, (std::vector<u8>{0x41}));
}

TEST(Uart, Registers) {
    Bench b;
    EXPECT_EQ(b.uart.in(com1 + 6), 0x00);  // nothing plugged in
    b.uart.out(com1 + 7, 0x5A);
    EXPECT_EQ(b.uart.in(com1 + 7), 0x5A);
    b.uart.out(com1 + 1, 0xFF);
    EXPECT_EQ(b.uart.in(com1 + 1), 0x0F);
    b.uart.out(com1 + 4, 0xFF);
    EXPECT_EQ(b.uart.in(com1 + 4), 0x1F);
    b.uart.out(com1 + 3, 0x83);
    EXPECT_EQ(b.uart.in(com1), 12);
    EXPECT_EQ(b.uart.in(com1 + 1), 0);
    Uart old{"com2", b.scheduler, b.irq, Uart::Model::I8250};
    old.out(0x2FF, 0x5A);
    EXPECT_EQ(old.in(0x2FF), 0xFF);
}

TEST(Uart, State) {
    Bench b, c;
    b.plug();
    c.plug();
    b.uart.out(com1, 'A');
    b.uart.out(com1, 'B');
    b.peer.to_send = {'q'};
    b.uart.wake();
    b.wait(Ticks::from_us(500));
    const test::Recording saved = test::save(b.uart);
    test::load(c.uart, saved);
    EXPECT_EQ(test::save(c.uart), saved);
    c.wait(Ticks::from_ms(5));
    EXPECT_EQ(c.peer.got, (std::vector<u8>{'A', 'B'}));
    EXPECT_EQ(c.uart.in(com1), 'q');
}

TEST(SerialMouse, TellsItsNameWhenPoweredUpAndMoves) {
    Bench b;
    SerialMouse mouse{b.uart};
    b.uart.connect(mouse);
    b.set_rate(96, 0x02);
    mouse.move(5, 5, false, false);
    b.uart.out(com1 + 4, 0x09);  // DTR alone
    b.wait(Ticks::from_ms(20));
    EXPECT_EQ(b.uart.in(com1 + 5) & 1, 0);
    b.uart.out(com1 + 4, 0x0B);
    const auto next = [&] {
        b.wait(Ticks::from_ms(8));
        EXPECT_EQ(b.uart.in(com1 + 5) & 1, 1);
        return b.uart.in(com1);
    };
    EXPECT_EQ(next(), 'M');
    b.wait(Ticks::from_ms(20));
    EXPECT_EQ(b.uart.in(com1 + 5) & 1, 0);
    mouse.move(-3, 70, false, false);
    EXPECT_EQ(next(), 0x40 | 1 << 2 | 3);
    EXPECT_EQ(next(), 0x3D);
    EXPECT_EQ(next(), 70 & 0x3F);
    mouse.move(0, 0, true, false);
    EXPECT_EQ(next(), 0x60);
    next();
    next();
    mouse.move(300, 0, true, false);  // more than a report holds
    EXPECT_EQ(next(), 0x61);
    EXPECT_EQ(next(), 0x3F);
    next();
    EXPECT_EQ(next(), 0x61);
}

TEST(SerialMouse, State) {
    Bench b;
    SerialMouse mouse{b.uart}, other{b.uart};
    mouse.set_lines(true, true);
    mouse.move(5, -5, false, false);
    mouse.send();
    mouse.send();
    const test::Recording saved = test::save(mouse);
    test::load(other, saved);
    EXPECT_EQ(test::save(other), saved);
    EXPECT_EQ(other.send(), mouse.send());
}

}  // namespace dyn86
