// Screens written to files, in the format that the file's suffix names (COMMAND_LINE.md, Sequence).
#pragma once

#include "src/frontend/render.h"

#include <string>

namespace dyn86::frontend {

enum class DumpFormat : u8 { Text, Ansi, Json, Cells, Png };

/// By suffix: .txt .ans .json .bin .png; "-" is standard output as text. Another suffix is a usage error.
[[nodiscard]] Result<DumpFormat> dump_format(const std::string& file);

/// Pictures show the cursor and blinking characters at their visible half.
[[nodiscard]] Result<std::string> dump_screen(const Screen& screen, DumpFormat format, const Font& font);

/// Writes bytes to a file, or to standard output for "-".
[[nodiscard]] Result<> write_file(const std::string& file, std::string_view bytes);

/// A screen, in the format that the suffix names.
[[nodiscard]] Result<> write_screen(const Screen& screen, const std::string& file);

}  // namespace dyn86::frontend
