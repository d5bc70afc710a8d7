#include "src/verify/difference.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

namespace dyn86::verify {
namespace {

constexpr std::array<std::string_view, 8> gpr_names{"AX", "CX", "DX", "BX", "SP", "BP", "SI", "DI"};
constexpr std::array<std::string_view, 4> sreg_names{"ES", "CS", "SS", "DS"};
/// A line stays readable: further bytes are counted, not listed.
constexpr unsigned bytes_listed = 8;

struct FlagName {
    u16 bit;
    char letter;
};
constexpr std::array<FlagName, 9> flag_names{{{flag::o, 'o'},
                                              {flag::d, 'd'},
                                              {flag::i, 'i'},
                                              {flag::t, 't'},
                                              {flag::s, 's'},
                                              {flag::z, 'z'},
                                              {flag::a, 'a'},
                                              {flag::p, 'p'},
                                              {flag::c, 'c'}}};

}  // namespace

std::string format_flags(u16 flags) {
    std::string text;
    for (const FlagName& name : flag_names) text += (flags & name.bit) != 0 ? name.letter : '-';
    return text;
}

std::string format_registers(const Registers& regs) {
    std::string text;
    for (std::size_t i = 0; i < gpr_names.size(); ++i) text += fmt::format("{}={:04X} ", gpr_names[i], regs.gpr[i]);
    for (std::size_t i = 0; i < sreg_names.size(); ++i) text += fmt::format("{}={:04X} ", sreg_names[i], regs.sreg[i]);
    return text + fmt::format("IP={:04X} FLAGS={:04X} {}", regs.ip, regs.flags, format_flags(regs.flags));
}

void Differences::add(const std::string& one) {
    if (!text_.empty()) text_ += ", ";
    text_ += one;
}

void Differences::compare(const Registers& got, const Registers& want, u16 compared) {
    const auto word = [&](std::string_view name, u32 is, u32 should, u32 was) {
        if (is == should) return;
        others_ = true;
        add(fmt::format("{} {:04X} want {:04X} (was {:04X})", name, is, should, was));
        list_.push_back(
            {.kind = Difference::Kind::Register, .name = std::string(name), .got = is, .want = should, .was = was});
    };
    for (std::size_t i = 0; i < gpr_names.size(); ++i) word(gpr_names[i], got.gpr[i], want.gpr[i], before_.gpr[i]);
    for (std::size_t i = 0; i < sreg_names.size(); ++i) word(sreg_names[i], got.sreg[i], want.sreg[i], before_.sreg[i]);
    word("IP", got.ip, want.ip, before_.ip);
    const u16 differ = u16((got.flags ^ want.flags) & compared);
    flags_ = u16(flags_ | differ);
    if (differ == 0) return;
    add(fmt::format("flags {} want {} (was {}; differ {:04X})", format_flags(got.flags), format_flags(want.flags),
                    format_flags(before_.flags), differ));
    list_.push_back({.kind = Difference::Kind::Flags,
                     .name = "FLAGS",
                     .got = got.flags & compared,
                     .want = want.flags & compared,
                     .was = before_.flags & compared});
}

void Differences::compare_byte(Linear address, u8 got, u8 want, u8 undefined) {
    if (got == want) return;
    if (((got ^ want) & ~undefined) != 0) others_ = true;
    list_.push_back({.kind = Difference::Kind::Byte, .name = {}, .address = address, .got = got, .want = want});
    if (++bytes_ <= bytes_listed)
        add(fmt::format("[{:05X}] {:02X} want {:02X}", address, got, want));
    else if (bytes_ == bytes_listed + 1)
        add("...");
}

void Differences::compare_number(const char* name, i64 got, i64 want) {
    if (got == want) return;
    others_ = true;
    add(fmt::format("{} {} want {}", name, got, want));
    list_.push_back({.kind = Difference::Kind::Number, .name = name, .got = got, .want = want});
}

}  // namespace dyn86::verify
