#include "devices/fdc.h"

#include <algorithm>

namespace dyn86 {
namespace {

// [765, "Status Register 0" to "Status Register 2"]
constexpr u8 st0_abnormal = 0x40;
constexpr u8 st1_end_of_cylinder = 0x80, st1_data_error = 0x20, st1_overrun = 0x10, st1_no_data = 0x04;
constexpr u8 st1_not_writable = 0x02, st1_missing_address_mark = 0x01;
constexpr u8 st2_control_mark = 0x40, st2_data_error = 0x20, st2_wrong_cylinder = 0x10, st2_scan_hit = 0x08;
constexpr u8 st2_scan_not_satisfied = 0x04, st2_bad_cylinder = 0x02;

/// ID field, its gap, sync and marks. [765, "Format", IBM system 34]
constexpr i64 bytes_before_data = 62;
constexpr std::size_t bytes_of_id = 4;

}  // namespace

bool Fdc::is_scan() const {
    return opcode_ == Command::ScanEqual || opcode_ == Command::ScanLow || opcode_ == Command::ScanHigh;
}

Ticks Fdc::byte_time() const {
    static constexpr std::array<i64, 4> nanoseconds{16'000, 26'667, 32'000, 8'000};  // 500, 300, 250, 1000 kbit/s
    return Ticks::from_ns(nanoseconds[rate_]);
}

/// 300 per minute. assumed: nobody tells the 360 of a 1.2 MB drive by it.
Ticks Fdc::revolution() const {
    return Ticks::from_ms(200);
}

/// What the head sees. The media are all in double density: single finds nothing.
std::vector<FloppyMedium::Sector> Fdc::track() {
    const Drive& drive = selected();
    if (!is_mfm() || drive.medium == nullptr) return {};
    return drive.medium->track(drive.cylinder, side_);
}

/// N = 0 means as many bytes as DTL says. [765, "Read Data"]
std::size_t Fdc::transfer_size() const {
    if (opcode_ == Command::FormatTrack) return bytes_of_id * command_[3];
    return command_[5] == 0 ? command_[8] : wanted_.size();
}

void Fdc::run_until(Ticks when) {
    ready_at_ = when;
    scheduler_.schedule(execution_event_, when);
}

void Fdc::begin_access() {
    phase_ = Phase::Execution;
    terminal_count_ = lookup_failed_ = false;
    found_ = sector_errors_ = {};
    side_ = head();
    index_ = 0;
    if (command_.size() == 9) wanted_ = {command_[2], command_[3], command_[4], command_[5]};
    try_access();
}

void Fdc::try_access() {
    waiting_for_disk_ = !selected().is_connected || selected().medium == nullptr || !motor_runs();
    if (waiting_for_disk_) return;
    const Ticks now = scheduler_.clock().now();
    const bool writes = is_write() || opcode_ == Command::FormatTrack;
    if (writes && selected().medium->is_write_protected()) {
        lookup_failed_ = true;
        sector_errors_.st1 = st1_not_writable;
        run_until(now + byte_time());
    } else if (opcode_ == Command::FormatTrack) {
        run_until(now + revolution());
    } else if (opcode_ == Command::ReadId) {
        find_id();
    } else {
        find_sector();
    }
}

/// The sector that comes next under the head as the disk turns.
void Fdc::find_id() {
    const auto sectors = track();
    if (sectors.empty()) return not_found(sectors);
    const i64 count = i64(sectors.size()), turn = revolution().count;
    const i64 now = scheduler_.clock().now().count, angle = now % turn;
    const i64 next = angle * count / turn + 1;
    index_ = std::size_t(next % count);
    run_until({now + next * turn / count - angle});
}

void Fdc::find_sector() {
    const auto sectors = track();
    if (opcode_ != Command::ReadTrack)
        index_ = std::size_t(std::ranges::find(sectors, wanted_, &FloppyMedium::Sector::id) - sectors.begin());
    if (index_ >= sectors.size()) return not_found(sectors);
    const i64 bytes = bytes_before_data + (without_dma_ ? 0 : i64(sectors[index_].id.size()));
    run_until(scheduler_.clock().now() + Ticks{byte_time().count * bytes});
}

/// Two revolutions have shown no such ID. [765, "Read Data"; ST2]
void Fdc::not_found(const std::vector<FloppyMedium::Sector>& sectors) {
    lookup_failed_ = true;
    sector_errors_.st1 = sectors.empty() ? st1_missing_address_mark : st1_no_data;
    const bool other_cylinder = !sectors.empty() && sectors.front().id.cylinder != wanted_.cylinder;
    if (other_cylinder)
        sector_errors_.st2 = sectors.front().id.cylinder == 0xFF ? st2_bad_cylinder : st2_wrong_cylinder;
    run_until(scheduler_.clock().now() + revolution() + revolution());
}

void Fdc::execution_event() {
    ready_at_ = Ticks::never();
    if (lookup_failed_) return finish(sector_errors_);
    if (opcode_ == Command::FormatTrack) {
        buffer_.assign(transfer_size(), 0);
        return move_bytes();
    }
    const auto sectors = track();
    if (index_ >= sectors.size()) return not_found(sectors);  // taken out meanwhile
    if (opcode_ != Command::ReadId) return move_sector();
    wanted_ = sectors[index_].id;
    finish({});
}

bool Fdc::has_wrong_mark(const FloppyMedium::Sector& sector) const {
    if (opcode_ == Command::ReadTrack || is_write()) return false;
    const DataMark right = opcode_ == Command::ReadDeleted ? DataMark::Deleted : DataMark::Normal;
    return sector.mark != right;
}

void Fdc::move_sector() {
    const FloppyMedium::Sector sector = track()[index_];
    if (has_wrong_mark(sector)) {
        found_.st2 |= st2_control_mark;
        if (skips()) return next_sector();
    }
    if (opcode_ == Command::ReadTrack && sector.id != wanted_) found_.st1 |= st1_no_data;
    buffer_.assign(sector.id.size(), 0);
    if (!wants_bytes()) {
        const auto status = selected().medium->read(selected().cylinder, side_, index_, buffer_);
        if (status != FloppyMedium::Status::Ok || sector.has_data_error)
            sector_errors_ = {.st1 = st1_data_error, .st2 = st2_data_error};
    }
    buffer_.resize(transfer_size());
    move_bytes();
}

/// All bytes of the sector at the moment when the last has passed the head; without DMA one by one, as fast as the CPU
/// fetches them from the moment when the first has. assumed: nothing needs the overrun of a CPU that is too slow.
void Fdc::move_bytes() {
    position_ = 0;
    if (without_dma_) {
        phase_ = Phase::ByteTransfer;
        return buffer_.empty() ? finish_sector() : raise_irq(true);
    }
    if ((dor_ & 0x08) != 0 && !buffer_.empty()) request_.set_level(true);  // served until the line falls
    request_.set_level(false);
    if (position_ < buffer_.size() && !terminal_count_) sector_errors_.st1 |= st1_overrun;
    finish_sector();
}

void Fdc::bytes_moved() {
    raise_irq(false);
    if (position_ < buffer_.size()) return raise_irq(true);
    phase_ = Phase::Execution;
    finish_sector();
}

u8 Fdc::dma_read() {
    if (position_ >= buffer_.size()) return 0xFF;
    const u8 value = buffer_[position_];
    dma_verify();
    return value;
}

void Fdc::dma_write(u8 value) {
    if (position_ < buffer_.size()) buffer_[position_] = value;
    dma_verify();
}

void Fdc::dma_verify() {
    if (position_ < buffer_.size()) ++position_;
    if (position_ == buffer_.size()) request_.set_level(false);
}

void Fdc::terminal_count() {
    terminal_count_ = true;
    request_.set_level(false);
}

void Fdc::finish_sector() {
    if ((sector_errors_.st1 & st1_overrun) == 0) {
        if (opcode_ == Command::FormatTrack) return finish_format();
        if (is_write()) store_sector();
        if (is_scan() && compare_sector()) return finish({});
    }
    const bool fails = sector_errors_.st1 != 0 && opcode_ != Command::ReadTrack;
    if (fails || (sector_errors_.st1 & st1_overrun) != 0) return finish(sector_errors_);
    found_.st1 |= sector_errors_.st1;  // READ TRACK goes on
    found_.st2 |= sector_errors_.st2;
    sector_errors_ = {};
    const bool stops_at_mark = (found_.st2 & st2_control_mark) != 0 && !skips() && !is_scan();
    stops_at_mark ? finish({}) : next_sector();
}

void Fdc::store_sector() {
    const auto sectors = track();
    if (index_ >= sectors.size()) return;
    buffer_.resize(sectors[index_].id.size());  // what the CPU did not send is zero
    const DataMark mark = opcode_ == Command::WriteDeleted ? DataMark::Deleted : DataMark::Normal;
    const auto status = selected().medium->write(selected().cylinder, side_, index_, buffer_, mark);
    if (status == FloppyMedium::Status::WriteProtected) sector_errors_.st1 |= st1_not_writable;
    if (status == FloppyMedium::Status::Unreadable || status == FloppyMedium::Status::Unformattable)
        sector_errors_ = {.st1 = st1_data_error, .st2 = st2_data_error};
}

/// True when the condition is met. FFh from the CPU fits every byte; the first that differs decides. [765, "Scan"]
bool Fdc::compare_sector() {
    const auto sectors = track();
    if (index_ >= sectors.size()) return false;
    std::vector<u8> disk(sectors[index_].id.size());
    if (selected().medium->read(selected().cylinder, side_, index_, disk) != FloppyMedium::Status::Ok)
        sector_errors_ = {.st1 = st1_data_error, .st2 = st2_data_error};
    const std::size_t count = std::min(position_, disk.size());
    for (std::size_t i = 0; i < count; ++i) {
        if (buffer_[i] == 0xFF || buffer_[i] == disk[i]) continue;
        const bool disk_is_lower = disk[i] < buffer_[i];
        return opcode_ == Command::ScanLow ? disk_is_lower : opcode_ == Command::ScanHigh && !disk_is_lower;
    }
    found_.st2 |= st2_scan_hit;
    return true;
}

/// The IDs have come. Fewer than SC, because DMA ended, format as many.
void Fdc::finish_format() {
    std::vector<SectorId> ids(position_ / bytes_of_id);
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const u8* id = &buffer_[i * bytes_of_id];
        ids[i] = {id[0], id[1], id[2], id[3]};
    }
    if (!ids.empty()) wanted_ = ids.back();
    const Drive& drive = selected();
    const auto status = drive.medium == nullptr ? FloppyMedium::Status::Unreadable
                                                : drive.medium->format_track(drive.cylinder, side_, ids, command_[5]);
    if (status == FloppyMedium::Status::WriteProtected) return finish({.st1 = st1_not_writable});
    // assumed: a real drive cannot fail here; what the image cannot hold is told as what a worn track would be.
    if (status != FloppyMedium::Status::Ok) return finish({.st1 = st1_data_error, .st2 = st2_data_error});
    finish({});
}

