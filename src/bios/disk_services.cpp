#include "src/bios/disk_services.h"

#include "src/base/check.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace dyn86 {

namespace {

constexpr u8 first_hard_disk = 0x80;
/// The FLAGS image of an INT's caller, above IP and CS.
constexpr u16 flags_image = 4;
constexpr SegOff diskette_table_vector{0, 0x1E * 4};
constexpr u16 table_fill_byte = 8;
/// DMA has 16 address lines; the upper four come from a register that does not count.
constexpr u32 dma_page = 0x10000;
constexpr u32 ecc_bytes = 4;
/// A drive takes whatever disk is put in; until then it is told to be a 1.44 MB one, so that systems expect any.
constexpr Geometry empty_drive{80, 2, 18};
constexpr u8 hard_disk_fill = 0;

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

void DiskServices::mount(u8 number, DiskImage* image) {
    Drive* const place = drive(number);
    DYN86_CHECK(place != nullptr);
    place->changed = place->changed || place->image != nullptr;
    place->image = image;
}

void DiskServices::serialize(Archive& ar) {
    ar("floppies", floppies_);
    ar("hard_disks", hard_disks_);
}

u8 DiskServices::hard_disks() const {
    if (hard_disks_[0].image == nullptr) return 0;
    return hard_disks_[1].image == nullptr ? 1 : 2;
}

DiskServices::Drive* DiskServices::drive(u8 number) {
    const std::span<Drive> drives = number < first_hard_disk ? std::span<Drive>(floppies_) : hard_disks_;
    const std::size_t index = number & 0x7Fu;
    return index < drives.size() ? &drives[index] : nullptr;
}

DiskImage* DiskServices::image(u8 number) {
    const Drive* const found = drive(number);
    return found == nullptr ? nullptr : found->image;
}

bool DiskServices::service(Registers& regs) {
    const u8 function = regs.get(Reg8::Ah), number = regs.get(Reg8::Dl);
    if (function == 0x01) return last_status(regs), true;
    if (function == 0x15) return disk_type(regs), true;
    const auto status = number < first_hard_disk ? perform_floppy(regs) : perform_hard_disk(regs);
    const Status answer = status.value_or(Status::BadCommand);
    data_.set_byte(status_of(number), u8(answer));
    regs.set(Reg8::Ah, u8(answer));
    set_carry(regs, answer != Status::Ok);
    return status.has_value();
}

std::optional<DiskServices::Status> DiskServices::perform_floppy(Registers& regs) {
    switch (regs.get(Reg8::Ah)) {
        case 0x00: return Status::Ok;  // reset
        case 0x02: return transfer(regs, Transfer::Read);
        case 0x03: return transfer(regs, Transfer::Write);
        case 0x04: return transfer(regs, Transfer::Verify);
        case 0x05: return format_floppy_track(regs);
        case 0x08: return parameters(regs);
        case 0x16: return disk_changed(regs);
        case 0x17: return access(regs);  // disk type for formatting: the image has its own
        case 0x18: return media_type(regs);
        default: return std::nullopt;
    }
}

std::optional<DiskServices::Status> DiskServices::perform_hard_disk(Registers& regs) {
    if (image(regs.get(Reg8::Dl)) == nullptr) return Status::BadCommand;  // as a BIOS without hard disks says
    switch (regs.get(Reg8::Ah)) {
        case 0x02: return transfer(regs, Transfer::Read);
        case 0x03: return transfer(regs, Transfer::Write);
        case 0x04: return transfer(regs, Transfer::Verify);
        case 0x05:
        case 0x06: return format_hard_disk(regs, 1);  // 06h marks sectors bad, which an image cannot
        case 0x07: return format_hard_disk(regs, ~0u);
        case 0x08: return parameters(regs);
        case 0x0A: return transfer_long(regs, Transfer::Read);
        case 0x0B: return transfer_long(regs, Transfer::Write);
        case 0x0C: return seek(regs);
        case 0x00:  // reset
        case 0x09:  // drive parameters: they are the image's
        case 0x0D:  // reset
        case 0x10:  // ready?
        case 0x11:  // recalibrate
        case 0x12:  // diagnostics: memory, drive, controller
        case 0x13:
        case 0x14: return Status::Ok;
        default: return std::nullopt;
    }
}

u8 DiskServices::floppy_drives() const {
    return u8((data_.byte(bda::equipment) >> 6) + 1);
}

u32 DiskServices::cylinder(const Registers& regs) {
    return regs.get(Reg8::Ch) | (regs.get(Reg8::Cl) & 0xC0u) << 2;
}

/// A changed disk is told once, as the AT's BIOS does when it finds the change line active. [RBIL 13/AH=16]
DiskServices::Status DiskServices::access(const Registers& regs) {
    Drive* const found = drive(regs.get(Reg8::Dl));
    if (found == nullptr || found->image == nullptr) return Status::Timeout;
    if (!std::exchange(found->changed, false)) return Status::Ok;
    return Status::Changed;
}

DiskServices::Status DiskServices::transfer(Registers& regs, Transfer what) {
    const u32 count = regs.get(Reg8::Al);
    regs.set(Reg8::Al, 0);  // sectors transferred
    if (const Status status = access(regs); status != Status::Ok) return status;
    DiskImage& disk = *image(regs.get(Reg8::Dl));
    if (count == 0) return Status::BadCommand;
    if (what == Transfer::Write && disk.is_read_only()) return Status::WriteProtected;
    const auto first = disk.geometry().linear(cylinder(regs), regs.get(Reg8::Dh), regs.get(Reg8::Cl) & 0x3F);
    if (!first || *first + count > disk.sectors()) return Status::SectorNotFound;
    const Linear buffer = SegOff{regs.get(Sreg::Es), regs.get(Reg16::Bx)}.linear();
    const bool uses_dma = disk.kind() == DiskKind::Floppy && what != Transfer::Verify;
    if (uses_dma && buffer % dma_page + count * sector_size > dma_page) return Status::CrossesDma;
    const Run run{disk, *first, count, buffer};
    Status status = what == Transfer::Write ? write_sectors(run) : check_flaws(run);
    if (what == Transfer::Read && status != Status::SectorNotFound)
        if (const Status read = read_sectors(run); read != Status::Ok) status = read;
    if (status == Status::Ok) regs.set(Reg8::Al, u8(count));
    return status;
}

DiskServices::Status DiskServices::check_flaws(const Run& run) const {
    Status status = Status::Ok;
    for (u64 sector = run.first; sector < run.first + run.count; ++sector) {
        const Flaw flaw = run.disk.flaw(sector);
        if (flaw == Flaw::Missing) return Status::SectorNotFound;
        if (flaw == Flaw::Damaged) status = Status::BadCrc;
    }
    return status;
}

DiskServices::Status DiskServices::read_sectors(Run run) {
    while (run.count != 0) {
        WritableRange range = memory_.writable(run.memory, run.count * sector_size);
        u32 whole = u32(range.bytes().size() / sector_size);
        bool done = false;
        if (whole != 0) {
            const std::size_t bytes = std::size_t{whole} * sector_size;
            done = run.disk.read(run.first, range.bytes().first(bytes)).has_value();
            range.commit(bytes);
        } else {  // ROM, a device or the end of memory lies within the sector
            range.commit(0);
            whole = 1;
            std::array<u8, sector_size> sector{};
            done = run.disk.read(run.first, sector).has_value();
            if (done) memory_.copy_in(run.memory, sector);
        }
        if (!done) return Status::ControllerFailure;
        run.first += whole;
        run.count -= whole;
        run.memory = (run.memory + whole * sector_size) & address_mask;
    }
    return Status::Ok;
}

DiskServices::Status DiskServices::write_sectors(const Run& run) {
    std::vector<u8> bytes(std::size_t{run.count} * sector_size);
    memory_.copy_out(run.memory, bytes);
    return run.disk.write(run.first, bytes) ? Status::Ok : Status::ControllerFailure;
}

/// AH=0Ah, 0Bh: sectors, each with the four bytes of its error correction. An image keeps none: they are read as zero
/// and written nowhere.
DiskServices::Status DiskServices::transfer_long(Registers& regs, Transfer what) {
    const u32 count = regs.get(Reg8::Al);
    regs.set(Reg8::Al, 0);
    DiskImage& disk = *image(regs.get(Reg8::Dl));
    const auto first = disk.geometry().linear(cylinder(regs), regs.get(Reg8::Dh), regs.get(Reg8::Cl) & 0x3F);
    if (count == 0) return Status::BadCommand;
    if (what == Transfer::Write && disk.is_read_only()) return Status::WriteProtected;
    if (!first || *first + count > disk.sectors()) return Status::SectorNotFound;
    SegOff buffer{regs.get(Sreg::Es), regs.get(Reg16::Bx)};
    std::array<u8, sector_size + ecc_bytes> bytes{};
    const std::span<u8> data = std::span(bytes).first(sector_size);
    for (u32 i = 0; i < count; ++i) {
        if (what == Transfer::Write) memory_.copy_out(buffer.linear(), data);
        if (!(what == Transfer::Write ? disk.write(*first + i, data) : disk.read(*first + i, data)))
            return Status::ControllerFailure;
        if (what == Transfer::Read) memory_.copy_in(buffer.linear(), bytes);
        buffer = buffer + u16(bytes.size());
    }
    regs.set(Reg8::Al, u8(count));
    return Status::Ok;
}

/// AH=05h: what a formatted track reads as. The address fields at ES:BX have no place in a raw image.
DiskServices::Status DiskServices::format_floppy_track(const Registers& regs) {
    if (const Status status = access(regs); status != Status::Ok) return status;
    DiskImage& disk = *image(regs.get(Reg8::Dl));
    if (disk.is_read_only()) return Status::WriteProtected;
    const Geometry& geometry = disk.geometry();
    const auto first = geometry.linear(regs.get(Reg8::Ch), regs.get(Reg8::Dh), 1);
    if (!first || *first + geometry.sectors_per_track > disk.sectors()) return Status::SectorNotFound;
    const Linear vector = diskette_table_vector.linear();
    const SegOff table{memory_.read16(vector + 2), memory_.read16(vector)};
    const std::vector<u8> track(std::size_t{geometry.sectors_per_track} * sector_size,
                                memory_.read8((table + table_fill_byte).linear()));
    return disk.write(*first, track) ? Status::Ok : Status::ControllerFailure;
}

/// AH=05h to 07h: from this track on, so many or all.
DiskServices::Status DiskServices::format_hard_disk(const Registers& regs, u32 tracks) {
    DiskImage& disk = *image(regs.get(Reg8::Dl));
    if (disk.is_read_only()) return Status::WriteProtected;
    const Geometry& geometry = disk.geometry();
    const auto first = geometry.linear(cylinder(regs), regs.get(Reg8::Dh), 1);
    if (!first) return Status::BadSeek;
    const std::vector<u8> track(std::size_t{geometry.sectors_per_track} * sector_size, hard_disk_fill);
    const u64 end = std::min(geometry.total_sectors(), disk.sectors());
    for (u64 at = *first; tracks != 0 && at + geometry.sectors_per_track <= end; --tracks) {
        if (!disk.write(at, track)) return Status::ControllerFailure;
        at += geometry.sectors_per_track;
    }
    return Status::Ok;
}

DiskServices::Status DiskServices::seek(const Registers& regs) {
    const Geometry& geometry = image(regs.get(Reg8::Dl))->geometry();
    return cylinder(regs) < geometry.cylinders && regs.get(Reg8::Dh) < geometry.heads ? Status::Ok : Status::BadSeek;
}

/// AH=16h: the change stays until the disk is accessed.
DiskServices::Status DiskServices::disk_changed(const Registers& regs) {
    const Drive* const found = drive(regs.get(Reg8::Dl));
    if (found == nullptr || found->image == nullptr) return Status::Timeout;
    return found->changed ? Status::Changed : Status::Ok;
}

/// AH=18h: cylinders and sectors that a disk is to be formatted with; an image has only its own.
DiskServices::Status DiskServices::media_type(Registers& regs) {
    if (const Status status = access(regs); status != Status::Ok) return status;
    const Geometry& geometry = image(regs.get(Reg8::Dl))->geometry();
    const bool fits =
        cylinder(regs) == geometry.cylinders - 1u && (regs.get(Reg8::Cl) & 0x3F) == geometry.sectors_per_track;
    if (!fits) return Status::BadCommand;  // in AH=18h: no such format
    point_to_diskette_table(regs);
    return Status::Ok;
}

void DiskServices::point_to_diskette_table(Registers& regs) {
    const Linear vector = diskette_table_vector.linear();
    regs.set(Reg16::Di, memory_.read16(vector));
    regs.set(Sreg::Es, memory_.read16(vector + 2));
}

DiskServices::Status DiskServices::parameters(Registers& regs) {
    const u8 number = regs.get(Reg8::Dl);
    const DiskImage* disk = image(number);
    const bool is_empty_floppy_drive = disk == nullptr && number < floppy_drives();
    if (disk == nullptr && !is_empty_floppy_drive) return Status::Timeout;
    const Geometry geometry = is_empty_floppy_drive ? empty_drive : disk->geometry();
    regs.set(Reg8::Al, 0);
    regs.set(Reg16::Cx, packed(geometry.cylinders - 1u, geometry.sectors_per_track));
    regs.set(Reg8::Dh, u8(geometry.heads - 1));
    if (number >= first_hard_disk) {
        regs.set(Reg8::Dl, hard_disks());
        return Status::Ok;
    }
    regs.set(Reg8::Dl, floppy_drives());
    regs.set(Reg16::Bx, floppy_type(geometry));
    point_to_diskette_table(regs);
    return Status::Ok;
}

/// AH=01h. IBM's manual names AL, later ones AH: both have it.
void DiskServices::last_status(Registers& regs) {
    const u8 status = data_.byte(status_of(regs.get(Reg8::Dl)));
    regs.set(Reg16::Ax, u16(status << 8 | status));
    set_carry(regs, status != 0);
}

/// AH=15h: 0 no drive, 2 a floppy drive that can tell a changed disk, 3 a hard disk of CX:DX sectors.
void DiskServices::disk_type(Registers& regs) {
    const u8 number = regs.get(Reg8::Dl);
    const DiskImage* disk = image(number);
    u8 type = 0;
    if (number < first_hard_disk) {
        type = number < floppy_drives() ? 2 : 0;
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
