// The bytes that a terminal sends for keys, decoded to keystrokes.
#pragma once

#include "src/frontend/keymap.h"

#include <string>
#include <string_view>
#include <vector>

namespace dyn86::frontend {

/// Understands UTF-8, control characters, ESC as Alt, and the sequences of xterm, rxvt, the Linux console, tmux and
/// screen with xterm's modifiers. [ECMA-48], [XTerm, "PC-Style Function Keys"], [console_codes(4)]
class TerminalKeys {
public:
    struct Keys {
        std::vector<Keystroke> strokes;
        bool quit = false, suspend = false;
    };
    /// A terminal has no host key, so Ctrl+] does its work: with q it quits, with z it gives the terminal back to the
    /// shell (which `fg` undoes), twice it is itself.
    static constexpr char host_key = 0x1D;

    explicit TerminalKeys(u16 code_page) : code_page_(code_page) {}

    [[nodiscard]] Keys feed(std::string_view bytes);
    /// True when bytes wait for more: ESC may be a key or the start of a sequence, which only time tells.
    [[nodiscard]] bool is_pending() const { return !pending_.empty(); }
    /// Nothing more has come: what waits stands for itself.
    [[nodiscard]] Keys flush();
    /// Characters that the guest's code page lacks: typed as what comes nearest to them, or left out.
    [[nodiscard]] u64 missing() const { return missing_; }

private:
    enum class End : u8 { MayContinue, IsFinal };
    void decode(Keys& keys, End end);
    [[nodiscard]] std::size_t decode_one(Keys& keys, End end);
    [[nodiscard]] std::size_t decode_escape(Keys& keys, End end);
    [[nodiscard]] std::size_t decode_character(Keys& keys, std::size_t from, bool alt, End end);

    u16 code_page_;  // of the guest
    std::string pending_;
    bool host_key_ = false;
    u64 missing_ = 0;
};

}  // namespace dyn86::frontend
