// A moment as clock chips keep it, from and to seconds.
#pragma once

#include "src/base/types.h"

#include <chrono>

namespace dyn86 {

/// Local time; seconds count from 1970-01-01 00:00 local time.
struct CalendarTime {
    int second = 0, minute = 0, hour = 0;
    int weekday = 0;         // 0: Sunday
    int day = 1, month = 1;  // from 1
    int year = 1980;

    static CalendarTime from_seconds(i64 seconds) {
        using namespace std::chrono;
        constexpr i64 a_day = 86'400;
        const i64 days_since = (seconds >= 0 ? seconds : seconds - a_day + 1) / a_day;
        const int rest = int(seconds - days_since * a_day);
        const sys_days date{days{days_since}};
        const year_month_day ymd{date};
        return {rest % 60,
                rest / 60 % 60,
                rest / 3600,
                int(std::chrono::weekday{date}.c_encoding()),
                int(unsigned(ymd.day())),
                int(unsigned(ymd.month())),
                int(ymd.year())};
    }
    /// Fields out of their range carry over; the weekday has no part.
    [[nodiscard]] i64 seconds() const {
        using namespace std::chrono;
        const sys_days first{std::chrono::year{year} /
                             std::chrono::month{unsigned(month < 1 || month > 12 ? 1 : month)} / 1};
        const i64 days_since = first.time_since_epoch().count() + day - 1;
        return ((days_since * 24 + hour) * 60 + minute) * 60 + second;
    }
};

/// Two digits a byte.
constexpr u8 to_bcd(int value) {
    return u8(value / 10 % 10 << 4 | value % 10);
}
constexpr int from_bcd(u8 digits) {
    return (digits >> 4) * 10 + (digits & 0x0F);
}

}  // namespace dyn86
