#include "src/library/dyn86_c.h"

#include "src/dyn86.h"
#include "src/frontend/sequence.h"
#include "src/frontend/text.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

using namespace dyn86;

struct dyn86_machine {
    std::unique_ptr<Machine> machine;
    std::string error;
    Stops stops;
    std::optional<frontend::Player> player;

    int fail(std::string why) {
        error = std::move(why);
        return DYN86_FAILED;
    }
    int result(const Result<>& done) { return done ? 0 : fail(done.error().message); }
};

namespace {

constexpr Ticks condition_step = Ticks::from_ms(1);
constexpr Ticks typing_limit = Ticks::from_seconds(1e9);  // whoever embeds a machine decides how long it runs

std::size_t copy_text(const std::string& text, char* to, std::size_t size) {
    if (size == 0) return text.size();
    const std::size_t count = std::min(text.size(), size - 1);
    std::memcpy(to, text.data(), count);
    to[count] = '\0';
    return text.size();
}

ImageDrive image(u8 number, const char* path, bool read_only) {
    ImageDrive drive;
    drive.number = number;
    drive.path = path;
    drive.read_only = read_only;
    return drive;
}

MachineConfig machine_config(const dyn86_config& from) {
    MachineConfig config;
    config.engine = from.engine == DYN86_INTERPRETER ? EngineKind::Interpreter : EngineKind::Jit;
    config.adapter = from.adapter == DYN86_MDA        ? Adapter::Mda
                     : from.adapter == DYN86_HERCULES ? Adapter::Hercules
                                                      : Adapter::Cga;
    config.clocks.cpu = from.cpu == DYN86_8088 ? CpuModel::I8088 : CpuModel::I8086;
    config.clocks.timing = from.timing == DYN86_EXACT ? Timing::Exact : Timing::Table;
    config.memory_kib = from.memory_kib;
    config.cpu_hz = from.cpu_hz;
    config.count_instructions = from.count_instructions != 0;
    config.streams = {.console = true, .in = -1, .out = -1, .err = -1};
    const bool read_only = from.read_only != 0;
    if (from.folder)
        config.folders.push_back(
            {.letter = 'C', .path = from.folder, .read_only = read_only, .label = {}, .current = {}});
    if (from.floppy) config.images.push_back(image(0x00, from.floppy, read_only));
    if (from.hard_disk) config.images.push_back(image(0x80, from.hard_disk, read_only));
    if (from.bios) config.bios = from.bios;
    return config;
}

int reason(Pause pause) {
    switch (pause) {
        case Pause::Time: return DYN86_TIME;
        case Pause::Instructions: return DYN86_COUNTED;
        case Pause::Requested: return DYN86_PAUSED;
        case Pause::Stop: return DYN86_STOPPED;
        case Pause::Ended: return DYN86_ENDED;
    }
    return DYN86_ENDED;
}

/// Up to guest time `until`, typing meanwhile.
int run_until(dyn86_machine& m, Ticks until) {
    frontend::MachineGuest guest(*m.machine);
    for (;;) {
        Ticks next = until;
        if (m.player) {
            const auto state = m.player->advance(guest);
            if (state == frontend::Player::State::Failed) return m.fail(m.player->error());
            if (state == frontend::Player::State::Running) next = std::min(until, m.player->next(m.machine->now()));
            if (state != frontend::Player::State::Running) m.player.reset();
        }
        const Pause pause = m.machine->run(next);
        if (pause != Pause::Time || m.machine->now() >= until) return reason(pause);
    }
}

Ticks after(const dyn86_machine& m, u64 nanoseconds) {
    constexpr u64 most = u64{1} << 62;
    return m.machine->now() + Ticks::from_ns(i64(std::min(nanoseconds, most)));
}

/// Registers in the order of CpuState.
template <typename Registers>
auto words_of(Registers& r) {
    return std::array{&r.ax, &r.cx, &r.dx, &r.bx, &r.sp, &r.bp, &r.si, &r.di};
}
template <typename Registers>
auto segments_of(Registers& r) {
    return std::array{&r.es, &r.cs, &r.ss, &r.ds};
}

std::unique_ptr<dyn86_machine> create(const dyn86_config* given, std::string& error) {
    if (!given || given->size == 0 || given->size > sizeof *given) {
        error = "dyn86_config_init() has not set up the configuration, or that of a later version has";
        return nullptr;
    }
    // A caller of an earlier version knows the first members only.
    dyn86_config config;
    dyn86_config_init(&config);
    std::memcpy(&config, given, given->size);
    auto made = Machine::create(machine_config(config));
    if (!made) {
        error = made.error().message;
        return nullptr;
    }
    auto result = std::make_unique<dyn86_machine>();
    result->machine = std::move(*made);
    return result;
}

}  // namespace

