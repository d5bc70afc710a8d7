// An IDE (ATA) hard disk: the electronics on the drive.
#pragma once

#include "src/base/archive.h"
#include "src/base/disk_medium.h"
#include "src/base/types.h"

#include <vector>

namespace dyn86 {

/// A drive on an IDE cable [ATA-1]: the task file, CHS and LBA addressing, programmed transfers of one sector or a
/// block. Commands are done at once, so BSY is only seen during a reset; there is no INTRQ, since the controllers that
/// use this drive are polled. assumed: nothing waits for a disk to be slower.
///
/// Calling rules: both drives of a cable get all writes; the one that `is_selected` is read.
class AtaDrive {
public:
    /// The command block. Register 0 is the 16-bit data register.
    enum class Register : u8 { Data, Error, SectorCount, SectorNumber, CylinderLow, CylinderHigh, DriveHead, Status };
    enum class Place : u8 { Master, Slave };

    explicit AtaDrive(Place place) : place_(place) {}

    /// Null: nothing is on the cable here.
    void attach(HardDiskMedium* medium);
    [[nodiscard]] bool is_attached() const { return medium_ != nullptr; }
    [[nodiscard]] bool is_selected() const { return ((drive_head_ & 0x10) != 0) == (place_ == Place::Slave); }

    /// All but the data register.
    [[nodiscard]] u8 read(Register reg) const;
    void write(Register reg, u8 value);
    /// With 8-bit transfers on, the high byte has no part.
    u16 read_data();
    void write_data(u16 value);
    /// Device control: bit 2 holds the drive in reset.
    void set_control(u8 value);

    void serialize(Archive& ar);

private:
    enum class Transfer : u8 { None, Read, Write, Identify, ReadBuffer, WriteBuffer };
    struct Address {
        bool exists = false;
        u64 sector = 0;
    };

    void reset();
    void command(u8 code);
    void transfer(Transfer what, u32 sectors_a_block);
    void set_multiple();
    void set_parameters();
    void set_features();
    void verify();
    void identify();
    void put_text(std::size_t word, std::size_t words, const char* text);
    void set_word(std::size_t word, u16 value);
    void next_block();
    void block_read();
    void block_written();
    void done();
    void fail(u8 error);

    [[nodiscard]] bool is_lba() const { return (drive_head_ & 0x40) != 0; }
    [[nodiscard]] Address address() const;
    void advance_address();

    Place place_;
    HardDiskMedium* medium_ = nullptr;
    HardDiskMedium::Geometry default_{};  // what IDENTIFY says

    u8 error_ = 1, features_ = 0, sector_count_ = 1, sector_number_ = 1, cylinder_low_ = 0, cylinder_high_ = 0;
    u8 drive_head_ = 0;
    u8 status_ = 0;
    bool in_reset_ = false;
    bool eight_bits_ = false;
    u8 heads_ = 0, sectors_per_track_ = 0;  // of the logical geometry in use
    u8 multiple_ = 0;                       // sectors a block of READ/WRITE MULTIPLE; 0: not allowed

    Transfer transfer_ = Transfer::None;
    u32 left_ = 0;   // sectors of the command still to be moved
    u32 block_ = 1;  // sectors between two DRQs
    bool moved_any_ = false;
    std::vector<u8> buffer_;
    std::size_t position_ = 0;
};

}  // namespace dyn86
