// What stands on the desk: board, memory, adapters and what hangs on them.
#include "src/config/machine_values.h"
#include "src/config/option.h"

#include <array>

namespace dyn86::config {
namespace {

Result<> take_model(Options& options, const Given& given) {
    return given.choose({{"pc", BoardModel::Pc}, {"xt", BoardModel::Xt}}, options.machine.model);
}

Result<> take_video(Options& options, const Given& given) {
    using enum Adapter;
    return given.choose({{"mda", Mda}, {"cga", Cga}, {"hercules", Hercules}}, options.machine.adapter);
}

Result<> take_memory(Options& options, const Given& given) {
    return given.put(parse_memory_size(given.value), options.machine.memory_kib);
}

Result<> take_clock(Options& options, const Given& given) {
    options.machine.no_slot_clock = parse_no_slot_clock(given.value);
    if (!options.machine.no_slot_clock)
        return given.refuse("a no-slot clock is ds1216@ADDR, with ADDR from A0000 to FE000");
    return {};
}

template <std::size_t port>
Result<> take_serial(Options& options, const Given& given) {
    const auto setting = parse_serial(given.value);
    if (!setting) return given.refuse();
    options.machine.serial[port] = *setting;
    if (setting->kind != SerialSetting::Kind::File) return {};
    const auto path = given.path(setting->target);
    if (!path) return std::unexpected(path.error());
    options.machine.serial[port].target = *path;
    return {};
}

Result<> take_printer(Options& options, const Given& given) {
    const auto file = parse_printer(given.value);
    if (!file) return given.refuse();
    const auto path = given.path(*file);
    if (!path) return std::unexpected(path.error());
    options.machine.printer_file = *path;
    return {};
}

constexpr std::string_view serial_value = "pty|tcp:HOST:PORT|file:PATH|stdio|mouse";

constexpr std::array table = {
    Option{.name = "machine",
           .value = "pc|xt",
           .text = "an IBM PC or PC/XT: switches, cassette, diskette adapter",
           .preset = "xt",
           .help = Help::Rare,
           .take = take_model},
    Option{.name = "mem",
           .value = "SIZE",
           .text = "conventional memory, 64K to 704K in steps of 16",
           .preset = "640K",
           .help = Help::Rare,
           .take = take_memory},
    Option{.name = "video",
           .value = "mda|cga|hercules",
           .text = "the display adapter",
           .preset = "cga",
           .take = take_video},
    Option{.name = "rtc",
           .value = "ds1216@ADDR",
           .text = "a no-slot clock in the socket of the ROM at ADDR, beside the clock at port 70h",
           .help = Help::Rare,
           .take = take_clock},
    Option{.name = "serial1",
           .value = serial_value,
           .text = "what COM1 is connected to",
           .help = Help::Rare,
           .where = Where::NotBesideProgram,
           .take = take_serial<0>},
    Option{.name = "serial2",
           .value = serial_value,
           .text = "what COM2 is connected to",
           .help = Help::Rare,
           .where = Where::NotBesideProgram,
           .take = take_serial<1>},
    Option{.name = "printer1",
           .value = "file:PATH",
           .text = "what LPT1 prints to",
           .help = Help::Rare,
           .where = Where::NotBesideProgram,
           .take = take_printer},
};

}  // namespace

std::span<const Option> machine_options() {
    return table;
}

}  // namespace dyn86::config
