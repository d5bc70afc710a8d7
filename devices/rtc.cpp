#include "devices/rtc.h"

#include "devices/calendar_time.h"

#include <algorithm>

namespace dyn86 {
namespace {

enum : std::size_t { seconds = 0, minutes = 2, hours = 4, weekday = 6, day = 7, month = 8, year = 9 };
enum : std::size_t { control_a = 0x0A, control_b = 0x0B, flags = 0x0C, valid = 0x0D, century = 0x32 };
constexpr std::size_t last_time_register = 9;

constexpr u8 b_set = 0x80, b_binary = 0x04, b_24_hours = 0x02;
constexpr u8 flag_irq = 0x80, flag_periodic = 0x40, flag_alarm = 0x20, flag_update = 0x10;
constexpr u8 afternoon = 0x80;

/// 32,768 Hz time base. [MC146818, "Update Cycle", figure 17]
constexpr Ticks update_takes = Ticks::from_us(1984), update_warns = Ticks::from_us(244);
constexpr i64 longest_alarm_search = 86'400;

}  // namespace

void Rtc::set_time(i64 local_seconds) {
    const CalendarTime time = CalendarTime::from_seconds(local_seconds);
    registers_[control_a] = 0x26;  // 32 kHz, 1024 Hz periodic
    registers_[control_b] = b_24_hours;
    set_value(seconds, time.second);
    set_value(minutes, time.minute);
    set_value(hours, time.hour);
    set_value(weekday, time.weekday + 1);
    set_value(day, time.day);
    set_value(month, time.month);
    set_value(year, time.year % 100);
    set_value(century, time.year / 100);
    started_ = clock_.now();
    seconds_counted_ = periods_counted_ = 0;
}

int Rtc::value(std::size_t reg) const {
    return (registers_[control_b] & b_binary) != 0 ? registers_[reg] : from_bcd(registers_[reg]);
}

void Rtc::set_value(std::size_t reg, int value) {
    registers_[reg] = (registers_[control_b] & b_binary) != 0 ? u8(value) : to_bcd(value);
}

/// Periods of RS3-RS0 since the divider started: 32,768 Hz over a power of two. [MC146818, table 5]
i64 Rtc::periods() const {
    const int rate = registers_[control_a] & 0x0F;
    if (rate == 0 || !divider_runs()) return 0;
    const i64 hz = i64{32'768} >> ((rate <= 2 ? rate + 7 : rate) - 1);
    return i64(__int128{since_start()} * hz / Ticks::rate_hz);
}

bool Rtc::update_in_progress() const {
    if (is_set_up() || !divider_runs()) return false;
    const i64 phase = since_start() % Ticks::rate_hz;
    const bool begun = phase < update_takes.count && since_start() >= Ticks::rate_hz;
    return begun || phase >= Ticks::rate_hz - update_warns.count;
}

/// Brings time and flags up to now.
void Rtc::update() {
    if (!divider_runs()) return;
    const i64 passed = since_start() / Ticks::rate_hz - seconds_counted_;
    seconds_counted_ += passed;
    if (passed > 0 && !is_set_up()) count_seconds(passed);
    const i64 periods_now = periods();
    if (periods_now > periods_counted_) registers_[flags] |= flag_periodic;
    periods_counted_ = periods_now;
}

/// One by one as far as an alarm may hide in them; years of sleep are skipped by the calendar.
void Rtc::count_seconds(i64 passed) {
    registers_[flags] |= flag_update;
    if (passed > longest_alarm_search) {
        const int hour = value(hours);
        const CalendarTime before{value(seconds), value(minutes),    hour, 0, value(day),
                                  value(month),   2000 + value(year)};
        const i64 skipped = (passed - longest_alarm_search) / longest_alarm_search;
        const CalendarTime then = CalendarTime::from_seconds(before.seconds() + skipped * longest_alarm_search);
        set_value(day, then.day);
        set_value(month, then.month);
        set_value(year, then.year % 100);
        set_value(weekday, int((value(weekday) - 1 + skipped) % 7) + 1);
        passed -= skipped * longest_alarm_search;
    }
    while (passed-- > 0) {
        second_passes();
        if (alarm_matches()) registers_[flags] |= flag_alarm;
    }
}

/// Counts a register up; true when it goes over `last` and starts again.
bool Rtc::carry(std::size_t reg, int first, int last) {
    const bool over = value(reg) >= last;
    set_value(reg, over ? first : value(reg) + 1);
    return over;
}

/// True at midnight. Twelve-hour mode counts 12, 1, ... 11, with bit 7 in the afternoon.
bool Rtc::carry_hour() {
    if ((registers_[control_b] & b_24_hours) != 0) return carry(hours, 0, 23);
    const u8 half = registers_[hours] & afternoon;
    registers_[hours] &= u8(~afternoon);
    const int before = value(hours);
    set_value(hours, before >= 12 ? 1 : before + 1);
    const bool turns = before == 11;
    registers_[hours] |= turns ? half ^ afternoon : half;
    return turns && half != 0;
}

int Rtc::days_in_month() const {
    static constexpr std::array<int, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const int number = value(month);
    if (number < 1 || number > 12) return 31;
    const bool leap = number == 2 && value(year) % 4 == 0;
    return days.at(std::size_t(number - 1)) + int{leap};
}

void Rtc::second_passes() {
    if (!carry(seconds, 0, 59)) return;
    if (!carry(minutes, 0, 59)) return;
    if (!carry_hour()) return;
    carry(weekday, 1, 7);
    if (!carry(day, 1, days_in_month())) return;
    if (carry(month, 1, 12)) carry(year, 0, 99);
}

/// Codes C0h-FFh fit everything. [MC146818, "Time, Calendar and Alarm Locations"]
bool Rtc::alarm_matches() const {
    for (const std::size_t reg : {seconds, minutes, hours})
        if (registers_[reg + 1] < 0xC0 && registers_[reg + 1] != registers_[reg]) return false;
    return true;
}

u8 Rtc::in(Port port) {
    if ((port & 1) == 0) return 0xFF;  // the address latch cannot be read
    update();
    switch (index_) {
        case control_a: return u8(registers_[control_a] | int{update_in_progress()} << 7);
        case flags: return read_flags();
        case valid: return 0x80;  // the battery is good
        default: return registers_[index_];
    }
}

u8 Rtc::read_flags() {
    u8 value = registers_[flags];
    if ((value & registers_[control_b] & (flag_periodic | flag_alarm | flag_update)) != 0) value |= flag_irq;
    registers_[flags] = 0;
    return value;
}

void Rtc::out(Port port, u8 value) {
    if ((port & 1) == 0) {
        index_ = value & 0x3F;
        return;
    }
    update();
    if (index_ >= control_a && index_ <= valid) {
        write_control(index_, value);
    } else {
        registers_[index_] = value;
    }
}

void Rtc::write_control(std::size_t reg, u8 value) {
    if (reg > control_b) return;  // C and D cannot be written
    const bool ran = divider_runs();
    registers_[reg] = reg == control_a ? u8(value & 0x7F) : value;
    if (reg == control_b && (value & b_set) != 0) registers_[control_b] &= u8(~flag_update);  // SET clears UIE
    if (!ran && divider_runs()) {
        started_ = clock_.now() - Ticks{Ticks::rate_hz / 2};  // the first update comes half a second later
        seconds_counted_ = 0;
    }
    periods_counted_ = periods();
}

void Rtc::serialize(Archive& ar) {
    ar("registers", registers_);
    ar("index", index_);
    index_ &= 0x3F;
    ar("started", started_);
    ar("seconds_counted", seconds_counted_);
    ar("periods_counted", periods_counted_);
}

}  // namespace dyn86
