#include "devices/speaker.h"

#include <algorithm>

namespace dyn86 {
namespace {
i64 clk_of(Ticks when) {
    return when.count / Pit::ticks_per_clk;
}
}  // namespace

Speaker::Speaker(const Clock& clock, Pit& pit) : clock_(clock), data_pin_(*this) {
    pit.observe(2, [this](const PitCounter& counter) { begin_segment(counter); });
}

bool Speaker::level() const {
    if (!data_) return false;
    PitCounter counter = segments_.back().counter;
    counter.advance_to(clk_of(clock_.now()));
    return counter.out();
}

void Speaker::set_data(bool high) {
    if (high == data_) return;
    data_ = high;
    begin_segment(PitCounter{segments_.back().counter});
}

void Speaker::begin_segment(const PitCounter& counter) {
    const Ticks now = clock_.now();
    while (!segments_.empty() && segments_.back().at >= now) segments_.pop_back();
    if (segments_.size() == capacity) segments_.pop_front();
    segments_.push_back({now, data_, counter});
}

void Speaker::forget_before(Ticks when) {
    while (segments_.size() > 1 && segments_[1].at <= when) segments_.pop_front();
    segments_.front().at = std::max(segments_.front().at, std::min(when, clock_.now()));
}

/// Moves `counter` to its next edge and says when that is.
Ticks Speaker::Segment::next_edge(PitCounter& moving) const {
    const i64 edge = moving.next_edge();
    if (!data || edge == PitCounter::never) return Ticks::never();
    moving.advance_to(edge);
    return {edge * Pit::ticks_per_clk};
}

Speaker::Trace Speaker::trace(Ticks from, Ticks to, std::size_t limit) const {
    Trace trace{false, {}, to};
    bool level = false;
    bool started = false;
    for (std::size_t i = 0; i < segments_.size() && segments_[i].at <= to; ++i) {
        const Segment& segment = segments_[i];
        const Ticks end = i + 1 < segments_.size() ? std::min(segments_[i + 1].at - Ticks{1}, to) : to;
        if (end < from) continue;
        PitCounter counter = segment.counter;
        Ticks at = std::max(segment.at, from);
        counter.advance_to(clk_of(at));
        for (; at <= end; at = segment.next_edge(counter)) {
            const bool now = segment.data && counter.out();
            if (!started) trace.level = level = now;
            started = true;
            if (now == level) continue;
            level = now;
            trace.edges.push_back({at, now});
            if (trace.edges.size() < limit) continue;
            trace.until = at;
            return trace;
        }
    }
    return trace;
}

void Speaker::serialize(Archive& ar) {
    ar("data", data_);
    begin_segment(PitCounter{segments_.back().counter});
}

}  // namespace dyn86
