#include "src/listing/listing.h"

#include "cpu/disassemble.h"
#include "src/listing/nasm_syntax.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace dyn86::listing {
namespace {

constexpr std::size_t bytes_per_line = 16, shortest_text = 4, shortest_run = 17;

bool is_text(u8 byte) {
    return byte >= ' ' && byte <= '~' && byte != '\'';
}

/// "'Hello', 0x0d" for a few bytes.
std::string db(std::span<const u8> bytes) {
    std::vector<std::string> parts;
    for (std::size_t at = 0; at < bytes.size();) {
        std::size_t end = at;
        while (end < bytes.size() && is_text(bytes[end])) ++end;
        if (end - at >= shortest_text) {
            parts.push_back(fmt::format("'{}'", std::string(bytes.begin() + i64(at), bytes.begin() + i64(end))));
            at = end;
        } else {
            parts.push_back(fmt::format("0x{:02x}", bytes[at++]));
        }
    }
    return fmt::format("db {}", fmt::join(parts, ", "));
}

class Builder {
public:
    Builder(const CodeFile& file, const Flow& flow) : file_(file), flow_(flow) {}
    std::vector<Line> all();
    std::vector<Line> range(u32 start, u32 end);

private:
    void add_outside(std::span<const u8> bytes, u32 address, const char* note);
    void add_loaded(u32 start, u32 end);
    void add_instruction(u32 offset, const Insn& insn);
    void add_data(std::span<const u8> bytes, u32 address);
    [[nodiscard]] std::string target_text(u32 offset, const Insn& insn) const;
    [[nodiscard]] std::string label_at(u32 offset) const;
    [[nodiscard]] bool starts_line(u32 offset) const;

    const CodeFile& file_;
    const Flow& flow_;
    u32 start_ = 0, end_ = 0;
    std::vector<Line> lines_;
};

std::string Builder::label_at(u32 offset) const {
    const auto found = flow_.labels().find(offset);
    return found == flow_.labels().end() ? "" : found->second;
}

/// Labels stand only where a line begins; elsewhere a jump says how far it goes.
bool Builder::starts_line(u32 offset) const {
    if (offset < start_ || offset >= end_) return false;
    auto next = flow_.instructions().upper_bound(offset);
    if (next == flow_.instructions().begin()) return true;
    --next;
    return next->first == offset || next->first + next->second.length <= offset;
}

std::string Builder::target_text(u32 offset, const Insn& insn) const {
    const auto target = flow_.target_of(offset, insn);
    if (target && starts_line(*target)) return label_at(*target);
    const int distance = i16(u16(insn.target - insn.ip));
    return fmt::format("$ {} 0x{:x}", distance < 0 ? '-' : '+', std::abs(distance));
}

void Builder::add_instruction(u32 offset, const Insn& insn) {
    const std::span<const u8> bytes = flow_.bytes().subspan(offset, insn.length);
    Line line{.address = offset + file_.origin,
              .bytes = {bytes.begin(), bytes.end()},
              .label = label_at(offset),
              .text = {},
              .note = {},
              .is_code = true};
    const bool near = insn.src.kind == Operand::Kind::Near;
    const std::string target = near ? target_text(offset, insn) : "";
    // A short jump that wraps within its segment reaches where no distance from here does.
    const bool expressible = !near || i32{insn.ip} + i16(u16(insn.target - insn.ip)) == i32{insn.target};
    const auto text = expressible ? nasm_text(insn, bytes, target) : std::nullopt;
    line.text = text.value_or(fmt::format("db 0x{:02x}", fmt::join(bytes, ", 0x")));
    if (!text) line.note = disassemble(insn);
    lines_.push_back(std::move(line));
}

void Builder::add_data(std::span<const u8> bytes, u32 address) {
    for (std::size_t at = 0; at < bytes.size();) {
        std::size_t end = at + 1;
        while (end < bytes.size() && bytes[end] == bytes[at]) ++end;
        const bool repeats = end - at >= shortest_run;
        if (!repeats) end = std::min(bytes.size(), at + bytes_per_line);
        const std::span<const u8> part = bytes.subspan(at, end - at);
        std::string text = repeats ? fmt::format("times {} db 0x{:02x}", part.size(), part[0]) : db(part);
        lines_.push_back({address + u32(at), {part.begin(), part.end()}, {}, std::move(text), {}, false});
        at = end;
    }
}

void Builder::add_loaded(u32 start, u32 end) {
    start_ = start;
    end_ = end;
    for (u32 offset = start; offset < end;) {
        const auto code = flow_.instructions().lower_bound(offset);
        if (code != flow_.instructions().end() && code->first == offset) {
            add_instruction(offset, code->second);
            offset += code->second.length;
            continue;
        }
        u32 stop = code == flow_.instructions().end() ? end : std::min(end, code->first);
        const auto label = flow_.labels().upper_bound(offset);
        if (label != flow_.labels().end()) stop = std::min(stop, label->first);
        const std::size_t first = lines_.size();
        add_data(flow_.bytes().subspan(offset, stop - offset), offset + file_.origin);
        lines_[first].label = label_at(offset);
        offset = stop;
    }
}

void Builder::add_outside(std::span<const u8> bytes, u32 address, const char* note) {
    const std::size_t first = lines_.size();
    add_data(bytes, address);
    if (first < lines_.size()) lines_[first].note = note;
}

std::vector<Line> Builder::all() {
    const std::span<const u8> bytes(file_.bytes);
    add_outside(bytes.first(file_.header), 0, "header and relocations");
    add_loaded(0, file_.loaded);
    const u32 tail = file_.header + file_.loaded;
    add_outside(bytes.subspan(tail), tail, "not loaded");
    return std::move(lines_);
}

std::vector<Line> Builder::range(u32 start, u32 end) {
    add_loaded(start, end);
    return std::move(lines_);
}

std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            result += {'\\', c};
        else if (byte < 0x20)
            result += fmt::format("\\u{:04x}", byte);
        else
            result += c;
    }
    return result + '"';
}

}  // namespace

