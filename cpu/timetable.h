// The clocks of a ClockModel as far as an instruction's bytes, its place and the prefetch queue decide. Instructions
// have few shapes (timing.h): what each takes, whatever queue it finds, is worked out once.
#pragma once

#include "cpu/timing.h"

#include <array>
#include <memory>
#include <unordered_map>

namespace dyn86 {

/// All answers for one shape.
struct Answers {
    std::array<timing::Passed, 128> passed{};  // by queue and parity of IP
    u16 worst = 0;

    [[nodiscard]] const timing::Passed& of(timing::Queue queue, u16 ip) const {
        return passed[(queue & 63u) | (ip & 1u) << 6];
    }
};

/// Of instructions without what data decide. Of a repeated string: before the first repetition.
class Timetable {
public:
    explicit Timetable(ClockModel model) : model_(model) {}
    [[nodiscard]] ClockModel model() const { return model_; }

    /// Stays where it is. `taken` matters for conditional jumps and INTO.
    const Answers& of(const Insn& insn, bool taken);

    /// What the instruction at `ip` finds behind a jump; behind a repeated string.
    [[nodiscard]] timing::Queue flushed(u16 ip) const {
        return model_.is_exact() ? timing::flushed(ip, model_.cpu) : timing::Queue{0};
    }
    [[nodiscard]] timing::Queue full(u16 ip) const {
        return model_.is_exact() ? timing::full(ip, model_.cpu) : timing::Queue{0};
    }

private:
    ClockModel model_;
    std::unordered_map<u64, std::unique_ptr<Answers>> answers_;  // by shape
};

}  // namespace dyn86
