#include "src/listing/flow.h"

#include "cpu/decode.h"

#include <fmt/format.h>

namespace dyn86::listing {
namespace {

using Kind = Operand::Kind;

/// What AH holds at an INT 21h, if the instruction before says so: `mov ah, n` or `mov ax, n`.
std::optional<u8> function_of(const Insn& before) {
    if (before.op != Op::Mov || before.src.kind != Kind::Immediate) return std::nullopt;
    if (before.dst == Operand{Kind::Reg8, u8(Reg8::Ah)}) return u8(before.immediate);
    if (before.dst == Operand{Kind::Reg16, u8(Reg16::Ax)}) return u8(before.immediate >> 8);
    return std::nullopt;
}

/// [RBIL 20, 27, 21/AH=00h, 31h, 4Ch]
bool ends_program(const Insn& insn, const Insn& before) {
    if (insn.op != Op::Int) return false;
    if (insn.immediate == 0x20 || insn.immediate == 0x27) return true;
    const auto function = insn.immediate == 0x21 ? function_of(before) : std::nullopt;
    return function == 0x00 || function == 0x31 || function == 0x4C;
}

bool goes_on(const Insn& insn, const Insn& before) {
    switch (insn.op) {
        case Op::Jmp:
        case Op::JmpFar:
        case Op::Ret:
        case Op::RetFar:
        case Op::Iret: return false;
        default: return !ends_program(insn, before);
    }
}

}  // namespace

std::optional<u32> Flow::offset_of(SegOff at) const {
    const u32 linear = u32{at.segment} * 16 + at.offset;
    if (linear < file_.origin || linear - file_.origin >= file_.loaded) return std::nullopt;
    return linear - file_.origin;
}

std::optional<u32> Flow::target_of(u32 offset, const Insn& insn) const {
    const i64 target = i64{offset} + insn.target - insn.ip;
    if (target < 0 || target >= i64{file_.loaded}) return std::nullopt;
    return u32(target);
}

void Flow::label(u32 offset, const std::string& name) {
    std::string& text = labels_[offset];
    if (text.empty()) text = name.empty() ? fmt::format("L{:04X}", offset + file_.origin) : name;
}

void Flow::follow_entries() {
    for (const Entry& entry : file_.entries) {
        if (const auto offset = offset_of(entry.at)) label(*offset, entry.label);
        waiting_.push_back(entry.at);
    }
    while (!waiting_.empty()) {
        const SegOff at = waiting_.back();
        waiting_.pop_back();
        follow(at);
    }
}

void Flow::follow(SegOff at) {
    Insn before;
    for (;;) {
        const auto offset = offset_of(at);
        const Insn* const insn = offset ? take(*offset, at.offset) : nullptr;
        if (insn == nullptr) return;
        note_targets(*offset, at.segment, *insn);
        if (!goes_on(*insn, before) || insn->next() < insn->ip) return;
        at.offset = insn->next();
        before = *insn;
    }
}

const Insn* Flow::take(u32 offset, u16 ip) {
    if (used_[offset]) return nullptr;
    const Insn insn = decode(bytes().subspan(offset), ip);
    if (insn.length == 0) return nullptr;
    for (u32 i = 0; i < insn.length; ++i)
        if (used_[offset + i]) return nullptr;
    for (u32 i = 0; i < insn.length; ++i) used_[offset + i] = true;
    return &(instructions_[offset] = insn);
}

void Flow::note_targets(u32 offset, u16 segment, const Insn& insn) {
    if (insn.src.kind == Kind::Near) {
        const auto target = target_of(offset, insn);
        if (!target) return;
        label(*target);
        waiting_.push_back({segment, insn.target});
    } else if (insn.src.kind == Kind::Far && file_.has_segments()) {
        const SegOff at{insn.immediate_segment, insn.immediate};
        const auto target = offset_of(at);
        if (!target) return;
        label(*target);
        waiting_.push_back(at);
    }
}

void Flow::sweep(u32 start, u32 end) {
    for (u32 offset = start; offset < end;) {
        const Insn* const insn = take(offset, u16(offset + file_.origin));
        if (insn != nullptr && offset + insn->length > end) {
            instructions_.erase(offset);
            return;
        }
        if (insn != nullptr && insn->src.kind == Kind::Near)
            if (const auto target = target_of(offset, *insn)) label(*target);
        offset += insn != nullptr ? insn->length : 1;
    }
}

}  // namespace dyn86::listing