Result<std::vector<Line>> list(const CodeFile& file, const std::optional<AddressRange>& range) {
    Flow flow(file);
    if (!range) {
        flow.follow_entries();
        return Builder(file, flow).all();
    }
    const u32 end = file.origin + file.loaded;
    if (range->start < file.origin || range->start >= range->end || range->end > end)
        return fail(fmt::format("the addresses to show must lie within {:04X} to {:04X}", file.origin, end),
                    ErrorKind::Usage);
    flow.sweep(range->start - file.origin, range->end - file.origin);
    return Builder(file, flow).range(range->start - file.origin, range->end - file.origin);
}

std::string to_source(const CodeFile& file, const std::vector<Line>& lines, const std::string& name) {
    constexpr int text_column = 8, note_column = 48;
    std::string source = fmt::format("; {}: {} bytes, {}\n        cpu     8086\n        bits    16\n", name,
                                     file.bytes.size(), name_of(file.kind));
    if (!file.has_segments())
        source += fmt::format("        org     0x{:x}\n", lines.empty() ? file.origin : lines.front().address);
    for (const Line& line : lines) {
        if (!line.label.empty()) source += fmt::format("\n{}:\n", line.label);
        std::string text = fmt::format("{:{}}{}", "", text_column, line.text);
        std::string bytes = line.bytes.size() <= bytes_per_line ? fmt::format("{:02X}", fmt::join(line.bytes, "")) : "";
        if (!line.is_code) bytes.clear();
        source += fmt::format("{:{}} ; {:05X} {}{}{}\n", text, note_column, line.address, bytes,
                              line.note.empty() ? "" : "  ", line.note);
    }
    return source;
}

std::string to_json(const CodeFile& file, const std::vector<Line>& lines, const std::string& name) {
    std::string json = fmt::format("{{\"file\":{},\"kind\":{},\"origin\":{},\"lines\":[", quoted(name),
                                   quoted(name_of(file.kind)), file.origin);
    bool first = true;
    for (const Line& line : lines) {
        json += fmt::format("{}\n{{\"address\":{},\"bytes\":\"{:02x}\",\"code\":{},\"text\":{}", first ? "" : ",",
                            line.address, fmt::join(line.bytes, ""), line.is_code, quoted(line.text));
        if (!line.label.empty()) json += fmt::format(",\"label\":{}", quoted(line.label));
        if (!line.note.empty()) json += fmt::format(",\"note\":{}", quoted(line.note));
        json += '}';
        first = false;
    }
    return json + "\n]}\n";
}

}  // namespace dyn86::listing
