// The host code of typical guest instructions, as text in emitted.txt: a change in the recompiler shows in the diff
// what it does to code that matters. DYN86_REWRITE_GOLDENS=1 rewrites the file.
#include "cpu/decode.h"
#include "cpu/disassemble.h"
#include "jit/jit.h"

#include <Zydis/Zydis.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace dyn86::jit {
namespace {

constexpr const char* golden_file = DYN86_SOURCE_DIR "/tests/golden/emitted.txt";
constexpr SegOff place{0x1000, 0x100};
constexpr u8 hlt = 0xF4;

/// Guest code and a HLT, before which all flags are alive. As in most code, something follows that overwrites them: ADD
/// CX, DX (01 D1), where the instruction does not do it itself. No feature of the host is used, so that all hosts emit
/// the same.
struct Snippet {
    const char* name;
    std::vector<u8> bytes;
};

const std::vector<Snippet>& snippets() {
    static const std::vector<Snippet> table{
        {"load immediate", {0xB8, 0x34, 0x12, 0x01, 0xD1, hlt}},
        {"move register", {0x89, 0xD8, 0x01, 0xD1, hlt}},
        {"move high byte", {0x88, 0xE0, 0x01, 0xD1, hlt}},
        {"load word", {0x8B, 0x07, 0x01, 0xD1, hlt}},
        {"load word displaced", {0x8B, 0x57, 0x04, 0x01, 0xD1, hlt}},
        {"load high byte", {0x8A, 0x25, 0x01, 0xD1, hlt}},
        {"load local variable", {0x8B, 0x46, 0xFE, 0x01, 0xD1, hlt}},
        {"store word", {0x89, 0x04, 0x01, 0xD1, hlt}},
        {"store byte by ES", {0x26, 0x88, 0x05, 0x01, 0xD1, hlt}},
        {"store immediate", {0xC7, 0x06, 0x34, 0x12, 0x05, 0x00, 0x01, 0xD1, hlt}},
        {"load segment", {0x8E, 0xD8, 0x01, 0xD1, hlt}},
        {"add registers", {0x01, 0xD8, hlt}},
        {"add with carry", {0x11, 0xCA, 0x01, 0xD1, hlt}},
        {"subtract from memory", {0x29, 0x00, hlt}},
        {"and immediate", {0x24, 0x0F, 0x01, 0xD1, hlt}},
        {"clear register", {0x31, 0xC0, 0x01, 0xD1, hlt}},
        {"compare and branch", {0x83, 0xF8, 0x05, 0x74, 0xFB, hlt}},
        {"increment", {0x41, 0x01, 0xD1, hlt}},
        {"decrement memory", {0xFE, 0x0F, hlt}},
        {"negate", {0xF7, 0xD8, hlt}},
        {"test and branch", {0xA8, 0x01, 0x75, 0xFC, hlt}},
        {"shift left", {0xD1, 0xE0, 0x01, 0xD1, hlt}},
        {"shift by CL", {0xD3, 0xF8, 0x01, 0xDA, hlt}},
        {"rotate through carry", {0xD1, 0xD2, 0x01, 0xD1, hlt}},
        {"multiply", {0xF7, 0xE3, 0x01, 0xD1, hlt}},
        {"divide", {0xF6, 0xF1, 0x01, 0xDA, hlt}},
        {"push", {0x50, 0x01, 0xD1, hlt}},
        {"pop", {0x5B, 0x01, 0xD1, hlt}},
        {"call", {0xE8, 0x01, 0x00, hlt, hlt}},
        {"call that returns", {0xE8, 0x01, 0x00, hlt, 0x40, 0xC3}},
        {"call that stores and returns", {0xE8, 0x01, 0x00, hlt, 0x88, 0x07, 0xC3}},
        {"return", {0xC3, hlt}},
        {"jump through memory", {0xFF, 0x27, hlt}},
        {"count down", {0x4A, 0xE2, 0xFD, hlt}},
        {"load address", {0x8D, 0x71, 0x08, 0x01, 0xD1, hlt}},
        {"load far pointer", {0xC4, 0x7E, 0x04, 0x01, 0xD1, hlt}},
        {"load string byte", {0xFC, 0xAC, 0x01, 0xD1, hlt}},
        {"copy block", {0xFC, 0xF3, 0xA5, 0x01, 0xD1, hlt}},
        {"exchange", {0x87, 0xDA, 0x01, 0xD1, hlt}},
        {"widen", {0x98, 0x01, 0xD1, hlt}},
    };
    return table;
}

/// One host instruction.
struct HostLine {
    std::size_t offset = 0, length = 1;
    bool is_jump = false;
    std::size_t target = 0;  // of a direct jump or call
    std::string text = "??";
};

/// An absolute host address is another one in every run.
bool is_host_address(const ZydisDisassembledInstruction& insn) {
    const auto operands = std::span(insn.operands).first(insn.info.operand_count_visible);
    return std::ranges::any_of(operands, [&](const ZydisDecodedOperand& operand) {
        return operand.type == ZYDIS_OPERAND_TYPE_IMMEDIATE && operand.imm.value.u > 0xFFFF'FFFF &&
               insn.info.raw.imm[0].size == 64;
    });
}

HostLine read_line(std::span<const u8> code, std::size_t offset) {
    HostLine line{.offset = offset};
    ZydisDisassembledInstruction insn;
    const auto status =
        ZydisDisassembleIntel(ZYDIS_MACHINE_MODE_LONG_64, offset, code.data() + offset, code.size() - offset, &insn);
    if (!ZYAN_SUCCESS(status)) return line;
    line.length = insn.info.length;
    line.text = insn.text;
    const ZydisDecodedOperand& first = insn.operands[0];
    line.is_jump = first.type == ZYDIS_OPERAND_TYPE_IMMEDIATE && first.imm.is_relative;
    if (line.is_jump) {
        line.target = offset + line.length + std::size_t(first.imm.value.s);
        line.text = ZydisMnemonicGetString(insn.info.mnemonic);
    } else if (is_host_address(insn)) {
        line.text = line.text.substr(0, line.text.find(',')) + ", <host address>";
    }
    return line;
}

/// Jumps inside the block get labels; the others only say that they leave it, for where a stub lies is the cache's
/// business.
std::string host_text(std::span<const u8> code) {
    std::vector<HostLine> lines;
    std::map<std::size_t, std::string> labels;
    for (std::size_t at = 0; at < code.size(); at += lines.back().length) lines.push_back(read_line(code, at));
    for (const HostLine& line : lines)
        if (line.is_jump && line.target < code.size()) labels[line.target] = "";
    unsigned count = 0;
    for (auto& [offset, name] : labels) name = fmt::format("L{}", ++count);
    std::string text;
    for (const HostLine& line : lines) {
        if (const auto label = labels.find(line.offset); label != labels.end()) text += label->second + ":\n";
        text += "        " + line.text;
        if (line.is_jump) {
            const auto target = labels.find(line.target);
            text += target != labels.end() ? " " + target->second : " <out>";
        }
        text += '\n';
    }
    return text;
}

std::string guest_text(const Snippet& snippet) {
    std::string text;
    for (std::size_t at = 0; at < snippet.bytes.size();) {
        const Insn insn = decode(std::span<const u8>(snippet.bytes).subspan(at), u16(place.offset + at));
        if (insn.length == 0) return text + "??\n";
        text += fmt::format("    {}\n", disassemble(insn));
        at += insn.length;
    }
    return text;
}

/// A fresh machine for each, so that one snippet's stubs do not move another's.
std::string emitted(const Snippet& snippet) {
    struct Nobody final : InterruptAcknowledge {
        u8 acknowledge() override { return 0; }
    } nobody;
    auto memory = Memory::create();
    EXPECT_TRUE(memory);
    PortBus ports;
    Interpreter interpreter(**memory, ports, nobody);
    auto engine = Jit::create(**memory, interpreter, {.threshold = 0, .features_off = HostFeatures::all()});
    EXPECT_TRUE(engine) << engine.error().message;
    (*memory)->copy_in(place.linear(), snippet.bytes);
    (*memory)->core().regs.sreg = {0x4000, place.segment, 0x2000, 0x3000};
    const std::span<const u8> code = (*engine)->translate(place);
    EXPECT_FALSE(code.empty()) << snippet.name;
    return fmt::format("{}\n{}{}", snippet.name, guest_text(snippet), host_text(code));
}

std::string read_golden() {
    std::ifstream file(golden_file);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Sections are separated by empty lines and begin with their name.
std::map<std::string, std::string> sections_of(const std::string& text) {
    std::map<std::string, std::string> sections;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find("\n\n", at), text.size());
        const std::string section = text.substr(at, end - at);
        sections[section.substr(0, section.find('\n'))] = section;
        at = end + 2;
    }
    return sections;
}

