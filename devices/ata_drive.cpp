#include "devices/ata_drive.h"

#include <algorithm>

namespace dyn86 {
namespace {

constexpr u8 status_busy = 0x80, status_ready = 0x40, status_seek_complete = 0x10, status_data = 0x08;
constexpr u8 status_error = 0x01;
constexpr u8 error_uncorrectable = 0x40, error_no_such_sector = 0x10, error_aborted = 0x04;
constexpr u8 diagnostic_passed = 0x01;

constexpr std::size_t sector_bytes = 512;
constexpr u8 most_multiple = 16;
/// What the two fields of IDENTIFY and the task file can say. [ATA-1, "Identify drive"]
constexpr u32 most_heads = 16, most_sectors = 63, most_cylinders = 16383;

/// The image's geometry where the task file can express it, else the usual 16 heads and 63 sectors.
HardDiskMedium::Geometry physical(const HardDiskMedium& medium) {
    const HardDiskMedium::Geometry wished = medium.geometry();
    const bool fits = wished.heads >= 1 && wished.heads <= most_heads && wished.sectors_per_track >= 1 &&
                      wished.sectors_per_track <= most_sectors && wished.cylinders >= 1;
    if (fits) return wished;
    const u64 cylinders = std::min<u64>(medium.sectors() / (most_heads * most_sectors), most_cylinders);
    return {u16(cylinders), u8(most_heads), u8(most_sectors)};
}

}  // namespace

void AtaDrive::attach(HardDiskMedium* medium) {
    medium_ = medium;
    if (medium == nullptr) return;
    default_ = physical(*medium);
    reset();
}

/// What power-on, SRST and EXECUTE DIAGNOSTIC leave: the signature of a drive that is no ATAPI device.
void AtaDrive::reset() {
    error_ = diagnostic_passed;
    sector_count_ = sector_number_ = 1;
    cylinder_low_ = cylinder_high_ = drive_head_ = 0;
    heads_ = default_.heads;
    sectors_per_track_ = default_.sectors_per_track;
    multiple_ = 0;
    eight_bits_ = false;
    transfer_ = Transfer::None;
    status_ = status_ready | status_seek_complete;
}

void AtaDrive::set_control(u8 value) {
    const bool hold = (value & 0x04) != 0;
    if (hold && !in_reset_ && is_attached()) reset();
    in_reset_ = hold;
}

u8 AtaDrive::read(Register reg) const {
    switch (reg) {
        case Register::Error: return error_;
        case Register::SectorCount: return sector_count_;
        case Register::SectorNumber: return sector_number_;
        case Register::CylinderLow: return cylinder_low_;
        case Register::CylinderHigh: return cylinder_high_;
        case Register::DriveHead: return u8(drive_head_ | 0xA0);
        case Register::Status: return in_reset_ ? status_busy : status_;
        case Register::Data: break;
    }
    return 0xFF;
}

void AtaDrive::write(Register reg, u8 value) {
    if (in_reset_) return;
    switch (reg) {
        case Register::Error: features_ = value; break;
        case Register::SectorCount: sector_count_ = value; break;
        case Register::SectorNumber: sector_number_ = value; break;
        case Register::CylinderLow: cylinder_low_ = value; break;
        case Register::CylinderHigh: cylinder_high_ = value; break;
        case Register::DriveHead: drive_head_ = value & 0x5F; break;
        case Register::Status:
            // EXECUTE DIAGNOSTIC goes to both.
            if (is_attached() && (is_selected() || value == 0x90)) command(value);
            break;
        case Register::Data: break;
    }
}

void AtaDrive::command(u8 code) {
    error_ = 0;
    status_ = status_ready | status_seek_complete;
    transfer_ = Transfer::None;
    const u8 group = code & 0xF0;
    if (group == 0x10 || group == 0x70) return;  // RECALIBRATE, SEEK
    switch (code) {
        case 0x20:
        case 0x21: return transfer(Transfer::Read, 1);
        case 0x30:
        case 0x31: return transfer(Transfer::Write, 1);
        case 0x40:
        case 0x41: return verify();
        case 0x90: return reset();
        case 0x91: return set_parameters();
        case 0xC4: return transfer(Transfer::Read, multiple_);
        case 0xC5: return transfer(Transfer::Write, multiple_);
        case 0xC6: return set_multiple();
        case 0xE4: return transfer(Transfer::ReadBuffer, 1);
        case 0xE8: return transfer(Transfer::WriteBuffer, 1);
        case 0xEC: return identify();
        case 0xEF: return set_features();
        case 0x94:  // standby, idle and their kin: the motor is the host's
        case 0x95:
        case 0x96:
        case 0x97:
        case 0xE0:
        case 0xE1:
        case 0xE2:
        case 0xE3:
        case 0xE7: return;  // FLUSH CACHE: a write is on the medium when it is done
        case 0x98:
        case 0xE5: sector_count_ = 0xFF; return;  // CHECK POWER MODE: active
        default: fail(error_aborted);
    }
}

void AtaDrive::fail(u8 error) {
    error_ = error;
    status_ = status_ready | status_seek_complete | status_error;
    transfer_ = Transfer::None;
}

void AtaDrive::done() {
    status_ = status_ready | status_seek_complete;
    transfer_ = Transfer::None;
}

AtaDrive::Address AtaDrive::address() const {
    const u32 cylinder = u32{cylinder_high_} << 8 | cylinder_low_, head = drive_head_ & 0x0Fu;
    if (is_lba()) {
        const u64 sector = u64{head} << 24 | u64{cylinder} << 8 | sector_number_;
        return {sector < medium_->sectors(), sector};
    }
    const bool exists = head < heads_ && sector_number_ != 0 && sector_number_ <= sectors_per_track_;
    const u64 sector = (u64{cylinder} * heads_ + head) * sectors_per_track_ + sector_number_ - 1u;
    return {exists && sector < medium_->sectors(), sector};
}

/// The task file shows the sector that was moved last, so it goes on before each but the first.
void AtaDrive::advance_address() {
    const bool wraps = is_lba() ? sector_number_ == 0xFF : sector_number_ >= sectors_per_track_;
    sector_number_ = u8(sector_number_ + 1);
    if (!wraps) return;
    sector_number_ = is_lba() ? 0 : 1;
    u32 head = drive_head_ & 0x0Fu, cylinder = u32{cylinder_high_} << 8 | cylinder_low_;
    if (is_lba()) {
        cylinder += 1;
        head += cylinder >> 16;
    } else {
        head += 1;
        cylinder += head >= heads_ ? 1 : 0;
        head = head >= heads_ ? 0 : head;
    }
    drive_head_ = u8((drive_head_ & 0xF0) | (head & 0x0F));
    cylinder_low_ = u8(cylinder);
    cylinder_high_ = u8(cylinder >> 8);
}

void AtaDrive::transfer(Transfer what, u32 sectors_a_block) {
    if (sectors_a_block == 0) return fail(error_aborted);  // MULTIPLE before SET MULTIPLE MODE
    const bool of_disk = what == Transfer::Read || what == Transfer::Write;
    if (what == Transfer::Write && medium_->is_write_protected()) return fail(error_aborted);
    transfer_ = what;
    block_ = sectors_a_block;
    left_ = !of_disk ? 1 : sector_count_ == 0 ? 256 : sector_count_;
    moved_any_ = false;
    next_block();
}

void AtaDrive::next_block() {
    if (left_ == 0) return done();
    const bool keeps_buffer = transfer_ == Transfer::ReadBuffer || transfer_ == Transfer::WriteBuffer;
    buffer_.resize(std::min(block_, left_) * sector_bytes);
    if (!keeps_buffer) std::ranges::fill(buffer_, u8{0});
    position_ = 0;
    if (transfer_ == Transfer::Read) return block_read();
    // A write's first sector is looked at before its data is asked for.
    if (transfer_ == Transfer::Write && !moved_any_ && !address().exists) return fail(error_no_such_sector);
    status_ = status_ready | status_seek_complete | status_data;
}

/// Fetches a block into the buffer. [ATA-1, "Read sector(s)"]
void AtaDrive::block_read() {
    const u32 count = std::min(block_, left_);
    for (u32 i = 0; i < count; ++i) {
        if (moved_any_) advance_address();
        const Address at = address();
        if (!at.exists) return fail(error_no_such_sector);
        if (!medium_->read(at.sector, std::span(buffer_).subspan(i * sector_bytes, sector_bytes)))
            return fail(error_uncorrectable);
        moved_any_ = true;
        --sector_count_;
    }
    left_ -= count;
    status_ = status_ready | status_seek_complete | status_data;
}

void AtaDrive::block_written() {
    const u32 count = std::min(block_, left_);
    for (u32 i = 0; i < count; ++i) {
        if (moved_any_) advance_address();
        const Address at = address();
        if (!at.exists) return fail(error_no_such_sector);
        if (!medium_->write(at.sector, std::span(buffer_).subspan(i * sector_bytes, sector_bytes)))
            return fail(error_uncorrectable);
        moved_any_ = true;
        --sector_count_;
    }
    left_ -= count;
    next_block();
}

void AtaDrive::verify() {
    std::vector<u8> sector(sector_bytes);
    for (u32 left = sector_count_ == 0 ? 256 : sector_count_; left != 0; --left) {
        const Address at = address();
        if (!at.exists) return fail(error_no_such_sector);
        if (!medium_->read(at.sector, sector)) return fail(error_uncorrectable);
        --sector_count_;
        if (left > 1) advance_address();
    }
}

u16 AtaDrive::read_data() {
    const bool reading =
        transfer_ == Transfer::Read || transfer_ == Transfer::Identify || transfer_ == Transfer::ReadBuffer;
    if (!reading || position_ >= buffer_.size()) return 0xFFFF;
    u16 value = buffer_[position_++];
    if (!eight_bits_) value = u16(value | buffer_[position_++] << 8);
    if (position_ < buffer_.size()) return value;
    if (transfer_ == Transfer::Read) {
        next_block();
    } else {
        done();
    }
    return value;
}

void AtaDrive::write_data(u16 value) {
    const bool writing = transfer_ == Transfer::Write || transfer_ == Transfer::WriteBuffer;
    if (!writing || position_ >= buffer_.size()) return;
    buffer_[position_++] = u8(value);
    if (!eight_bits_) buffer_[position_++] = u8(value >> 8);
    if (position_ < buffer_.size()) return;
    if (transfer_ == Transfer::Write) {
        block_written();
    } else {
        done();
    }
}

/// A power of two up to what IDENTIFY says; 0 switches MULTIPLE off.
void AtaDrive::set_multiple() {
    const bool power_of_two = (sector_count_ & (sector_count_ - 1)) == 0;
    if (sector_count_ > most_multiple || !power_of_two) {
        multiple_ = 0;
        return fail(error_aborted);
    }
    multiple_ = sector_count_;
}

/// INITIALIZE DRIVE PARAMETERS: the geometry that CHS addresses are meant in.
void AtaDrive::set_parameters() {
    if (sector_count_ == 0) return fail(error_aborted);
    sectors_per_track_ = sector_count_;
    heads_ = u8((drive_head_ & 0x0F) + 1);
}

void AtaDrive::set_features() {
    switch (features_) {
        case 0x01: eight_bits_ = true; break;
        case 0x81: eight_bits_ = false; break;
        case 0x03:
            // The transfer mode: programmed ones up to mode 4 are all the same here; there is no DMA.
            if (sector_count_ > 0x0C) fail(error_aborted);
            break;
        case 0x02:  // write cache on and off, look-ahead, and whether a reset keeps all this: without effect
        case 0x82:
        case 0x55:
        case 0xAA:
        case 0x66:
        case 0xCC: break;
        default: fail(error_aborted);
    }
}

void AtaDrive::set_word(std::size_t word, u16 value) {
    buffer_[word * 2] = u8(value);
    buffer_[word * 2 + 1] = u8(value >> 8);
}

/// Two characters a word, the first in the high byte, padded with blanks.
void AtaDrive::put_text(std::size_t word, std::size_t words, const char* text) {
    for (std::size_t i = 0; i < words * 2; ++i) buffer_[(word * 2 + i) ^ 1] = u8(*text != 0 ? *text++ : ' ');
}

void AtaDrive::identify() {
    transfer_ = Transfer::Identify;
    left_ = block_ = 1;
    buffer_.assign(sector_bytes, 0);
    position_ = 0;
    const u64 sectors = medium_->sectors();
    const u32 row = u32{heads_} * sectors_per_track_;
    const u16 cylinders = u16(std::min<u64>(sectors / std::max(row, 1u), 0xFFFF));
    const u32 addressable = cylinders * row;
    set_word(0, 0x0040);  // fixed disk
    set_word(1, default_.cylinders);
    set_word(3, default_.heads);
    set_word(4, u16(sector_bytes * default_.sectors_per_track));
    set_word(5, u16(sector_bytes));
    set_word(6, default_.sectors_per_track);
    put_text(10, 10, place_ == Place::Master ? "DYN86-0" : "DYN86-1");
    set_word(20, 3);  // a cached buffer
    set_word(21, 16);
    set_word(22, 4);
    put_text(23, 4, "1.0");
    put_text(27, 20, "dyn86 hard disk image");
    set_word(47, u16(0x8000 | most_multiple));
    set_word(49, 0x0200);  // LBA
    set_word(51, 0x0200);  // PIO mode 2
    set_word(53, 0x0001);
    set_word(54, cylinders);
    set_word(55, heads_);
    set_word(56, sectors_per_track_);
    set_word(57, u16(addressable));
    set_word(58, u16(addressable >> 16));
    set_word(59, u16(multiple_ != 0 ? 0x0100 | multiple_ : 0));
    set_word(60, u16(sectors));
    set_word(61, u16(sectors >> 16));
    status_ = status_ready | status_seek_complete | status_data;
}

void AtaDrive::serialize(Archive& ar) {
    ar("error", error_);
    ar("features", features_);
    ar("sector_count", sector_count_);
    ar("sector_number", sector_number_);
    ar("cylinder_low", cylinder_low_);
    ar("cylinder_high", cylinder_high_);
    ar("drive_head", drive_head_);
    ar("status", status_);
    ar("in_reset", in_reset_);
    ar("eight_bits", eight_bits_);
    ar("heads", heads_);
    ar("sectors_per_track", sectors_per_track_);
    ar("multiple", multiple_);
    ar("transfer", transfer_);
    ar("left", left_);
    ar("block", block_);
    ar("moved_any", moved_any_);
    ar("buffer", buffer_);
    ar("position", position_);
    // Words are taken two bytes at a time.
    if (buffer_.size() % 2 != 0 || position_ % 2 != 0) position_ = buffer_.size();
}

}  // namespace dyn86
