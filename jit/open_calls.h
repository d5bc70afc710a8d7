// The calls that a trace has followed and not yet returned from, and whether their return addresses can have changed.
#pragma once

#include "jit/block.h"

#include <vector>

namespace dyn86::jit {

class OpenCalls {
public:
    struct Call {
        u16 procedure = 0, back = 0;
        std::size_t body = 0;  // number of the procedure's first step
        i32 depth = 0;         // of the return address, from SP at the trace's head
        bool intact = true;    // nothing since can have written there
    };

    [[nodiscard]] bool empty() const { return calls_.empty(); }
    /// Is the trace within this procedure already?
    [[nodiscard]] bool contains(u16 procedure) const;
    /// The first step of the procedure that the trace is in.
    [[nodiscard]] std::size_t body() const { return calls_.empty() ? 0 : calls_.back().body; }

    /// A step that the trace goes through; calls and returns too, before enter() and after leave().
    void pass(const Step& step);
    /// The call that was passed last is followed; `body`: number of the step behind it.
    void enter(const Insn& call, std::size_t body);
    /// The innermost procedure ends with a RET, not yet passed. `intact` says whether it surely goes behind the call.
    Call leave();

private:
    void distrust();

    std::vector<Call> calls_;
    i32 depth_ = 0;
};

}  // namespace dyn86::jit
