// dyn86: what the command line says is handed to a machine, a display and a session.
#include "src/commands/commands.h"
#include "src/commands/job.h"
#include "src/config/configuration.h"
#include "src/config/drives.h"
#include "src/debug/gdb_server.h"
#include "src/frontend/dump.h"
#include "src/frontend/listing.h"
#include "src/frontend/open_display.h"
#include "src/frontend/report.h"
#include "src/frontend/session.h"
#include "src/frontend/state_file.h"
#include "src/frontend/trace_output.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace {

using namespace dyn86;
using commands::Job;
using config::Options;

constexpr i64 pc_hz = 4'772'727, watched_program_hz = 50'000'000;

/// [COMMAND_LINE.md, Streams]
Streams streams_for(bool is_console) {
    const bool out_is_terminal = ::isatty(STDOUT_FILENO) != 0, err_is_terminal = ::isatty(STDERR_FILENO) != 0;
    Streams streams{.console = is_console, .out_utf8 = out_is_terminal, .err_utf8 = err_is_terminal};
    if (is_console && out_is_terminal) streams.out = -1;
    if (is_console && err_is_terminal) streams.err = -1;
    return streams;
}

u64 nanoseconds() {
    return u64(std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count());
}

void describe_machine(MachineConfig& config, const config::MachineOptions& options) {
    config.model = options.model;
    config.memory_kib = options.memory_kib;
    config.adapter = options.adapter;
    config.no_slot_clock = options.no_slot_clock;
    config.serial = options.serial;
    config.printer_file = options.printer_file;
}

/// Then standard input and output are not the program's.
bool serial_uses_stdio(const config::MachineOptions& options) {
    return std::ranges::any_of(options.serial,
                               [](const SerialSetting& setting) { return setting.kind == SerialSetting::Kind::Stdio; });
}

MachineConfig machine_config(const Options& options, const Job& job, bool is_console) {
    MachineConfig config;
    config.engine = options.engine;
    config.host_features_off = options.host_features_off;
    config.clocks = options.clocks;
    config.record_blocks = !options.list_blocks.empty();
    config.perf_map = options.perf_map;
    if (options.stats) config.stopwatch = nanoseconds;
    config.verify = options.verify;
    describe_machine(config, options.machine);
    config.date = options.date;
    config.dos_code_page = options.code_page;
    config.dos_major = options.dos_version.major;
    config.dos_minor = options.dos_version.minor;
    config.streams = streams_for(is_console);
    if (serial_uses_stdio(options.machine)) {
        config.streams.console = true;
        config.streams.out = -1;
    }
    config.folders = job.folders;
    config.images = job.images;
    config.boot_drive = job.boot_drive;
    if (!options.bios.empty()) config.bios = options.bios;
    config.roms = options.roms;
    config.drivers = options.drivers;
    config.columns = options.columns;
    config.rows = options.rows;
    config.environment = job.environment;
    config.count_instructions =
        options.max_instructions || !options.status_file.empty() || options.stats || options.share;
    return config;
}

/// [COMMAND_LINE.md, Time]: what `auto` means depends on whether a person watches.
frontend::SessionSettings session_settings(const Options& options, const Job& job, bool watched) {
    frontend::SessionSettings settings;
    settings.watched = watched;
    using Kind = config::Speed::Kind;
    if (options.speed.kind == Kind::Fixed) settings.time.hz = options.speed.hz;
    const bool is_dos = job.kind == Job::Kind::Program || job.kind == Job::Kind::Shell;
    if (options.speed.kind == Kind::Auto && watched) settings.time.hz = is_dos ? watched_program_hz : pc_hz;
    settings.time.host_clock =
        options.clock == config::ClockChoice::Auto ? watched : options.clock == config::ClockChoice::Host;
    if (options.timeout_seconds) settings.timeout = frontend::HostDuration(i64(*options.timeout_seconds * 1e9));
    settings.max_instructions = options.max_instructions;
    settings.wait_limit = Ticks::from_seconds(options.wait_limit_seconds);
    return settings;
}

frontend::ReportSettings report_settings(const Options& options, const frontend::Listing* listing) {
    frontend::ReportSettings settings{.screens = options.dump_screens,
                                      .memory = {},
                                      .status_file = options.status_file,
                                      .stats = options.stats,
                                      .listing = listing,
                                      .list_blocks = options.list_blocks};
    for (const auto& range : options.dump_memory) settings.memory.push_back({range.from, range.length, range.file});
    return settings;
}

