// Ends a run from outside: signals, and the time limit in host seconds.
#pragma once

#include "src/dyn86.h"

#include <atomic>
#include <chrono>
#include <functional>
#include <optional>
#include <thread>

#include <csignal>

namespace dyn86::frontend {

/// While it lives, SIGINT, SIGTERM, SIGHUP, SIGQUIT and SIGPIPE do not kill the process but become stop(), noticed by a
/// thread of its own (signalfd), so that no signal handler runs and no state is global. Create it before other threads
/// start, which inherit that these signals are blocked.
class Watchdog {
public:
    Watchdog();
    ~Watchdog();
    /// Begins to watch, once. `interrupt` is called from the watchdog's thread, again and again until finish().
    void start(std::optional<std::chrono::nanoseconds> timeout, std::function<void()> interrupt);
    /// After this `interrupt` is not called any more. Also done by the destructor.
    void finish();
    Watchdog(const Watchdog&) = delete;
    Watchdog& operator=(const Watchdog&) = delete;

    struct Stop {
        int signal = 0;  // 0: the time limit
    };
    [[nodiscard]] std::optional<Stop> stop() const;
    /// True when a write of this thread has met a closed pipe: that signal is the writer's own, stop() never sees it.
    [[nodiscard]] static bool has_broken_pipe();

private:
    void watch();
    [[nodiscard]] bool wait_for_end(std::chrono::nanoseconds time, bool with_signals);

    std::optional<std::chrono::steady_clock::time_point> deadline_;
    std::function<void()> interrupt_;
    sigset_t before_ = {};
    int signals_ = -1, end_ = -1;
    std::atomic<int> stop_;
    std::thread thread_;
};

}  // namespace dyn86::frontend