void Fdc::next_sector() {
    const bool more = advance_id();
    if (!terminal_count_ && more) return find_sector();
    if (is_scan()) found_.st2 |= st2_scan_not_satisfied;
    finish(terminal_count_ || is_scan() ? Errors{} : Errors{.st1 = st1_end_of_cylinder});
}

/// C, H, R of the sector behind this one; false when EOT ends the command. [765, table 2, "ID information when the
/// processor terminates the command"]
bool Fdc::advance_id() {
    const u8 last = command_[6];
    if (opcode_ == Command::ReadTrack) {
        ++wanted_.record;
        return ++index_ < last;
    }
    if (wanted_.record != last) {
        wanted_.record = u8(wanted_.record + (is_scan() && command_[8] == 2 ? 2 : 1));
        return true;
    }
    wanted_.record = 1;
    const bool other_side = is_multi_track() && side_ == 0;
    if (is_multi_track()) {
        side_ ^= 1;
        wanted_.head ^= 1;
    }
    if (!other_side) ++wanted_.cylinder;
    return other_side;
}

void Fdc::finish(Errors errors) {
    const bool abnormal = errors.st1 != 0 || errors.st2 != 0;
    const u8 st0 = u8((abnormal ? st0_abnormal : 0) | side_ << 2 | (command_[1] & 3));
    answer({st0, u8(errors.st1 | found_.st1), u8(errors.st2 | found_.st2), wanted_.cylinder, wanted_.head,
            wanted_.record, wanted_.size_code});
    raise_irq(true);
}

}  // namespace dyn86
