// Guest time, host time, and when to stop.
#include "src/config/option.h"

#include <array>

namespace dyn86::config {
namespace {

constexpr std::array table = {
    Option{.name = "cpu",
           .value = "8086|8088",
           .text = "whose clocks are counted",
           .preset = "8086",
           .help = Help::Rare,
           .take = [](Options& options,
                      const Given& given) { return given.put(parse_cpu(given.value), options.clocks.cpu); }},
    Option{.name = "timing",
           .value = "table|exact",
           .text = "clocks by Intel's tables, or by prefetch queue, odd words and data too",
           .preset = "table",
           .help = Help::Rare,
           .take = [](Options& options,
                      const Given& given) { return given.put(parse_timing(given.value), options.clocks.timing); }},
    Option{.name = "speed",
           .value = "auto|max|MHZ",
           .text = "CPU clocks per second of guest time, as in 4.77MHz",
           .preset = "auto",
           .take = [](Options& options,
                      const Given& given) { return given.put(parse_speed(given.value), options.speed); }},
    Option{.name = "clock",
           .value = "auto|host|virtual",
           .text = "guest time keeps up with the host's, or follows execution alone",
           .preset = "auto",
           .help = Help::Rare,
           .take =
               [](Options& options, const Given& given) {
                   using enum ClockChoice;
                   return given.choose({{"auto", Auto}, {"host", Host}, {"virtual", Virtual}}, options.clock);
               }},
    Option{.name = "date",
           .value = "host|DATE|fixed:DATE",
           .text = "the guest's date at start, as in 1986-04-26T01:23; fixed: for repeatable runs",
           .preset = "host",
           .help = Help::Rare,
           .take =
               [](Options& options, const Given& given) {
                   return given.put(parse_date(given.value, host_local_seconds()), options.date);
               }},
    Option{.name = "timeout",
           .value = "TIME",
           .text = "end after this much host time (30s, 500ms, 2m)",
           .take = [](Options& options,
                      const Given& given) { return given.put(parse_seconds(given.value), options.timeout_seconds); }},
    Option{.name = "max-instructions",
           .value = "N",
           .text = "end after N instructions",
           .help = Help::Rare,
           .take = [](Options& options,
                      const Given& given) { return given.put(parse_count(given.value), options.max_instructions); }},
};

}  // namespace

std::span<const Option> time_options() {
    return table;
}

}  // namespace dyn86::config
