// Values of options, from text.
#pragma once

#include "src/dyn86.h"

#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace dyn86::config {

/// --speed: what it names, and the rate when it is a number.
struct Speed {
    enum class Kind : u8 { Auto, Max, Fixed } kind = Kind::Auto;
    i64 hz = 0;
};
/// auto, max, 4.77MHz, 8mhz, 500kHz, 4772727Hz; a bare number is MHz. 4.77MHz names the PC's 4.772727 MHz.
[[nodiscard]] std::optional<Speed> parse_speed(std::string_view text);

/// host, YYYY-MM-DD[THH:MM[:SS]], fixed:YYYY-... ; 1980 to 2099, which is what DOS can say. `local_now` (seconds since
/// 1970-01-01 00:00 local time) stands for host.
[[nodiscard]] std::optional<DateSetting> parse_date(std::string_view text, i64 local_now);
[[nodiscard]] i64 host_local_seconds();

/// What --drive says: a folder, or an image; drives.h sorts them.
struct DriveSetting : FolderDrive {
    enum class Type : u8 { Guess, Floppy, HardDisk, Folder } type = Type::Guess;
    bool has_overlay = false;
    std::string overlay;  // empty: beside the image
    std::optional<ImageDrive::Shape> shape;
};
/// X=PATH[,ro][,overlay[=FILE]][,label=L][,type=floppy|hd|folder][,chs=C:H:S]. The path may hold commas, as long as
/// what follows is no such word. Otherwise, what is wrong with it.
[[nodiscard]] std::expected<DriveSetting, std::string_view> parse_drive(std::string_view text);
/// ADDR=FILE: ADDR is hexadecimal.
[[nodiscard]] std::optional<RomFile> parse_rom(std::string_view text);

/// An address in guest memory, hexadecimal: B8000, 0xB8000, B800:0000.
[[nodiscard]] std::optional<Linear> parse_address(std::string_view text);
/// ADDR,LEN,FILE: LEN is decimal or 0x...
struct MemoryRange {
    Linear from = 0;
    u32 length = 0;
    std::string file;
};
[[nodiscard]] std::optional<MemoryRange> parse_memory_range(std::string_view text);

/// -bmi2,-shift-a: features to be switched off; empty: bad.
[[nodiscard]] std::optional<HostFeatures> parse_features_off(std::string_view text);
/// 8086, 8088.
[[nodiscard]] std::optional<CpuModel> parse_cpu(std::string_view text);
/// table, exact.
[[nodiscard]] std::optional<Timing> parse_timing(std::string_view text);

/// "3.30", "5.0", "5": what AH=30h says.
struct DosVersion {
    u8 major = 5, minor = 0;
    friend bool operator==(const DosVersion&, const DosVersion&) = default;
};
[[nodiscard]] std::optional<DosVersion> parse_dos_version(std::string_view text);

/// 7C00, 0x7C00 or 7C00h.
[[nodiscard]] std::optional<u32> parse_hex(std::string_view text);

/// A whole number greater than zero.
[[nodiscard]] std::optional<u64> parse_count(std::string_view text);

}  // namespace dyn86::config
