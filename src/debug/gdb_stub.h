// GDB's remote serial protocol over a machine: packets in, packets out. Knows no sockets.
// [gdb manual, "Remote Protocol"]
#pragma once

#include "src/debug/monitor.h"
#include "src/debug/packet.h"
#include "src/dyn86.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dyn86::debug {

/// All stops are gdb's and the monitor's; the machine has them only while it runs for a gdb.
class GdbStub {
public:
    explicit GdbStub(Machine& machine) : machine_(machine), monitor_(machine) {}

    /// A gdb is there: the machine is held until it says so.
    void connect();
    /// It is gone: its stops go with it, and the machine runs on.
    void disconnect();
    /// What gdb has sent; returns what is to be sent to it.
    [[nodiscard]] std::string receive(std::string_view bytes);
    /// Tells why the machine has paused; likewise.
    [[nodiscard]] std::string paused(Pause pause);

    [[nodiscard]] bool holds() const { return state_ == State::Held; }
    [[nodiscard]] bool is_killed() const { return is_killed_; }
    /// gdb has said that it goes.
    [[nodiscard]] bool is_detached() const { return is_detached_; }

private:
    enum class State : u8 { Free, Held, Running };
    /// A breakpoint or watchpoint as gdb names it.
    struct Point {
        char type = '0';
        Linear address = 0;
        u32 length = 0;
        friend bool operator==(const Point&, const Point&) = default;
    };
    using Text = std::string_view;

    std::string answer(const PacketReader::Event& event);
    /// A packet's reply; nothing: there is none yet, the machine runs.
    std::optional<std::string> reply(Text packet);
    std::optional<std::string> reply_to_query(Text packet);
    std::optional<std::string> reply_to_v(Text packet);
    [[nodiscard]] std::string transfer(Text object, Text range) const;
    [[nodiscard]] std::string part_of(Text document, Text range) const;
    std::string read_memory(Text arguments) const;
    std::string write_memory(Text arguments, bool is_binary);
    std::string write_register_packet(Text arguments);
    std::string write_all_registers(Text hex);
    [[nodiscard]] std::string read_register_packet(Text arguments) const;
    std::string change_point(Text arguments, bool inserts);
    std::string run_command(Text hex);

    std::optional<std::string> go_on();
    std::optional<std::string> single_step();
    /// From where it has just stopped it must come away first.
    [[nodiscard]] bool is_at_its_stop() const;
    [[nodiscard]] Stops stops() const;
    void hold();
    [[nodiscard]] std::string stop_reply(Text signal);
    [[nodiscard]] std::string event_reply(const StopEvent& event) const;
    [[nodiscard]] std::string end_reply();
    void print(Text text);

    Machine& machine_;
    Monitor monitor_;
    PacketReader reader_;
    State state_ = State::Free;
    bool acknowledges_ = true, is_killed_ = false, is_detached_ = false;
    bool stops_have_changed_ = false;
    std::vector<Point> points_;
    std::string last_packet_;  // to be sent again when gdb asks for it
    std::string console_;      // packets of text that go before the next reply
    std::string last_stop_ = "S05";
    std::optional<SegOff> stopped_at_;  // before which instruction a stop held the machine
};

}  // namespace dyn86::debug
