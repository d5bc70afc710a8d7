// Guest memory as DOS sees it: bytes, words and far pointers at segment:offset.
#pragma once

#include "cpu/memory.h"
#include "src/base/types.h"

#include <span>
#include <string>
#include <string_view>

namespace dyn86::dos {

/// Thin view of Memory. Single values wrap within their segment as the CPU's do; blocks run on linearly, as DOS's
/// own normalised pointers let them.
class Guest {
public:
    explicit Guest(Memory& memory) : memory_(memory) {}

    [[nodiscard]] u8 byte(SegOff at) const { return memory_.read8(at.linear()); }
    [[nodiscard]] u16 word(SegOff at) const { return u16(byte(at) | byte(at + 1) << 8); }
    [[nodiscard]] u32 dword(SegOff at) const { return word(at) | u32{word(at + 2)} << 16; }
    [[nodiscard]] SegOff pointer(SegOff at) const { return {word(at + 2), word(at)}; }

    void set_byte(SegOff at, u8 value) { memory_.write8(at.linear(), value); }
    void set_word(SegOff at, u16 value) {
        set_byte(at, u8(value));
        set_byte(at + 1, u8(value >> 8));
    }
    void set_dword(SegOff at, u32 value) {
        set_word(at, u16(value));
        set_word(at + 2, u16(value >> 16));
    }
    void set_pointer(SegOff at, SegOff value) {
        set_word(at, value.offset);
        set_word(at + 2, value.segment);
    }

    void read(SegOff from, std::span<u8> to) const { memory_.copy_out(from.linear(), to); }
    void write(SegOff to, std::span<const u8> from) { memory_.copy_in(to.linear(), from); }
    void write(SegOff to, std::string_view text);
    void fill(SegOff to, std::size_t count, u8 value);
    /// The bytes up to a zero, at most `limit` of them.
    [[nodiscard]] std::string asciiz(SegOff from, std::size_t limit = 128) const;
    void write_asciiz(SegOff to, std::string_view text);

    [[nodiscard]] SegOff vector(u8 number) const { return pointer({0, u16(number * 4)}); }
    void set_vector(u8 number, SegOff handler) { set_pointer({0, u16(number * 4)}, handler); }

    [[nodiscard]] Memory& memory() const { return memory_; }

private:
    Memory& memory_;
};

}  // namespace dyn86::dos
