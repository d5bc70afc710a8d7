#include "src/dos/fcb_name.h"

#include <algorithm>

namespace dyn86::dos {
namespace {

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}
bool is_separator(char c) {
    return is_blank(c) || std::string_view(":;,=+").find(c) != std::string_view::npos;
}
bool ends_name(char c) {
    return u8(c) < 0x20 || is_separator(c) || std::string_view("<>|/\"[].\\").find(c) != std::string_view::npos;
}

class Parser {
public:
    Parser(std::string_view text, const PathContext& context) : text_(text), context_(context) {
        result_.name.fill(' ');
    }

    ParsedFcb parse(Leading skip) {
        while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
        if (skip == Leading::Separators && at_ < text_.size() && is_separator(text_[at_])) {
            ++at_;
            while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
        }
        drive();
        result_.has_name = field(0, 8);
        if (peek() == '.') {
            ++at_;
            result_.has_extension = true;
            (void)field(8, 3);
        }
        result_.length = at_;
        return result_;
    }

private:
    [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

    void drive() {
        if (at_ + 1 >= text_.size() || text_[at_ + 1] != ':') return;
        const u8 letter = ascii_upper(u8(text_[at_]));
        at_ += 2;
        result_.has_drive = true;
        result_.drive = letter >= 'A' && letter <= 'Z' ? u8(letter - 'A' + 1) : u8{0xFF};
        result_.is_drive_valid = letter >= 'A' && letter <= 'Z' && context_.has_drive(u8(letter - 'A'));
    }

    /// Fills a field up to the next separator; what does not fit is skipped.
    bool field(std::size_t first, std::size_t length) {
        const CodePage page = context_.code_page();
        const std::size_t start = at_;
        std::size_t used = 0;
        for (; at_ < text_.size() && !ends_name(text_[at_]); ++at_) {
            const char c = char(page.upper(u8(text_[at_])));
            if (c == '*') {
                result_.has_wildcards = true;
                for (; used < length; ++used) result_.name[first + used] = '?';
            } else if (used < length) {
                result_.has_wildcards |= c == '?';
                result_.name[first + used++] = c;
            }
        }
        return at_ > start;
    }

    std::string_view text_;
    const PathContext& context_;
    std::size_t at_ = 0;
    ParsedFcb result_;
};

}  // namespace

ParsedFcb parse_fcb_name(std::string_view text, Leading skip, const PathContext& context) {
    return Parser(text, context).parse(skip);
}

}  // namespace dyn86::dos
