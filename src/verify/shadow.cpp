#include "src/verify/shadow.h"

#include <fmt/format.h>

#include <array>
#include <cstring>
#include <utility>

namespace dyn86::verify {
namespace {

/// So much of memory is looked at each time: all of it every 16384 times.
constexpr u32 piece = 64;

std::string name_of(Happening::Kind kind, u32 place) {
    switch (kind) {
        case Happening::Kind::In: return fmt::format("IN from port {:04X}", place);
        case Happening::Kind::Out: return fmt::format("OUT to port {:04X}", place);
        case Happening::Kind::Acknowledge: return "an interrupt";
        case Happening::Kind::DeviceRead: return fmt::format("a read of the device at {:05X}", place);
        case Happening::Kind::DeviceWrite: return fmt::format("a write to the device at {:05X}", place);
        case Happening::Kind::Write: break;
    }
    return "a write";
}

bool is_memory_access(Happening::Kind kind) {
    return kind == Happening::Kind::DeviceRead || kind == Happening::Kind::DeviceWrite;
}

bool same_registers(const Registers& a, const Registers& b, u16 flags) {
    return a.gpr == b.gpr && a.sreg == b.sreg && a.ip == b.ip && ((a.flags ^ b.flags) & flags) == 0;
}

}  // namespace

Shadow::Shadow(const Memory& original, Tape& tape, std::unique_ptr<Memory> memory)
    : original_(original),
      tape_(tape),
      memory_(std::move(memory)),
      core_(memory_->core()),
      interpreter_(*memory_, ports_, *this) {
    constexpr u32 all_ports = 0x10000;
    ports_.map(0, all_ports, *this);
    memory_->set_tap(this);
}

Result<std::unique_ptr<Shadow>> Shadow::create(const Memory& original, Tape& tape) {
    auto memory = Memory::create();
    if (!memory) return std::unexpected(memory.error());
    return std::unique_ptr<Shadow>(new Shadow(original, tape, std::move(*memory)));
}

Result<> Shadow::adopt(const Core& core) {
    core_ = core;
    written_.clear();
    if (resembles_ && layout_version_ == original_.layout_version()) return take_writes(), Result<>{};
    tape_.clear();
    if (auto done = memory_->resemble(original_, *this); !done) return done;
    layout_version_ = original_.layout_version();
    resembles_ = true;
    return {};
}

void Shadow::take_writes() {
    for (const Happening* next = tape_.next(); next != nullptr && next->kind == Happening::Kind::Write;
         next = tape_.next()) {
        memory_->copy_in(next->place, tape_.bytes_of(*next));
        tape_.skip();
    }
}

void Shadow::catch_up(Cycles now) {
    core_.set_deadline(now);
    while (core_.budget > 0 && strayed_.empty())
        if (interpreter_.run() == Exit::Halted) return;
}

/// Ends the run at the next boundary.
u8 Shadow::stray(Happening::Kind kind, u32 place, std::string_view what) {
    constexpr u8 open_bus = 0xFF;
    if (strayed_.empty())
        strayed_ = fmt::format("the interpreter comes to {} at {:04X}:{:04X}, {}", name_of(kind, place),
                               core_.regs.get(Sreg::Cs), core_.regs.ip, what);
    core_.stop = 1;
    return open_bus;
}

/// The device may have changed anything. What the interpreter is driven to stays.
void Shadow::take_core(const Happening& call) {
    const Cycles deadline = core_.deadline;
    if (is_memory_access(call.kind)) {  // registers are on their way
        core_.intr = call.after.intr;
        core_.nmi = call.after.nmi;
        core_.stop = call.after.stop;
        core_.budget = i32(deadline - call.after.now());
        return;
    }
    core_ = call.after;
    core_.deadline = deadline;
    core_.budget = i32(deadline - call.after.now());
}

u8 Shadow::repeat_call(Happening::Kind kind, u32 place, u8 value) {
    const Happening* const call = tape_.next();
    if (call == nullptr) return stray(kind, place, "the recompiler does not");
    if (call->kind != kind || call->place != place)
        return stray(kind, place, fmt::format("the recompiler to {}", name_of(call->kind, call->place)));
    const bool writes = kind == Happening::Kind::Out || kind == Happening::Kind::DeviceWrite;
    if (writes && value != call->value)
        return stray(kind, place, fmt::format("with {:02X}, the recompiler with {:02X}", value, call->value));
    if (!is_memory_access(kind)) {
        Differences differences(core_.regs);
        differences.compare(call->before.regs, core_.regs, 0xFFFF);
        differences.compare_number("clock", call->before.now(), core_.now());
        if (differences.any()) return stray(kind, place, differences.text());
    }
    const u8 answer = call->value;
    take_core(*call);
    tape_.skip();
    take_writes();
    return answer;
}

bool Shadow::same(Stretch stretch) const {
    if (stretch.length == 1) return memory_->view()[stretch.start] == original_.view()[stretch.start];
    return std::memcmp(memory_->view() + stretch.start, original_.view() + stretch.start, stretch.length) == 0;
}

bool Shadow::writes_agree() const {
    for (const Stretch& stretch : written_)
        if (!same(stretch)) return false;
    return same({looked_at_, piece});
}

bool Shadow::agrees(const Core& original, u16 compared) {
    looked_at_ = (looked_at_ + piece) & address_mask;
    return same_registers(core_.regs, original.regs, compared) && core_.now() == original.now() &&
           core_.halted == original.halted && core_.trap == original.trap && core_.repeating == original.repeating &&
           core_.queue == original.queue && strayed_.empty() && tape_.is_empty() && writes_agree();
}

bool Shadow::memory_agrees() const {
    return same({0, address_space});
}

std::string Shadow::difference(const Core& original, u16 compared, const Registers& before) const {
    Differences differences(before);
    differences.compare(original.regs, core_.regs, compared);
    differences.compare_number("clock", original.now(), core_.now());
    differences.compare_number("halted", original.halted, core_.halted);
    differences.compare_number("trap", original.trap, core_.trap);
    differences.compare_number("repeating", original.repeating, core_.repeating);
    differences.compare_number("queue", original.queue, core_.queue);
    const auto compare = [&](Linear start, u32 length) {
        for (Linear a = start; a < start + length; ++a)
            differences.compare_byte(a, original_.view()[a], memory_->view()[a]);
    };
    for (const Stretch& stretch : written_) compare(stretch.start, stretch.length);
    if (!differences.any()) compare(0, address_space);
    std::string text = differences.text();
    const Happening* const ahead = tape_.next();
    const auto add = [&](const std::string& more) { text += (text.empty() ? "" : "; ") + more; };
    if (!strayed_.empty())
        add(strayed_);
    else if (ahead != nullptr)
        add(fmt::format("the recompiler comes to {}, the interpreter does not", name_of(ahead->kind, ahead->place)));
    return text;
}

}  // namespace dyn86::verify
