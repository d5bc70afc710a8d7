#include "src/commands/line_reader.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace dyn86::commands {
namespace {

constexpr std::size_t chunk = std::size_t{1} << 16;

bool would_wait(int file) {
    pollfd one{file, POLLIN, 0};
    return ::poll(&one, 1, 0) == 0;
}

}  // namespace

Result<> LineReader::fill() {
    if (would_wait(file_))
        if (auto done = before_waiting_(); !done) return done;
    buffer_.erase(0, begin_);
    searched_ -= begin_;
    begin_ = 0;
    const std::size_t used = buffer_.size();
    buffer_.resize(used + chunk);
    ssize_t count = 0;
    do count = ::read(file_, buffer_.data() + used, chunk);
    while (count < 0 && errno == EINTR);
    buffer_.resize(used + std::size_t(count > 0 ? count : 0));
    if (count < 0) return fail_errno("standard input");
    at_end_ = count == 0;
    return {};
}

Result<LineReader::Line> LineReader::next() {
    for (;;) {
        const std::size_t end = buffer_.find('\n', searched_);
        const bool is_whole = end != std::string::npos;
        if (!is_whole && buffer_.size() - begin_ > longest_line) {  // what has come of it is dropped
            skipping_ = true;
            buffer_.resize(begin_);
        }
        if (is_whole || (at_end_ && (skipping_ || begin_ < buffer_.size()))) {
            const std::size_t stop = is_whole ? end : buffer_.size();
            const Line line{.text = std::string_view(buffer_).substr(begin_, stop - begin_), .is_too_long = skipping_};
            begin_ = searched_ = is_whole ? end + 1 : stop;
            skipping_ = false;
            return line;
        }
        if (at_end_) return Line{.text = {}, .is_end = true};
        searched_ = buffer_.size();
        if (auto filled = fill(); !filled) return std::unexpected(filled.error());
    }
}

}  // namespace dyn86::commands
