// What a run leaves behind: dumps, status, statistics.
#include "src/config/option.h"

#include <array>

namespace dyn86::config {
namespace {

constexpr std::array table = {
    Option{.name = "dump-screen",
           .value = "FILE",
           .text = "write the last screen to FILE; - is standard output",
           .where = Where::NotBesideProgram,
           .repeats = Repeats::Yes,
           .take = [](Options& options,
                      const Given& given) { return given.put_text(options.dump_screens.emplace_back()); }},
    Option{.name = "dump-memory",
           .value = "ADDR,LEN,FILE",
           .text = "write guest memory at the end; ADDR is hexadecimal (B8000, B800:0)",
           .help = Help::Rare,
           .where = Where::NotBesideProgram,
           .repeats = Repeats::Yes,
           .take =
               [](Options& options, const Given& given) {
                   return given.put(parse_memory_range(given.value), options.dump_memory.emplace_back());
               }},
    Option{.name = "status-file",
           .value = "FILE",
           .text = "write how the run ended, as JSON",
           .help = Help::Rare,
           .where = Where::NotBesideProgram,
           .take = [](Options& options, const Given& given) { return given.put_text(options.status_file); }},
    Option{.name = "stats",
           .text = "print statistics to standard error",
           .preset = "false",
           .help = Help::Rare,
           .take =
               [](Options& options, const Given& given) {
                   options.stats = given.on();
                   return Result<>();
               }},
    Option{.name = "trace",
           .value = "int21",
           .text = "tell every call of DOS: arguments, result, host file; at the end, what was missing",
           .help = Help::Rare,
           .take =
               [](Options& options, const Given& given) {
                   return given.choose({{"int21", true}}, options.trace_dos);
               }},
    Option{.name = "trace-file",
           .value = "FILE",
           .text = "where --trace goes instead of standard error",
           .help = Help::Rare,
           .where = Where::NotBesideProgram,
           .take = [](Options& options, const Given& given) { return given.put_text(options.trace_file); }},
    Option{.name = "list-blocks",
           .value = "FILE",
           .text = "write what was translated: guest beside host code, and how often it ran",
           .help = Help::Rare,
           .where = Where::NotBesideProgram,
           .take = [](Options& options, const Given& given) { return given.put_text(options.list_blocks); }},
    Option{.name = "perf-map",
           .text = "name translated code in /tmp/perf-PID.map, for perf report",
           .preset = "false",
           .help = Help::Rare,
           .where = Where::NotBesideProgram,
           .take =
               [](Options& options, const Given& given) {
                   options.perf_map = given.on();
                   return Result<>();
               }},
};

}  // namespace

std::span<const Option> result_options() {
    return table;
}

}  // namespace dyn86::config
