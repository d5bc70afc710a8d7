// The host's standard streams as the guest's: bytes out, buffered, unchanged or as UTF-8; bytes in, one at a time or
// many.
#pragma once

#include "src/dos/code_page.h"
#include "src/dos/errors.h"
#include "src/dos/setup.h"

#include <array>
#include <functional>
#include <span>
#include <vector>

namespace dyn86::dos {

/// Output is kept until it is much, until DOS waits for input, or until somebody says flush(). What the two outputs get
/// keeps its order. Input is never read ahead: what a program leaves, the next process finds.
class Streams {
public:
    Streams(const StreamSpec& spec, CodePage page, std::function<bool()> keep_waiting)
        : spec_(spec), page_(page), keep_waiting_(std::move(keep_waiting)) {}

    enum class Output : u8 { Out, Err };

    [[nodiscard]] bool is_console() const { return spec_.console; }
    /// An error when the host takes no more (closed pipe, full disk), then and from then on.
    DosResult<> write(Output to, std::span<const u8> bytes);
    DosResult<> flush();

    /// True when a read would return at once, with bytes or with the end of input.
    [[nodiscard]] bool is_input_ready() const;
    /// Sleeps until input is ready or the machine wants to go on. True: it is ready.
    [[nodiscard]] bool wait_for_input();
    [[nodiscard]] int input() const { return spec_.in; }
    [[nodiscard]] int descriptor(Output which) const { return which == Output::Out ? spec_.out : spec_.err; }

private:
    struct Sink {
        std::vector<u8> pending;
        bool failed = false;
        DosError error = DosError::None;
    };
    DosResult<> flush(Output which);

    StreamSpec spec_;
    CodePage page_;
    std::function<bool()> keep_waiting_;
    std::array<Sink, 2> sinks_;
};

}  // namespace dyn86::dos
