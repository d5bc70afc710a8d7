#include "src/debug/gdb_stub.h"

#include "src/debug/target.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace dyn86::debug {
namespace {

constexpr std::string_view ok = "OK", bad = "E01", no_access = "E0e", unknown = "";
constexpr Linear end_of_sums = address_space + 0x10000;
// gdb's numbers of signals. [gdb manual, "Signals"]
constexpr std::string_view interrupted = "02", trapped = "05", faulted = "0b";

std::string text_of(std::string_view text) {
    return std::string(text);
}

/// ADDRESS,LENGTH at the beginning of `text`.
struct Range {
    Linear start = 0;
    u32 length = 0;
};
std::optional<Range> take_range(std::string_view& text, u64 most) {
    const auto start = take_number(text);
    if (!start || !take(text, ",")) return std::nullopt;
    const auto length = take_number(text);
    if (!length || *length > most || *start > end_of_sums || *start + *length > end_of_sums) return std::nullopt;
    return Range{Linear(*start), u32(*length)};
}

std::span<const u8> bytes_of(const std::string& text) {
    return {reinterpret_cast<const u8*>(text.data()), text.size()};
}

}  // namespace

// --- the connection

void GdbStub::connect() {
    reader_.reset();
    acknowledges_ = true;
    is_detached_ = false;
    last_packet_.clear();
    console_.clear();
    last_stop_ = "S05";
    state_ = State::Held;
}

void GdbStub::disconnect() {
    points_.clear();
    monitor_.forget_stops();
    machine_.set_stops({});
    stopped_at_.reset();
    state_ = State::Free;
}

std::string GdbStub::receive(std::string_view bytes) {
    std::vector<PacketReader::Event> events;
    reader_.receive(bytes, events);
    std::string out;
    for (const PacketReader::Event& event : events) out += answer(event);
    return out;
}

std::string GdbStub::answer(const PacketReader::Event& event) {
    using Kind = PacketReader::Event::Kind;
    switch (event.kind) {
        case Kind::Acknowledged: return {};
        case Kind::Damaged: return acknowledges_ ? "-" : "";
        case Kind::Again: return acknowledges_ ? last_packet_ : "";
        case Kind::Interrupt:
            if (state_ != State::Running) return {};
            hold();
            last_packet_ = packet(stop_reply(interrupted));
            return last_packet_;
        case Kind::Packet: break;
    }
    std::string out = acknowledges_ ? "+" : "";
    const auto payload = reply(event.payload);
    out += std::exchange(console_, {});
    if (!payload) return out;
    last_packet_ = packet(*payload);
    return out + last_packet_;
}

// --- running

void GdbStub::hold() {
    state_ = State::Held;
    stopped_at_.reset();
}

Stops GdbStub::stops() const {
    Stops stops;
    for (const Point& point : points_) {
        if (point.type <= '1') {
            stops.breakpoints.push_back(point.address);
            continue;
        }
        using Kind = Watch::Kind;
        const Kind kind = point.type == '2' ? Kind::Write : point.type == '3' ? Kind::Read : Kind::Access;
        stops.watches.push_back({kind, point.address, point.length});
    }
    monitor_.add_to(stops);
    return stops;
}

bool GdbStub::is_at_its_stop() const {
    return stopped_at_ && *stopped_at_ == machine_.cpu().cs_ip();
}

std::optional<std::string> GdbStub::go_on() {
    if (machine_.ended()) return end_reply();
    if (std::exchange(stops_have_changed_, false)) machine_.set_stops(stops());
    const bool steps_first = is_at_its_stop();
    state_ = State::Running;
    stopped_at_.reset();
    if (!steps_first) return std::nullopt;
    const Pause pause = machine_.step();
    if (pause == Pause::Ended) return end_reply();
    if (!machine_.stop_event()) return std::nullopt;
    hold();
    return stop_reply(trapped);
}

std::optional<std::string> GdbStub::single_step() {
    if (machine_.ended()) return end_reply();
    if (std::exchange(stops_have_changed_, false)) machine_.set_stops(stops());
    state_ = State::Running;
    if (machine_.step() == Pause::Ended) return end_reply();
    hold();
    return stop_reply(trapped);
}

