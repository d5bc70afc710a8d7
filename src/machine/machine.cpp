#include "src/machine/impl.h"

#include "src/dos/code_page_tables.h"

#include <algorithm>

namespace dyn86 {

std::optional<std::string> to_dos_text(std::string_view utf8, u16 code_page) {
    const auto page = dos::CodePage::find(code_page);
    return page ? page->from_utf8(utf8) : std::nullopt;
}

std::span<const u16, 128> upper_characters(u16 code_page) {
    const auto tables = dos::code_page_tables();
    const auto found = std::ranges::find(tables, code_page, &dos::CodePageTable::number);
    return found == tables.end() ? tables.front().high : found->high;
}

Result<std::unique_ptr<Machine>> Machine::create(const MachineConfig& config) {
    auto impl = Impl::create(config);
    if (!impl) return std::unexpected(impl.error());
    return std::unique_ptr<Machine>(new Machine(std::move(*impl)));
}

Machine::Machine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Machine::~Machine() = default;

Result<> Machine::start_program(const std::string& guest_path, const std::string& arguments, char drive) {
    return impl_->start_program(guest_path, arguments, drive);
}
Result<> Machine::start_shell(char drive, const std::vector<std::string>& commands) {
    return impl_->start_shell(drive, commands);
}
Result<> Machine::start_boot() {
    return impl_->start_boot();
}
Result<> Machine::start_demo() {
    return impl_->start_demo();
}

Pause Machine::run(Ticks until) {
    return impl_->run(until);
}
Ticks Machine::now() const {
    return impl_->now();
}
void Machine::request_pause() {
    impl_->request_pause();
}
void Machine::set_cpu_hz(i64 hz) {
    impl_->set_cpu_hz(hz);
}
i64 Machine::cpu_hz() const {
    return impl_->cpu_hz();
}
bool Machine::counts_instructions() const {
    return impl_->counts_instructions();
}

Result<> Machine::attach_ports(Port first, u32 count, PortHandler handler) {
    return impl_->attach_ports(first, count, std::move(handler));
}

void Machine::limit_instructions(u64 count) {
    impl_->limit_instructions(count);
}
bool Machine::halted() const {
    return impl_->halted();
}
bool Machine::waits_for_key() const {
    return impl_->waits_for_key();
}
bool Machine::has_live_line() const {
    return impl_->has_live_line();
}
void Machine::wait_for_line(Ticks spent) {
    impl_->wait_for_line(spent);
}
bool Machine::ended() const {
    return impl_->ended();
}
const Outcome& Machine::outcome() const {
    return impl_->outcome();
}

Screen Machine::screen() const {
    return impl_->screen();
}
void Machine::scan_code(u8 code) {
    impl_->scan_code(code);
}
void Machine::mouse(const MouseInput& input) {
    impl_->mouse(input);
}
bool Machine::keyboard_drained() const {
    return impl_->keyboard_drained();
}

Result<> Machine::change_disk(const ImageDrive& drive) {
    return impl_->change_disk(drive);
}
Result<> Machine::close_disks(OverlayEnd end) {
    return impl_->close_disks(end);
}

void Machine::set_joystick_axis(unsigned axis, u32 ohms) {
    impl_->peripherals().game_port().set_axis(axis, ohms);
}
void Machine::set_joystick_buttons(u8 pressed) {
    impl_->peripherals().game_port().set_buttons(pressed);
}
SpeakerTrace Machine::speaker_trace(Ticks from, Ticks to, std::size_t limit) const {
    return impl_->speaker_trace(from, to, limit);
}
void Machine::forget_sound_before(Ticks when) {
    impl_->forget_sound_before(when);
}

Pause Machine::step() {
    return impl_->step();
}
CpuState Machine::cpu() const {
    return impl_->cpu();
}
void Machine::set_cpu(const CpuState& state) {
    impl_->set_cpu(state);
}
bool Machine::poke(Linear to, std::span<const u8> from) {
    return impl_->poke(to, from);
}
void Machine::set_stops(Stops stops) {
    impl_->set_stops(std::move(stops));
}
const std::optional<StopEvent>& Machine::stop_event() const {
    return impl_->stop_event();
}
std::vector<MemoryRegion> Machine::memory_regions() const {
    return impl_->memory_regions();
}
InstructionText Machine::disassemble(SegOff at) const {
    return impl_->disassemble(at);
}
Result<std::vector<u8>> Machine::save_state() {
    return impl_->save_state();
}
Result<> Machine::load_state(std::span<const u8> state) {
    return impl_->load_state(state);
}
void Machine::peek(Linear from, std::span<u8> to) const {
    impl_->peek(from, to);
}
MachineStats Machine::stats() const {
    return impl_->stats();
}
std::vector<TranslatedBlock> Machine::blocks() const {
    return impl_->blocks();
}
EngineKind Machine::engine() const {
    return impl_->engine_kind();
}
const std::vector<std::string>& Machine::notes() const {
    return impl_->peripherals().notes();
}
const std::string& Machine::engine_note() const {
    return impl_->engine_note();
}

}  // namespace dyn86
