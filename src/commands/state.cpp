// dyn86 state: what a save state holds, and in what two of them differ.
#include "src/base/state_fields.h"
#include "src/base/state_file.h"
#include "src/commands/commands.h"
#include "src/config/subcommands.h"
#include "src/frontend/dump.h"
#include "src/frontend/state_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>

namespace dyn86::commands {
namespace {

/// A state, read: chunks of fields by path ("pic.imr"), and memory.
struct Reading {
    std::vector<u8> bytes;
    StateFile file;
    std::map<std::string, std::string> values;
    std::span<const u8> memory;
};

std::string text_of(const StateField& field) {
    if (field.kind == StateField::Kind::Integer) return fmt::format("{}", field.integer);
    constexpr std::size_t shown = 16;
    const bool is_text =
        !field.bytes.empty() && std::ranges::all_of(field.bytes, [](u8 c) { return c >= ' ' && c < 0x7F; });
    if (is_text) return fmt::format("\"{}\"", std::string(field.bytes.begin(), field.bytes.end()));
    std::string text = fmt::format("{} bytes", field.bytes.size());
    for (std::size_t i = 0; i < std::min(shown, field.bytes.size()); ++i)
        text += fmt::format(" {:02X}", field.bytes[i]);
    return field.bytes.size() > shown ? text + " ..." : text;
}

void collect(const std::string& path, const StateField& field, std::map<std::string, std::string>& values) {
    if (field.kind != StateField::Kind::List) {
        values[path] = text_of(field);
        return;
    }
    for (std::size_t i = 0; i < field.list.size(); ++i) {
        const StateField& part = field.list[i];
        collect(path + (part.name.empty() ? fmt::format("[{:02}]", i) : '.' + part.name), part, values);
    }
}

Result<Reading> read(const std::string& path) {
    auto bytes = frontend::read_state(path);
    if (!bytes) return std::unexpected(bytes.error());
    Reading reading{.bytes = std::move(*bytes), .file = {}, .values = {}, .memory = {}};
    auto file = StateFile::parse(reading.bytes);
    if (!file) return fail(path + ": " + file.error().message);
    reading.file = std::move(*file);
    for (const StateChunk& chunk : reading.file.chunks()) {
        if (chunk.tag == "memory") {
            if (chunk.bytes.size() == address_space) reading.memory = chunk.bytes;
            continue;
        }
        const auto fields = parse_fields(chunk.bytes);
        if (!fields) return fail(fmt::format("{}: chunk '{}': {}", path, chunk.tag, fields.error().message));
        collect(chunk.tag, *fields, reading.values);
    }
    if (reading.memory.empty()) return fail(path + ": chunk 'memory' is missing, or no megabyte");
    return reading;
}

u16 number(const Reading& state, const std::string& path) {
    const auto found = state.values.find(path);
    return found == state.values.end() ? u16{0} : u16(std::strtol(found->second.c_str(), nullptr, 10));
}

constexpr std::array<std::pair<std::string_view, std::string_view>, 14> registers = {{{"AX", "cpu.general[00]"},
                                                                                      {"BX", "cpu.general[03]"},
                                                                                      {"CX", "cpu.general[01]"},
                                                                                      {"DX", "cpu.general[02]"},
                                                                                      {"SI", "cpu.general[06]"},
                                                                                      {"DI", "cpu.general[07]"},
                                                                                      {"BP", "cpu.general[05]"},
                                                                                      {"SP", "cpu.general[04]"},
                                                                                      {"DS", "cpu.segments[03]"},
                                                                                      {"ES", "cpu.segments[00]"},
                                                                                      {"SS", "cpu.segments[02]"},
                                                                                      {"CS", "cpu.segments[01]"},
                                                                                      {"IP", "cpu.ip"},
                                                                                      {"FLAGS", "cpu.flags"}}};

/// The text screen, as the 6845 shows it.
struct Cells {
    unsigned columns = 0, rows = 0;
    std::vector<u16> cells;
};

std::optional<Cells> cells_of(const Reading& state) {
    for (const auto& [card, base, size] : {std::tuple("cga", 0xB8000u, 0x4000u), std::tuple("mda", 0xB0000u, 0x1000u),
                                           std::tuple("hercules", 0xB0000u, 0x1000u)}) {
        if (state.file.find(card) == nullptr) continue;
        const auto crtc = [&](unsigned index) {
            return number(state, fmt::format("{}.crtc.registers[{:02}]", card, index));
        };
        Cells cells{.columns = crtc(1), .rows = crtc(6), .cells = {}};
        const unsigned start = crtc(12) * 256u + crtc(13);
        for (unsigned i = 0; i < cells.columns * cells.rows; ++i) {
            const unsigned at = base + ((start + i) * 2 & (size - 1));
            cells.cells.push_back(u16(state.memory[at] | state.memory[at + 1] << 8));
        }
        return cells;
    }
    return std::nullopt;
}

char character_of(u16 cell) {
    const u8 c = u8(cell);
    return c >= ' ' && c < 0x7F ? char(c) : c == 0 ? ' ' : '.';
}

std::string show(const Reading& state) {
    std::string text = "chunk             version   bytes\n";
    for (const StateChunk& chunk : state.file.chunks())
        text += fmt::format("{:<16} {:>8} {:>7}\n", chunk.tag, chunk.version, chunk.bytes.size());
    text += '\n';
    for (const auto& [name, path] : registers)
        text += fmt::format("{}={:04X}{}", name, number(state, std::string(path)),
                            name == "SP" || name == "FLAGS" ? '\n' : ' ');
    text += '\n';
    if (const auto cells = cells_of(state))
        for (unsigned row = 0; row < cells->rows; ++row) {
            std::string line;
            for (unsigned i = 0; i < cells->columns; ++i) line += character_of(cells->cells[row * cells->columns + i]);
            text += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
        }
    for (const auto& [path, value] : state.values) text += fmt::format("{} = {}\n", path, value);
    return text;
}

bool is_register(const std::string& path) {
    return std::ranges::find(registers, path, [](const auto& entry) { return std::string(entry.second); }) !=
           registers.end();
}

std::string diff_registers(const Reading& a, const Reading& b) {
    std::string text;
    for (const auto& [name, path] : registers) {
        const u16 before = number(a, std::string(path)), after = number(b, std::string(path));
        if (before != after) text += fmt::format("{:<5} {:04X} -> {:04X}\n", name, before, after);
    }
    return text;
}

std::string diff_chips(const Reading& a, const Reading& b) {
    std::map<std::string, std::string> all = a.values;
    all.insert(b.values.begin(), b.values.end());
    std::string text;
    const auto value = [](const Reading& state, const std::string& path) {
        const auto found = state.values.find(path);
        return found == state.values.end() ? std::string("none") : found->second;
    };
    for (const auto& [path, ignored] : all) {
        const std::string before = value(a, path), after = value(b, path);
        if (before != after && !is_register(path)) text += fmt::format("{}: {} -> {}\n", path, before, after);
    }
    return text;
}

std::string diff_cells(const Reading& a, const Reading& b) {
    const auto before = cells_of(a), after = cells_of(b);
    if (!before || !after || before->columns != after->columns || before->rows != after->rows) return {};
    std::string text;
    for (std::size_t i = 0; i < before->cells.size(); ++i) {
        if (before->cells[i] == after->cells[i]) continue;
        text += fmt::format("cell {},{}: '{}' {:04X} -> '{}' {:04X}\n", i / before->columns, i % before->columns,
                            character_of(before->cells[i]), before->cells[i], character_of(after->cells[i]),
                            after->cells[i]);
    }
    return text;
}

/// Ranges, and the first bytes of each. Gaps of a few equal bytes do not end one.
std::string diff_memory(const Reading& a, const Reading& b) {
    constexpr std::size_t gap = 8, shown = 16;
    const auto first_bytes = [shown](std::span<const u8> bytes) {
        std::string text;
        for (const u8 byte : bytes.first(std::min(shown, bytes.size()))) text += fmt::format(" {:02X}", byte);
        return bytes.size() > shown ? text + " ..." : text;
    };
    std::string text;
    for (std::size_t at = 0; at < a.memory.size(); ++at) {
        if (a.memory[at] == b.memory[at]) continue;
        std::size_t end = at + 1;
        for (std::size_t i = end; i < a.memory.size() && i < end + gap; ++i)
            if (a.memory[i] != b.memory[i]) end = i + 1;
        text += fmt::format("memory {:05X}-{:05X}:{} ->{}\n", at, end - 1, first_bytes(a.memory.subspan(at, end - at)),
                            first_bytes(b.memory.subspan(at, end - at)));
        at = end - 1;
    }
    return text;
}

}  // namespace

Result<int> state(std::span<const char* const> arguments) {
    const auto parsed = config::parse_state(arguments);
    if (!parsed) return std::unexpected(parsed.error());
    if (!parsed->help.empty()) return status_after(frontend::write_file("-", parsed->help));
    std::vector<Reading> states;
    for (const std::string& path : parsed->options.paths) {
        auto reading = read(path);
        if (!reading) return std::unexpected(reading.error());
        states.push_back(std::move(*reading));
    }
    if (states.size() == 1) return status_after(frontend::write_file("-", show(states[0])));
    const std::string differences = diff_registers(states[0], states[1]) + diff_cells(states[0], states[1]) +
                                    diff_chips(states[0], states[1]) + diff_memory(states[0], states[1]);
    return status_after(frontend::write_file("-", differences), differences.empty() ? 0 : 1);
}

}  // namespace dyn86::commands