std::string GdbStub::paused(Pause pause) {
    if (state_ != State::Running) return {};
    std::string payload;
    if (pause == Pause::Ended) {
        payload = end_reply();
    } else if (pause == Pause::Stop) {
        hold();
        if (machine_.stop_event()->kind != StopEvent::Kind::Watchpoint) stopped_at_ = machine_.cpu().cs_ip();
        payload = stop_reply(trapped);
    } else {
        return {};
    }
    last_packet_ = packet(payload);
    return std::exchange(console_, {}) + last_packet_;
}

std::string GdbStub::stop_reply(Text signal) {
    last_stop_ = fmt::format("T{}", signal);
    if (const auto& event = machine_.stop_event(); event && signal == trapped) {
        last_stop_ += event_reply(*event);
        print(monitor_.describe(*event));
    }
    return last_stop_;
}

std::string GdbStub::event_reply(const StopEvent& event) const {
    using Kind = StopEvent::Kind;
    if (event.kind == Kind::Watchpoint) {
        const std::string_view name = event.watch == Watch::Kind::Write  ? "watch"
                                      : event.watch == Watch::Kind::Read ? "rwatch"
                                                                         : "awatch";
        return fmt::format("{}:{:x};", name, event.address);
    }
    if (event.kind != Kind::Breakpoint) return {};
    const bool is_hard = std::ranges::find(points_, Point{'1', event.address, 1}) != points_.end();
    return is_hard ? "hwbreak:;" : "swbreak:;";
}

/// A machine that can go no further is still there to be looked at, once.
std::string GdbStub::end_reply() {
    const Outcome& outcome = machine_.outcome();
    const bool is_broken = outcome.reason == Reason::CpuFault || outcome.reason == Reason::EmulatorError;
    if (is_broken && state_ != State::Held) {
        hold();
        print(outcome.message + '\n');
        return stop_reply(faulted);
    }
    state_ = State::Free;
    last_stop_ = is_broken ? fmt::format("X{}", faulted) : fmt::format("W{:02x}", outcome.errorlevel);
    return last_stop_;
}

/// Lines for gdb's console. [gdb manual, "Stop Reply Packets": O]
void GdbStub::print(Text text) {
    constexpr std::size_t most = PacketReader::longest / 4;
    for (; !text.empty(); text.remove_prefix(std::min(most, text.size())))
        console_ += packet('O' + to_hex(text.substr(0, most)));
}

// --- packets

std::optional<std::string> GdbStub::reply(Text packet) {
    if (packet.empty()) return text_of(unknown);
    const char kind = packet.front();
    const Text rest = packet.substr(1);
    switch (kind) {
        case '?': return last_stop_;
        case 'g': return read_registers(machine_.cpu());
        case 'G': return write_all_registers(rest);
        case 'p': return read_register_packet(rest);
        case 'P': return write_register_packet(rest);
        case 'm': return read_memory(rest);
        case 'M':
        case 'X': return write_memory(rest, kind == 'X');
        case 'Z':
        case 'z': return change_point(rest, kind == 'Z');
        case 'c':
        case 'C': return go_on();
        case 's':
        case 'S': return single_step();
        case 'H':
        case 'T': return text_of(ok);  // there is one thread
        case 'D':
            disconnect();
            is_detached_ = true;
            return text_of(ok);
        case 'k': is_killed_ = true; return std::nullopt;
        case 'q':
        case 'Q': return reply_to_query(packet);
        case 'v': return reply_to_v(packet);
        default: return text_of(unknown);
    }
}

std::optional<std::string> GdbStub::reply_to_query(Text packet) {
    if (packet.starts_with("qSupported"))
        return fmt::format(
            "PacketSize={:x};qXfer:features:read+;qXfer:memory-map:read+;QStartNoAckMode+;"
            "swbreak+;hwbreak+;vContSupported+",
            PacketReader::longest);
    if (packet == "QStartNoAckMode") {
        acknowledges_ = false;
        return text_of(ok);
    }
    if (take(packet, "qXfer:features:read:target.xml:")) return part_of(target_description(), packet);
    if (take(packet, "qXfer:memory-map:read::")) return part_of(memory_map(machine_.memory_regions()), packet);
    if (packet.starts_with("qXfer:")) return text_of("E00");
    if (take(packet, "qRcmd,")) return run_command(packet);
    if (packet.starts_with("qAttached")) return "1";
    if (packet == "qC") return "QC1";
    if (packet == "qfThreadInfo") return "m1";
    if (packet == "qsThreadInfo") return "l";
    if (packet.starts_with("qSymbol:")) return text_of(ok);
    return text_of(unknown);
}