void dyn86_config_init(dyn86_config* config) {
    const MachineConfig presets;
    *config = {};
    config->size = sizeof *config;
    config->adapter = DYN86_CGA;
    config->memory_kib = presets.memory_kib;
    config->cpu_hz = presets.cpu_hz;
}

dyn86_machine* dyn86_create(const dyn86_config* config, char* error, size_t error_size) {
    std::string reason_text;
    auto machine = create(config, reason_text);
    if (!machine && error) copy_text(reason_text, error, error_size);
    return machine.release();
}

void dyn86_destroy(dyn86_machine* machine) {
    delete machine;
}

const char* dyn86_error(const dyn86_machine* machine) {
    return machine->error.c_str();
}

// --- running

int dyn86_start_program(dyn86_machine* machine, const char* program, const char* arguments) {
    return machine->result(machine->machine->start_program(std::string("C:\\") + program, arguments ? arguments : ""));
}

int dyn86_start_boot(dyn86_machine* machine) {
    return machine->result(machine->machine->start_boot());
}

int dyn86_run(dyn86_machine* machine, uint64_t nanoseconds) {
    return run_until(*machine, after(*machine, nanoseconds));
}

int dyn86_run_instructions(dyn86_machine* machine, uint64_t count) {
    if (!machine->machine->counts_instructions()) return machine->fail("the machine does not count instructions");
    machine->machine->limit_instructions(count);
    return run_until(*machine, Ticks::never());
}

int dyn86_run_until(dyn86_machine* machine, int (*condition)(dyn86_machine*, void*), void* user,
                    uint64_t limit_nanoseconds) {
    const Ticks limit = after(*machine, limit_nanoseconds);
    for (;;) {
        if (condition(machine, user) != 0) return DYN86_MET;
        const Ticks now = machine->machine->now();
        if (now >= limit) return DYN86_TIME;
        const int came_back = run_until(*machine, std::min(limit, now + condition_step));
        if (came_back == DYN86_ENDED && condition(machine, user) != 0) return DYN86_MET;
        if (came_back != DYN86_TIME) return came_back;
    }
}

int dyn86_step(dyn86_machine* machine) {
    return reason(machine->machine->step());
}

void dyn86_request_pause(dyn86_machine* machine) {
    machine->machine->request_pause();
}

