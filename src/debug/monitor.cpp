#include "src/debug/monitor.h"

#include "src/debug/packet.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace dyn86::debug {
namespace {

constexpr std::string_view help =
    "monitor regs                      registers, flags, and the next instruction\n"
    "monitor stack [WORDS]             the words from SS:SP on\n"
    "monitor ivt [N]                   interrupt vectors, or one\n"
    "monitor screen                    the text screen\n"
    "monitor blocks                    what is translated (all of it with --list-blocks)\n"
    "monitor stop int N [COND...]      stop before INT N, when all conditions hold: ah=4b, dx>=100\n"
    "monitor stop port N[-M] [in|out] [COND...]   stop before such an access\n"
    "monitor stop                      list these stops\n"
    "monitor clear N|all               remove them\n"
    "monitor help                      this text\n"
    "Numbers are hexadecimal; conditions compare a register by = != < <= > >=.\n";

constexpr std::size_t most_stops = 64;

std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> words;
    while (!line.empty()) {
        const std::size_t blank = std::min(line.find_first_of(" \t\r\n"), line.size());
        if (blank != 0) words.push_back(line.substr(0, blank));
        line.remove_prefix(std::min(blank + 1, line.size()));
    }
    return words;
}

std::optional<u16> number_of(std::string_view word) {
    const auto number = take_number(word);
    if (!number || *number > 0xFFFF || !word.empty()) return std::nullopt;
    return u16(*number);
}

std::string flags_text(u16 flags) {
    static constexpr std::string_view letters = "C.P.A.ZSTIDO";
    std::string text;
    for (std::size_t bit = letters.size(); bit-- > 0;)
        if (letters[bit] != '.') text += (flags >> bit & 1) != 0 ? letters[bit] : '-';
    return text;
}

}  // namespace

std::string Monitor::command(std::string_view line) {
    const std::vector<std::string_view> words = words_of(line);
    const std::string_view name = words.empty() ? "help" : words.front();
    const Words rest = Words(words).subspan(words.empty() ? 0 : 1);
    if (name == "help") return std::string(help);
    if (name == "regs") return registers();
    if (name == "ivt") return vectors(rest);
    if (name == "stack") return stack(rest);
    if (name == "screen") return screen();
    if (name == "blocks") return blocks();
    if (name == "stop") return stop(rest);
    if (name == "clear") return clear(rest);
    return fmt::format("monitor {}: there is no such command; monitor help lists them\n", name);
}

u16 Monitor::word(SegOff at) const {
    std::array<u8, 2> bytes{};
    machine_.peek(at.linear(), std::span(bytes).first(1));
    machine_.peek((at + 1).linear(), std::span(bytes).last(1));
    return u16(bytes[0] | bytes[1] << 8);
}

std::string Monitor::registers() const {
    static constexpr std::array<std::string_view, 12> names = {"AX", "CX", "DX", "BX", "SP", "BP",
                                                               "SI", "DI", "ES", "CS", "SS", "DS"};
    static constexpr std::array<u8, 12> order = {0, 3, 1, 2, 6, 7, 5, 4, 11, 8, 10, 9};
    const CpuState state = machine_.cpu();
    std::string text;
    for (const u8 i : order) {
        const u16 value = i < state.words.size() ? state.words[i] : state.segments[i - state.words.size()];
        text += fmt::format("{}={:04X}{}", names[i], value, i == CpuState::Sp ? '\n' : ' ');
    }
    text += fmt::format("IP={:04X} FLAGS={:04X} {}\n", state.ip, state.flags, flags_text(state.flags));
    return text + fmt::format("{:04X}:{:04X}  {}{}\n", state.segments[CpuState::Cs], state.ip,
                              machine_.disassemble(state.cs_ip()).text, machine_.halted() ? "  (halted)" : "");
}

std::string Monitor::vectors(Words words) const {
    constexpr unsigned count = 256, columns = 4;
    const auto vector_text = [&](unsigned number) {
        return fmt::format("{:02X} {:04X}:{:04X}", number, word({0, u16(number * 4 + 2)}), word({0, u16(number * 4)}));
    };
    if (!words.empty()) {
        const auto number = number_of(words.front());
        if (!number || *number >= count) return "monitor ivt [N]: N is from 0 to FF\n";
        return vector_text(*number) + '\n';
    }
    std::string text;
    for (unsigned i = 0; i < count; ++i) text += vector_text(i) + (i % columns == columns - 1 ? "\n" : "   ");
    return text;
}

std::string Monitor::stack(Words words) const {
    constexpr u16 preset = 16, columns = 8, most = 0x400;
    const auto asked = words.empty() ? std::optional(preset) : number_of(words.front());
    if (!asked || *asked > most) return "monitor stack [WORDS]: from 0 to 400\n";
    const SegOff top = machine_.cpu().ss_sp();
    std::string text;
    for (u16 i = 0; i < *asked; ++i) {
        const SegOff at = top + u16(i * 2);
        if (i % columns == 0) text += fmt::format("{}{:04X}:{:04X} ", i == 0 ? "" : "\n", at.segment, at.offset);
        text += fmt::format(" {:04X}", word(at));
    }
    return text + '\n';
}

std::string Monitor::screen() const {
    const Screen screen = machine_.screen();
    if (screen.mode != Screen::Mode::Text) return "there is no text on the screen\n";
    std::string text;
    for (unsigned row = 0; row < screen.rows; ++row) {
        std::string line;
        for (unsigned column = 0; column < screen.columns; ++column) {
            const u8 character = screen.character(row, column);
            line += character >= 0x20 && character < 0x7F ? char(character) : character == 0 ? ' ' : '.';
        }
        text += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
    }
    return text;
}

