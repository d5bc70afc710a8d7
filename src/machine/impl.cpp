#include "src/machine/impl.h"

#include "src/machine/rom_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <utility>

namespace dyn86 {
namespace {

/// Requests to pause and instruction limits are looked at this often at least.
constexpr Cycles longest_slice = 4'000'000;
/// No instruction takes less. [UM86 table 2-21]
constexpr Cycles shortest_instruction = 2;

constexpr Linear video_start = 0xB'0000;  // of MDA and Hercules; the CGA's lies within the same 64 KiB

/// No card of a PC/XT uses it; bus mice had a jumper for it.
constexpr std::size_t mouse_interrupt_line = 2;

i64 local_seconds(const DateSetting& date) {
    if (date.kind != DateSetting::Kind::Host) return date.local_seconds;
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    localtime_r(&now, &local);
    return i64{now} + local.tm_gmtoff;
}

u32 timer_ticks_at(i64 seconds) {
    constexpr i64 day = 24 * 60 * 60, pit_hz = 1'193'182;
    const i64 of_day = ((seconds % day) + day) % day;
    return u32(of_day * pit_hz / 65'536);
}

/// The text screen that our BIOS is to set up must fit into the adapter's memory.
Result<> check_text_size(const MachineConfig& config) {
    const u32 bytes = u32{config.columns} * config.rows * 2;
    const u32 memory = config.adapter == Adapter::Cga ? Cga::memory_size : Mda::memory_size;  // Hercules text: as MDA's
    if (bytes <= memory) return {};
    return fail(fmt::format("{} rows of {} columns take {} bytes; the display adapter has {}", config.rows,
                            config.columns, bytes, memory),
                ErrorKind::Usage);
}

u8 floppies_in(const MachineConfig& config) {
    u8 count = 1;
    for (const ImageDrive& image : config.images)
        if (image.number < 4) count = std::max(count, u8(image.number + 1));
    return count;
}

}  // namespace

void Machine::Impl::print_registers(const void* core) {
    const Registers& regs = static_cast<const Core*>(core)->regs;
    fmt::print(stderr, "dyn86: at {:04X}:{:04X}, flags {:04X}, registers", regs.get(Sreg::Cs), regs.ip, regs.flags);
    for (const u32 value : regs.gpr) fmt::print(stderr, " {:04X}", value);
    fmt::print(stderr, "\n");
}

Machine::Impl::Impl(const MachineConfig& config, std::unique_ptr<Memory> memory)
    : config_(config),
      memory_(std::move(memory)),
      core_(memory_->core()),
      clock_(core_, config.cpu_hz),
      scheduler_(clock_),
      board_(*memory_, ports_, scheduler_,
             {.adapter = config.adapter,
              .memory_kib = config.memory_kib,
              .floppy_drives = floppies_in(config),
              .model = config.model,
              .local_seconds = local_seconds(config.date)}),
      peripherals_(ports_, scheduler_, board_.pic()),
      recorder_(config.verify ? std::make_unique<verify::Recorder>(*memory_, ports_, board_.pic()) : nullptr),
      interpreter_(*memory_, recorder_ ? recorder_->ports() : ports_,
                   recorder_ ? static_cast<InterruptAcknowledge&>(*recorder_) : board_.pic()),
      sentry_(*memory_),
      trap_(*memory_, Bios::rom_start, Bios::rom_end) {
    scheduler_.on_earlier([this] {
        const Cycles next = clock_.cycles_at(scheduler_.next());
        if (next < core_.deadline) core_.set_deadline(std::max(next, core_.now()));
    });
    board_.on_timer_served([this] { set_deadline(until_); });
}

Result<std::unique_ptr<Machine::Impl>> Machine::Impl::create(const MachineConfig& config) {
    if (auto fits = check_text_size(config); !fits) return std::unexpected(fits.error());
    auto memory = Memory::create();
    if (!memory) return std::unexpected(memory.error());
    auto impl = std::unique_ptr<Impl>(new Impl(config, std::move(*memory)));
    if (auto done = impl->board_.map_memory(); !done) return std::unexpected(done.error());
    if (config.video_file >= 0)
        if (auto done = impl->memory_->place_on(config.video_file, video_start, MachineConfig::video_file_size); !done)
            return std::unexpected(done.error());
    impl->interpreter_.set_clocks(config.clocks);
    if (auto done = impl->equip(); !done) return std::unexpected(done.error());
    impl->watch_beam();
    if (auto done = impl->choose_engine(); !done) return std::unexpected(done.error());
    return impl;
}

Result<> Machine::Impl::equip() {
    if (!config_.bios) {
        ports_.map(HostTrap::port, 1, trap_);
        bios_.emplace(*memory_, ports_, trap_);
        if (config_.model == BoardModel::Pc) bios_->be_a_pc();
        bios_->video().set_row_source([this] { return board_.text_rows(); });
        bios_->video().set_text_size(config_.columns, config_.rows);
    }
    drives_.emplace(board_, bios_ ? &*bios_ : nullptr);
    if (auto done = load_rom_files(*memory_, config_); !done) return done;
    if (config_.no_slot_clock) board_.place_no_slot_clock(*config_.no_slot_clock);
    if (auto done = peripherals_.open(config_); !done) return done;
    for (const ImageDrive& drive : config_.images)
        if (auto done = drives_->insert(drive); !done) return done;
    return config_.boot_drive ? drives_->check_bootable(*config_.boot_drive) : Result<>();
}

void Machine::Impl::watch_beam() {
    if (const auto bit = board_.sync_bit())
        idle_loop_.set_beam({bit->port, bit->mask, [this] { return clock_.cycles_at(board_.sync_change()); }});
}

Result<> Machine::Impl::change_disk(const ImageDrive& drive) {
    return drives_->insert(drive);
}

Result<> Machine::Impl::power_on(Bios::Boot boot, std::function<void(Registers&)> loader) {
    set_up_bios(boot, std::move(loader));
    core_.regs = Registers{};
    core_.regs.set(Sreg::Cs, 0xFFFF);
    return {};
}

void Machine::Impl::set_up_bios(Bios::Boot boot, std::function<void(Registers&)> loader) {
    if (bios_) {
        const i64 seconds = local_seconds(config_.date);
        bios_->set_time_of_day(timer_ticks_at(seconds));
        bios_->set_boot(boot, std::move(loader));
        bios_->set_boot_drive(config_.boot_drive.value_or(0));
        bios_->on_end([this](u8 errorlevel) { end(Reason::Exit, errorlevel); });
    }
}

Result<> Machine::Impl::start_boot() {
    return power_on(Bios::Boot::Disks);
}
Result<> Machine::Impl::start_demo() {
    return power_on(Bios::Boot::Demo);
}

dos::Setup Machine::Impl::dos_setup(dos::CodePage page) {
    dos::Setup setup;
    setup.code_page = page;
    for (const FolderDrive& drive : config_.folders)
        setup.drives.push_back({drive.letter, drive.path, drive.read_only, drive.label, drive.current});
    for (const ImageDrive& image : config_.images)
        setup.disks.push_back({image.letter(), [this, number = image.number] { return drives_->at(number); }});
    const Streams& streams = config_.streams;
    setup.streams = {streams.console, streams.in, streams.out, streams.err, streams.out_utf8, streams.err_utf8};
    setup.date = {local_seconds(config_.date), config_.date.kind == DateSetting::Kind::Fixed};
    setup.environment = config_.environment;
    setup.version_major = config_.dos_major;
    setup.version_minor = config_.dos_minor;
    for (const DriverFile& driver : config_.drivers) setup.drivers.push_back({driver.path, driver.arguments});
    setup.on_failure = [this](const Error& error) { end(Reason::EmulatorError, 0, error.message); };
    setup.trace = config_.trace_dos;
    setup.set_mouse_line = [this](bool level) { board_.pic().line(mouse_interrupt_line).set_level(level); };
    setup.on_end = [this](dos::End how, u8 errorlevel) {
        static constexpr std::array reasons{Reason::Exit, Reason::Tsr, Reason::Abort};
        end(reasons.at(std::size_t(how)), errorlevel);
    };
    setup.keep_waiting = [this] { return !pause_requested_.load(std::memory_order_relaxed); };
    return setup;
}

Result<> Machine::Impl::start_program(const std::string& guest_path, const std::string& arguments, char drive) {
    return start_dos([&] { return dos_->start(guest_path, arguments, drive); });
}

Result<> Machine::Impl::start_shell(char drive, const std::vector<std::string>& commands) {
    return start_dos([&] { return dos_->start_shell(drive, commands); });
}

Result<std::unique_ptr<dos::Dos>> Machine::Impl::make_dos() {
    const auto page = dos::CodePage::find(config_.dos_code_page);
    if (!page) return fail(fmt::format("DOS has no code page {} here", config_.dos_code_page), ErrorKind::Usage);
    return dos::Dos::create(*memory_, clock_, console_, dos_setup(*page));
}

void Machine::Impl::connect_dos() {
    dos_->connect([this](u8 number, dos::Dos::Service service) { trap_.on(number, std::move(service)); });
}

Result<> Machine::Impl::start_dos(const std::function<Result<>()>& begin) {
    if (!bios_) return fail("DOS needs dyn86's BIOS, so --bios cannot be with it", ErrorKind::Usage);
    auto dos = make_dos();
    if (!dos) return std::unexpected(dos.error());
    dos_ = std::move(*dos);
    connect_dos();
    std::optional<Result<>> started;
    const auto load = [&](Registers& /*regs*/) {
        started = begin();
        core_.stop = 1;
    };
    if (auto done = power_on(Bios::Boot::Loader, load); !done) return done;
    // POST takes a fraction of a second of guest time; a minute means that something is badly wrong.
    const Ticks deadline = now() + Ticks::from_seconds(60);
    while (!started && !outcome_ && now() < deadline) run_slice(deadline);
    if (!started) return fail("the BIOS did not come to its end");
    base_instructions_ = engine_->stats().instructions;
    bios_->set_boot(Bios::Boot::Disks);  // INT 19h from a program: the loader's captures are gone
    return *started;
}

Pause Machine::Impl::run(Ticks until) {
    set_check_context(print_registers, &core_);
    return settle(run_to(until));
}

Pause Machine::Impl::settle(Pause pause) {
    if (dos_) {
        // What the program believes written must not be lost silently: the run has failed, whatever it returned.
        if (auto done = dos_->flush(); !done) outcome_ = Outcome{Reason::EmulatorError, 0, done.error().message};
    }
    if (auto done = peripherals_.flush(); !done) outcome_ = Outcome{Reason::EmulatorError, 0, done.error().message};
    return outcome_ ? Pause::Ended : pause;
}

Pause Machine::Impl::run_to(Ticks until) {
    sentry_.reset();
    while (!outcome_) {
        if (sentry_.event()) return Pause::Stop;
        if (pause_requested_.exchange(false, std::memory_order_relaxed)) return Pause::Requested;
        scheduler_.run_due();
        if (now() >= until) return Pause::Time;
        if (instruction_limit_ && engine_->stats().instructions >= *instruction_limit_) return Pause::Instructions;
        run_slice(until);
    }
    return Pause::Ended;
}

void Machine::Impl::run_slice(Ticks until) {
    scheduler_.run_due();
    until_ = until;
    set_deadline(until);
    pass_idle_time();
    if (core_.stop != 0) {
        core_.stop = 0;
        return;
    }
    if (engine_->run() == Exit::Halted) halt();
}

/// Busy guests are seldom disturbed, and programs that end soon never: looking costs more than being polled a while.
void Machine::Impl::pass_idle_time() {
    constexpr Cycles worth_a_search = 5'000;
    constexpr Ticks interrupt_service = Ticks::from_us(500);
    constexpr unsigned most_waits = 8;
    // A device of the caller's may have a mind of its own, at any port.
    if (verifier_ || is_debugged_ || instruction_limit_ || !callers_devices_.empty() || halted() ||
        core_.now() < idle_search_at_)
        return;
    auto passed = idle_loop_.may_begin() ? idle_loop_.pass() : std::nullopt;
    if (passed) {
        idle_patience_ = least_idle_patience;
    } else if (!idle_loop_.may_begin()) {
        // An event has begun the slice, mostly the timer's interrupt: the search comes behind it.
        until_ = std::min(until_, now() + interrupt_service);
        return set_deadline(until_);
    } else {
        idle_search_at_ = core_.now() + idle_patience_;
        idle_patience_ = std::min(idle_patience_ * 2, longest_idle_patience);
    }
    // Behind one wait there may be another: for the end of the retrace, then for the next.
    for (unsigned waits = 0; passed; ++waits) {
        idle_instructions_ += passed->instructions;
        passed = waits < most_waits && core_.budget > worth_a_search ? idle_loop_.pass() : std::nullopt;
    }
}

void Machine::Impl::set_deadline(Ticks until) {
    Cycles deadline = std::min(clock_.cycles_at(scheduler_.next()), clock_.cycles_at(until));
    deadline = std::min(deadline, core_.now() + longest_slice);
    if (instruction_limit_) {
        const u64 left = *instruction_limit_ - engine_->stats().instructions;
        const Cycles at_least = Cycles(std::min<u64>(left, longest_slice)) * shortest_instruction;
        deadline = std::min(deadline, core_.now() + at_least);
    }
    core_.set_deadline(deadline);
}

void Machine::Impl::halt() {
    if ((core_.regs.flags & flag::i) == 0 && core_.nmi == 0) {
        const SegOff after = core_.regs.cs_ip();
        return end(Reason::CpuFault, 0,
                   fmt::format("the program has halted with interrupts off at {:04X}:{:04X}", after.segment,
                               u16(after.offset - 1)));
    }
    if (core_.budget > 0) core_.advance(core_.budget);  // nothing can happen before the next event
}

void Machine::Impl::end(Reason reason, u8 errorlevel, std::string message) {
    if (!outcome_) outcome_ = Outcome{reason, errorlevel, std::move(message)};
    core_.stop = 1;
}

void Machine::Impl::set_cpu_hz(i64 hz) {
    clock_.set_rate(hz);
}

void Machine::Impl::Console::write(const u8* text, std::size_t length) {
    std::span<const u8> rest(text, length);
    while (!rest.empty()) {
        const std::size_t written = impl_.bios_->video().write(rest);
        // It stops before a BEL. One that comes here was written to a file (a redirected handle), where none rings.
        rest = rest.subspan(std::min(rest.size(), written + 1));
    }
}

Screen Machine::Impl::screen() const {
    Screen screen = board_.screen();
    if (dos_) screen.code_page = config_.dos_code_page;
    return screen;
}

bool Machine::Impl::keyboard_drained() const {
    return board_.keyboard().is_idle() && DataArea(*memory_).keyboard_buffer_empty();
}

void Machine::Impl::mouse(const MouseInput& input) {
    if (dos_) dos_->move_mouse({.x = input.x, .y = input.y, .buttons = input.buttons});
    peripherals_.mouse(input);
}

SpeakerTrace Machine::Impl::speaker_trace(Ticks from, Ticks to, std::size_t limit) const {
    const Speaker::Trace heard = board_.speaker().trace(from, to, limit);
    SpeakerTrace trace{heard.level, {}, heard.until};
    for (const Speaker::Edge& edge : heard.edges) trace.edges.push_back({edge.at, edge.level});
    return trace;
}

void Machine::Impl::peek(Linear from, std::span<u8> to) const {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] = memory_->peek(Linear(from + i));
}

}  // namespace dyn86
