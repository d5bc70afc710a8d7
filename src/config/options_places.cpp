// What runs where: drives, images, the engine.
#include "src/config/option.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

namespace dyn86::config {
namespace {

Result<> take_drive(Options& options, const Given& given) {
    auto drive = parse_drive(given.value);
    if (!drive) return given.refuse(drive.error());
    const auto same = [&](const DriveSetting& other) { return other.letter == drive->letter; };
    if (std::ranges::any_of(options.drives, same)) return given.refuse("this drive has been given already");
    for (std::string* path : {&drive->path, &drive->overlay}) {
        const auto found = path->empty() ? Result<std::string>(*path) : given.path(*path);
        if (!found) return std::unexpected(found.error());
        *path = *found;
    }
    options.drives.push_back(*drive);
    return {};
}

template <OverlayEnd end>
Result<> take_overlay_end(Options& options, const Given& given) {
    if (!given.on()) return {};
    if (options.overlay_end != OverlayEnd::Keep && options.overlay_end != end)
        return given.refuse("either --commit or --discard");
    options.overlay_end = end;
    return {};
}

/// A number of rows or columns that the 6845 can be programmed to.
Result<> take_size(const Given& given, u8 most, u8& size) {
    const auto count = parse_count(given.value);
    if (!count || *count > most) return given.refuse(fmt::format("from 1 to {}", most));
    size = u8(*count);
    return {};
}

Result<> take_rom(Options& options, const Given& given) {
    auto rom = parse_rom(given.value);
    if (!rom) return given.refuse("it is ADDR=FILE, as in C8000=xtide.bin");
    const auto path = given.path(rom->path);
    if (!path) return std::unexpected(path.error());
    rom->path = *path;
    options.roms.push_back(*rom);
    return {};
}

/// FILE.SYS, or FILE.SYS and arguments as in a CONFIG.SYS.
Result<> take_driver(Options& options, const Given& given) {
    std::error_code error;
    const auto whole = given.path(given.value);
    if (!whole) return std::unexpected(whole.error());
    const auto blank = std::filesystem::exists(*whole, error) ? std::string::npos : given.value.find(' ');
    const auto path = given.path(given.value.substr(0, blank));
    if (!path) return std::unexpected(path.error());
    if (path->empty()) return given.refuse();
    options.drivers.push_back({*path, blank == std::string::npos ? std::string() : given.value.substr(blank + 1)});
    return {};
}

constexpr std::array table = {
    Option{.name = "drive",
           .value = "X=PATH[,ro][,...]",
           .text = "a host folder or a disk image as drive X: ,overlay[=FILE] keeps writes beside the image, "
                   ",type=floppy|hd|folder ,chs=C:H:S ,label=L",
           .repeats = Repeats::ByName,
           .take = take_drive},
    Option{.name = "boot",
           .value = "IMAGE",
           .text = "boot a disk image or a boot sector",
           .where = Where::CommandLine,
           .take = [](Options& options, const Given& given) { return given.put_text(options.boot_image); }},
    Option{.name = "commit",
           .text = "at the end, write overlays into their images",
           .where = Where::CommandLine,
           .take = take_overlay_end<OverlayEnd::Commit>},
    Option{.name = "discard",
           .text = "at the end, drop overlays",
           .where = Where::CommandLine,
           .take = take_overlay_end<OverlayEnd::Discard>},
    Option{.name = "bios",
           .value = "FILE",
           .text = "a foreign BIOS (8 to 64 KiB) instead of dyn86's",
           .help = Help::Rare,
           .take =
               [](Options& options, const Given& given) {
                   const auto path = given.path(given.value);
                   if (!path) return Result<>(std::unexpected(path.error()));
                   options.bios = *path;
                   return options.bios.empty() ? given.refuse() : Result<>();
               }},
    Option{.name = "rom",
           .value = "ADDR=FILE",
           .text = "a ROM of an adapter, as in C8000=xtide.bin",
           .help = Help::Rare,
           .repeats = Repeats::ByName,
           .take = take_rom},
    Option{.name = "device",
           .value = "FILE.SYS [ARGUMENTS]",
           .text = "a character device's driver that DOS loads before the program",
           .help = Help::Rare,
           .repeats = Repeats::Yes,
           .take = take_driver},
    Option{.name = "rows",
           .value = "N",
           .text = "rows of the text screen",
           .preset = "25",
           .help = Help::Rare,
           .take = [](Options& options, const Given& given) { return take_size(given, 121, options.rows); }},
    Option{.name = "cols",
           .value = "N",
           .text = "columns of the text screen",
           .preset = "80",
           .help = Help::Rare,
           .take = [](Options& options, const Given& given) { return take_size(given, 222, options.columns); }},
    Option{.name = "dos-version",
           .value = "M.NN",
           .text = "the version that DOS says it is",
           .preset = "5.0",
           .help = Help::Rare,
           .take = [](Options& options,
                      const Given& given) { return given.put(parse_dos_version(given.value), options.dos_version); }},
    Option{
        .name = "codepage",
        .value = "N",
        .text = "DOS's code page: 437, 850, 852, 866 or 1252",
        .preset = "437",
        .help = Help::Rare,
        .take =
            [](Options& options, const Given& given) {
                return given.choose(
                    {{"437", u16{437}}, {"850", u16{850}}, {"852", u16{852}}, {"866", u16{866}}, {"1252", u16{1252}}},
                    options.code_page);
            }},
    Option{.name = "engine",
           .value = "jit|interpreter",
           .text = "which engine executes",
           .preset = "jit",
           .help = Help::Rare,
           .take =
               [](Options& options, const Given& given) {
                   return given.choose({{"jit", EngineKind::Jit}, {"interpreter", EngineKind::Interpreter}},
                                       options.engine);
               }},
    Option{.name = "verify",
           .text = "execute with both engines in lockstep; the first difference ends the run",
           .help = Help::Rare,
           .take =
               [](Options& options, const Given& given) {
                   options.verify = given.on();
                   return Result<>();
               }},
    Option{.name = "host-features",
           .value = "-NAME,...",
           .text = "do without bmi2, logic-a or shift-a of the host: only slower",
           .help = Help::Rare,
           .take =
               [](Options& options, const Given& given) {
                   return given.put(parse_features_off(given.value), options.host_features_off);
               }},
};

}  // namespace

std::span<const Option> place_options() {
    return table;
}

}  // namespace dyn86::config
