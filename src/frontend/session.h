// The outermost loop: lets the machine run against the host's clock, shows its screen, feeds its keyboard, ends it.
#pragma once

#include "src/frontend/display.h"
#include "src/frontend/key_queue.h"
#include "src/frontend/pacer.h"
#include "src/frontend/report.h"
#include "src/frontend/sequence.h"
#include "src/frontend/share.h"
#include "src/frontend/watchdog.h"

#include <functional>
#include <optional>

namespace dyn86::frontend {

/// What a debugger wants of the session.
enum class Order : u8 { Run, Hold, Quit };

struct SessionSettings {
    bool watched = false;  // a person sees the display
    Pacer::Settings time;
    std::optional<HostDuration> timeout;
    std::optional<u64> max_instructions;
    Ticks wait_limit = Ticks::from_ms(60'000);
    /// What a `swap` step means.
    Player::Doer swap;
    Share* share = nullptr;  // other processes watch and type
    /// A debugger: told why the machine has paused, it may hold it, then listening for at most that long.
    std::function<Order(Pause, HostDuration)> debugger = {};
};

class Session {
public:
    /// The machine has been told what to start. All of them outlive the session.
    Session(Machine& machine, Display& display, Watchdog& watchdog, const Sequence& sequence,
            const SessionSettings& settings);
    /// Runs to the end, whatever ends it.
    [[nodiscard]] Ending run();

private:
    void run_frame();
    void run_step(Ticks target);
    void hear_debugger(Pause pause, HostDuration wait);
    void look_at(Pause pause);
    void play();
    void publish();
    [[nodiscard]] bool sleeps() const;
    void finish_sequence();
    void end(Reason reason, std::string message = {}, int signal = 0);
    [[nodiscard]] static HostTime host_now();

    Machine& machine_;
    Display& display_;
    Watchdog& watchdog_;
    MachineGuest guest_;
    SessionSettings settings_;
    Player player_;
    Pacer pacer_;
    KeyQueue keys_;
    bool is_held_ = false;  // by the debugger
    std::optional<Ending> ending_;
};

}  // namespace dyn86::frontend
