// Dallas DS1216 SmartWatch, the "no-slot clock" between a ROM and its socket.
#pragma once

#include "src/base/archive.h"
#include "src/base/bus.h"
#include "src/base/ticks.h"
#include "src/base/types.h"

#include <array>
#include <span>

namespace dyn86 {

/// DS1216E: talks through reads of the ROM above it [DS1216]. Address line A2 says read (1) or write (0), A0 carries
/// the bit to write, D0 the bit read. 64 writes that spell the key, the first behind any read, open it; the 64 accesses
/// after that move eight BCD registers, low bit first, while the ROM is silent.
///
/// It sees what the CPU reads as data. Instruction fetches reach the ROM alone: they come from the mapped view.
/// assumed: code that runs in the same ROM while it talks to the clock would disturb it on a real board too, so drivers
/// do not.
///
/// Wiring: MMIO over the ROM at `start`, whose bytes are `rom`.
class NoSlotClock final : public MmioDevice {
public:
    /// What a 28-pin socket decodes at least: a 2764.
    static constexpr u32 size = 0x2000;

    NoSlotClock(const Clock& clock, Linear start, std::span<const u8> rom, i64 local_seconds);

    u8 read(Linear address) override;
    void write(Linear /*address*/, u8 /*value*/) override {}
    [[nodiscard]] u8 peek(Linear address) const override { return rom_[address - start_]; }
    void serialize(Archive& ar);

private:
    static constexpr int bits = 64;

    void compare(bool bit);
    void open();
    void close();
    [[nodiscard]] i64 hundredths() const;

    const Clock& clock_;
    Linear start_;
    std::span<const u8> rom_;
    i64 offset_;  // hundredths of a second between guest time and what the clock shows
    u8 hour_mode_ = 0;
    u8 weekday_offset_ = 0;
    bool is_open_ = false, deaf_ = false, written_ = false;
    int at_ = 0;  // bit of the key, or of the registers when open
    std::array<u8, 8> registers_{};
};

}  // namespace dyn86
