// The 83-key keyboard of the PC and XT, and the shift register on the system board that receives it.
#pragma once

#include "src/base/archive.h"
#include "src/base/bus.h"
#include "src/base/scheduler.h"
#include "src/base/types.h"

#include <algorithm>
#include <vector>

namespace dyn86 {

/// Sends scan codes (set 1) one at a time: a byte arrives in the shift register, raises IRQ1, and blocks the next until
/// the CPU clears the register by raising port 61h bit 7 for a moment. Up to 16 codes wait inside the keyboard; the
/// 17th becomes the overrun code FFh, further ones are lost. Holding the clock line low (61h bit 6 = 0) for 20 ms
/// resets it: the buffer is emptied and, once the line is released, the self test answers AAh. [IBM PC, "Keyboard";
/// IBM XT, "Keyboard", 4-24]
///
/// Typematic repetition is the front end's: it presses again. Break codes and E0h prefixes are bytes like all others.
///
/// Wiring: `irq` is the PIC's IR1; the PPI shows `data()` on its port A and calls `set_clear`, `set_clock` from its
/// port B.
class Keyboard {
public:
    static constexpr std::size_t buffer_size = 16;
    static constexpr u8 overrun_code = 0xFF;
    static constexpr u8 self_test_passed = 0xAA;
    /// assumed: two start bits and eight data bits of 0.1 ms each; a logic analyser on the clock line would settle it.
    static constexpr Ticks byte_time = Ticks::from_ms(1);
    static constexpr Ticks reset_time = Ticks::from_ms(20);
    /// assumed: IBM gives 300-500 ms for the later 101-key keyboard [IBM XT 4-25]; the 83-key one answers within the
    /// time that the BIOS's POST polls for it, and a fast answer costs nobody anything.
    static constexpr Ticks self_test_time = Ticks::from_ms(5);

    Keyboard(Scheduler& scheduler, Pin& irq);

    /// One scan code from the key matrix.
    void press(u8 scan_code);
    /// How many codes the keyboard still takes without an overrun.
    [[nodiscard]] std::size_t room() const { return buffer_size - std::min(buffer_.size(), buffer_size); }
    /// True when everything pressed has been taken by the guest.
    [[nodiscard]] bool is_idle() const { return buffer_.empty() && !full_ && doing_ == Doing::Nothing; }

    /// The shift register, 0 when cleared.
    [[nodiscard]] u8 data() const { return data_; }
    /// Port 61h bit 7: high clears the register and IRQ1, and holds both.
    void set_clear(bool high);
    /// Port 61h bit 6: low holds the clock line.
    void set_clock(bool high);
    void serialize(Archive& ar);

private:
    enum class Doing : u8 { Nothing, Sending, SelfTest };

    void start_sending();
    void finish();
    void plan(Doing what, Ticks when);

    Scheduler& scheduler_;
    Scheduler::Event event_;
    Pin& irq_;
    std::vector<u8> buffer_;
    u8 data_ = 0;
    bool full_ = false;  // the register holds a byte; the level of IRQ1
    bool clear_ = false;
    bool clock_ = true;
    Ticks clock_low_since_;
    Doing doing_ = Doing::Nothing;
    Ticks done_at_ = Ticks::never();
};

}  // namespace dyn86
