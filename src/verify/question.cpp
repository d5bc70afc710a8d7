#include "src/verify/question.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace dyn86::verify {
namespace {

/// The fourteen registers, as the public suites name and order them.
struct RegisterName {
    enum class Kind : u8 { General, Segment, Ip, Flags } kind;
    u8 number;
    std::string_view name;
};
constexpr std::array<RegisterName, 14> register_names = [] {
    using enum RegisterName::Kind;
    const auto general = [](Reg16 r, std::string_view name) { return RegisterName{General, u8(r), name}; };
    const auto segment = [](Sreg r, std::string_view name) { return RegisterName{Segment, u8(r), name}; };
    return std::array<RegisterName, 14>{
        general(Reg16::Ax, "ax"),  general(Reg16::Bx, "bx"),       general(Reg16::Cx, "cx"), general(Reg16::Dx, "dx"),
        segment(Sreg::Cs, "cs"),   segment(Sreg::Ss, "ss"),        segment(Sreg::Ds, "ds"),  segment(Sreg::Es, "es"),
        general(Reg16::Sp, "sp"),  general(Reg16::Bp, "bp"),       general(Reg16::Si, "si"), general(Reg16::Di, "di"),
        RegisterName{Ip, 0, "ip"}, RegisterName{Flags, 0, "flags"}};
}();

void set_register(Registers& regs, const RegisterName& which, u16 value) {
    switch (which.kind) {
        case RegisterName::Kind::General: return regs.set(Reg16(which.number), value);
        case RegisterName::Kind::Segment: return regs.set(Sreg(which.number), value);
        case RegisterName::Kind::Ip: regs.ip = value; return;
        case RegisterName::Kind::Flags: regs.flags = u16((value & flag::changeable) | flag::always_one); return;
    }
}

u16 get_register(const Registers& regs, const RegisterName& which) {
    switch (which.kind) {
        case RegisterName::Kind::General: return regs.get(Reg16(which.number));
        case RegisterName::Kind::Segment: return regs.get(Sreg(which.number));
        case RegisterName::Kind::Ip: return regs.ip;
        case RegisterName::Kind::Flags: return regs.flags;
    }
    return 0;
}

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Names and values of the line in an answer to it: what is no plain text is left out.
std::string quotable(std::string_view text) {
    constexpr std::size_t longest = 40;
    std::string plain;
    for (const char c : text.substr(0, longest))
        if (c >= ' ' && c < '\x7F' && c != '"' && c != '\\') plain += c;
    return plain;
}

/// Reads strict JSON from left to right, taking what it knows and checking the rest. After the first failure nothing is
/// read any more.
class Parser {
public:
    explicit Parser(std::string_view line) : line_(line) {}
    Result<> parse(Question& question);

private:
    static constexpr unsigned deepest = 64;

    [[nodiscard]] bool failed() const { return !problem_.empty(); }
    bool fail_at(std::size_t at, std::string_view problem);
    [[nodiscard]] char peek() const { return at_ < line_.size() ? line_[at_] : '\0'; }
    void skip_blanks();
    bool take(char c);
    bool need(char c, std::string_view problem);
    bool take_string(std::string_view& text);
    bool take_number(i64& value, std::string_view what, i64 largest);
    bool skip_number();
    bool skip_word(std::string_view word);
    bool skip_value(unsigned depth);
    template <typename Member>
    bool take_object(std::string_view what, Member member);
    template <typename Element>
    bool take_array(std::string_view what, Element element);
    bool take_initial(Question& question);
    bool take_register(Registers& regs, std::string_view name, std::size_t name_at);
    bool take_queued_byte(u8& count);
    bool take_ram_byte(std::vector<RamByte>& ram);

