#include "src/frontend/session.h"

#include "src/frontend/dump.h"

#include <algorithm>

namespace dyn86::frontend {
namespace {

using namespace std::chrono_literals;

constexpr HostTime frame_time = 16'666'667ns;
// The most guest time between two looks at keys, the host's clock and the display: with host time, without, and when
// nobody watches (a millisecond of host time or so; at each the program's output is flushed).
constexpr Ticks paced_step = Ticks::from_ms(2), free_step = Ticks::from_ms(10), long_step = Ticks::from_ms(250);

}  // namespace

Session::Session(Machine& machine, Display& display, Watchdog& watchdog, const Sequence& sequence,
                 const SessionSettings& settings)
    : machine_(machine),
      display_(display),
      watchdog_(watchdog),
      guest_(machine),
      settings_(settings),
      player_(sequence, settings.wait_limit,
              {.snap = [&machine](const std::string& file) { return write_screen(machine.screen(), file); },
               .swap = settings.swap}),
      pacer_(settings.time, host_now(), machine.now()) {}

Ending Session::run() {
    machine_.set_cpu_hz(pacer_.hz());
    if (settings_.max_instructions) machine_.limit_instructions(*settings_.max_instructions);
    watchdog_.start(settings_.timeout, [this] { machine_.request_pause(); });
    hear_debugger(Pause::Time, HostDuration::zero());
    play();
    while (!ending_) run_frame();
    watchdog_.finish();
    publish();
    display_.close(machine_.screen());
    return *ending_;
}

/// One frame of host time, or less when a key comes.
void Session::run_frame() {
    const HostTime deadline = host_now() + frame_time;
    const Ticks target = pacer_.target(host_now(), machine_.now());
    if (settings_.share) settings_.share->control().listen();
    play();
    while (!ending_ && !is_held_ && !sleeps() && machine_.now() < target && host_now() < deadline) run_step(target);
    if (ending_) return;
    display_.show(machine_.screen());
    publish();
    const HostDuration left = std::max(deadline - host_now(), HostTime::zero());
    hear_debugger(Pause::Time, is_held_ ? left : HostDuration::zero());
    const Display::Input input = display_.wait(std::max(deadline - host_now(), HostTime::zero()));
    keys_.push(input.codes);
    if (input.mouse) machine_.mouse(*input.mouse);
    keys_.feed(guest_);
    if (input.quit) end(Reason::Quit);
    // A guest that cannot reach its target does not come to run_step().
    if (const auto stop = watchdog_.stop(); stop && !ending_) look_at(Pause::Requested);
}

/// It may have made the machine run, step by step, to its end.
void Session::hear_debugger(Pause pause, HostDuration wait) {
    if (!settings_.debugger) return;
    const Order order = settings_.debugger(pause, wait);
    is_held_ = order == Order::Hold;
    if (order == Order::Quit) return end(Reason::Quit);
    if (machine_.ended() && !is_held_ && pause != Pause::Ended) look_at(Pause::Ended);
}

void Session::run_step(Ticks target) {
    const Ticks now = machine_.now();
    const bool is_talking = machine_.has_live_line();
    const Ticks step = pacer_.is_throttled() ? paced_step : settings_.watched || is_talking ? free_step : long_step;
    const HostTime before = host_now();
    const Ticks asked = settings_.share ? settings_.share->control().next(now) : Ticks::never();
    const Pause pause = machine_.run(std::min({target, now + step, player_.next(now), asked}));
    if (settings_.time.host_clock) machine_.set_cpu_hz(pacer_.adapt(machine_.now() - now, host_now() - before));
    hear_debugger(pause, HostDuration::zero());
    if (ending_ || is_held_) return;
    if (is_talking && !pacer_.is_throttled()) machine_.wait_for_line(machine_.now() - now);
    look_at(pause);
    if (ending_) return;
    play();
    if (!keys_.empty()) keys_.feed(guest_);
}

void Session::look_at(Pause pause) {
    // `dyn86 PROG | head`: nobody reads on, whatever the program makes of it.
    if (Watchdog::has_broken_pipe()) return end(Reason::Signal, {}, SIGPIPE);
    if (pause == Pause::Ended) {
        ending_ = Ending{machine_.outcome(), 0};
        return finish_sequence();
    }
    if (pause == Pause::Instructions) return end(Reason::Timeout, "instruction limit reached");
    const auto stop = watchdog_.stop();
    if (!stop) return;
    if (stop->signal != 0) return end(Reason::Signal, {}, stop->signal);
    end(Reason::Timeout, "time limit reached");
}

void Session::play() {
    if (settings_.share && settings_.share->control().advance(guest_)) end(Reason::Quit);
    switch (player_.advance(guest_)) {
        case Player::State::Running:
        case Player::State::Done: return;
        case Player::State::Quit: return end(Reason::Quit);
        case Player::State::Failed: return end(Reason::WaitFailed, player_.error());
        case Player::State::Broken: return end(Reason::EmulatorError, player_.error());
    }
}

void Session::publish() {
    if (settings_.share) settings_.share->publisher().publish(machine_.screen(), machine_.stats().instructions);
}

/// The guest waits for a key that only another process can send: its own timer is no reason to run it. With the host's
/// clock it is the clock that lets the host sleep.
bool Session::sleeps() const {
    if (!settings_.share || pacer_.is_throttled() || !machine_.waits_for_key()) return false;
    return keys_.empty() && player_.next(machine_.now()) == Ticks::never() && settings_.share->control().is_idle();
}

/// The program ended of itself: the rest of the script looks at what it left.
void Session::finish_sequence() {
    const Reason reason = ending_->outcome.reason;
    if (reason == Reason::CpuFault || reason == Reason::EmulatorError) return;
    const Player::State state = player_.finish(guest_);
    if (state == Player::State::Failed) end(Reason::WaitFailed, player_.error());
    if (state == Player::State::Broken) end(Reason::EmulatorError, player_.error());
}

void Session::end(Reason reason, std::string message, int signal) {
    const u8 errorlevel = ending_ ? ending_->outcome.errorlevel : u8{0};
    ending_ = Ending{{.reason = reason, .errorlevel = errorlevel, .message = std::move(message)}, signal};
}

HostTime Session::host_now() {
    return std::chrono::duration_cast<HostTime>(std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace dyn86::frontend
