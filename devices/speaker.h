// The PC speaker: port 61h bit 1 AND OUT 2 of the timer.
#pragma once

#include "devices/pit.h"
#include "src/base/archive.h"
#include "src/base/bus.h"
#include "src/base/ticks.h"

#include <deque>
#include <vector>

namespace dyn86 {

/// Knows what level drove the cone at every moment of the recent past, exact to a timer clock, at no cost while nothing
/// is programmed: it keeps one segment per programming (a copy of the counter and the data bit), and derives the edges
/// only for who asks. Sound is made by the front end from `trace`; nothing here ever plays.
///
/// Bounded: `capacity` segments, the oldest go first; `recorded_since` tells how far back the memory reaches.
///
/// Wiring: constructed after the Pit, whose counter 2 it observes; `data()` is driven by the PPI's port B bit 1.
class Speaker {
public:
    static constexpr std::size_t capacity = 4096;

    Speaker(const Clock& clock, Pit& pit);

    [[nodiscard]] Pin& data() { return data_pin_; }
    [[nodiscard]] bool level() const;

    /// A change of level; `at` is exact.
    struct Edge {
        Ticks at;
        bool level = false;
        friend bool operator==(const Edge&, const Edge&) = default;
    };
    /// The level at `from`, then every change after `from` and not after `to`, up to `limit` of them (a tone far above
    /// hearing would give a million a second). `until` is how far the list reaches: `to`, or the last edge that fitted.
    struct Trace {
        bool level = false;
        std::vector<Edge> edges;
        Ticks until;
    };
    [[nodiscard]] Trace trace(Ticks from, Ticks to, std::size_t limit) const;
    [[nodiscard]] Ticks recorded_since() const { return segments_.front().at; }
    /// Lets go of what has been heard.
    void forget_before(Ticks when);

    /// The data bit. The past is not guest state: after loading, only ask from the present on.
    void serialize(Archive& ar);

private:
    class DataPin final : public Pin {
    public:
        explicit DataPin(Speaker& speaker) : speaker_(speaker) {}
        void set_level(bool high) override { speaker_.set_data(high); }

    private:
        Speaker& speaker_;
    };
    struct Segment {
        Ticks at;
        bool data = false;
        PitCounter counter;

        Ticks next_edge(PitCounter& moving) const;
    };

    void set_data(bool high);
    void begin_segment(const PitCounter& counter);

    const Clock& clock_;
    DataPin data_pin_;
    bool data_ = false;
    std::deque<Segment> segments_;  // never empty, in order of time
};

}  // namespace dyn86
