// Scan codes on their way from a person to the guest.
#pragma once

#include "src/frontend/guest.h"

#include <deque>
#include <span>

namespace dyn86::frontend {

/// Passes typing on at once, as a keyboard does: the guest buffers it or beeps. What no person types, a paste into the
/// terminal, goes at the pace at which the guest consumes it.
class KeyQueue {
public:
    void push(std::span<const u8> codes) { codes_.insert(codes_.end(), codes.begin(), codes.end()); }
    [[nodiscard]] bool empty() const { return codes_.empty(); }
    /// To be called every few milliseconds of guest time while it is not empty.
    void feed(Guest& guest) {
        const bool pasted = codes_.size() > most_typed;
        if (pasted && !guest.keyboard_drained()) return;
        const std::size_t count = pasted ? 1 : codes_.size();
        for (std::size_t i = 0; i < count; ++i) {
            guest.scan_code(codes_.front());
            codes_.pop_front();
        }
    }

private:
    static constexpr std::size_t most_typed = 16;  // codes; one keystroke has at most eight
    std::deque<u8> codes_;
};

}  // namespace dyn86::frontend
