// What the options say, all layers taken together (COMMAND_LINE.md). src/config/options_*.cpp declare each option.
#pragma once

#include "src/config/values.h"

#include <optional>
#include <string>
#include <vector>

namespace dyn86::config {

enum class DisplayChoice : u8 { Auto, Window, Terminal, Lines, None };
enum class ClockChoice : u8 { Auto, Host, Virtual };

/// A step of the sequence, in the words of a script: {"wait", "Ready"}, {"type", "run\\r"}, {"quit", ""}.
struct Step {
    std::string word, argument;
    std::string where = {};  // "FILE:LINE" in a script
    friend bool operator==(const Step&, const Step&) = default;
};

/// The machine itself, as MachineConfig has it.
struct MachineOptions {
    BoardModel model = BoardModel::Xt;
    u32 memory_kib = 640;
    Adapter adapter = Adapter::Cga;
    std::optional<Linear> no_slot_clock;
    std::array<SerialSetting, 2> serial;
    std::string printer_file;
};

struct Options {
    enum class Show : u8 { Nothing, Help, AllHelp, Version, Config } show = Show::Nothing;

    std::string program;  // empty: boot_image, or else the demo
    std::vector<std::string> arguments;
    MachineOptions machine;
    std::string boot_image;
    std::vector<DriveSetting> drives;
    OverlayEnd overlay_end = OverlayEnd::Keep;
    std::string bios;  // a foreign one
    std::vector<RomFile> roms;
    std::vector<DriverFile> drivers;  // --device
    u8 columns = 80, rows = 25;  // of the text screen

    DosVersion dos_version;
    u16 code_page = 437;
    bool here = false;                     // the working directory is C:, the program's folder P:
    std::vector<std::string> environment;  // NAME=VALUE, UTF-8
    std::vector<std::string> commands;     // -c

    EngineKind engine = EngineKind::Jit;
    bool verify = false;
    HostFeatures host_features_off = {};
    ClockModel clocks;
    Speed speed;
    ClockChoice clock = ClockChoice::Auto;
    DateSetting date;
    std::optional<double> timeout_seconds;
    std::optional<u64> max_instructions;
    double wait_limit_seconds = 60;

    DisplayChoice display = DisplayChoice::Auto;
    std::vector<Step> steps;
    std::vector<std::string> dump_screens;
    std::vector<MemoryRange> dump_memory;
    std::string status_file;
    std::optional<std::string> share;  // a name, or empty: one made from the program's
    bool stats = false;
    bool trace_dos = false;
    std::string trace_file;
    std::string list_blocks;
    bool perf_map = false;

    std::string save_state, load_state;

    std::string gdb;  // where gdb connects; empty: nowhere
    bool gdb_waits = false;

    bool reads_files = true;              // the layers that are files; --no-conf
    std::vector<std::string> conf_files;  // --conf
};

/// The program's arguments as DOS's command tail, without the leading blank, in UTF-8.
[[nodiscard]] std::string command_tail(const Options& options);

}  // namespace dyn86::config