uint64_t dyn86_now(const dyn86_machine* machine) {
    return u64(__int128{machine->machine->now().count} * 1'000'000'000 / Ticks::rate_hz);
}

uint64_t dyn86_clocks(const dyn86_machine* machine) {
    return u64(machine->machine->stats().cycles);
}

uint64_t dyn86_instructions(const dyn86_machine* machine) {
    return machine->machine->stats().instructions;
}

int dyn86_errorlevel(const dyn86_machine* machine) {
    return machine->machine->ended() ? machine->machine->outcome().errorlevel : -1;
}

const char* dyn86_message(const dyn86_machine* machine) {
    return machine->machine->outcome().message.c_str();
}

// --- registers and memory

void dyn86_get_registers(const dyn86_machine* machine, dyn86_registers* registers) {
    const CpuState state = machine->machine->cpu();
    const auto words = words_of(*registers);
    for (std::size_t i = 0; i < words.size(); ++i) *words[i] = state.words[i];
    const auto segments = segments_of(*registers);
    for (std::size_t i = 0; i < segments.size(); ++i) *segments[i] = state.segments[i];
    registers->ip = state.ip;
    registers->flags = state.flags;
}

void dyn86_set_registers(dyn86_machine* machine, const dyn86_registers* registers) {
    CpuState state;
    const auto words = words_of(*registers);
    for (std::size_t i = 0; i < words.size(); ++i) state.words[i] = *words[i];
    const auto segments = segments_of(*registers);
    for (std::size_t i = 0; i < segments.size(); ++i) state.segments[i] = *segments[i];
    state.ip = registers->ip;
    state.flags = registers->flags;
    machine->machine->set_cpu(state);
}

void dyn86_read(const dyn86_machine* machine, uint32_t address, void* to, size_t length) {
    machine->machine->peek(address, {static_cast<u8*>(to), length});
}

int dyn86_write(dyn86_machine* machine, uint32_t address, const void* from, size_t length) {
    if (machine->machine->poke(address, {static_cast<const u8*>(from), length})) return 0;
    return machine->fail("some of it is ROM, or a device's");
}

// --- stops

void dyn86_break_at(dyn86_machine* machine, uint32_t address) {
    machine->stops.breakpoints.push_back(address);
    machine->machine->set_stops(machine->stops);
}

void dyn86_watch(dyn86_machine* machine, int kind, uint32_t start, uint32_t length) {
    const auto watched = kind == DYN86_WRITES  ? Watch::Kind::Write
                         : kind == DYN86_READS ? Watch::Kind::Read
                                               : Watch::Kind::Access;
    machine->stops.watches.push_back({watched, start, length});
    machine->machine->set_stops(machine->stops);
}

void dyn86_on_interrupt(dyn86_machine* machine, int (*hook)(dyn86_machine*, int, void*), void* user) {
    machine->stops.on_interrupt = nullptr;
    if (hook) machine->stops.on_interrupt = [=](u8 number) { return hook(machine, number, user) != 0; };
    machine->machine->set_stops(machine->stops);
}

void dyn86_on_port(dyn86_machine* machine, int (*hook)(dyn86_machine*, unsigned, int, void*), void* user) {
    machine->stops.on_port = nullptr;
    if (hook)
        machine->stops.on_port = [=](const PortAccess& access) {
            return hook(machine, access.port, access.is_write ? access.value : -1, user) != 0;
        };
    machine->machine->set_stops(machine->stops);
}

void dyn86_clear_stops(dyn86_machine* machine) {
    machine->stops.breakpoints.clear();
    machine->stops.watches.clear();
    machine->machine->set_stops(machine->stops);
}

int dyn86_last_stop(const dyn86_machine* machine, dyn86_stop* stop) {
    const auto& event = machine->machine->stop_event();
    if (!event) return -1;
    switch (event->kind) {
        case StopEvent::Kind::Breakpoint: *stop = {DYN86_AT_BREAKPOINT, event->address}; break;
        case StopEvent::Kind::Watchpoint: *stop = {DYN86_AT_WATCH, event->address}; break;
        case StopEvent::Kind::Interrupt: *stop = {DYN86_AT_INTERRUPT, event->interrupt}; break;
        case StopEvent::Kind::PortUse: *stop = {DYN86_AT_PORT, event->port.port}; break;
    }
    return 0;
}

int dyn86_attach_ports(dyn86_machine* machine, uint16_t first, unsigned count, const dyn86_port_device* device) {
    const dyn86_port_device copy = *device;
    PortHandler handler;
    if (copy.in) handler.in = [copy](u16 port) { return copy.in(copy.user, port); };
    if (copy.out) handler.out = [copy](u16 port, u8 value) { copy.out(copy.user, port, value); };
    return machine->result(machine->machine->attach_ports(first, count, std::move(handler)));
}

// --- save states

int dyn86_save_state(dyn86_machine* machine, void (*write)(const void*, size_t, void*), void* user) {
    const auto state = machine->machine->save_state();
    if (!state) return machine->fail(state.error().message);
    write(state->data(), state->size(), user);
    return 0;
}

int dyn86_load_state(dyn86_machine* machine, const void* bytes, size_t length) {
    return machine->result(machine->machine->load_state({static_cast<const u8*>(bytes), length}));
}

// --- screen and keyboard

void dyn86_get_screen(const dyn86_machine* machine, dyn86_screen* screen) {
    const Screen now = machine->machine->screen();
    const auto cursor = now.cursor_position();
    *screen = {.is_text = now.mode == Screen::Mode::Text,
               .columns = now.columns,
               .rows = now.rows,
               .cursor_row = cursor ? cursor->row : -1,
               .cursor_column = cursor ? cursor->column : -1,
               .frame = now.frame};
}

void dyn86_cell(const dyn86_machine* machine, unsigned row, unsigned column, uint8_t cell[2]) {
    const Screen now = machine->machine->screen();
    cell[0] = now.character(row, column);
    cell[1] = now.attribute(row, column);
}

size_t dyn86_screen_text(const dyn86_machine* machine, char* to, size_t size) {
    return copy_text(frontend::screen_text(machine->machine->screen()), to, size);
}

int dyn86_type(dyn86_machine* machine, const char* keys) {
    if (machine->player) return machine->fail("what was typed before has not been read yet");
    const std::array steps = {frontend::StepText{"type", keys}};
    const auto sequence = frontend::Sequence::parse(steps, machine->machine->screen().code_page);
    if (!sequence) return machine->fail(sequence.error().message);
    machine->player.emplace(*sequence, typing_limit, frontend::Player::Doers{});
    return 0;
}

void dyn86_scan_code(dyn86_machine* machine, uint8_t code) {
    machine->machine->scan_code(code);
}
