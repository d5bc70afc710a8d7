#include "jit/pricing.h"

#include "cpu/cost.h"
#include "cpu/decode.h"

#include <algorithm>

namespace dyn86::jit {
namespace {

bool is_by_cl(const Insn& insn) {
    return insn.src == Operand{Operand::Kind::Reg8, u8(Reg8::Cl)} && insn.op >= Op::Rol && insn.op <= Op::Sar;
}

/// What data can add to a row's clocks at most, of what is emitted.
i32 most_by_data(const Insn& insn, ClockModel model) {
    if (is_by_cl(insn)) return max_inline_count * i32(cost::per_bit(*insn.info));
    if (model.is_exact() && timing::is_loop(insn.op)) return timing::longest_loop(insn) - insn.info->cycles.reg;
    return 0;
}

}  // namespace

/// On an 8088 all words are in the timetable.
void Pricing::add_words(const Insn& insn, Price& price) const {
    if (model() != ClockModel{CpuModel::I8086, Timing::Exact} || timing::is_repeated_string(insn)) return;
    const timing::Accesses accesses = timing::accesses_of(insn, false);
    const bool is_direct = insn.has_memory() && insn.is_direct();
    if (is_direct && (insn.displacement & 1) != 0) price.straight += i32(timing::split_word) * accesses.operand;
    if ((insn.immediate & 1) != 0) price.straight += i32(timing::split_word) * accesses.port;
    price.loose_operand = is_direct ? u8{0} : accesses.operand;
    price.loose_stack = accesses.stack;
    price.loose_si = accesses.si;
    price.loose_di = accesses.di;
    price.straight +=
        i32(timing::split_word) * (price.loose_operand + price.loose_stack + price.loose_si + price.loose_di);
}

timing::Queue Pricing::queue_after(const Insn& insn, const timing::Passed& passed) const {
    if (timing::is_repeated_string(insn)) return table_.full(insn.next());
    if (insn.src.kind == Operand::Kind::Far) return table_.flushed(insn.immediate);
    if (insn.op == Op::Jmp || insn.op == Op::Call) return table_.flushed(insn.target);  // matters if it is direct
    return passed.queue;
}

Price Pricing::of(const Insn& insn, timing::Queue queue) {
    Price price;
    if (timing::is_repeated_string(insn)) {
        price.turn = i32(cost::per_repetition(*insn.info));
        if (model().cpu == CpuModel::I8088)
            price.turn += i32(timing::split_word * timing::accesses_of(insn, false).words());
    }
    if (model().is_plain()) {
        const Clocks clocks = clocks_of(insn);
        price.straight = clocks.straight;
        price.taken = clocks.taken;
        price.worst = clocks.worst;
        return price;
    }
    const timing::Passed& passed = table_.of(insn, false).of(queue, insn.ip);
    price.straight = passed.clocks + most_by_data(insn, model());
    price.taken = ends(insn) == Ends::Branch ? table_.of(insn, true).of(queue, insn.ip).clocks : price.straight;
    price.worst = worst(insn);
    price.aside = table_.flushed(insn.target);
    add_words(insn, price);
    price.after = queue_after(insn, passed);
    return price;
}

i32 Pricing::worst(const Insn& insn) {
    if (model().is_plain()) return clocks_of(insn).worst;
    constexpr i32 interrupt_words = 5, divide_error = 60;  // beyond a division that goes well
    const u32 words = timing::accesses_of(insn, true).words();
    i32 clocks = std::max(table_.of(insn, false).worst, table_.of(insn, true).worst);
    clocks += i32(timing::split_word * words);
    if (is_by_cl(insn)) clocks += 255 * i32(cost::per_bit(*insn.info));
    if (!timing::is_loop(insn.op)) return clocks;
    return clocks + std::max(0, timing::longest_loop(insn) - insn.info->cycles.reg) + divide_error +
           i32(timing::split_word) * interrupt_words;
}

}  // namespace dyn86::jit
