// Motorola MC146818 Real-Time Clock plus RAM.
#pragma once

#include "src/base/archive.h"
#include "src/base/bus.h"
#include "src/base/ticks.h"
#include "src/base/types.h"

#include <array>

namespace dyn86 {

/// MC146818: ten bytes of time and alarm in BCD or binary, 12 or 24 hours, four control registers, 50 bytes of RAM
/// [MC146818]. The time is brought up to date when somebody looks. Periodic, alarm and update flags are computed
/// likewise, so they cost nothing unread; the IRQ pin would be IRQ8, which an XT has no line for: IRQF tells, nobody is
/// interrupted. assumed: daylight saving (DSE) is left to the software, whose rules it does not know.
///
///     70h  register (bit 7, the NMI mask of an AT, has no part)
///     71h  data; registers: 0 seconds, 2 minutes, 4 hours, 6 weekday (1: Sunday), 7 day, 8 month, 9 year,
///          1, 3, 5 alarm, 0Ah-0Dh control, 0Eh-3Fh RAM, of which the AT has the century in 32h
///
/// Wiring: ports 70h-71h.
class Rtc final : public PortDevice {
public:
    static constexpr Port first_port = 0x70;
    static constexpr u32 port_count = 2;

    explicit Rtc(const Clock& clock) : clock_(clock) {}

    /// Sets it as a setup program of an AT would: BCD, 24 hours, running.
    void set_time(i64 local_seconds);

    u8 in(Port port) override;
    void out(Port port, u8 value) override;
    void serialize(Archive& ar);

private:
    static constexpr std::size_t register_count = 64;

    [[nodiscard]] bool divider_runs() const { return (registers_[0x0A] & 0x70) == 0x20; }
    [[nodiscard]] bool is_set_up() const { return (registers_[0x0B] & 0x80) != 0; }
    [[nodiscard]] i64 since_start() const { return (clock_.now() - started_).count; }
    [[nodiscard]] i64 periods() const;
    [[nodiscard]] bool update_in_progress() const;
    void update();
    void count_seconds(i64 seconds);
    void second_passes();
    [[nodiscard]] bool alarm_matches() const;
    bool carry(std::size_t reg, int first, int last);
    bool carry_hour();
    [[nodiscard]] int days_in_month() const;
    [[nodiscard]] int value(std::size_t reg) const;
    void set_value(std::size_t reg, int value);
    u8 read_flags();
    void write_control(std::size_t reg, u8 value);

    const Clock& clock_;
    std::array<u8, register_count> registers_{};
    u8 index_ = 0x0D;
    Ticks started_;            // a second begins here and every second after
    i64 seconds_counted_ = 0;  // since then
    i64 periods_counted_ = 0;  // of the periodic flag, likewise
};

}  // namespace dyn86