std::string all_emitted() {
    std::string all;
    for (const Snippet& snippet : snippets()) all += emitted(snippet) + '\n';
    return all;
}

/// Of a section: the lines that are indented by eight.
std::ptrdiff_t host_instructions(const std::string& section) {
    constexpr std::string_view indent = "\n        ";
    std::ptrdiff_t count = 0;
    for (auto at = section.find(indent); at != std::string::npos; at = section.find(indent, at + 1)) ++count;
    return count;
}

using Differs = bool (*)(std::ptrdiff_t before, std::ptrdiff_t now);

/// A line for each section whose number of host instructions `differs` from the kept one.
std::string changes(const std::map<std::string, std::string>& now, Differs differs) {
    const auto kept = sections_of(read_golden());
    std::string lines;
    for (const auto& [name, section] : now) {
        const auto found = kept.find(name);
        if (found == kept.end()) continue;
        const auto before = host_instructions(found->second), after = host_instructions(section);
        if (differs(before, after)) lines += fmt::format("{}: {} -> {} host instructions\n", name, before, after);
    }
    return lines;
}

}  // namespace

TEST(EmittedCode, TakesNoMoreInstructionsThanKept) {
    EXPECT_EQ(changes(sections_of(all_emitted()), [](auto before, auto now) { return now > before; }), "")
        << "if it has to be: DYN86_REWRITE_GOLDENS=1 tests_golden";
}

TEST(EmittedCode, IsAsKept) {
    const std::string all = all_emitted();
    EXPECT_EQ(all.find("??"), std::string::npos) << "something did not disassemble";
    const auto now = sections_of(all);
    if (std::getenv("DYN86_REWRITE_GOLDENS") != nullptr) {
        fmt::print("{}", changes(now, [](auto before, auto after) { return after != before; }));
        std::ofstream(golden_file) << all;
        GTEST_SKIP() << golden_file << " rewritten";
    }
    const auto kept = sections_of(read_golden());
    EXPECT_EQ(kept.size(), now.size());
    for (const auto& [name, section] : now) {
        const auto found = kept.find(name);
        EXPECT_EQ(section, found == kept.end() ? "" : found->second);
    }
}

}  // namespace dyn86::jit