std::optional<frontend::DisplayKind> display_kind(config::DisplayChoice choice) {
    using frontend::DisplayKind;
    switch (choice) {
        case config::DisplayChoice::Auto: return std::nullopt;
        case config::DisplayChoice::Window: return DisplayKind::Window;
        case config::DisplayChoice::Terminal: return DisplayKind::Terminal;
        case config::DisplayChoice::Lines: return DisplayKind::Lines;
        case config::DisplayChoice::None: return DisplayKind::None;
    }
    return std::nullopt;
}

bool runs_dos(const Job& job) {
    return job.kind == Job::Kind::Program || job.kind == Job::Kind::Shell;
}

/// Of what the guest shows and is typed: DOS's, or the adapter's.
u16 code_page_of(const Options& options, const Job& job) {
    return runs_dos(job) ? options.code_page : u16{437};
}

Result<frontend::Sequence> sequence_of(const Options& options, const Job& job) {
    std::vector<frontend::StepText> steps;
    for (const config::Step& step : options.steps) steps.push_back({step.word, step.argument, step.where});
    for (const std::string& file : options.dump_screens)
        if (auto format = frontend::dump_format(file); !format) return std::unexpected(format.error());
    return frontend::Sequence::parse(steps, code_page_of(options, job));
}

Result<> change_disk(Machine& machine, const std::string& disk) {
    const auto drive = config::parse_swap(disk);
    return drive ? machine.change_disk(*drive) : std::unexpected(drive.error());
}

/// Null: nobody else watches.
Result<std::unique_ptr<frontend::Share>> share_for(const Options& options, const Job& job) {
    if (!options.share) return nullptr;
    const bool is_named = !options.share->empty();
    auto share = frontend::Share::open({
        .name = is_named ? *options.share : frontend::share_name_for(job.name),
        .taken = is_named ? frontend::ShareFolder::Taken::Refuse : frontend::ShareFolder::Taken::Number,
        .title = job.name,
        .code_page = code_page_of(options, job),
        .wait_limit = Ticks::from_seconds(options.wait_limit_seconds),
    });
    if (share && !is_named) frontend::print_message(fmt::format("shared as {}", (*share)->name()));
    return share;
}

/// Before the run, which may be long: can what was asked of the recompiler be had?
Result<std::optional<frontend::Listing>> listing_for(const Options& options) {
    const bool asks = options.perf_map || !options.list_blocks.empty();
    if (asks && options.engine == EngineKind::Interpreter)
        return fail("--perf-map, --list-blocks: the interpreter translates nothing", ErrorKind::Usage);
    if (options.list_blocks.empty()) return std::nullopt;
    auto listing = frontend::Listing::open();
    if (!listing) return std::unexpected(listing.error());
    return std::move(*listing);
}

/// What was asked for, or what a state says of it.
Result<> start(Machine& machine, const Job& job, const Options& options) {
    if (options.load_state.empty()) return commands::start(machine, job);
    const auto state = frontend::read_state(options.load_state);
    if (!state) return std::unexpected(state.error());
    auto done = machine.load_state(*state);
    if (!done) done.error().message = fmt::format("--load-state {}: {}", options.load_state, done.error().message);
    return done;
}

/// True unless it was asked for and could not be written.
bool save_state(Machine& machine, const std::string& file) {
    if (file.empty()) return true;
    const auto state = machine.save_state();
    const auto done = state ? frontend::write_file(file, {reinterpret_cast<const char*>(state->data()), state->size()})
                            : Result<>(std::unexpected(state.error()));
    if (!done) frontend::print_message(done.error().message);
    return done.has_value();
}

using Gdb = std::unique_ptr<debug::GdbServer>;

/// Null when nobody asked for it.
Result<Gdb> gdb_for(const Options& options) {
    if (options.gdb.empty() && options.gdb_waits)
        return fail("--gdb-wait: --gdb says where gdb connects", ErrorKind::Usage);
    if (options.gdb.empty()) return nullptr;
    if (options.verify) return fail("--gdb: not with --verify", ErrorKind::Usage);
    return debug::GdbServer::open(options.gdb, options.gdb_waits);
}

std::function<frontend::Order(Pause, frontend::HostDuration)> debugger_of(debug::GdbServer& gdb, Machine& machine) {
    gdb.serve(machine);
    frontend::print_message(gdb.note());
    return [&gdb](Pause pause, frontend::HostDuration wait) {
        using From = debug::GdbServer::Order;
        const From order = gdb.attend(pause, wait);
        if (order == From::Quit) return frontend::Order::Quit;
        return order == From::Hold ? frontend::Order::Hold : frontend::Order::Run;
    };
}

