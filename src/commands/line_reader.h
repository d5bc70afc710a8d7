// Lines of a stream as they come.
#pragma once

#include "src/base/result.h"

#include <functional>
#include <string>
#include <string_view>

namespace dyn86::commands {

/// Reads lines from a descriptor; tells before it would wait for more, so that answers can be sent that somebody is
/// waiting for before he goes on asking.
class LineReader {
public:
    /// Longer lines are given as empty and `is_too_long`.
    static constexpr std::size_t longest_line = std::size_t{64} << 20;

    LineReader(int file, std::function<Result<>()> before_waiting)
        : file_(file), before_waiting_(std::move(before_waiting)) {}

    struct Line {
        std::string_view text;  // without line feed; valid until the next one
        bool is_end = false;    // there was no more line
        bool is_too_long = false;
    };
    Result<Line> next();

private:
    Result<> fill();

    int file_;
    std::function<Result<>()> before_waiting_;
    std::string buffer_;
    std::size_t begin_ = 0, searched_ = 0;
    bool skipping_ = false, at_end_ = false;
};

}  // namespace dyn86::commands
