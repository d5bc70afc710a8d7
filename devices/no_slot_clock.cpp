#include "devices/no_slot_clock.h"

#include "devices/calendar_time.h"

#include <algorithm>

namespace dyn86 {
namespace {

constexpr Linear line_a0 = 1, line_a2 = 4;
/// [DS1216, figure 2]: bit 0 of the first byte comes first.
constexpr std::array<u8, 8> key{0xC5, 0x3A, 0xA3, 0x5C, 0xC5, 0x3A, 0xA3, 0x5C};

// [DS1216, figure 3]
enum : std::size_t { hundredth = 0, second = 1, minute = 2, hour = 3, weekday = 4, day = 5, month = 6, year = 7 };
constexpr u8 twelve_hours = 0x80, afternoon = 0x20;

constexpr i64 a_second = 100;

bool bit_of(const std::array<u8, 8>& bytes, int index) {
    return (bytes.at(std::size_t(index / 8)) >> index % 8 & 1) != 0;
}

u8 hour_register(int of_day, bool twelve) {
    if (!twelve) return to_bcd(of_day);
    const int shown = of_day % 12 == 0 ? 12 : of_day % 12;
    return u8(twelve_hours | (of_day >= 12 ? afternoon : 0) | to_bcd(shown));
}

int hour_of(u8 shown) {
    if ((shown & twelve_hours) == 0) return from_bcd(shown & 0x3F);
    return from_bcd(shown & 0x1F) % 12 + ((shown & afternoon) != 0 ? 12 : 0);
}

}  // namespace

NoSlotClock::NoSlotClock(const Clock& clock, Linear start, std::span<const u8> rom, i64 local_seconds)
    : clock_(clock), start_(start), rom_(rom), offset_(0) {
    offset_ = local_seconds * a_second - hundredths();
}

/// What it shows, in hundredths of a second since 1970.
i64 NoSlotClock::hundredths() const {
    return i64(__int128{clock_.now().count} * a_second / Ticks::rate_hz) + offset_;
}

u8 NoSlotClock::read(Linear address) {
    const bool reads = (address & line_a2) != 0, bit = (address & line_a0) != 0;
    if (!is_open_) {
        const u8 value = peek(address);
        if (reads) {
            at_ = 0;
            deaf_ = false;
        } else if (!deaf_) {
            compare(bit);
        }
        return value;
    }
    u8 value = 0xFF;  // the ROM's outputs are off
    if (reads) {
        value = bit_of(registers_, at_) ? 0xFF : 0xFE;
    } else {
        const u8 mask = u8(1u << at_ % 8);
        u8& target = registers_.at(std::size_t(at_ / 8));
        target = bit ? u8(target | mask) : u8(target & ~mask);
        written_ = true;
    }
    if (++at_ == bits) close();
    return value;
}

/// A wrong bit makes it deaf until the next read. [DS1216, "Nonvolatile Controller Operation"]
void NoSlotClock::compare(bool bit) {
    deaf_ = bit != bit_of(key, at_);
    if (!deaf_ && ++at_ == bits) open();
}

void NoSlotClock::open() {
    is_open_ = true;
    written_ = false;
    at_ = 0;
    const i64 now = hundredths();
    const CalendarTime time = CalendarTime::from_seconds(now / a_second);
    registers_[hundredth] = to_bcd(int(now % a_second));
    registers_[second] = to_bcd(time.second);
    registers_[minute] = to_bcd(time.minute);
    registers_[hour] = hour_register(time.hour, hour_mode_ != 0);
    registers_[weekday] = u8((time.weekday + weekday_offset_) % 7 + 1);
    registers_[day] = to_bcd(time.day);
    registers_[month] = to_bcd(time.month);
    registers_[year] = to_bcd(time.year % 100);
}

/// Takes over what was written. assumed: the oscillator bit stops nothing; years below 80 are of this century.
void NoSlotClock::close() {
    is_open_ = false;
    deaf_ = true;
    at_ = 0;
    if (!written_) return;
    const int two_digits = from_bcd(registers_[year]);
    const CalendarTime time{from_bcd(registers_[second] & 0x7F),
                            from_bcd(registers_[minute] & 0x7F),
                            hour_of(registers_[hour]),
                            0,
                            from_bcd(registers_[day] & 0x3F),
                            from_bcd(registers_[month] & 0x1F),
                            two_digits + (two_digits < 80 ? 2000 : 1900)};
    const i64 seconds = time.seconds();
    offset_ += seconds * a_second + from_bcd(registers_[hundredth]) - hundredths();
    hour_mode_ = registers_[hour] & twelve_hours;
    const int computed = CalendarTime::from_seconds(seconds).weekday;
    weekday_offset_ = u8(((registers_[weekday] & 7) + 6 + 7 - computed) % 7);
}

void NoSlotClock::serialize(Archive& ar) {
    ar("offset", offset_);
    ar("hour_mode", hour_mode_);
    ar("weekday_offset", weekday_offset_);
    ar("is_open", is_open_);
    ar("deaf", deaf_);
    ar("written", written_);
    ar("at", at_);
    at_ = std::clamp<decltype(at_)>(at_, 0, bits - 1);
    ar("registers", registers_);
}

}  // namespace dyn86
