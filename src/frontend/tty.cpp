#include "src/frontend/tty.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>

namespace dyn86::frontend {

Result<std::unique_ptr<Tty>> Tty::open() {
    const int fd = ::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) return fail("no terminal: /dev/tty cannot be opened");
    termios before = {};
    if (::tcgetattr(fd, &before) == 0) return std::unique_ptr<Tty>(new Tty(fd, before));
    ::close(fd);
    return fail("no terminal: /dev/tty has no modes");
}

Tty::~Tty() {
    restore();
    ::close(fd_);
}

void Tty::make_raw(Output output) {
    termios raw = before_;
    ::cfmakeraw(&raw);
    if (output == Output::Cooked) raw.c_oflag = before_.c_oflag;
    ::tcsetattr(fd_, TCSAFLUSH, &raw);
    is_raw_ = true;
}

void Tty::restore() {
    if (!is_raw_) return;
    is_raw_ = false;
    ::tcsetattr(fd_, TCSAFLUSH, &before_);
}

void Tty::write(std::string_view bytes) const {
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        bytes.remove_prefix(std::size_t(written));
    }
}

Tty::Size Tty::size() const {
    winsize window = {};
    if (::ioctl(fd_, TIOCGWINSZ, &window) != 0 || window.ws_row == 0 || window.ws_col == 0) return {};
    return {window.ws_row, window.ws_col};
}

}  // namespace dyn86::frontend
