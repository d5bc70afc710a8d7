#include "src/dos/guest.h"

#include <vector>

namespace dyn86::dos {

void Guest::write(SegOff to, std::string_view text) {
    write(to, std::span(reinterpret_cast<const u8*>(text.data()), text.size()));
}

void Guest::fill(SegOff to, std::size_t count, u8 value) {
    const std::vector<u8> bytes(count, value);
    write(to, bytes);
}

std::string Guest::asciiz(SegOff from, std::size_t limit) const {
    std::string text;
    for (; text.size() < limit; from = from + 1) {
        const u8 c = byte(from);
        if (c == 0) break;
        text += char(c);
    }
    return text;
}

void Guest::write_asciiz(SegOff to, std::string_view text) {
    write(to, text);
    set_byte(to + u16(text.size()), 0);
}

}  // namespace dyn86::dos
