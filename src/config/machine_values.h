// Values of the options that describe the machine, from text.
#pragma once

#include "src/dyn86.h"

#include <optional>
#include <string_view>

namespace dyn86::config {

/// --mem: 640K, or 640; a multiple of 16 KiB from 64 to 704, below the adapters' memory.
[[nodiscard]] std::optional<u32> parse_memory_size(std::string_view text);
/// --rtc: ds1216@ADDR, where the 8 KiB from ADDR on are above the RAM.
[[nodiscard]] std::optional<Linear> parse_no_slot_clock(std::string_view text);
/// --serial1: pty, tcp:HOST:PORT, file:PATH, stdio, mouse.
[[nodiscard]] std::optional<SerialSetting> parse_serial(std::string_view text);
/// --printer1: the path of file:PATH.
[[nodiscard]] std::optional<std::string> parse_printer(std::string_view text);

}  // namespace dyn86::config
