// DOS's date and time, and the stamps of files.
#pragma once

#include "src/base/ticks.h"
#include "src/dos/functions.h"
#include "src/dos/setup.h"

#include <ctime>

namespace dyn86::dos {

/// Date and time as directory entries pack them. [RBIL 21/AX=5700h]
struct FileStamp {
    u16 time = 0, date = 0;
};

/// Runs on in guest time from the moment the machine was given; programs move it by a shift kept in guest memory.
class Calendar {
public:
    Calendar(Guest& guest, const Clock& clock, const DateSpec& date) : guest_(guest), clock_(clock), date_(date) {}
    void install(Functions& functions);
    /// The date at guest time 0, in seconds since 1970: a save state brings its own.
    [[nodiscard]] i64 start() const { return date_.local_seconds; }
    void set_start(i64 local_seconds) { date_.local_seconds = local_seconds; }

    struct Moment {
        u16 year = 1980;
        u8 month = 1, day = 1, weekday = 0;  // 0 = Sunday
        u8 hour = 0, minute = 0, second = 0, centisecond = 0;
    };
    [[nodiscard]] Moment now() const;
    [[nodiscard]] FileStamp stamp() const;

    /// A host file's time as the guest sees it, in the host's time zone, and back.
    [[nodiscard]] static FileStamp from_host(std::time_t time);
    [[nodiscard]] static std::time_t to_host(FileStamp stamp);
    /// Do written files carry the guest's date (--date=fixed:) instead of the host's?
    [[nodiscard]] bool stamps_files() const { return date_.stamp_files; }

private:
    [[nodiscard]] i64 centiseconds() const;
    void move_to(i64 centiseconds);
    void get_date(Caller& caller) const;
    bool set_date(const Caller& caller);
    void get_time(Caller& caller) const;
    bool set_time(const Caller& caller);

    Guest& guest_;
    const Clock& clock_;
    DateSpec date_;
};

}  // namespace dyn86::dos
