#include "src/verify/verifying_engine.h"

#include "cpu/decode.h"
#include "cpu/disassemble.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace dyn86::verify {
namespace {

constexpr u16 all_flags = 0xFFFF;

/// What stands at `at`, a few instructions on; through jumps, as blocks go.
std::string guest_listing(const Memory& memory, SegOff at, SegOff end) {
    constexpr unsigned most_lines = 48;
    std::string text;
    for (unsigned i = 0; i < most_lines && (i == 0 || at != end); ++i) {
        const Insn insn = decode(memory, at);
        const u16 length = insn.length != 0 ? insn.length : u16{1};
        std::string hex;
        for (u16 k = 0; k < length; ++k) hex += fmt::format("{:02X}", memory.peek((at + k).linear()));
        text += fmt::format("  {:04X}:{:04X} {:<14} {}\n", at.segment, at.offset, hex, disassemble(insn));
        if (insn.length == 0) break;
        const bool follows = ends(insn) == Ends::Jump && insn.src.kind == Operand::Kind::Near;
        if (!follows && ends(insn) != Ends::No && ends(insn) != Ends::Branch) break;
        at.offset = follows ? insn.target : insn.next();
    }
    return text;
}

std::string host_listing(std::span<const u8> code) {
    constexpr std::size_t per_line = 24;
    std::string text;
    for (std::size_t at = 0; at < code.size(); at += per_line) {
        text += fmt::format("  {:04X} ", at);
        for (const u8 byte : code.subspan(at, std::min(per_line, code.size() - at)))
            text += fmt::format(" {:02X}", byte);
        text += '\n';
    }
    return text;
}

std::string state_line(const char* name, const Core& core) {
    return fmt::format("{:<12} {} clock {}\n", name, format_registers(core.regs), core.now());
}

}  // namespace

VerifyingEngine::VerifyingEngine(Memory& memory, Recorder& recorder, std::unique_ptr<Shadow> shadow, Teller teller)
    : memory_(memory),
      recorder_(recorder),
      core_(memory.core()),
      shadow_(std::move(shadow)),
      teller_(std::move(teller)) {}

Result<std::unique_ptr<VerifyingEngine>> VerifyingEngine::create(Memory& memory, Recorder& recorder,
                                                                 const SubjectFactory& subject, Teller teller) {
    auto shadow = Shadow::create(memory, recorder.tape());
    if (!shadow) return std::unexpected(shadow.error());
    std::unique_ptr<VerifyingEngine> engine(
        new VerifyingEngine(memory, recorder, std::move(*shadow), std::move(teller)));
    const auto made = subject(*engine);
    if (!made) return std::unexpected(made.error());
    engine->subject_ = *made;
    memory.set_tap(&recorder);
    recorder.set_running(false);
    return engine;
}

void VerifyingEngine::entering(SegOff /*head*/, std::span<const u8> host_code) noexcept {
    if (shadow_->core().now() != core_.now()) compare(lost_);  // the interpreter has executed something since
    host_code_ = host_code;
}

void VerifyingEngine::left(Flags flags) noexcept {
    lost_ = u16(lost_ & ~flags.overwritten);
    compare(u16(lost_ | (flag::oszapc & ~flags.live)));
    lost_ = u16(lost_ | (flag::oszapc & ~flags.live));
    host_code_ = {};
}

void VerifyingEngine::compare(u16 open) {
    if (differs_) return;
    const u16 compared = u16(all_flags & ~open);
    const Core before = shadow_->core();
    shadow_->catch_up(core_.now());
    if (!shadow_->agrees(core_, compared)) return differ(shadow_->difference(core_, compared, before.regs), before);
    shadow_->forget_writes();
    if (core_.regs.flags == shadow_->core().regs.flags) lost_ = 0;
}

void VerifyingEngine::differ(const std::string& difference, const Core& before) {
    differs_ = true;
    teller_(report(difference, before));
    core_.stop = 1;
}

std::string VerifyingEngine::report(const std::string& difference, const Core& before) const {
    const SegOff head = before.regs.cs_ip();
    std::string text = fmt::format("the engines differ behind {:04X}:{:04X}, recompiler against interpreter: {}\n",
                                   head.segment, head.offset, difference);
    text +=
        state_line("before:", before) + state_line("interpreter:", shadow_->core()) + state_line("recompiler:", core_);
    text += "guest code:\n" + guest_listing(memory_, head, core_.regs.cs_ip());
    if (host_code_.empty()) return text + "host code: none, interpreted on both sides";
    text += fmt::format("host code, {} bytes:\n", host_code_.size()) + host_listing(host_code_);
    text.pop_back();
    return text;
}

void VerifyingEngine::begin() {
    recorder_.set_running(true);
    host_code_ = {};
    lost_ = 0;
    if (auto done = shadow_->adopt(core_); !done) differ(done.error().message, core_);
}

Exit VerifyingEngine::run() noexcept {
    if (!differs_) begin();
    if (differs_) return core_.stop = 0, Exit::Stopped;
    const Exit exit = subject_->run();
    compare(0);
    recorder_.set_running(false);
    if (exit == Exit::Stopped && !differs_ && !shadow_->memory_agrees())
        differ(shadow_->difference(core_, all_flags, core_.regs), core_);
    return differs_ ? (core_.stop = 0, Exit::Stopped) : exit;
}

void VerifyingEngine::step() noexcept {
    if (!differs_) begin();
    if (differs_) return;
    subject_->step();
    compare(0);
    recorder_.set_running(false);
}

}  // namespace dyn86::verify
