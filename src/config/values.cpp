#include "src/config/values.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <chrono>
#include <cmath>
#include <ctime>

namespace dyn86::config {
namespace {

using std::string_view;

constexpr i64 pc_hz = 4'772'727;
constexpr double least_hz = 1'000, most_hz = 4e9;
constexpr u32 most_dump = address_space;

std::string lower(string_view text) {
    std::string result(text);
    for (char& c : result) c = char(std::tolower(static_cast<unsigned char>(c)));
    return result;
}

/// The whole of `text` as a number.
template <typename Integer>
std::optional<Integer> parse_integer(string_view text, int base) {
    Integer value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

/// Fixed-width decimal fields: "2026-11-22" by "dddd-dd-dd" is {2026, 11, 22}.
std::optional<std::array<int, 3>> fields(string_view text, string_view pattern) {
    std::array<int, 3> values = {};
    std::size_t field = 0;
    if (text.size() != pattern.size()) return std::nullopt;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (pattern[i] != 'd') {
            if (text[i] != pattern[i]) return std::nullopt;
            ++field;
        } else if (text[i] < '0' || text[i] > '9') {
            return std::nullopt;
        } else {
            values[field] = values[field] * 10 + (text[i] - '0');
        }
    }
    return values;
}

/// Seconds since 1970-01-01 00:00 of an ISO 8601 date with or without a time.
std::optional<i64> parse_iso(string_view text) {
    using namespace std::chrono;
    const auto date = fields(text.substr(0, 10), "dddd-dd-dd");
    if (!date) return std::nullopt;
    const auto [y, m, d] = *date;
    const year_month_day day{year{y}, month{unsigned(m)}, std::chrono::day{unsigned(d)}};
    if (!day.ok() || y < 1980 || y > 2099) return std::nullopt;
    std::array<int, 3> time = {};
    if (text.size() > 10) {
        if (text[10] != 'T' && text[10] != ' ') return std::nullopt;
        const string_view rest = text.substr(11);
        const auto parsed = fields(rest, rest.size() == 5 ? "dd:dd" : "dd:dd:dd");
        if (!parsed || (*parsed)[0] > 23 || (*parsed)[1] > 59 || (*parsed)[2] > 59) return std::nullopt;
        time = *parsed;
    }
    return i64{sys_days{day}.time_since_epoch().count()} * 86'400 + time[0] * 3600 + time[1] * 60 + time[2];
}

/// C:H:S as INT 13h can address it.
std::optional<ImageDrive::Shape> parse_shape(string_view text) {
    std::array<u16, 3> numbers{};
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const auto end = i == 2 ? text.size() : text.find(':');
        if (end == string_view::npos) return std::nullopt;
        const auto number = parse_integer<u16>(text.substr(0, end), 10);
        if (!number || *number == 0) return std::nullopt;
        numbers[i] = *number;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (numbers[0] > 1024 || numbers[1] > 255 || numbers[2] > 63) return std::nullopt;
    return ImageDrive::Shape{numbers[0], numbers[1], numbers[2]};
}

std::optional<DriveSetting::Type> parse_drive_type(string_view text) {
    using enum DriveSetting::Type;
    if (text == "floppy") return Floppy;
    if (text == "hd") return HardDisk;
    if (text == "folder") return Folder;
    return std::nullopt;
}

enum class Taken : u8 { Word, NoWord, BadValue };

/// Takes ",ro", ",label=..." and the like off the end of the path.
Taken take_drive_word(DriveSetting& drive) {
    const auto comma = drive.path.rfind(',');
    if (comma == std::string::npos) return Taken::NoWord;
    const std::string word = drive.path.substr(comma + 1);
    bool is_good = true;
    if (word == "ro") {
        drive.read_only = true;
    } else if (word == "overlay" || word.starts_with("overlay=")) {
        drive.has_overlay = true;
        drive.overlay = word == "overlay" ? "" : word.substr(8);
        is_good = word == "overlay" || !drive.overlay.empty();
    } else if (word.starts_with("label=")) {
        drive.label = word.substr(6);
        is_good = drive.label.size() <= 11;
    } else if (word.starts_with("type=")) {
        const auto type = parse_drive_type(string_view(word).substr(5));
        drive.type = type.value_or(drive.type);
        is_good = type.has_value();
    } else if (word.starts_with("chs=")) {
        drive.shape = parse_shape(string_view(word).substr(4));
        is_good = drive.shape.has_value();
    } else {
        return Taken::NoWord;
    }
    drive.path.resize(comma);
    return is_good ? Taken::Word : Taken::BadValue;
}

}  // namespace

std::optional<u32> parse_hex(string_view text) {
    if (text.starts_with("0x") || text.starts_with("0X")) text.remove_prefix(2);
    if (text.ends_with('h') || text.ends_with('H')) text.remove_suffix(1);
    return parse_integer<u32>(text, 16);
}

std::optional<Speed> parse_speed(string_view text) {
    const std::string word = lower(text);
    if (word == "auto") return Speed{};
    if (word == "max") return Speed{Speed::Kind::Max, 0};
    double value = 0;
    const char* const last = word.data() + word.size();
    const auto [end, error] = std::from_chars(word.data(), last, value);
    if (error != std::errc{}) return std::nullopt;
    const string_view unit(end, std::size_t(last - end));
    double scale = 1e6;
    if (unit == "khz") scale = 1e3;
    if (unit == "hz") scale = 1;
    if (unit == "ghz") scale = 1e9;
    if (!unit.empty() && unit != "mhz" && scale == 1e6) return std::nullopt;
    const double hz = value * scale;
    if (!(hz >= least_hz && hz <= most_hz)) return std::nullopt;
    const i64 rounded = std::llround(hz);
    return Speed{Speed::Kind::Fixed, rounded == 4'770'000 ? pc_hz : rounded};
}

std::optional<DateSetting> parse_date(string_view text, i64 local_now) {
    if (text == "host") return DateSetting{DateSetting::Kind::Host, local_now};
    constexpr string_view fixed = "fixed:";
    const bool is_fixed = text.starts_with(fixed);
    if (is_fixed) text.remove_prefix(fixed.size());
    const auto seconds = parse_iso(text);
    if (!seconds) return std::nullopt;
    return DateSetting{is_fixed ? DateSetting::Kind::Fixed : DateSetting::Kind::Given, *seconds};
}

i64 host_local_seconds() {
    const std::time_t now = std::time(nullptr);
    std::tm local = {};
    ::localtime_r(&now, &local);
    return i64{now} + local.tm_gmtoff;
}

std::expected<DriveSetting, string_view> parse_drive(string_view text) {
    if (text.size() < 2 || text[1] != '=') return std::unexpected("it is X=PATH[,ro][,label=L]...");
    DriveSetting drive;
    drive.letter = char(std::toupper(static_cast<unsigned char>(text[0])));
    drive.path = text.substr(2);
    if (drive.letter < 'A' || drive.letter > 'Z') return std::unexpected("a drive is a letter");
    for (Taken taken = Taken::Word; taken == Taken::Word;) {
        taken = take_drive_word(drive);
        if (taken == Taken::BadValue)
            return std::unexpected("label= has at most 11 characters, type= is floppy, hd or folder, chs= is C:H:S");
    }
    if (drive.path.empty()) return std::unexpected("no path");
    return drive;
}

std::optional<Linear> parse_address(string_view text) {
    const auto colon = text.find(':');
    if (colon == string_view::npos) {
        const auto linear = parse_hex(text);
        return linear && *linear < address_space ? linear : std::nullopt;
    }
    const auto segment = parse_hex(text.substr(0, colon)), offset = parse_hex(text.substr(colon + 1));
    if (!segment || !offset || *segment > 0xFFFF || *offset > 0xFFFF) return std::nullopt;
    return SegOff{u16(*segment), u16(*offset)}.linear();
}

std::optional<RomFile> parse_rom(string_view text) {
    const auto equals = text.find('=');
    if (equals == string_view::npos || equals + 1 == text.size()) return std::nullopt;
    const auto start = parse_address(text.substr(0, equals));
    if (!start) return std::nullopt;
    return RomFile{*start, std::string(text.substr(equals + 1))};
}

std::optional<MemoryRange> parse_memory_range(string_view text) {
    const auto first = text.find(',');
    const auto second = first == string_view::npos ? first : text.find(',', first + 1);
    if (second == string_view::npos || second + 1 == text.size()) return std::nullopt;
    const auto from = parse_address(text.substr(0, first));
    const string_view digits = text.substr(first + 1, second - first - 1);
    const auto length = digits.starts_with("0x") ? parse_hex(digits) : parse_integer<u32>(digits, 10);
    if (!from || !length || *length == 0 || *length > most_dump) return std::nullopt;
    return MemoryRange{*from, *length, std::string(text.substr(second + 1))};
}

std::optional<HostFeatures> parse_features_off(string_view text) {
    HostFeatures off;
    for (bool more = true; more;) {
        const auto comma = text.find(',');
        const string_view word = text.substr(0, comma);
        const auto name = std::ranges::find(host_feature_names, word.substr(word.starts_with('-') ? 1 : 0));
        if (!word.starts_with('-') || name == host_feature_names.end()) return std::nullopt;
        off.add(HostFeature(name - host_feature_names.begin()));
        more = comma != string_view::npos;
        text.remove_prefix(more ? comma + 1 : text.size());
    }
    return off;
}

std::optional<CpuModel> parse_cpu(string_view text) {
    if (text == "8086") return CpuModel::I8086;
    if (text == "8088") return CpuModel::I8088;
    return std::nullopt;
}

std::optional<Timing> parse_timing(string_view text) {
    if (text == "table") return Timing::Table;
    if (text == "exact") return Timing::Exact;
    return std::nullopt;
}

/// One digit behind the dot counts tens: version 3.3 says 30 (1Eh).
std::optional<DosVersion> parse_dos_version(string_view text) {
    const auto dot = text.find('.');
    const string_view minor_text = dot == string_view::npos ? "0" : text.substr(dot + 1);
    const auto number = [](string_view digits, std::size_t longest) -> std::optional<u8> {
        unsigned value = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        const bool whole = error == std::errc{} && end == digits.data() + digits.size();
        if (!whole || digits.empty() || digits.size() > longest) return std::nullopt;
        return u8(value);
    };
    const auto major = number(text.substr(0, dot), 2), minor = number(minor_text, 2);
    if (!major || !minor || *major < 2) return std::nullopt;
    return DosVersion{*major, minor_text.size() == 1 ? u8(*minor * 10) : *minor};
}

std::optional<u64> parse_count(string_view text) {
    const auto value = parse_integer<u64>(text, 10);
    return value && *value > 0 ? value : std::nullopt;
}

}  // namespace dyn86::config
