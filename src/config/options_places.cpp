// What runs where: drives, images, the engine.
#include "src/config/option.h"

#include <algorithm>
#include <array>

namespace dyn86::config {
namespace {

Result<> take_drive(Options& options, const Given& given) {
    auto drive = parse_drive(given.value);
    if (!drive) return given.refuse(drive.error());
    const auto same = [&](const FolderDrive& other) { return other.letter == drive->letter; };
    if (std::ranges::any_of(options.drives, same)) return given.refuse("this drive has been given already");
    const auto path = given.path(drive->path);
    if (!path) return std::unexpected(path.error());
    drive->path = *path;
    options.drives.push_back(*drive);
    return {};
}

constexpr std::array table = {
    Option{.name = "drive",
           .value = "X=PATH[,ro][,label=L]",
           .text = "a host folder as drive X:",
           .repeats = Repeats::ByName,
           .take = take_drive},
    Option{.name = "boot",
           .value = "IMAGE",
           .text = "boot a disk image or a boot sector",
           .where = Where::CommandLine,
           .take = [](Options& options, const Given& given) { return given.put_text(options.boot_image); }},
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
    Option{.name = "host-features",
           .value = "-NAME,...",
           .text = "do without bmi2, erms, avx2, logic-a or shift-a of the host: only slower",
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
