#include "src/verify/episode.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <sstream>
#include <string_view>

namespace dyn86::verify {
namespace {

constexpr std::array<std::string_view, 5> fixup_names{"none", "rel8", "rel16", "abs16", "far"};
constexpr std::array<std::string_view, 7> event_names{"none", "flush", "write", "range", "intr", "nmi", "restart"};

void put16(std::vector<u8>& bytes, std::size_t at, u16 value) {
    bytes[at] = u8(value);
    bytes[at + 1] = u8(value >> 8);
}

void resolve(std::vector<u8>& bytes, const Item& item, std::size_t start, u16 target, const Registers& regs) {
    const std::size_t at = start + item.at;
    const u16 relative = u16(target - (start + item.bytes.size()));
    switch (item.fixup) {
        case Fixup::None: break;
        case Fixup::Rel8: bytes[at] = u8(relative); break;
        case Fixup::Rel16: put16(bytes, at, relative); break;
        case Fixup::Abs16: put16(bytes, at, u16(regs.ip + target + item.delta)); break;
        case Fixup::Far:
            put16(bytes, at, u16(regs.ip + target + item.delta * 16));
            put16(bytes, at + 2, u16(regs.get(Sreg::Cs) - item.delta));
            break;
    }
}

/// Length of what a fixup fills in.
std::size_t size_of(Fixup fixup) {
    constexpr std::array<std::size_t, 5> sizes{0, 1, 2, 2, 4};
    return sizes[std::size_t(fixup)];
}

std::string item_text(const Item& item) {
    std::string text = "item ";
    for (const u8 byte : item.bytes) text += fmt::format("{:02X}", byte);
    if (item.fixup == Fixup::None) return text + '\n';
    return text + fmt::format(" {} at {} target {} delta {}\n", fixup_names[std::size_t(item.fixup)], item.at,
                              item.target, item.delta);
}

std::string slice_text(const Slice& slice) {
    return fmt::format("slice {} {} address {} value {} length {}\n", slice.clocks,
                       event_names[std::size_t(slice.event)], slice.address, slice.value, slice.length);
}

std::string program_text(const Program& program) {
    std::string text = "program";
    for (const u32 value : program.regs.gpr) text += fmt::format(" {:04X}", value);
    for (const u16 value : program.regs.sreg) text += fmt::format(" {:04X}", value);
    text += fmt::format(" {:04X} {:04X}\n", program.regs.ip, program.regs.flags);
    for (const Item& item : program.code) text += item_text(item);
    for (const Slice& slice : program.slices) text += slice_text(slice);
    return text;
}

/// Words of one line; a missing or wrong one makes the whole line wrong.
class Line {
public:
    explicit Line(const std::string& text) : in_(text) {}

    std::string word() {
        std::string text;
        if (!(in_ >> text)) good_ = false;
        return text;
    }
    u64 number(u64 largest, int base = 10) {
        const std::string text = word();
        char* end = nullptr;
        const u64 value = std::strtoull(text.c_str(), &end, base);
        if (text.empty() || *end != 0 || value > largest) good_ = false;
        return good_ ? value : 0;
    }
    u64 named(std::string_view name, u64 largest) {
        if (word() != name) good_ = false;
        return number(largest);
    }
    template <std::size_t N>
    std::size_t choice(const std::array<std::string_view, N>& names) {
        const auto found = std::ranges::find(names, std::string_view(word()));
        if (found == names.end()) good_ = false;
        return good_ ? std::size_t(found - names.begin()) : 0;
    }
    [[nodiscard]] bool more() { return bool(in_ >> std::ws) && !in_.eof(); }
    [[nodiscard]] bool good() { return good_ && !more(); }

private:
    std::istringstream in_;
    bool good_ = true;
};

Item parse_item(Line& line, bool& good) {
    Item item;
    const std::string hex = line.word();
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        const std::string digits = hex.substr(i, 2);
        char* end = nullptr;
        item.bytes.push_back(u8(std::strtoul(digits.c_str(), &end, 16)));
        if (*end != 0) good = false;
    }
    if (!line.more()) return item;
    item.fixup = Fixup(line.choice(fixup_names));
    item.at = u8(line.named("at", 255));
    item.target = u16(line.named("target", 0xFFFF));
    item.delta = u16(line.named("delta", 0xFFFF));
    if (item.at + size_of(item.fixup) > item.bytes.size()) good = false;
    return item;
}

Slice parse_slice(Line& line) {
    Slice slice;
    slice.clocks = u32(line.number(1u << 30));
    slice.event = Event(line.choice(event_names));
    slice.address = Linear(line.named("address", address_mask));
    slice.value = u8(line.named("value", 255));
    slice.length = u8(line.named("length", 255));
    return slice;
}

Program parse_program(Line& line) {
    Program program;
    for (u32& value : program.regs.gpr) value = u32(line.number(0xFFFF, 16));
    for (u16& value : program.regs.sreg) value = u16(line.number(0xFFFF, 16));
    program.regs.ip = u16(line.number(0xFFFF, 16));
    program.regs.flags = u16(line.number(0xFFFF, 16));
    return program;
}

bool parse_line(const std::string& text, Episode& episode) {
    Line line(text);
    if (!line.more() || text.starts_with('#')) return true;
    const std::string kind = line.word();
    bool good = true;
    if (kind == "episode") {
        episode.seed = line.number(~u64{0});
        episode.config = u32(line.named("config", 1000));
    } else if (kind == "program") {
        episode.programs.push_back(parse_program(line));
    } else if (episode.programs.empty()) {
        return false;
    } else if (kind == "item") {
        episode.programs.back().code.push_back(parse_item(line, good));
    } else if (kind == "slice") {
        episode.programs.back().slices.push_back(parse_slice(line));
    } else {
        return false;
    }
    return good && line.good();
}

}  // namespace

Layout lay_out(const Program& program) {
    Layout layout;
    for (const Item& item : program.code) {
        layout.offsets.push_back(u16(layout.bytes.size()));
        layout.bytes.insert(layout.bytes.end(), item.bytes.begin(), item.bytes.end());
    }
    layout.offsets.push_back(u16(layout.bytes.size()));
    for (std::size_t i = 0; i < program.code.size(); ++i) {
        const Item& item = program.code[i];
        const std::size_t target = std::min<std::size_t>(item.target, program.code.size());
        resolve(layout.bytes, item, layout.offsets[i], layout.offsets[target], program.regs);
    }
    return layout;
}

void remove_items(Program& program, std::size_t first, std::size_t count) {
    const auto begin = program.code.begin() + std::ptrdiff_t(first);
    program.code.erase(begin, begin + std::ptrdiff_t(count));
    for (Item& item : program.code) {
        if (item.target >= first + count)
            item.target = u16(item.target - count);
        else if (item.target > first)
            item.target = u16(first);
    }
}

std::string to_text(const Episode& episode) {
    std::string text = fmt::format("episode {} config {}\n", episode.seed, episode.config);
    for (const Program& program : episode.programs) text += program_text(program);
    return text;
}

Result<Episode> parse_episode(const std::string& text, const std::string& name) {
    Episode episode;
    std::istringstream in(text);
    std::string line;
    for (unsigned number = 1; std::getline(in, line); ++number)
        if (!parse_line(line, episode)) return fail(fmt::format("{}: line {}: not understood: {}", name, number, line));
    return episode;
}

}  // namespace dyn86::verify
