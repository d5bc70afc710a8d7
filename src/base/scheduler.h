// Events on the one timeline. Devices compute their state from the clock; they schedule only when they must act unasked.
#pragma once

#include "src/base/ticks.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace dyn86 {

/// Fires registered callbacks at the first instruction boundary whose time is not before theirs.
class Scheduler {
public:
    /// `clock` must outlive the scheduler.
    explicit Scheduler(const Clock& clock) : clock_(clock) {}

    using Event = std::size_t;
    /// Registers an event (idle at first). Names identify events in save states, so they are unique.
    Event add(std::string_view name, std::function<void()> callback);

    void schedule(Event event, Ticks when);
    void cancel(Event event) { schedule(event, Ticks::never()); }
    [[nodiscard]] Ticks when(Event event) const { return events_[event].when; }

    /// The time of the earliest event, never() if there is none.
    [[nodiscard]] Ticks next() const { return next_; }
    [[nodiscard]] const Clock& clock() const { return clock_; }
    /// Fires all events with when <= now, earliest first (ties: in order of registration); each is idle again before its callback runs.
    void run_due();
    /// Called after `next` moved earlier: the machine shortens the CPU's slice.
    void on_earlier(std::function<void()> hook) { earlier_ = std::move(hook); }

private:
    struct Entry {
        std::string name;
        std::function<void()> callback;
        Ticks when = Ticks::never();
    };
    void find_next();

    const Clock& clock_;
    std::vector<Entry> events_;
    Ticks next_ = Ticks::never();
    std::function<void()> earlier_;
};

}  // namespace dyn86
