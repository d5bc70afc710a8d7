#include "src/dos/frame.h"

#include <array>

namespace dyn86::dos {
namespace {

constexpr std::size_t words = Frame::locals + 12;

/// The words of a frame in the order in which they lie in memory.
template <typename FrameType>
auto fields(FrameType& f) {
    auto& c = f.caller;
    return std::array{&f.step, &f.key, &f.key_ready, &f.out_offset, &f.out_segment, &f.out_count, &f.a,
                      &f.b,    &c.ax,  &c.bx,        &c.cx,         &c.dx,          &c.si,        &c.di,
                      &c.bp,   &c.ds,  &c.es,        &c.ip,         &c.cs,          &c.flags};
}
static_assert(std::tuple_size_v<decltype(fields(std::declval<Frame&>()))> == words);

}  // namespace

Frame load_frame(SegOff stack, const Guest& guest) {
    Frame frame;
    for (u16* const field : fields(frame)) {
        *field = guest.word(stack);
        stack = stack + 2;
    }
    return frame;
}

void store_frame(const Frame& frame, SegOff stack, Guest& guest) {
    for (const u16* const field : fields(frame)) {
        guest.set_word(stack, *field);
        stack = stack + 2;
    }
}

}  // namespace dyn86::dos
