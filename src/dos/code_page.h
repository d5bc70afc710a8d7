// Code pages as text: host names and streams are UTF-8, the guest's bytes are not.
#pragma once

#include "src/dos/code_page_tables.h"

#include <optional>
#include <string>
#include <string_view>

namespace dyn86::dos {

/// 437, 850, 852, 866 or 1252. Objects refer to constant tables and may be copied.
class CodePage {
public:
    /// nullopt: not one that we have.
    [[nodiscard]] static std::optional<CodePage> find(u16 number);
    /// 437, that of the PC's own characters.
    CodePage();

    [[nodiscard]] u16 number() const { return table_->number; }
    /// Guest bytes as UTF-8. Control characters stay what they are.
    [[nodiscard]] std::string to_utf8(std::string_view guest) const;
    /// UTF-8 as guest bytes; nullopt when it is malformed or has a character that the code page lacks.
    [[nodiscard]] std::optional<std::string> from_utf8(std::string_view host) const;

    /// One guest byte in the other case; a letter whose other case the code page lacks stays.
    [[nodiscard]] u8 upper(u8 c) const;
    [[nodiscard]] u8 lower(u8 c) const;
    [[nodiscard]] std::string upper(std::string text) const;
    [[nodiscard]] std::string lower(std::string text) const;

private:
    explicit CodePage(const CodePageTable& table) : table_(&table) {}
    const CodePageTable* table_;
};

/// What letters of drives, devices and variables need.
[[nodiscard]] u8 ascii_upper(u8 c);
[[nodiscard]] std::string ascii_upper(std::string text);

}  // namespace dyn86::dos