/// Null: nothing is traced.
Result<std::unique_ptr<frontend::TraceOutput>> trace_for(const Options& options, const Job& job) {
    if (!options.trace_dos && !options.trace_file.empty()) return fail("--trace-file: no --trace", ErrorKind::Usage);
    if (!options.trace_dos) return nullptr;
    if (!runs_dos(job)) return fail("--trace=int21: dyn86's own DOS does not run here", ErrorKind::Usage);
    auto output = frontend::TraceOutput::open(options.trace_file);
    if (!output) return std::unexpected(output.error());
    return std::make_unique<frontend::TraceOutput>(std::move(*output));
}

Result<int> run(const Options& options) {
    const auto job = commands::make_job(options);
    if (!job) return std::unexpected(job.error());
    const auto sequence = sequence_of(options, *job);
    if (!sequence) return std::unexpected(sequence.error());

    const auto listing = listing_for(options);
    if (!listing) return std::unexpected(listing.error());
    const auto gdb = gdb_for(options);
    if (!gdb) return std::unexpected(gdb.error());
    const auto trace = trace_for(options, *job);
    if (!trace) return std::unexpected(trace.error());

    frontend::Watchdog watchdog;
    auto opened = frontend::open_display(display_kind(options.display),
                                         {.title = job->title, .code_page = code_page_of(options, *job)});
    if (!opened) return std::unexpected(opened.error());
    const bool watched = opened->kind != frontend::DisplayKind::None;
    const auto share = share_for(options, *job);
    if (!share) return std::unexpected(share.error());
    auto config = machine_config(options, *job, watched || sequence->types() || *share);
    if (*share) config.video_file = (*share)->publisher().video_file();
    if (opened->kind == frontend::DisplayKind::Lines) config.streams.out = -1;  // its lines are the copy
    if (*trace) config.trace_dos = [&output = **trace](std::string_view line) { output.line(line); };
    auto machine = Machine::create(config);
    if (!machine) return std::unexpected(machine.error());
    for (const std::string& note : (*machine)->notes()) frontend::print_message(note);
    if (auto started = start(**machine, *job, options); !started) return std::unexpected(started.error());

    auto settings = session_settings(options, *job, watched);
    settings.share = share->get();
    settings.swap = [&machine](const std::string& disk) { return change_disk(**machine, disk); };
    if (*gdb) settings.debugger = debugger_of(**gdb, **machine);
    frontend::Session session(**machine, *opened->display, watchdog, *sequence, settings);
    const frontend::Ending ending = session.run();
    if (!(*machine)->engine_note().empty()) frontend::print_message((*machine)->engine_note());
    const bool saved = save_state(**machine, options.save_state);
    const auto closed = (*machine)->close_disks(options.overlay_end);
    const auto status = frontend::report(**machine, ending, report_settings(options, *listing ? &**listing : nullptr));
    if (!closed) return std::unexpected(closed.error());
    if (*trace)
        if (const auto told = (*trace)->finish((*machine)->stats()); !told) return std::unexpected(told.error());
    return saved || status != 0 ? status : frontend::exit_status(Error{});
}

/// What is to be shown instead of a run.
std::optional<std::string> information(const config::Configuration& configuration) {
    using enum Options::Show;
    const Options::Show show = configuration.options.show;
    if (show == Nothing) return std::nullopt;
    if (show == Version) return "dyn86 " DYN86_VERSION "\n";
    return show == Config ? config::print_config(configuration) : config::help_text(show);
}

/// A closed standard stream would give its number to the next file that is opened, which prints would then go into.
void occupy_standard_streams() {
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (::fcntl(stream, F_GETFD) < 0)
            (void)::open("/dev/null", stream == STDIN_FILENO ? O_RDONLY : O_WRONLY);  // gets the lowest number: this
}

/// The exit status, after saying what went wrong.
int end(const Result<int>& status) {
    if (status) return *status;
    frontend::print_message(status.error().message);
    return frontend::exit_status(status.error());
}

}  // namespace

int main(int count, char** arguments) {
    occupy_standard_streams();
    const std::span<const char* const> words(arguments + 1, std::size_t(count > 0 ? count - 1 : 0));
    const commands::Command command = words.empty() ? nullptr : commands::find(words.front());
    if (command) return end(command(words.subspan(1)));
    const auto configuration = config::configure(words, config::host_variable);
    if (!configuration) return end(std::unexpected(configuration.error()));
    if (const auto text = information(*configuration)) {
        const auto written = frontend::write_file("-", *text);
        return end(written ? Result<int>(0) : std::unexpected(written.error()));
    }
    return end(run(configuration->options));
}
