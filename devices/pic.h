// Intel 8259A Programmable Interrupt Controller.
#pragma once

#include "src/base/archive.h"
#include "src/base/bus.h"
#include "src/base/types.h"

#include <array>
#include <functional>
#include <utility>

namespace dyn86 {

/// 8259A: eight request lines, one INT output, all of ICW1-4 and OCW1-3 [8259A]. Everything is combinational apart from
/// the latches below, so there is neither clock nor event.
///
/// A request is seen in IRR while its line is high and, in edge mode, only if the line was low since the last
/// acknowledge
/// ("armed"). A line that falls before INTA therefore takes its request back, and INTA finds nothing: the spurious IR7.
///
/// Wiring: PC and XT, ports 20h-3Fh (A0 alone is decoded inside). `intr` is the CPU's INTR; IR0 timer, IR1 keyboard,
/// IR6 diskette. A slave's `intr` is its master's `line(n)`, announced with `cascade(n, slave)`.
class Pic final : public PortDevice, public InterruptAcknowledge {
public:
    static constexpr Port first_port = 0x20;
    static constexpr u32 port_count = 0x20;

    /// The level of SP/EN when the chip is not in buffered mode: high makes a master.
    enum class Role : u8 { Master, Slave };

    explicit Pic(Pin& intr, Role role = Role::Master);

    [[nodiscard]] Pin& line(std::size_t level) { return inputs_.at(level); }
    /// Says which chip answers the second INTA when this master's ICW3 marks `level` as a slave.
    void cascade(std::size_t level, Pic& slave) { slaves_.at(level) = &slave; }

    /// Of the device at a line, if it may tell falls late while is_deaf_to_fall(): `served` is called when that may
    /// have begun, `needed` before and after the chip looks at levels itself.
    struct Source {
        std::function<void()> served, needed;
    };
    void attach(std::size_t level, Source source) { sources_.at(level) = std::move(source); }
    /// A request that was taken leaves nothing to be seen of its line until it rises again.
    [[nodiscard]] bool is_deaf_to_fall(std::size_t level) const {
        return !level_triggered() && (armed_ >> level & 1) == 0;
    }

    /// Both INTA cycles of an 8086: the vector, or what the data bus carries then in MCS-80/85 mode (low address byte
    /// of CALL).
    u8 acknowledge() override;
    u8 in(Port port) override;
    void out(Port port, u8 value) override;
    void serialize(Archive& ar);

    /// For debuggers and --stats: the three registers, without side effects.
    [[nodiscard]] u8 irr() const { return level_triggered() ? lines_ : u8(lines_ & armed_); }
    [[nodiscard]] u8 isr() const { return isr_; }
    [[nodiscard]] u8 imr() const { return imr_; }

private:
    class Input final : public Pin {
    public:
        void connect(Pic& pic, u8 bit) {
            pic_ = &pic;
            bit_ = bit;
        }
        void set_level(bool high) override { pic_->set_line(bit_, high); }

    private:
        Pic* pic_ = nullptr;
        u8 bit_ = 0;
    };
    enum class Expect : u8 { Command, Icw2, Icw3, Icw4 };
    static constexpr int none = -1;

    void set_line(u8 bit, bool high);
    void write_icw1(u8 value);
    void write_icw(u8 value);
    void write_ocw2(u8 value);
    void write_ocw3(u8 value);
    void end_of_interrupt(u8 bit, bool rotate);
    void enter_service(int level);
    [[nodiscard]] u8 vector_of(int level) const;
    u8 poll();
    void update();
    void ask_sources();

    /// The level with the best claim among `bits` under the present rotation, or none.
    [[nodiscard]] int best_of(u8 bits) const;
    /// The level to be served now, or none.
    [[nodiscard]] int request() const;
    [[nodiscard]] u8 in_service_for_eoi() const;

    [[nodiscard]] bool level_triggered() const { return (icw1_ & 0x08) != 0; }
    [[nodiscard]] bool single() const { return (icw1_ & 0x02) != 0; }
    [[nodiscard]] bool automatic_eoi() const { return (icw4_ & 0x02) != 0; }
    [[nodiscard]] bool special_fully_nested() const { return (icw4_ & 0x10) != 0; }
    [[nodiscard]] bool is_8086_mode() const { return (icw4_ & 0x01) != 0; }
    [[nodiscard]] bool is_master() const;

    Pin& intr_;
    Role role_;
    std::array<Input, 8> inputs_;
    std::array<Pic*, 8> slaves_{};
    std::array<Source, 8> sources_;

    u8 lines_ = 0;     // levels of IR0..IR7
    u8 armed_ = 0xFF;  // the edge sense latches
    u8 isr_ = 0;
    u8 imr_ = 0;
    u8 icw1_ = 0;
    u8 icw2_ = 0;
    u8 icw3_ = 0;
    u8 icw4_ = 0;
    u8 lowest_ = 7;  // the level with the lowest priority
    Expect expect_ = Expect::Command;
    bool initialised_ = false;  // an unprogrammed chip requests nothing
    bool special_mask_ = false;
    bool rotate_on_aeoi_ = false;
    bool read_isr_ = false;
    bool poll_ = false;
};

}  // namespace dyn86
