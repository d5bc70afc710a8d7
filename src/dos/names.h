// DOS names: 8.3 components, paths, wildcards, reserved device names. Pure text, no file system.
#pragma once

#include "src/dos/code_page.h"
#include "src/dos/errors.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dyn86::dos {

/// A name as directories and FCBs store it: eight and three characters, padded with blanks.
using FcbName = std::array<char, 11>;

enum class Device : u8 { None, Con, Nul, Prn, Aux, Clock, Driver };

/// The device that a component names, whatever its extension ("con.txt" is the console).
[[nodiscard]] Device device_named(std::string_view component);

/// May this byte stand in a file name? (Case and wildcards aside.)
[[nodiscard]] bool is_name_character(u8 c);

/// One component as DOS takes it: upper case, cut to 8.3 ("longfilename.text" is LONGFILE.TEX). Wildcards stay.
/// nullopt: it has a character that no name may have, or no base.
[[nodiscard]] std::optional<std::string> dos_component(std::string_view text, CodePage page = {});

[[nodiscard]] FcbName to_fcb_name(std::string_view component);  // '*' becomes question marks
[[nodiscard]] std::string from_fcb_name(const FcbName& name);
[[nodiscard]] bool matches(const FcbName& pattern, const FcbName& name);
[[nodiscard]] bool has_wildcards(std::string_view component);

/// A path that has been made absolute: drive 0 = A:, components without wildcards except perhaps in the last.
struct DosPath {
    u8 drive = 0;
    std::vector<std::string> parts;
    /// What the last component names if it is a device; `parts` then is the folder it was looked for in, `name` its
    /// name.
    Device device = Device::None;
    std::string name = {};

    /// "C:\DIR\NAME".
    [[nodiscard]] std::string text() const;
};

/// What a relative path starts from.
class PathContext {
public:
    virtual ~PathContext() = default;
    [[nodiscard]] virtual u8 current_drive() const = 0;
    [[nodiscard]] virtual bool has_drive(u8 drive) const = 0;
    /// Components of the drive's current folder.
    [[nodiscard]] virtual std::vector<std::string> current_folder(u8 drive) const = 0;
    /// Has somebody brought along a driver for the device of this name (in capitals)?
    [[nodiscard]] virtual bool has_driver(std::string_view /*name*/) const { return false; }
    /// What decides about letters' cases.
    [[nodiscard]] virtual CodePage code_page() const { return {}; }
};

enum class Wildcards : u8 { Forbidden, InLast };

/// Makes a program's path absolute: '/' and '\', '.' and '..' (which stop at the root with an error).
[[nodiscard]] DosResult<DosPath> parse_path(std::string_view text, const PathContext& context,
                                            Wildcards wildcards = Wildcards::Forbidden);

}  // namespace dyn86::dos
