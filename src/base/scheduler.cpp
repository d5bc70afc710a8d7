#include "src/base/scheduler.h"

#include <algorithm>

namespace dyn86 {

Scheduler::Event Scheduler::add(std::string_view name, std::function<void()> callback) {
    events_.push_back({std::string(name), std::move(callback), Ticks::never()});
    return events_.size() - 1;
}

void Scheduler::schedule(Event event, Ticks when) {
    const Ticks before = next_;
    events_[event].when = when;
    find_next();
    if (next_ < before && earlier_) earlier_();
}

void Scheduler::find_next() {
    next_ = Ticks::never();
    for (const Entry& entry : events_) next_ = std::min(next_, entry.when);
}

void Scheduler::run_due() {
    while (next_ <= clock_.now()) {
        const auto due = std::ranges::min_element(events_, {}, &Entry::when);
        due->when = Ticks::never();
        find_next();
        due->callback();
    }
}

}  // namespace dyn86
