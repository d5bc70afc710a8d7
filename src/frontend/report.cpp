#include "src/frontend/report.h"

#include "src/frontend/dump.h"
#include "src/frontend/listing.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

namespace dyn86::frontend {
namespace {

constexpr int status_time_limit = 124, status_failed = 125, status_not_a_program = 126, status_not_found = 127;
constexpr int status_usage = 2, status_signal = 128;

Result<> write_memory(const Machine& machine, const MemoryDump& dump) {
    std::string bytes(dump.length, '\0');
    machine.peek(dump.from, {reinterpret_cast<u8*>(bytes.data()), bytes.size()});
    return write_file(dump.file, bytes);
}

std::string counts_text(std::span<const std::pair<std::string, u64>> counts) {
    std::string text;
    for (const auto& [name, count] : counts) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, count);
    return text.empty() ? "never" : text;
}

std::string features_text(HostFeatures features) {
    std::string text;
    for (std::size_t i = 0; i < host_feature_names.size(); ++i)
        if (features.has(HostFeature(i))) text += fmt::format("{}{}", text.empty() ? "" : " ", host_feature_names[i]);
    return text.empty() ? "none" : text;
}

bool say(const Result<>& result) {
    if (!result) print_message(result.error().message);
    return result.has_value();
}

}  // namespace

std::string_view reason_name(Reason reason) {
    switch (reason) {
        case Reason::Exit: return "exit";
        case Reason::Tsr: return "tsr";
        case Reason::Abort: return "abort";
        case Reason::Quit: return "quit";
        case Reason::Timeout: return "timeout";
        case Reason::WaitFailed: return "wait-failed";
        case Reason::CpuFault: return "cpu-fault";
        case Reason::EmulatorError: return "emulator-error";
        case Reason::Signal: return "signal";
    }
    return "emulator-error";
}

int exit_status(const Ending& ending) {
    switch (ending.outcome.reason) {
        case Reason::Exit:
        case Reason::Tsr:
        case Reason::Abort: return ending.outcome.errorlevel;
        case Reason::Quit: return 0;
        case Reason::Timeout:
        case Reason::WaitFailed: return status_time_limit;
        case Reason::CpuFault:
        case Reason::EmulatorError: return status_failed;
        case Reason::Signal: return status_signal + ending.signal;
    }
    return status_failed;
}

int exit_status(const Error& error) {
    switch (error.kind) {
        case ErrorKind::Usage: return status_usage;
        case ErrorKind::Failed: return status_failed;
        case ErrorKind::NotAProgram: return status_not_a_program;
        case ErrorKind::NotFound: return status_not_found;
    }
    return status_failed;
}

std::string status_json(const Ending& ending, const MachineStats& stats) {
    return fmt::format(R"({{"reason": "{}", "errorlevel": {}, "virtual_seconds": {:.6f}, "instructions": {}}})"
                       "\n",
                       reason_name(ending.outcome.reason), ending.outcome.errorlevel, stats.guest_time.seconds(),
                       stats.instructions);
}

std::string stats_text(const Machine& machine) {
    const MachineStats stats = machine.stats();
    std::string text;
    const auto line = [&]<typename... Values>(fmt::format_string<Values...> format, Values&&... values) {
        text += "dyn86: ";
        fmt::format_to(std::back_inserter(text), format, std::forward<Values>(values)...);
        text += '\n';
    };
    line("engine {}", machine.engine() == EngineKind::Jit ? "jit" : "interpreter");
    line("guest time {:.6f} s, {} clocks", stats.guest_time.seconds(), stats.cycles);
    line("instructions {}, of these interpreted {}, idle turns not executed {}", stats.instructions, stats.interpreted,
         stats.idle);
    if (machine.engine() == EngineKind::Jit) {
        line("blocks translated {} ({} instructions, {} bytes of code), invalidated {}, flushes {}",
             stats.blocks_translated, stats.instructions_translated, stats.code_bytes, stats.blocks_invalidated,
             stats.flushes);
        line("translation took {:.3f} ms, {} ns an instruction", double(stats.translation_ns) / 1e6,
             stats.translation_ns / std::max<u64>(stats.instructions_translated, 1));
        line("left translated code: {}", counts_text(stats.exits));
        line("handed to the interpreter: {}", counts_text(stats.handed_over));
        line("host features: {}", features_text(stats.host_features));
    }
    for (const auto& [call, count] : stats.missing_calls) line("missing call INT {}: {} times", call, count);
    return text;
}

void print_message(std::string_view message) {
    // One write, so that messages of several processes do not mix. There is nobody to tell when stderr is closed.
    const std::string line = fmt::format("dyn86: {}\n", message);
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

int report(const Machine& machine, const Ending& ending, const ReportSettings& settings) {
    if (!ending.outcome.message.empty()) print_message(ending.outcome.message);
    bool written = true;
    for (const std::string& file : settings.screens) written = say(write_screen(machine.screen(), file)) && written;
    for (const MemoryDump& dump : settings.memory) written = say(write_memory(machine, dump)) && written;
    if (!settings.status_file.empty())
        written = say(write_file(settings.status_file, status_json(ending, machine.stats()))) && written;
    if (settings.listing != nullptr)
        written = say(write_file(settings.list_blocks, settings.listing->text(machine.blocks()))) && written;
    if (settings.stats) {
        const std::string text = stats_text(machine);
        written = ::write(STDERR_FILENO, text.data(), text.size()) == ssize_t(text.size()) && written;
    }
    const int status = exit_status(ending);
    return status == 0 && !written ? status_failed : status;
}

}  // namespace dyn86::frontend