    std::string_view line_;
    std::size_t at_ = 0;
    std::string problem_;
    bool has_initial_ = false, has_regs_ = false;
};

bool Parser::fail_at(std::size_t at, std::string_view problem) {
    if (!failed()) problem_ = fmt::format("column {}: {}", at + 1, problem);
    return false;
}

void Parser::skip_blanks() {
    while (at_ < line_.size() && (line_[at_] == ' ' || line_[at_] == '\t' || line_[at_] == '\r' || line_[at_] == '\n'))
        ++at_;
}

/// The next character if it is `c`, blanks before it skipped.
bool Parser::take(char c) {
    skip_blanks();
    if (peek() != c || at_ == line_.size()) return false;
    ++at_;
    return true;
}

bool Parser::need(char c, std::string_view problem) {
    return take(c) || fail_at(at_, problem);
}

/// The text between the quotes as it stands; escapes are checked, not replaced.
bool Parser::take_string(std::string_view& text) {
    constexpr std::size_t hex_digits = 4;
    if (!need('"', "expected a string")) return false;
    const std::size_t begin = at_;
    while (at_ < line_.size() && line_[at_] != '"') {
        if (u8(line_[at_]) < ' ') return fail_at(at_, "a control character in a string");
        if (line_[at_++] != '\\') continue;
        const std::size_t escape = at_ - 1;
        const char kind = peek();
        if (at_ == line_.size() || !std::string_view("\"\\/bfnrtu").contains(kind))
            return fail_at(escape, "not an escape that JSON has");
        ++at_;
        if (kind != 'u') continue;
        const std::string_view digits = line_.substr(at_, hex_digits);
        if (digits.size() < hex_digits || digits.find_first_not_of("0123456789abcdefABCDEF") != digits.npos)
            return fail_at(escape, "\\u wants four hexadecimal digits");
        at_ += hex_digits;
    }
    if (at_ == line_.size()) return fail_at(at_, "the line ends within a string");
    text = line_.substr(begin, at_ - begin);
    ++at_;
    return true;
}

bool Parser::skip_number() {
    const auto digits = [&] {
        if (!is_digit(peek())) return fail_at(at_, "expected a digit");
        while (is_digit(peek())) ++at_;
        return true;
    };
    if (peek() == '-') ++at_;
    if (peek() == '0' && at_ + 1 < line_.size() && is_digit(line_[at_ + 1]))
        return fail_at(at_, "a number with a leading zero");
    if (!digits()) return false;
    if (peek() == '.' && (++at_, !digits())) return false;
    if (peek() != 'e' && peek() != 'E') return true;
    ++at_;
    if (peek() == '+' || peek() == '-') ++at_;
    return digits();
}

bool Parser::take_number(i64& value, std::string_view what, i64 largest) {
    skip_blanks();
    const std::size_t begin = at_;
    if (peek() != '-' && !is_digit(peek())) return fail_at(at_, fmt::format("{} is not a number", what));
    if (!skip_number()) return false;
    const std::string_view text = line_.substr(begin, at_ - begin);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = end == text.data() + text.size();
    if (!whole) return fail_at(begin, fmt::format("{} {} is not a whole number", what, quotable(text)));
    if (error != std::errc{} || value < 0 || value > largest)
        return fail_at(begin, fmt::format("{} {} is not in 0 to {}", what, quotable(text), largest));
    return true;
}

bool Parser::skip_word(std::string_view word) {
    if (!line_.substr(at_).starts_with(word)) return fail_at(at_, "expected a value");
    at_ += word.size();
    return true;
}

bool Parser::skip_value(unsigned depth) {
    skip_blanks();
    if (depth > deepest) return fail_at(at_, "nested too deeply");
    const auto nested = [&](auto&&...) { return skip_value(depth + 1); };
    std::string_view text;
    switch (peek()) {
        case '{': return take_object("", nested);
        case '[': return take_array("", nested);
        case '"': return take_string(text);
        case 't': return skip_word("true");
        case 'f': return skip_word("false");
        case 'n': return skip_word("null");
        default: return peek() == '-' || is_digit(peek()) ? skip_number() : fail_at(at_, "expected a value");
    }
}

/// Calls `member(key, where the key stands)` before each value, which it must take.
template <typename Member>
bool Parser::take_object(std::string_view what, Member member) {
    if (!need('{', fmt::format("{} is not an object", what))) return false;
    if (take('}')) return true;
    do {
        skip_blanks();
        const std::size_t key_at = at_;
        std::string_view key;
        if (!take_string(key) || !need(':', "expected ':'") || !member(key, key_at)) return false;
    } while (take(','));
    return need('}', "expected ',' or '}'");
}

template <typename Element>
bool Parser::take_array(std::string_view what, Element element) {
    if (!need('[', fmt::format("{} is not an array", what))) return false;
    if (take(']')) return true;
    do
        if (!element()) return false;
    while (take(','));
    return need(']', "expected ',' or ']'");
}

bool Parser::take_register(Registers& regs, std::string_view name, std::size_t name_at) {
    for (const RegisterName& known : register_names) {
        if (known.name != name) continue;
        i64 value = 0;
        if (!take_number(value, name, 0xFFFF)) return false;
        set_register(regs, known, u16(value));
        return true;
    }
    return fail_at(name_at, fmt::format("an 8086 has no register {}", quotable(name)));
}

bool Parser::take_ram_byte(std::vector<RamByte>& ram) {
    i64 address = 0, value = 0;
    if (!need('[', "a byte of ram is not [address,value]")) return false;
    if (!take_number(address, "address", address_mask)) return false;
    if (!need(',', "a byte of ram is not [address,value]")) return false;
    if (!take_number(value, "value", 0xFF)) return false;
    if (!need(']', "a byte of ram is not [address,value]")) return false;
    ram.push_back({Linear(address), u8(value)});
    return true;
}

bool Parser::take_queued_byte(u8& count) {
    i64 value = 0;
    if (!take_number(value, "a byte of the queue", 0xFF)) return false;
    constexpr u8 longest_queue = 6;
    return ++count <= longest_queue || fail_at(at_, "a queue holds six bytes at most");
}

bool Parser::take_initial(Question& question) {
    has_initial_ = true;
    return take_object("initial", [&](std::string_view key, std::size_t) {
        if (key == "regs") {
            has_regs_ = true;
            return take_object("regs", [&](std::string_view name, std::size_t name_at) {
                return take_register(question.regs, name, name_at);
            });
        }
        if (key == "ram") return take_array("ram", [&] { return take_ram_byte(question.ram); });
        if (key == "queue") {
            question.queued = 0;
            return take_array("queue", [&] { return take_queued_byte(*question.queued); });
        }
        return skip_value(0);
    });
}

Result<> Parser::parse(Question& question) {
    question.regs = Registers{};
    question.ram.clear();
    question.queued.reset();
    take_object("the line", [&](std::string_view key, std::size_t) {
        return key == "initial" ? take_initial(question) : skip_value(0);
    });
    skip_blanks();
    if (!failed() && at_ != line_.size()) fail_at(at_, "more behind the object");
    if (!failed() && !has_initial_) fail_at(0, "no \"initial\"");
    if (!failed() && !has_regs_) fail_at(0, "no \"regs\" in \"initial\"");
    if (failed()) return fail(problem_);
    return {};
}

void append(std::string& to, u64 number) {
    std::array<char, 20> digits;
    to.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
}

}  // namespace

Result<> parse_question(std::string_view line, Question& question) {
    return Parser(line).parse(question);
}

void format_answer(const Answer& answer, std::string& to) {
    to += R"({"final":{"regs":{)";
    for (const RegisterName& known : register_names) {
        to += &known == register_names.data() ? "\"" : ",\"";
        to += known.name;
        to += "\":";
        append(to, get_register(answer.regs, known));
    }
    to += R"(},"ram":[)";
    for (const RamByte& byte : answer.ram) {
        to += &byte == answer.ram.data() ? "[" : ",[";
        append(to, byte.address);
        to += ',';
        append(to, byte.value);
        to += ']';
    }
    to += "]},\"cycles\":";
    append(to, u64(answer.cycles));
    to += "}\n";
}

void format_error(std::string_view message, std::string& to) {
    to += R"({"error":")";
    for (const char c : message) {
        if (c == '"' || c == '\\') to += '\\';
        to += c;
    }
    to += "\"}\n";
}

}  // namespace dyn86::verify
