#include "src/dos/streams.h"

#include <cerrno>

#include <poll.h>
#include <unistd.h>

namespace dyn86::dos {
namespace {

constexpr std::size_t buffer_size = std::size_t{64} << 10;
constexpr int wait_slice_ms = 50;

bool is_ready(int fd, short event, int timeout_ms) {
    pollfd poll_fd{.fd = fd, .events = event, .revents = 0};
    return poll(&poll_fd, 1, timeout_ms) != 0;  // an error counts: the call that follows will report it
}

/// Writes all of it; errno when the host refuses.
int write_all(int fd, std::span<const u8> bytes) {
    while (!bytes.empty()) {
        const ssize_t done = ::write(fd, bytes.data(), bytes.size());
        if (done >= 0) {
            bytes = bytes.subspan(std::size_t(done));
        } else if (errno == EAGAIN) {
            is_ready(fd, POLLOUT, -1);
        } else if (errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

}  // namespace

DosResult<> Streams::write(Output to, std::span<const u8> bytes) {
    if (descriptor(to) < 0) return {};
    const Output other = to == Output::Out ? Output::Err : Output::Out;
    (void)flush(other);  // its own writer hears of an error there
    Sink& sink = sinks_[std::size_t(to)];
    if (sink.failed) return refuse(sink.error);
    if (to == Output::Out ? spec_.out_utf8 : spec_.err_utf8) {
        const std::string text = page_.to_utf8({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
        sink.pending.insert(sink.pending.end(), text.begin(), text.end());
    } else {
        sink.pending.insert(sink.pending.end(), bytes.begin(), bytes.end());
    }
    return sink.pending.size() >= buffer_size || to == Output::Err ? flush(to) : DosResult<>{};
}

DosResult<> Streams::flush(Output which) {
    Sink& sink = sinks_[std::size_t(which)];
    if (!sink.pending.empty()) {
        if (const int error = write_all(descriptor(which), sink.pending); error != 0) {
            sink.failed = true;
            sink.error = from_errno(error);
        }
        sink.pending.clear();
    }
    if (sink.failed) return refuse(sink.error);
    return {};
}

DosResult<> Streams::flush() {
    const DosResult<> out = flush(Output::Out);
    const DosResult<> err = flush(Output::Err);
    return out ? err : out;
}

bool Streams::is_input_ready() const {
    return is_ready(spec_.in, POLLIN, 0);
}

bool Streams::wait_for_input() {
    (void)flush();  // whoever feeds us may be waiting for our question
    while (!is_ready(spec_.in, POLLIN, wait_slice_ms))
        if (keep_waiting_ && !keep_waiting_()) return false;
    return true;
}

}  // namespace dyn86::dos
