#include "cpu/timetable.h"

#include <algorithm>

namespace dyn86 {
namespace {

using timing::Shape;

/// Every field has room, prefixes but for runs that nobody writes.
u64 key_of(const Shape& shape) {
    u64 key = shape.prefixes;
    const auto add = [&key](unsigned value, unsigned bits) { key = key << bits | value; };
    add(shape.head, 2);
    add(shape.gap, 4);
    add(shape.displacement, 3);
    add(shape.settle, 4);
    add(shape.immediate, 2);
    add(shape.jumps ? 1 : 0, 1);
    add(u16(shape.before), 12);
    add(shape.reads, 4);
    add(shape.between, 8);
    add(shape.writes, 4);
    add(shape.after, 8);
    return key;
}

std::unique_ptr<Answers> answers_for(const Shape& shape, ClockModel model) {
    constexpr unsigned most_bytes = 7, most_age = 5;
    auto answers = std::make_unique<Answers>();
    for (unsigned age = 0; age <= most_age; ++age)
        for (unsigned bytes = 0; bytes <= most_bytes; ++bytes)
            for (u16 ip = 0; ip < 2; ++ip) {
                const auto queue = timing::Queue(bytes | age << 3);
                const timing::Passed passed = timing::pass(shape, queue, ip, model.cpu);
                answers->passed[queue | unsigned(ip) << 6] = passed;
                answers->worst = std::max(answers->worst, passed.clocks);
            }
    return answers;
}

}  // namespace

const Answers& Timetable::of(const Insn& insn, bool taken) {
    const Shape shape = timing::shape_of(insn, taken, model_);
    auto& known = answers_[key_of(shape)];
    if (!known) known = answers_for(shape, model_);
    return *known;
}

}  // namespace dyn86
