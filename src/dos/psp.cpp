#include "src/dos/psp.h"

#include <algorithm>
#include <array>

namespace dyn86::dos {
namespace {

constexpr u16 private_handle = 0x80;  // bit 7 of the mode in AH=3Dh: not inherited
constexpr std::array<u8, 5> far_call_to_00c0 = {0x9A, 0xF0, 0xFE, 0x1D, 0xF0};  // F01D:FEF0 wraps to 0000:00C0
constexpr std::array<u8, 3> int21_and_far_return = {0xCD, 0x21, 0xCB};

}  // namespace

void Psp::save_vectors() {
    set_pointer(psp::int22, guest_->vector(0x22));
    set_pointer(psp::int23, guest_->vector(0x23));
    set_pointer(psp::int24, guest_->vector(0x24));
}

void Psp::initialise(u16 parent, u16 top, u16 version) {
    const SegOff at{segment_, 0};
    guest_->fill(at, 0x100, 0);
    guest_->set_word(at, int20);
    set_word(psp::top, top);
    guest_->write(at + psp::call5, far_call_to_00c0);
    save_vectors();
    set_word(psp::parent, parent);
    guest_->fill(at + psp::jft, psp::default_handles, FileTable::no_entry);
    set_word(psp::jft_size, psp::default_handles);
    set_pointer(psp::jft_pointer, at + psp::jft);
    set_pointer(psp::previous, {0xFFFF, 0xFFFF});
    set_word(psp::version, version);
    guest_->write(at + psp::int21, int21_and_far_return);
    for (const u16 fcb : {psp::fcb1, psp::fcb2}) guest_->fill(at + u16(fcb + 1), 11, ' ');
    set_tail("");
}

void Psp::copy_from(u16 other, u16 top) {
    std::array<u8, 0x100> bytes{};
    guest_->read({other, 0}, bytes);
    guest_->write({segment_, 0}, bytes);
    set_word(psp::top, top);
    save_vectors();
}

void Psp::inherit_handles(FileTable& files, u16 parent) {
    const Psp from(*guest_, parent);
    const SegOff table = from.pointer(psp::jft_pointer);
    const u16 count = std::min(from.word(psp::jft_size), psp::default_handles);
    for (u16 handle = 0; handle < count; ++handle) {
        const u8 entry = guest_->byte(table + handle);
        if (entry >= sft::count || files.entry(entry).references() == 0) continue;
        if ((files.entry(entry).mode() & private_handle) != 0) continue;
        files.add_reference(entry);
        guest_->set_byte({segment_, u16(psp::jft + handle)}, entry);
    }
}

void Psp::set_tail(std::string_view tail) {
    tail = tail.substr(0, longest_tail);
    const SegOff at{segment_, psp::tail};
    guest_->set_byte(at, u8(tail.size()));
    guest_->write(at + 1, tail);
    guest_->set_byte(at + u16(1 + tail.size()), '\r');
}

}  // namespace dyn86::dos
