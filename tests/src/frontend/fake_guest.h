// A guest without a machine.
#pragma once

#include "src/frontend/guest.h"
#include "tests/src/frontend/fake_screen.h"

#include <vector>

namespace dyn86::frontend {

/// A guest whose time the test moves, and which consumes what was typed after `reading_time`.
class FakeGuest final : public Guest {
public:
    [[nodiscard]] Ticks now() const override { return time; }
    [[nodiscard]] Screen screen() const override { return fake.screen; }
    void scan_code(u8 code) override {
        codes.push_back(code);
        last_code = time;
    }
    [[nodiscard]] bool keyboard_drained() const override { return time >= last_code + reading_time; }

    Ticks time;
    Ticks last_code, reading_time = Ticks::from_ms(3);
    std::vector<u8> codes;
    FakeScreen fake{20, 2};
};

}  // namespace dyn86::frontend
