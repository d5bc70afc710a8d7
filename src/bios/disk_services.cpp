#include "src/bios/disk_services.h"

#include "src/base/check.h"

#include <array>
#include <vector>

namespace dyn86 {

namespace {

constexpr u8 first_hard_disk = 0x80;
/// The FLAGS image of an INT's caller, above IP and CS.
constexpr u16 flags_image = 4;
constexpr SegOff diskette_table_vector{0, 0x1E * 4};
constexpr u16 table_fill_byte = 8;

/// Drive types of AH=08h by what the drive takes. [RBIL 13/AH=08]
u8 floppy_type(const Geometry& g) {
    switch (g.sectors_per_track) {
        case 15: return 2;                         // 1.2 MB
        case 18: return 4;                         // 1.44 MB
        case 36: return 6;                         // 2.88 MB
        default: return g.cylinders > 43 ? 3 : 1;  // 720, 360 KB
    }
}

/// CX as INT 13h packs a cylinder and a sector.
u16 packed(unsigned cylinder, unsigned sector) {
    return u16((cylinder & 0xFF) << 8 | (cylinder >> 2 & 0xC0) | sector);
}

}  // namespace

void DiskServices::mount(u8 drive, DiskImage* image) {
    const std::span<DiskImage*> drives = drives_like(drive);
    DYN86_CHECK((drive & 0x7Fu) < drives.size());
    drives[drive & 0x7Fu] = image;
}

u8 DiskServices::hard_disks() const {
    if (hard_disks_[0] == nullptr) return 0;
    return hard_disks_[1] == nullptr ? 1 : 2;
}

std::span<DiskImage*> DiskServices::drives_like(u8 drive) {
    if (drive < first_hard_disk) return floppies_;
    return hard_disks_;
}

DiskImage* DiskServices::image(u8 drive) {
    const std::span<DiskImage*> drives = drives_like(drive);
    const std::size_t index = drive & 0x7Fu;
    return index < drives.size() ? drives[index] : nullptr;
}

bool DiskServices::service(Registers& regs) {
    const u8 function = regs.get(Reg8::Ah), drive = regs.get(Reg8::Dl);
    if (function == 0x01) return last_status(regs), true;
    if (function == 0x15) return disk_type(regs), true;
    const auto status = perform(regs);
    const Status answer = status.value_or(Status::BadCommand);
    data_.set_byte(status_of(drive), u8(answer));
    regs.set(Reg8::Ah, u8(answer));
    set_carry(regs, answer != Status::Ok);
    return status.has_value();
}

std::optional<DiskServices::Status> DiskServices::perform(Registers& regs) {
    const u8 drive = regs.get(Reg8::Dl);
    const bool hard = drive >= first_hard_disk;
    if (hard && image(drive) == nullptr) return Status::BadCommand;  // as a BIOS without hard disks says
    switch (regs.get(Reg8::Ah)) {
        case 0x00: return Status::Ok;  // reset
        case 0x02: return transfer(regs, Transfer::Read);
        case 0x03: return transfer(regs, Transfer::Write);
        case 0x04: return transfer(regs, Transfer::Verify);
        case 0x05: return format_track(regs);
        case 0x08: return parameters(regs);
        case 0x09:  // drive parameters, seek, reset, ready?, recalibrate, controller diagnostic: hard disks only
        case 0x0C:
        case 0x0D:
        case 0x10:
        case 0x11:
        case 0x14:
            if (hard) return Status::Ok;
            return std::nullopt;
        default: return std::nullopt;
    }
}

DiskServices::Status DiskServices::transfer(Registers& regs, Transfer what) {
    const u32 count = regs.get(Reg8::Al);
    regs.set(Reg8::Al, 0);  // sectors transferred
    DiskImage* disk = image(regs.get(Reg8::Dl));
    if (disk == nullptr) return Status::Timeout;
    if (count == 0) return Status::BadCommand;
    if (what == Transfer::Write && disk->is_read_only()) return Status::WriteProtected;
    const u8 cl = regs.get(Reg8::Cl);
    const u32 cylinder = regs.get(Reg8::Ch) | (cl & 0xC0u) << 2;
    const auto first = disk->geometry().linear(cylinder, regs.get(Reg8::Dh), cl & 0x3F);
    if (!first || *first + count > disk->sectors()) return Status::SectorNotFound;
    const Linear buffer = SegOff{regs.get(Sreg::Es), regs.get(Reg16::Bx)}.linear();
    Status status = Status::Ok;
    if (what == Transfer::Read) status = read_sectors(*disk, *first, count, buffer);
    if (what == Transfer::Write) status = write_sectors(*disk, *first, count, buffer);
    if (status == Status::Ok) regs.set(Reg8::Al, u8(count));
    return status;
}

DiskServices::Status DiskServices::read_sectors(DiskImage& disk, u64 first, u32 count, Linear to) {
    while (count != 0) {
        WritableRange range = memory_.writable(to, count * sector_size);
        u32 whole = u32(range.bytes().size() / sector_size);
        bool done = false;
        if (whole != 0) {
            const std::size_t bytes = std::size_t{whole} * sector_size;
            done = disk.read(first, range.bytes().first(bytes)).has_value();
            range.commit(bytes);
        } else {  // ROM, a device or the end of memory lies within the sector
            range.commit(0);
            whole = 1;
            std::array<u8, sector_size> sector{};
            done = disk.read(first, sector).has_value();
            if (done) memory_.copy_in(to, sector);
        }
        if (!done) return Status::ControllerFailure;
        first += whole;
        count -= whole;
        to = (to + whole * sector_size) & address_mask;
    }
    return Status::Ok;
}

DiskServices::Status DiskServices::write_sectors(DiskImage& disk, u64 first, u32 count, Linear from) {
    std::vector<u8> bytes(std::size_t{count} * sector_size);
    memory_.copy_out(from, bytes);
    return disk.write(first, bytes) ? Status::Ok : Status::ControllerFailure;
}

/// AH=05h: what a formatted track reads as. The address fields at ES:BX have no place in a raw image.
DiskServices::Status DiskServices::format_track(const Registers& regs) {
    const u8 drive = regs.get(Reg8::Dl);
    if (drive >= first_hard_disk) return Status::BadCommand;
    DiskImage* disk = image(drive);
    if (disk == nullptr) return Status::Timeout;
    if (disk->is_read_only()) return Status::WriteProtected;
    const Geometry& geometry = disk->geometry();
    const auto first = geometry.linear(regs.get(Reg8::Ch), regs.get(Reg8::Dh), 1);
    if (!first || *first + geometry.sectors_per_track > disk->sectors()) return Status::SectorNotFound;
    const Linear vector = diskette_table_vector.linear();
    const SegOff table{memory_.read16(vector + 2), memory_.read16(vector)};
    const std::vector<u8> track(std::size_t{geometry.sectors_per_track} * sector_size,
                                memory_.read8((table + table_fill_byte).linear()));
    return disk->write(*first, track) ? Status::Ok : Status::ControllerFailure;
}

DiskServices::Status DiskServices::parameters(Registers& regs) {
    const u8 drive = regs.get(Reg8::Dl);
    const DiskImage* disk = image(drive);
    if (disk == nullptr) return Status::Timeout;
    const Geometry& geometry = disk->geometry();
    regs.set(Reg8::Al, 0);
    regs.set(Reg16::Cx, packed(geometry.cylinders - 1u, geometry.sectors_per_track));
    regs.set(Reg8::Dh, u8(geometry.heads - 1));
    if (drive >= first_hard_disk) {
        regs.set(Reg8::Dl, hard_disks());
        return Status::Ok;
    }
    regs.set(Reg8::Dl, u8((data_.byte(bda::equipment) >> 6) + 1));
    regs.set(Reg16::Bx, floppy_type(geometry));
    const Linear vector = diskette_table_vector.linear();
    regs.set(Reg16::Di, memory_.read16(vector));
    regs.set(Sreg::Es, memory_.read16(vector + 2));
    return Status::Ok;
}

/// AH=01h. IBM's manual names AL, later ones AH: both have it.
void DiskServices::last_status(Registers& regs) {
    const u8 status = data_.byte(status_of(regs.get(Reg8::Dl)));
    regs.set(Reg16::Ax, u16(status << 8 | status));
    set_carry(regs, status != 0);
}

/// AH=15h: 0 no drive, 1 a floppy drive that can't tell a changed disk, 3 a hard disk of CX:DX sectors.
void DiskServices::disk_type(Registers& regs) {
    const u8 drive = regs.get(Reg8::Dl);
    const DiskImage* disk = image(drive);
    u8 type = 0;
    if (drive < first_hard_disk) {
        type = drive <= data_.byte(bda::equipment) >> 6 ? 1 : 0;
    } else if (disk != nullptr) {
        type = 3;
        regs.set(Reg16::Cx, u16(disk->geometry().total_sectors() >> 16));
        regs.set(Reg16::Dx, u16(disk->geometry().total_sectors()));
    }
    regs.set(Reg8::Ah, type);
    set_carry(regs, false);
}

void DiskServices::set_carry(const Registers& regs, bool carry) {
    const Linear at = SegOff{regs.get(Sreg::Ss), u16(regs.get(Reg16::Sp) + flags_image)}.linear();
    const u8 flags = memory_.read8(at);
    memory_.write8(at, carry ? u8(flags | flag::c) : u8(flags & ~flag::c));
}

}  // namespace dyn86