std::string Monitor::blocks() const {
    const MachineStats stats = machine_.stats();
    if (machine_.engine() == EngineKind::Interpreter) return "the interpreter translates nothing\n";
    std::string text = fmt::format("{} blocks translated ({} instructions), {} invalidated, {} flushes, {} bytes\n",
                                   stats.blocks_translated, stats.instructions_translated, stats.blocks_invalidated,
                                   stats.flushes, stats.code_bytes);
    for (const TranslatedBlock& block : machine_.blocks())
        if (block.state == TranslatedBlock::State::Valid)
            text += fmt::format("{:04X}:{:04X} {} instructions, entered {} times\n", block.head.segment,
                                block.head.offset, block.lines.size(), block.hits);
    return text;
}

std::string Monitor::Stop::text() const {
    std::string text = kind == Kind::Interrupt ? fmt::format("int {:02x}", first) : fmt::format("port {:03x}", first);
    if (last != first) text += fmt::format("-{:03x}", last);
    if (kind == Kind::Port && !(on_read && on_write)) text += on_read ? " in" : " out";
    for (const Condition& condition : conditions) text += ' ' + condition.text();
    return text;
}

std::string Monitor::stop(Words words) {
    constexpr std::string_view usage = "monitor stop int N [COND...] | stop port N[-M] [in|out] [COND...]\n";
    if (words.empty()) return list();
    Stop stop;
    const bool is_port = words[0] == "port";
    if ((words[0] != "int" && !is_port) || words.size() < 2) return std::string(usage);
    if (is_port) stop.kind = Stop::Kind::Port;
    const std::size_t dash = words[1].find('-');
    const auto first = number_of(words[1].substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : number_of(words[1].substr(dash + 1));
    if (!first || !last || *last < *first || (!is_port && *last > 0xFF)) return std::string(usage);
    stop.first = *first;
    stop.last = *last;
    for (const std::string_view word : words.subspan(2)) {
        if (is_port && (word == "in" || word == "out")) {
            (word == "in" ? stop.on_write : stop.on_read) = false;
        } else if (const auto condition = Condition::parse(word)) {
            stop.conditions.push_back(*condition);
        } else {
            return fmt::format("{}: a condition is REGISTER OPERATOR NUMBER without blanks, as in ah=4b\n", word);
        }
    }
    if (!stop.on_read && !stop.on_write) return std::string(usage);
    if (stops_.size() == most_stops) return "there are too many stops; monitor clear removes them\n";
    stops_.push_back(stop);
    return fmt::format("{}: {}\n", stops_.size(), stop.text());
}

std::string Monitor::list() const {
    std::string text;
    for (std::size_t i = 0; i < stops_.size(); ++i) text += fmt::format("{:x}: {}\n", i + 1, stops_[i].text());
    return text.empty() ? "no stops\n" : text;
}

std::string Monitor::clear(Words words) {
    if (words.size() == 1 && words[0] == "all") {
        stops_.clear();
        return {};
    }
    const auto number = words.size() == 1 ? number_of(words[0]) : std::nullopt;
    if (!number || *number == 0 || *number > stops_.size()) return "monitor clear N|all: monitor stop lists them\n";
    stops_.erase(stops_.begin() + (*number - 1));
    return list();
}

bool Monitor::meets(const Stop& stop, u16 number) const {
    if (number < stop.first || number > stop.last) return false;
    const CpuState state = machine_.cpu();
    return std::ranges::all_of(stop.conditions, [&](const Condition& condition) { return condition.holds(state); });
}

void Monitor::add_to(Stops& stops) const {
    const auto has = [&](Stop::Kind kind) { return std::ranges::find(stops_, kind, &Stop::kind) != stops_.end(); };
    if (has(Stop::Kind::Interrupt))
        stops.on_interrupt = [this](u8 number) {
            return std::ranges::any_of(
                stops_, [&](const Stop& stop) { return stop.kind == Stop::Kind::Interrupt && meets(stop, number); });
        };
    if (has(Stop::Kind::Port))
        stops.on_port = [this](const PortAccess& access) {
            return std::ranges::any_of(stops_, [&](const Stop& stop) {
                const bool is_meant = access.is_write ? stop.on_write : stop.on_read;
                const u16 high_byte = u16(access.port + (access.width == Width::Word ? 1 : 0));
                return stop.kind == Stop::Kind::Port && is_meant &&
                       (meets(stop, access.port) || meets(stop, high_byte));
            });
        };
}

std::string Monitor::describe(const StopEvent& event) const {
    const CpuState state = machine_.cpu();
    if (event.kind == StopEvent::Kind::Interrupt)
        return fmt::format("before INT {:02X} with AX={:04X} at {:04X}:{:04X}\n", event.interrupt,
                           state.words[CpuState::Ax], state.segments[CpuState::Cs], state.ip);
    if (event.kind != StopEvent::Kind::PortUse) return {};
    const std::string at = fmt::format("at {:04X}:{:04X}\n", state.segments[CpuState::Cs], state.ip);
    if (!event.port.is_write) return fmt::format("before IN from port {:03X} {}", event.port.port, at);
    return fmt::format("before OUT of {:0{}X} to port {:03X} {}", event.port.value,
                       event.port.width == Width::Word ? 4 : 2, event.port.port, at);
}

}  // namespace dyn86::debug
