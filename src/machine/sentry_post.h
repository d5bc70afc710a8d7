// A debugger's stops, set up in memory and asked for by the engines.
#pragma once

#include "cpu/core.h"
#include "cpu/engine.h"
#include "cpu/sentry.h"
#include "src/base/stops.h"

#include <optional>

namespace dyn86 {

/// Marks the bytes, answers the engines, and keeps why the machine stopped. Posted only while there is something to
/// stop at.
class SentryPost final : public Sentry {
public:
    explicit SentryPost(Memory& memory) : memory_(memory), core_(memory.core()) {}
    ~SentryPost() override;
    SentryPost(const SentryPost&) = delete;
    SentryPost& operator=(const SentryPost&) = delete;

    /// Instead of those before. Other breakpoints make the engine forget its code.
    void set(Stops stops, Engine& engine);
    /// Why it stopped, since reset().
    [[nodiscard]] const std::optional<StopEvent>& event() const { return event_; }
    void reset() { event_.reset(); }
    /// While the debugger itself writes, nobody is told.
    void look_away(bool on) { looks_away_ = on; }

    [[nodiscard]] bool stops_here() noexcept override;
    [[nodiscard]] bool may_stop_at(Op op) const noexcept override;
    void touched(Linear at, Access access) noexcept override;

private:
    void mark(bool on);
    [[nodiscard]] bool watches_reads() const;
    [[nodiscard]] bool asks() const { return stops_.on_interrupt != nullptr || stops_.on_port != nullptr; }
    [[nodiscard]] std::optional<StopEvent> event_at(const Insn& insn) const;
    [[nodiscard]] PortAccess access_of(const Insn& insn) const;

    Memory& memory_;
    Core& core_;
    Stops stops_;
    std::optional<StopEvent> event_;
    bool looks_away_ = false;
};

}  // namespace dyn86
