#include "src/machine/host_printer.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace dyn86 {
namespace {

constexpr std::size_t flush_at = 4096;

}  // namespace

Result<std::unique_ptr<HostPrinter>> HostPrinter::open(const std::string& path) {
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) return fail_errno(path);
    return std::unique_ptr<HostPrinter>(new HostPrinter(path, fd));
}

HostPrinter::~HostPrinter() {
    (void)flush();  // whoever cares has asked before
    ::close(fd_);
}

bool HostPrinter::print(u8 byte) {
    if (failure_) return false;
    waiting_.push_back(byte);
    return waiting_.size() < flush_at || flush().has_value();
}

Result<> HostPrinter::flush() {
    std::size_t done = 0;
    while (done < waiting_.size() && !failure_) {
        const ssize_t written = ::write(fd_, waiting_.data() + done, waiting_.size() - done);
        if (written >= 0) done += std::size_t(written);
        if (written < 0 && errno != EINTR) failure_ = fail_errno(path_).error();
    }
    waiting_.clear();
    if (failure_) return std::unexpected(*failure_);
    return {};
}

}  // namespace dyn86
