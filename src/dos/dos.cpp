#include "src/dos/dos_parts.h"

#include <array>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <cerrno>

#include <unistd.h>

namespace dyn86::dos {
namespace {

constexpr const char* command_interpreter = "Z:\\COMMAND.COM";

std::vector<std::string> first_environment(const Setup& setup) {
    std::vector<std::string> environment = {std::string("COMSPEC=") + command_interpreter, "PATH=C:\\;Z:\\",
                                            "PROMPT=$P$G"};
    for (const std::string& line : setup.environment) set_variable(environment, line);
    return environment;
}

std::string with_backslashes(std::string path) {
    for (char& c : path) c = c == '/' ? '\\' : c;
    return path;
}

}  // namespace

void Dos::Parts::install() {
    system.install(functions);
    console.install(functions);
    ports.install(functions);
    drives.install(functions);
    calendar.install(functions);
    files.install(functions);
    blocks.install(functions);
    ioctl.install(functions);
    finder.install(functions);
    fcbs.install(functions);
    arena.install(functions);
    country.install(functions);
    network.install(functions);
    process.install(functions);
}

void Dos::Parts::set_vectors(const RomEntries& entries) {
    for (std::size_t i = 0; i < entries.interrupts.size(); ++i)
        guest.set_vector(u8(0x20 + i), {rom_segment, entries.interrupts[i]});
    constexpr u8 iret_only = 0x28 - 0x20;
    guest.set_vector(0x1B, {rom_segment, entries.interrupts[iret_only]});  // Ctrl-Break: the key in the buffer says it
    constexpr u8 mouse_interrupt = 0x0A;                                   // IRQ 2
    guest.set_vector(0x33, {rom_segment, entries.int33});
    guest.set_vector(mouse_interrupt, {rom_segment, entries.mouse_irq});
    // CALL 5 ends at 0000:00C0, in the vector of INT 30h: a far jump.
    guest.set_byte({0, 0xC0}, 0xEA);
    guest.set_pointer({0, 0xC1}, {rom_segment, entries.call5});
}

Result<> Dos::Parts::build(const RomEntries& entries, u16 memory_end) {
    guest.fill(in_dos_segment(0), dos_data_size, 0);
    set_vectors(entries);
    system.initialise(entries.strategy, entries.interrupt);
    country.initialise({rom_segment, entries.casemap});
    table.initialise();
    if (auto done = add_shell_drive(entries); !done) return done;
    if (auto done = drives.initialise(setup.drives); !done) return done;
    blocks.initialise(in_dos_segment(lists::nul_header));
    arena.initialise(first_block_segment, memory_end);
    const u16 root_exit = entries.interrupts[0x22 - 0x20];
    const ProcessEntries process_entries{.finish = {rom_segment, entries.finish},
                                         .root_exit = {rom_segment, root_exit}};
    if (!process.create_root(process_entries, first_environment(setup)))
        return fail("the machine has too little memory for DOS");
    return {};
}

Result<> Dos::Parts::add_shell_drive(const RomEntries& entries) {
    return drives.add_built_in('Z', "command.com", shell::Shells::program({rom_segment, entries.shell}));
}

void Dos::Parts::report_end() {
    if (!setup.on_end) return;
    switch (process.last_ending()) {
        case Ending::Normal: return setup.on_end(End::Exit, process.last_code());
        case Ending::Resident: return setup.on_end(End::Tsr, process.last_code());
        case Ending::Break:
        case Ending::CriticalError: return setup.on_end(End::Abort, process.last_code());
    }
}

/// The guest calls the drivers' entries, in a loop that asks next_driver() each time.
Result<> Dos::Parts::begin_drivers(std::function<Result<>()> then) {
    const auto stack = device_drivers.allocate_stack();
    if (!stack) return fail("the machine has too little memory for device drivers");
    behind_drivers = std::move(then);
    constexpr u16 interrupts_on = 0xF202;
    Registers& regs = guest.memory().core().regs;
    regs.set(Sreg::Ss, stack->segment);
    regs.set(Reg16::Sp, stack->offset);
    regs.set(Sreg::Cs, driver_loop.segment);
    regs.ip = driver_loop.offset;
    regs.flags = interrupts_on;
    return {};
}

void Dos::Parts::next_driver() {
    const auto more = device_drivers.next();
    if (more && *more) return;
    const Result<> done = more ? behind_drivers() : Result<>(std::unexpected(more.error()));
    if (!done && setup.on_failure) setup.on_failure(done.error());
}

Dos::Dos(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Dos::~Dos() = default;

Result<std::unique_ptr<Dos>> Dos::create(Memory& memory, const Clock& clock, ConsoleOutput& console, Setup setup) {
    auto parts = std::make_unique<Parts>(memory, clock, console, std::move(setup));
    for (const FolderSpec& spec : parts->setup.drives)
        if (auto added = parts->drives.add(spec); !added) return std::unexpected(added.error());
    const auto now = [&calendar = parts->calendar] { return calendar.stamp(); };
    for (const DiskSpec& spec : parts->setup.disks)
        if (auto added = parts->drives.add(spec, now); !added) return std::unexpected(added.error());
    for (const DriverSpec& spec : parts->setup.drivers)
        if (::access(spec.path.c_str(), R_OK) != 0)
            return fail_errno(spec.path, errno == ENOENT ? ErrorKind::NotFound : ErrorKind::Failed);
    parts->install();
    return std::unique_ptr<Dos>(new Dos(std::move(parts)));
}

void Dos::connect(const std::function<void(u8, Service)>& on) {
    Parts& p = *parts_;
    const auto add = [&](dos::Service number, Service service) { on(u8(number), std::move(service)); };
    add(dos::Service::Call, [&p](Registers& regs) { p.kernel.call(regs); });
    add(dos::Service::Step, [&p](Registers& regs) { p.kernel.step(regs); });
    add(dos::Service::BreakReturned, [&p](Registers& regs) { p.kernel.break_returned(regs); });
    add(dos::Service::Int20, [&p](Registers& regs) { p.kernel.int20(regs); });
    add(dos::Service::Int27, [&p](Registers& regs) { p.kernel.int27(regs); });
    add(dos::Service::Ended, [&p](Registers&) { p.report_end(); });
    add(dos::Service::Int2f, [&p](Registers& regs) { p.kernel.int2f(regs); });
    add(dos::Service::Casemap,
        [&p](Registers& regs) { regs.set(Reg8::Al, p.setup.code_page.upper(regs.get(Reg8::Al))); });
    add(dos::Service::Strategy, [&p](Registers& regs) { p.kernel.strategy(regs); });
    add(dos::Service::Interrupt, [&p](Registers&) { p.kernel.interrupt(); });
    add(dos::Service::Int25, [&p](Registers& regs) { p.blocks.transfer(regs, DiskBlocks::Direction::Read); });
    add(dos::Service::Int26, [&p](Registers& regs) { p.blocks.transfer(regs, DiskBlocks::Direction::Write); });
    add(dos::Service::Drivers, [&p](Registers&) { p.next_driver(); });
    add(dos::Service::Int33, [&p](Registers& regs) { p.mouse.call(regs); });
    add(dos::Service::MouseEvent, [&p](Registers& regs) {
        const bool calls = p.mouse.event(regs);
        regs.flags = u16(calls ? regs.flags | flag::c : regs.flags & ~flag::c);
    });
    add(dos::Service::ShellBegin, [&p](Registers& regs) { p.shells.begin(regs); });
    add(dos::Service::ShellStep, [&p](Registers& regs) { p.shells.step(regs); });
    add(dos::Service::ShellBreak, [&p](Registers& regs) { p.shells.broken(regs); });
    add(dos::Service::ShellRun, [&p](Registers& regs) { p.shells.prepare_command(regs, command_interpreter); });
}

Result<> Dos::build_in_memory() {
    std::vector<u8> rom(rom_size);
    parts_->guest.read({rom_segment, 0}, rom);
    const auto entries = find_rom_entries(rom);
    if (!entries) return std::unexpected(entries.error());
    parts_->driver_loop = {rom_segment, entries->drivers};
    const u16 kib = parts_->guest.word({0x40, 0x13});
    return parts_->build(*entries, u16(kib * 64));
}

Result<> Dos::start_process(const std::string& path, const std::string& tail) {
    Parts& p = *parts_;
    if (!p.device_drivers.has_any()) return p.process.start(path, tail);
    if (auto good = p.process.check(path); !good) return good;
    return p.begin_drivers([&p, path, tail] { return p.process.start(path, tail); });
}

Result<> Dos::start(const std::string& guest_path, const std::string& tail, char drive) {
    if (auto done = build_in_memory(); !done) return done;
    const std::string path = with_backslashes(guest_path);
    if (drive == 0 && path.size() >= 2 && path[1] == ':') drive = path[0];
    if (drive != 0) parts_->drives.set_current_drive(u8(ascii_upper(u8(drive)) - 'A'));
    const std::string spelling = parts_->drives.dos_spelling(path);
    if (!ascii_upper(spelling).ends_with(".BAT")) return start_process(spelling, tail);
    parts_->shells.set_commands({tail.empty() ? spelling : spelling + ' ' + tail});
    return start_process(command_interpreter, "");
}

Result<> Dos::start_shell(char drive, std::vector<std::string> commands) {
    if (auto done = build_in_memory(); !done) return done;
    parts_->drives.set_current_drive(u8(ascii_upper(u8(drive)) - 'A'));
    parts_->shells.set_commands(std::move(commands));
    return start_process(command_interpreter, "");
}

Result<> Dos::flush() {
    if (const auto done = parts_->streams.flush(); !done) {
        const bool full = done.error() == DosError::DiskFull;
        return fail(full ? "standard output: no space left" : "standard output: cannot be written");
    }
    return {};
}

void Dos::move_mouse(const MousePosition& to) {
    parts_->mouse.move(to);
}

std::map<std::string, u64> Dos::missing_calls() const {
    std::map<std::string, u64> missing = parts_->kernel.missing_calls();
    missing.insert(parts_->mouse.missing_calls().begin(), parts_->mouse.missing_calls().end());
    return missing;
}

}  // namespace dyn86::dos