std::optional<std::string> GdbStub::reply_to_v(Text packet) {
    if (packet == "vCont?") return "vCont;c;C;s;S";
    if (take(packet, "vCont;")) {
        if (packet.empty()) return text_of(bad);
        const char action = packet.front();  // the first one is for the only thread
        if (action == 'c' || action == 'C') return go_on();
        if (action == 's' || action == 'S') return single_step();
        return text_of(bad);
    }
    if (packet.starts_with("vKill")) {
        is_killed_ = true;
        return text_of(ok);
    }
    return text_of(unknown);
}

std::string GdbStub::part_of(Text document, Text range) const {
    const auto offset = take_number(range);
    if (!offset || !take(range, ",")) return text_of(bad);
    const auto length = take_number(range);
    if (!length || !range.empty() || *offset > document.size()) return text_of(bad);
    constexpr u64 most = PacketReader::longest / 2 - 1;  // each byte may be escaped
    const Text part = document.substr(*offset, std::min(*length, most));
    return (*offset + part.size() == document.size() ? 'l' : 'm') + escaped(part);
}

std::string GdbStub::run_command(Text hex) {
    const auto line = from_hex(hex);
    if (!line) return text_of(bad);
    stops_have_changed_ = true;
    print(monitor_.command(*line));
    return text_of(ok);
}

// --- registers and memory

std::string GdbStub::read_register_packet(Text arguments) const {
    const auto number = take_number(arguments);
    if (!number || !arguments.empty() || *number >= register_count) return text_of(bad);
    return read_register(machine_.cpu(), unsigned(*number));
}

std::string GdbStub::write_register_packet(Text arguments) {
    const auto number = take_number(arguments);
    CpuState state = machine_.cpu();
    if (!number || *number >= register_count || !take(arguments, "=")) return text_of(bad);
    if (!write_register(state, unsigned(*number), arguments)) return text_of(bad);
    machine_.set_cpu(state);
    return text_of(ok);
}

std::string GdbStub::write_all_registers(Text hex) {
    CpuState state = machine_.cpu();
    if (!write_registers(state, hex)) return text_of(bad);
    machine_.set_cpu(state);
    return text_of(ok);
}

std::string GdbStub::read_memory(Text arguments) const {
    const auto range = take_range(arguments, PacketReader::longest / 2);
    if (!range || !arguments.empty()) return text_of(no_access);
    std::string bytes(range->length, '\0');
    machine_.peek(range->start, {reinterpret_cast<u8*>(bytes.data()), bytes.size()});
    return to_hex(bytes);
}

std::string GdbStub::write_memory(Text arguments, bool is_binary) {
    const auto range = take_range(arguments, PacketReader::longest);
    if (!range || !take(arguments, ":")) return text_of(no_access);
    const auto bytes = is_binary ? unescaped(arguments) : from_hex(arguments);
    if (!bytes || bytes->size() != range->length) return text_of(bad);
    return text_of(machine_.poke(range->start, bytes_of(*bytes)) ? ok : no_access);
}

std::string GdbStub::change_point(Text arguments, bool inserts) {
    constexpr std::size_t most_points = 1024;
    constexpr u64 most_bytes = 0x10000;
    if (arguments.empty() || arguments.front() < '0' || arguments.front() > '4') return text_of(unknown);
    const char type = arguments.front();
    arguments.remove_prefix(1);
    if (!take(arguments, ",")) return text_of(bad);
    const auto range = take_range(arguments, most_bytes);
    const bool is_watch = type >= '2';
    if (!range || !arguments.empty() || (is_watch && range->length == 0)) return text_of(bad);
    const Point point{type, range->start & address_mask, is_watch ? range->length : 1};
    const auto known = std::ranges::find(points_, point);
    if (inserts && known == points_.end()) {
        if (points_.size() == most_points) return text_of(bad);
        points_.push_back(point);
    } else if (!inserts && known != points_.end()) {
        points_.erase(known);
    }
    stops_have_changed_ = true;
    return text_of(ok);
}

}  // namespace dyn86::debug
