// The terminal that dyn86 was started from, as a device: its modes, its size, its bytes.
#pragma once

#include "src/dyn86.h"

#include <termios.h>

#include <memory>
#include <string_view>

namespace dyn86::frontend {

/// /dev/tty. Whatever mode it is brought into, it goes back to what it was when this object does.
class Tty {
public:
    static Result<std::unique_ptr<Tty>> open();
    ~Tty();
    Tty(const Tty&) = delete;
    Tty& operator=(const Tty&) = delete;

    /// Keys come at once, unseen and unchanged; `cooked_output` leaves line feeds to be what they are in a shell.
    enum class Output : u8 { Raw, Cooked };
    void make_raw(Output output);
    void restore();

    /// All of it, as far as the terminal is still there.
    void write(std::string_view bytes) const;
    [[nodiscard]] int fd() const { return fd_; }

    struct Size {
        unsigned rows = 25, columns = 80;
        friend bool operator==(const Size&, const Size&) = default;
    };
    /// 25x80 when the terminal does not tell.
    [[nodiscard]] Size size() const;

private:
    Tty(int fd, const termios& before) : fd_(fd), before_(before) {}
    int fd_;
    termios before_;
    bool is_raw_ = false;
};

}  // namespace dyn86::frontend
