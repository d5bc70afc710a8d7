#include "devices/fdc.h"

#include <algorithm>

namespace dyn86 {
namespace {

constexpr u8 dor_not_reset = 0x04, dor_lets_through = 0x08;
constexpr u8 msr_ready = 0x80, msr_to_cpu = 0x40, msr_without_dma = 0x20, msr_busy = 0x10;
constexpr u8 st0_ready_changed = 0xC0, st0_seek_end = 0x20, st0_failed_recalibrate = 0x70;
constexpr u8 invalid_command = 0x80;

/// As far as heads go. assumed: drives have room for a few cylinders more than their 40 or 80.
constexpr int last_of_40 = 41, last_of_80 = 83;
/// RECALIBRATE gives up after this many steps. [765, "Recalibrate"]
constexpr int most_recalibrate_steps = 77;
/// assumed: from the end of the reset to the interrupt; the chip polls its drives about every millisecond.
constexpr Ticks reset_time = Ticks::from_ms(1);

}  // namespace

Fdc::Fdc(Scheduler& scheduler, Pin& irq, Pin& request, Adapter adapter)
    : scheduler_(scheduler),
      irq_(irq),
      request_(request),
      adapter_(adapter),
      execution_event_(scheduler.add("fdc", [this] { execution_event(); })),
      seek_event_(scheduler.add("fdc seek", [this] { heads_arrive(); })) {}

void Fdc::set_drive_count(std::size_t count) {
    for (std::size_t index = 0; index < drives; ++index) drives_[index].is_connected = index < count;
}

void Fdc::insert(std::size_t drive, FloppyMedium* medium) {
    drives_.at(drive).medium = medium;
    drives_[drive].changed = true;
    if (waiting_for_disk_) try_access();
}

u8 Fdc::main_status() const {
    if ((dor_ & dor_not_reset) == 0) return 0;
    u8 status = 0;
    for (std::size_t index = 0; index < drives; ++index) status |= u8(int{units_[index].seeking} << index);
    switch (phase_) {
        case Phase::Idle: return status | msr_ready;
        case Phase::Command: return status | msr_ready | msr_busy;
        case Phase::Execution: return status | msr_busy;
        case Phase::ByteTransfer:
            return u8(status | msr_ready | msr_without_dma | msr_busy | (wants_bytes() ? 0 : msr_to_cpu));
        case Phase::Result: return status | msr_ready | msr_to_cpu | msr_busy;
    }
    return status;
}

u8 Fdc::in(Port port) {
    switch (port & 7) {
        case 4: return main_status();
        case 5: return read_data();
        case 7:
            if (adapter_ == Adapter::Pc) return 0xFF;
            return selected().is_connected && motor_runs() && selected().changed ? 0x80 : 0x00;
        default: return 0xFF;  // the DOR cannot be read
    }
}

void Fdc::out(Port port, u8 value) {
    switch (port & 7) {
        case 2: write_dor(value); break;
        case 5: write_data(value); break;
        case 7:
            if (adapter_ == Adapter::HighDensity) rate_ = value & 3;
            break;
        default: break;
    }
}

void Fdc::write_dor(u8 value) {
    const u8 before = dor_;
    dor_ = value;
    if ((value & dor_not_reset) == 0) {
        reset();
    } else if ((before & dor_not_reset) == 0) {
        reset_at_ = scheduler_.clock().now() + reset_time;
        schedule_seeks();
    }
    raise_irq(interrupting_);
    if (waiting_for_disk_) try_access();  // a motor may have started
}

void Fdc::reset() {
    phase_ = Phase::Idle;
    command_.clear();
    waiting_for_disk_ = false;
    reset_at_ = Ticks::never();
    run_until(Ticks::never());
    request_.set_level(false);
    for (Unit& unit : units_) {
        unit.seeking = false;
        unit.arrives = Ticks::never();
        unit.status.reset();
    }
    schedule_seeks();
    raise_irq(false);
}

void Fdc::raise_irq(bool high) {
    interrupting_ = high;
    irq_.set_level(high && (dor_ & dor_lets_through) != 0);
}

Fdc::Command Fdc::decode(u8 byte) {
    using enum Command;
    static constexpr std::array known{ReadTrack,   Specify,        SenseDrive,   WriteData, ReadData,
                                      Recalibrate, SenseInterrupt, WriteDeleted, ReadId,    ReadDeleted,
                                      FormatTrack, Seek,           ScanEqual,    ScanLow,   ScanHigh};
    const auto found = std::ranges::find(known, Command(byte & 0x1F));
    return found == known.end() ? Invalid : *found;
}

/// Bytes of the command phase. [765, table "Instruction set"]
std::size_t Fdc::length_of(Command command) {
    using enum Command;
    switch (command) {
        case Invalid:
        case SenseInterrupt: return 1;
        case SenseDrive:
        case Recalibrate:
        case ReadId: return 2;
        case Specify:
        case Seek: return 3;
        case FormatTrack: return 6;
        default: return 9;
    }
}

void Fdc::take_command_byte(u8 value) {
    if (phase_ == Phase::Idle) {
        // assumed: a new command takes back INT, asked for or not. XT BIOSes exist that RECALIBRATE and SEEK without
        // SENSE INTERRUPT between, and then wait for the second edge; a logic analyser on a real chip would settle it.
        raise_irq(false);
        command_.clear();
        opcode_ = decode(value);
        phase_ = Phase::Command;
    }
    command_.push_back(value);
    if (command_.size() == length_of(opcode_)) execute();
}

void Fdc::execute() {
    phase_ = Phase::Idle;
    if (opcode_ != Command::SenseInterrupt)  // what the reset had to tell is not asked for any more
        for (Unit& unit : units_)
            if (unit.status && *unit.status >= st0_ready_changed) unit.status.reset();
    switch (opcode_) {
        case Command::Invalid: answer({invalid_command}); break;
        case Command::Specify: specify(); break;
        case Command::SenseInterrupt: sense_interrupt(); break;
        case Command::SenseDrive: sense_drive(); break;
        case Command::Recalibrate: recalibrate(); break;
        case Command::Seek: seek(command_[2]); break;
        default: begin_access();
    }
}

void Fdc::answer(std::initializer_list<u8> bytes) {
    result_ = bytes;
    result_read_ = 0;
    phase_ = Phase::Result;
}

void Fdc::specify() {
    step_rate_ = command_[1] >> 4;
    without_dma_ = (command_[2] & 1) != 0;
}

/// The units whose heads have arrived come before those that a reset made ready: software that asks once only after a
/// reset, as IBM's BIOS does, then still learns of its seeks.
void Fdc::sense_interrupt() {
    const auto stands = [](const Unit& unit) { return unit.status && unit.arrives == Ticks::never(); };
    const auto arrived = [&](const Unit& unit) { return stands(unit) && *unit.status < st0_ready_changed; };
    auto unit = std::ranges::find_if(units_, arrived);
    if (unit == units_.end()) unit = std::ranges::find_if(units_, stands);
    raise_irq(false);
    if (unit == units_.end()) return answer({invalid_command});
    answer({*unit->status, unit->present_cylinder});
    unit->status.reset();
    unit->seeking = false;
    if (std::ranges::any_of(units_, arrived)) raise_irq(true);
}

/// ST3. assumed: the two-side signal is always there, as on the drives of the XT.
void Fdc::sense_drive() {
    const Drive& drive = selected();
    int status = 0x28 | (command_[1] & 7);
    if (drive.is_connected && drive.cylinder == 0) status |= 0x10;
    if (drive.is_connected && drive.medium != nullptr && drive.medium->is_write_protected()) status |= 0x40;
    answer({u8(status)});
}

Ticks Fdc::step_time() const {
    static constexpr std::array<i64, 4> microseconds{1000, 1667, 2000, 500};  // by data rate [82077AA, "Specify"]
    return Ticks::from_us((16 - step_rate_) * microseconds[rate_]);
}

void Fdc::seek(u8 to) {
    start_moving(int{to} - unit().present_cylinder, u8(st0_seek_end | (command_[1] & 7)));
    unit().present_cylinder = to;
}

void Fdc::recalibrate() {
    const Drive& drive = selected();
    const bool reaches_track_0 = drive.is_connected && drive.cylinder <= most_recalibrate_steps;
    const int steps = reaches_track_0 ? drive.cylinder : most_recalibrate_steps;
    start_moving(-steps, u8((reaches_track_0 ? st0_seek_end : st0_failed_recalibrate) | (command_[1] & 3)));
    unit().present_cylinder = 0;
}

/// A disk of 40 cylinders is in a drive for such disks, and BIOSes find out by seeking where the heads stop: IBM's of
/// 1986 would else format 80 on it. [IBM XT, BIOS of 1986, diskette test]
int Fdc::last_cylinder() {
    const FloppyMedium* medium = selected().medium;
    return medium != nullptr && medium->track(last_of_40 + 1, 0).empty() ? last_of_40 : last_of_80;
}

/// `status` is told on arrival.
void Fdc::start_moving(int steps, u8 status) {
    Drive& drive = selected();
    if (drive.is_connected) drive.cylinder = u8(std::clamp(drive.cylinder + steps, 0, last_cylinder()));
    if (steps != 0 && drive.medium != nullptr) drive.changed = false;
    unit().seeking = true;
    unit().status = status;
    unit().arrives = scheduler_.clock().now() + Ticks{step_time().count * std::max(1, std::abs(steps))};
    schedule_seeks();
}

void Fdc::schedule_seeks() {
    Ticks when = reset_at_;
    for (const Unit& unit : units_) when = std::min(when, unit.arrives);
    scheduler_.schedule(seek_event_, when);
}

void Fdc::heads_arrive() {
    const Ticks now = scheduler_.clock().now();
    if (reset_at_ <= now)
        for (std::size_t index = 0; index < drives; ++index) units_[index].status = u8(st0_ready_changed | index);
    if (reset_at_ <= now) reset_at_ = Ticks::never();
    for (Unit& unit : units_)
        if (unit.arrives <= now) unit.arrives = Ticks::never();
    raise_irq(true);
    schedule_seeks();
}

u8 Fdc::read_data() {
    if (phase_ == Phase::ByteTransfer && !wants_bytes()) {
        const u8 value = buffer_[position_++];
        bytes_moved();
        return value;
    }
    if (phase_ != Phase::Result) return 0xFF;
    raise_irq(false);  // the first byte of the result takes INT back
    const u8 value = result_[result_read_++];
    if (result_read_ == result_.size()) phase_ = Phase::Idle;
    return value;
}

void Fdc::write_data(u8 value) {
    if ((dor_ & dor_not_reset) == 0) return;
    if (phase_ == Phase::Idle || phase_ == Phase::Command) {
        take_command_byte(value);
    } else if (phase_ == Phase::ByteTransfer && wants_bytes()) {
        buffer_[position_++] = value;
        bytes_moved();
    }
}

void Fdc::Drive::serialize(Archive& ar) {
    ar("is_connected", is_connected);
    ar("changed", changed);
    ar("cylinder", cylinder);
}

void Fdc::Unit::serialize(Archive& ar) {
    ar("present_cylinder", present_cylinder);
    ar("seeking", seeking);
    ar("arrives", arrives);
    int told = status ? *status : -1;
    ar("status", told);
    status = told < 0 ? std::optional<u8>{} : u8(told);
}

void Fdc::serialize(Archive& ar) {
    ar("drives", drives_);
    ar("units", units_);
    ar("dor", dor_);
    ar("rate", rate_);
    ar("phase", phase_);
    ar("command", command_);
    ar("result", result_);
    ar("result_read", result_read_);
    ar("opcode", opcode_);
    ar("interrupting", interrupting_);
    ar("reset_at", reset_at_);
    ar("step_rate", step_rate_);
    ar("without_dma", without_dma_);
    ar("waiting_for_disk", waiting_for_disk_);
    ar("terminal_count", terminal_count_);
    ar("cylinder", wanted_.cylinder);
    ar("head", wanted_.head);
    ar("record", wanted_.record);
    ar("size_code", wanted_.size_code);
    ar("side", side_);
    ar("index", index_);
    ar("buffer", buffer_);
    ar("position", position_);
    ar("found_st1", found_.st1);
    ar("found_st2", found_.st2);
    ar("sector_st1", sector_errors_.st1);
    ar("sector_st2", sector_errors_.st2);
    ar("lookup_failed", lookup_failed_);
    ar("ready_at", ready_at_);
    position_ = std::min(position_, buffer_.size());
    const bool has_result = result_read_ < result_.size();
    if (phase_ == Phase::Result && !has_result) phase_ = Phase::Idle;
    if (phase_ == Phase::ByteTransfer && position_ == buffer_.size()) phase_ = Phase::Idle;
    run_until(ready_at_);
    schedule_seeks();
}

}  // namespace dyn86
