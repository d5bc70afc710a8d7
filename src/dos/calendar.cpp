#include "src/dos/calendar.h"

#include "src/dos/layout.h"

#include <algorithm>
#include <chrono>

namespace dyn86::dos {
namespace {

constexpr i64 centiseconds_per_day = i64{24} * 60 * 60 * 100;
constexpr u16 first_year = 1980, last_year = 2099;

using Days = std::chrono::sys_days;

Days days_of(u16 year, u8 month, u8 day) {
    return std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{day};
}

FileStamp pack(u16 year, unsigned month, unsigned day, unsigned hour, unsigned minute, unsigned second) {
    const unsigned years = std::clamp<unsigned>(year, first_year, first_year + 127u) - first_year;
    return {.time = u16(hour << 11 | minute << 5 | second / 2), .date = u16(years << 9 | month << 5 | day)};
}

}  // namespace

i64 Calendar::centiseconds() const {
    const SegOff at = in_dos_segment(own::time_shift);
    const i64 shift = i64(u64{guest_.dword(at)} | u64{guest_.dword(at + 4)} << 32);
    return date_.local_seconds * 100 + clock_.now().count * 100 / Ticks::rate_hz + shift;
}

void Calendar::move_to(i64 wanted) {
    const SegOff at = in_dos_segment(own::time_shift);
    const i64 old = i64(u64{guest_.dword(at)} | u64{guest_.dword(at + 4)} << 32);
    const u64 shift = u64(old + wanted - centiseconds());
    guest_.set_dword(at, u32(shift));
    guest_.set_dword(at + 4, u32(shift >> 32));
}

Calendar::Moment Calendar::now() const {
    const i64 time = std::max<i64>(centiseconds(), 0);
    const Days day{std::chrono::days{time / centiseconds_per_day}};
    const std::chrono::year_month_day date{day};
    const i64 rest = time % centiseconds_per_day;
    return {.year = u16(int(date.year())),
            .month = u8(unsigned(date.month())),
            .day = u8(unsigned(date.day())),
            .weekday = u8(std::chrono::weekday{day}.c_encoding()),
            .hour = u8(rest / 360'000),
            .minute = u8(rest / 6'000 % 60),
            .second = u8(rest / 100 % 60),
            .centisecond = u8(rest % 100)};
}

FileStamp Calendar::stamp() const {
    const Moment m = now();
    return pack(m.year, m.month, m.day, m.hour, m.minute, m.second);
}

FileStamp Calendar::from_host(std::time_t time) {
    std::tm local{};
    if (localtime_r(&time, &local) == nullptr || local.tm_year + 1900 < first_year) return {.time = 0, .date = 0x21};
    return pack(u16(local.tm_year + 1900), unsigned(local.tm_mon + 1), unsigned(local.tm_mday), unsigned(local.tm_hour),
                unsigned(local.tm_min), unsigned(std::min(local.tm_sec, 59)));
}

std::time_t Calendar::to_host(FileStamp stamp) {
    std::tm local{};
    local.tm_year = (stamp.date >> 9) + first_year - 1900;
    local.tm_mon = (stamp.date >> 5 & 15) - 1;
    local.tm_mday = stamp.date & 31;
    local.tm_hour = stamp.time >> 11;
    local.tm_min = stamp.time >> 5 & 63;
    local.tm_sec = (stamp.time & 31) * 2;
    local.tm_isdst = -1;
    return std::mktime(&local);
}

void Calendar::get_date(Caller& caller) const {
    const Moment m = now();
    caller.cx = m.year;
    caller.dx = u16(m.month << 8 | m.day);
    caller.set_al(m.weekday);
}

bool Calendar::set_date(const Caller& caller) {
    const std::chrono::year_month_day date =
        std::chrono::year{caller.cx} / std::chrono::month{caller.dh()} / std::chrono::day{caller.dl()};
    if (caller.cx < first_year || caller.cx > last_year || !date.ok()) return false;
    const i64 day = days_of(caller.cx, caller.dh(), caller.dl()).time_since_epoch().count();
    move_to(day * centiseconds_per_day + centiseconds() % centiseconds_per_day);
    return true;
}

void Calendar::get_time(Caller& caller) const {
    const Moment m = now();
    caller.cx = u16(m.hour << 8 | m.minute);
    caller.dx = u16(m.second << 8 | m.centisecond);
}

bool Calendar::set_time(const Caller& caller) {
    const u8 hour = u8(caller.cx >> 8), minute = caller.cl(), second = caller.dh(), centisecond = caller.dl();
    if (hour > 23 || minute > 59 || second > 59 || centisecond > 99) return false;
    const i64 time = ((i64{hour} * 60 + minute) * 60 + second) * 100 + centisecond;
    const i64 today = centiseconds() / centiseconds_per_day;
    move_to(today * centiseconds_per_day + time);
    // The BIOS counts the same day in timer ticks of 65536 / 1193181.67 s. [IBM XT, "BIOS data area" 40:6C]
    constexpr i64 ticks_per_day = 0x1800B0;
    guest_.set_dword({0x40, 0x6C}, u32(time * ticks_per_day / centiseconds_per_day));
    return true;
}

void Calendar::install(Functions& functions) {
    functions.on(0x2A, [this](Caller& c) { get_date(c); });
    functions.on(0x2B, [this](Caller& c) { c.set_al(set_date(c) ? 0x00 : 0xFF); });
    functions.on(0x2C, [this](Caller& c) { get_time(c); });
    functions.on(0x2D, [this](Caller& c) { c.set_al(set_time(c) ? 0x00 : 0xFF); });
}

}  // namespace dyn86::dos
