// Conditions on registers, as `monitor stop` takes them: ah=4b, dx>=100.
#pragma once

#include "src/dyn86.h"

#include <optional>
#include <string>
#include <string_view>

namespace dyn86::debug {

/// A register compared with a number; numbers are hexadecimal.
class Condition {
public:
    /// REGISTER OPERATOR NUMBER without blanks, OPERATOR one of = != < <= > >=. Empty: it is none.
    [[nodiscard]] static std::optional<Condition> parse(std::string_view text);
    [[nodiscard]] bool holds(const CpuState& state) const;
    [[nodiscard]] const std::string& text() const { return text_; }

private:
    enum class Comparison : u8 { Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual };
    [[nodiscard]] u16 value_of(const CpuState& state) const;

    std::string text_;
    std::size_t name_ = 0;  // place in the list of names
    Comparison comparison_ = Comparison::Equal;
    u16 number_ = 0;
};

}  // namespace dyn86::debug
