#include "src/debug/condition.h"

#include "src/debug/packet.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace dyn86::debug {
namespace {

// In the order of CpuState's words and segments; byte registers as instructions number them.
constexpr std::array<std::string_view, 22> names = {"ax", "cx", "dx", "bx", "sp", "bp",   "si", "di",
                                                    "es", "cs", "ss", "ds", "al", "cl",   "dl", "bl",
                                                    "ah", "ch", "dh", "bh", "ip", "flags"};
constexpr std::size_t first_segment = 8, first_byte = 12, ip_name = 20;

}  // namespace

std::optional<Condition> Condition::parse(std::string_view text) {
    static constexpr std::array<std::pair<std::string_view, Comparison>, 6> operators = {
        {{"!=", Comparison::NotEqual},
         {"<=", Comparison::LessOrEqual},
         {">=", Comparison::GreaterOrEqual},
         {"=", Comparison::Equal},
         {"<", Comparison::Less},
         {">", Comparison::Greater}}};
    Condition condition;
    for (const char c : text) condition.text_ += char(std::tolower(u8(c)));
    std::string_view rest = condition.text_;
    const auto name = std::ranges::find(names, rest.substr(0, std::min(rest.find_first_of("!<=>"), rest.size())));
    if (name == names.end()) return std::nullopt;
    condition.name_ = std::size_t(name - names.begin());
    rest.remove_prefix(name->size());
    const auto found = std::ranges::find_if(operators, [&](const auto& entry) { return take(rest, entry.first); });
    if (found == operators.end()) return std::nullopt;
    condition.comparison_ = found->second;
    const auto number = take_number(rest);
    if (!number || *number > 0xFFFF || !rest.empty()) return std::nullopt;
    condition.number_ = u16(*number);
    return condition;
}

u16 Condition::value_of(const CpuState& state) const {
    if (name_ < first_segment) return state.words[name_];
    if (name_ < first_byte) return state.segments[name_ - first_segment];
    if (name_ == ip_name) return state.ip;
    if (name_ > ip_name) return state.flags;
    const std::size_t byte = name_ - first_byte;
    return u8(state.words[byte & 3] >> ((byte & 4) != 0 ? 8 : 0));
}

bool Condition::holds(const CpuState& state) const {
    const u16 value = value_of(state);
    switch (comparison_) {
        case Comparison::Equal: return value == number_;
        case Comparison::NotEqual: return value != number_;
        case Comparison::Less: return value < number_;
        case Comparison::LessOrEqual: return value <= number_;
        case Comparison::Greater: return value > number_;
        case Comparison::GreaterOrEqual: return value >= number_;
    }
    return false;
}

}  // namespace dyn86::debug
