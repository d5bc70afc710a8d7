// gdb's `monitor` commands: what its own have no words for.
#pragma once

#include "src/debug/condition.h"
#include "src/dyn86.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dyn86::debug {

/// Answers commands, and keeps the stops on interrupts and ports that they set.
class Monitor {
public:
    explicit Monitor(Machine& machine) : machine_(machine) {}

    /// The answer, lines of UTF-8.
    std::string command(std::string_view line);
    /// Adds what the stops of `monitor stop` need.
    void add_to(Stops& stops) const;
    void forget_stops() { stops_.clear(); }
    /// What a stop of ours is called.
    [[nodiscard]] std::string describe(const StopEvent& event) const;

private:
    /// One `monitor stop`.
    struct Stop {
        enum class Kind : u8 { Interrupt, Port } kind = Kind::Interrupt;
        u16 first = 0, last = 0;
        bool on_read = true, on_write = true;  // ports
        std::vector<Condition> conditions;

        [[nodiscard]] std::string text() const;
    };
    using Words = std::span<const std::string_view>;

    std::string registers() const;
    std::string vectors(Words words) const;
    std::string stack(Words words) const;
    std::string screen() const;
    std::string blocks() const;
    std::string stop(Words words);
    std::string clear(Words words);
    std::string list() const;
    [[nodiscard]] bool meets(const Stop& stop, u16 number) const;
    [[nodiscard]] u16 word(SegOff at) const;

    Machine& machine_;
    std::vector<Stop> stops_;
};

}  // namespace dyn86::debug
