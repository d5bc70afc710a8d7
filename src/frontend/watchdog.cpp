#include "src/frontend/watchdog.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>

namespace dyn86::frontend {
namespace {

constexpr int none = -1;

sigset_t stopping_signals() {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE}) sigaddset(&set, signal);
    return set;
}

timespec to_timespec(std::chrono::nanoseconds time) {
    return {.tv_sec = time.count() / 1'000'000'000, .tv_nsec = time.count() % 1'000'000'000};
}

}  // namespace

Watchdog::Watchdog() : stop_(none) {
    const sigset_t signals = stopping_signals();
    pthread_sigmask(SIG_BLOCK, &signals, &before_);
    signals_ = ::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    end_ = ::eventfd(0, EFD_CLOEXEC);
}

Watchdog::~Watchdog() {
    finish();
    // What is still pending belongs to this run.
    for (signalfd_siginfo info; ::read(signals_, &info, sizeof info) > 0;) continue;
    ::close(signals_);
    ::close(end_);
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void Watchdog::start(std::optional<std::chrono::nanoseconds> timeout, std::function<void()> interrupt) {
    if (timeout) deadline_ = std::chrono::steady_clock::now() + *timeout;
    interrupt_ = std::move(interrupt);
    thread_ = std::thread([this] { watch(); });
}

void Watchdog::finish() {
    if (!thread_.joinable()) return;
    ::eventfd_write(end_, 1);
    thread_.join();
}

std::optional<Watchdog::Stop> Watchdog::stop() const {
    const int stop = stop_.load(std::memory_order_acquire);
    if (stop == none) return std::nullopt;
    return Stop{stop};
}

bool Watchdog::has_broken_pipe() {
    sigset_t pending;
    return ::sigpending(&pending) == 0 && sigismember(&pending, SIGPIPE) == 1;
}

void Watchdog::watch() {
    using namespace std::chrono_literals;
    while (!stop()) {
        auto left = std::chrono::nanoseconds(24h);
        if (deadline_) left = std::max<std::chrono::nanoseconds>(*deadline_ - std::chrono::steady_clock::now(), 0ns);
        if (wait_for_end(left, true)) return;
        signalfd_siginfo info = {};
        if (::read(signals_, &info, sizeof info) == ssize_t(sizeof info)) {
            stop_.store(int(info.ssi_signo), std::memory_order_release);
        } else if (deadline_ && std::chrono::steady_clock::now() >= *deadline_) {
            stop_.store(0, std::memory_order_release);
        }
    }
    // Once may come between the session's look at stop() and the machine's start: so repeat.
    do interrupt_();
    while (!wait_for_end(10ms, false));
}

/// True when the run has ended; false when `time` is over or a signal is there.
bool Watchdog::wait_for_end(std::chrono::nanoseconds time, bool with_signals) {
    std::array<pollfd, 2> files = {{{end_, POLLIN, 0}, {signals_, POLLIN, 0}}};
    const timespec timeout = to_timespec(time);
    ::ppoll(files.data(), with_signals ? 2 : 1, &timeout, nullptr);
    return (files[0].revents & POLLIN) != 0;
}

}  // namespace dyn86::frontend
