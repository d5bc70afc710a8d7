#include "src/dos/disk_blocks.h"

#include <bit>
#include <vector>

namespace dyn86::dos {
namespace {

/// AL is the driver's error code, AH the BIOS's for the same. [RBIL 25]
u16 absolute_error(DosError error) {
    switch (error) {
        case DosError::WriteProtected: return 0x0300;
        case DosError::InvalidDrive: return 0x8001;
        case DosError::NotReady: return 0x8002;
        case DosError::ReadFault: return 0x0408;  // sector not found: behind the end, or the host has lost it
        case DosError::WriteFault: return 0x0408;
        default: return 0x800C;
    }
}

constexpr u16 needs_packet = 0x0207;  // a large disk: CX must be FFFFh

/// Device types of AX=440Dh CX=0860h. [RBIL 21/AX=440Dh]
u8 device_type(const FatShape& shape) {
    enum Type : u8 { Floppy360 = 0, Floppy1200 = 1, Floppy720 = 2, HardDisk = 5, Other = 7 };
    constexpr u8 hard_disk_media = 0xF8;
    if (shape.media == hard_disk_media) return HardDisk;
    switch (shape.total) {
        case 320:
        case 360:
        case 640:
        case 720: return Floppy360;
        case 1440: return Floppy720;
        case 2400: return Floppy1200;
        default: return Other;
    }
}

}  // namespace

SegOff DiskBlocks::block_at(u8 drive) {
    return in_dos_segment(u32{dpb::base} + drive * u32{dpb::size});
}

void DiskBlocks::initialise(SegOff block_driver) {
    block_driver_ = block_driver;
    SegOff link = in_dos_segment(lists::first_dpb);
    for (u8 number = 0; number < cds::count; ++number) {
        const Volume* const volume = drives_.drive(number);
        if (volume == nullptr || !volume->is_on_disk()) continue;
        guest_.set_pointer(link, block_at(number));
        guest_.set_pointer(Drives::cds_entry(number) + cds::parameters, block_at(number));
        write_block(number, volume->shape().value_or(FatShape{}));
        link = block_at(number) + dpb::next;
    }
    guest_.set_pointer(link, {0xFFFF, 0xFFFF});
}

/// All but the pointer to the next. [RBIL 21/AH=32h, versions 4 to 6]
void DiskBlocks::write_block(u8 drive, const FatShape& shape) {
    const SegOff at = block_at(drive);
    guest_.set_byte(at + 0x00, drive);
    guest_.set_byte(at + 0x01, drive);  // unit of its driver
    guest_.set_word(at + 0x02, sector_size);
    guest_.set_byte(at + 0x04, u8(shape.sectors_per_cluster - 1));
    guest_.set_byte(at + 0x05, u8(std::countr_zero(shape.sectors_per_cluster)));
    guest_.set_word(at + 0x06, shape.reserved);
    guest_.set_byte(at + 0x08, shape.fats);
    guest_.set_word(at + 0x09, shape.root_entries);
    guest_.set_word(at + 0x0B, u16(shape.data()));
    guest_.set_word(at + 0x0D, u16(shape.total > shape.data() ? shape.clusters() + 1 : 0));
    guest_.set_word(at + 0x0F, shape.sectors_per_fat);
    guest_.set_word(at + 0x11, u16(shape.root()));
    guest_.set_pointer(at + 0x13, block_driver_);
    guest_.set_byte(at + 0x17, shape.media);
    guest_.set_byte(at + 0x18, 0);  // the disk has been looked at
    constexpr u16 unknown = 0xFFFF;
    guest_.set_word(at + 0x1D, 2);
    guest_.set_word(at + 0x1F, unknown);
}

void DiskBlocks::get_block(Caller& caller, u8 drive_number) {
    const auto number = drives_.drive_argument(drive_number);
    const auto shape = number ? drives_.drive(*number)->shape() : std::nullopt;
    if (!shape) {
        if (!number) caller.error = number.error();
        return caller.set_al(0xFF);  // a folder has none
    }
    write_block(*number, *shape);
    caller.ds = block_at(*number).segment;
    caller.bx = block_at(*number).offset;
    caller.set_al(0);
}

bool DiskBlocks::write_device_parameters(u8 drive, SegOff to) {
    const Volume& volume = *drives_.drive(drive);
    const auto shape = volume.shape();
    if (!shape) return false;
    const u32 track = u32{shape->heads} * shape->sectors_per_track;
    guest_.set_byte(to + 1, device_type(*shape));
    guest_.set_word(to + 2, volume.is_removable() ? 0 : 1);
    guest_.set_word(to + 4, u16(track == 0 ? 0 : (shape->total + shape->hidden) / track));
    guest_.set_byte(to + 6, 0);
    const SegOff block = to + 7;  // as in the boot sector
    const bool is_large = shape->total > 0xFFFF;
    guest_.set_word(block, sector_size);
    guest_.set_byte(block + 2, u8(shape->sectors_per_cluster));
    guest_.set_word(block + 3, shape->reserved);
    guest_.set_byte(block + 5, shape->fats);
    guest_.set_word(block + 6, shape->root_entries);
    guest_.set_word(block + 8, is_large ? u16{0} : u16(shape->total));
    guest_.set_byte(block + 10, shape->media);
    guest_.set_word(block + 11, shape->sectors_per_fat);
    guest_.set_word(block + 13, shape->sectors_per_track);
    guest_.set_word(block + 15, shape->heads);
    guest_.set_dword(block + 17, shape->hidden);
    guest_.set_dword(block + 21, is_large ? shape->total : 0);
    return true;
}

DosResult<> DiskBlocks::transfer_track(u8 drive, SegOff block, Direction direction) {
    const Volume& volume = *drives_.drive(drive);
    const auto shape = volume.shape();
    if (!shape) return refuse(DosError::InvalidFunction);
    const u32 head = guest_.word(block + 1), cylinder = guest_.word(block + 3), first = guest_.word(block + 5);
    const u16 count = guest_.word(block + 7);  // [RBIL 21/AX=440Dh "read/write track"]
    const u32 track = cylinder * shape->heads + head, on_disk = track * shape->sectors_per_track + first;
    const bool is_there = head < shape->heads && first + count <= shape->sectors_per_track && on_disk >= shape->start;
    if (!is_there) return refuse(direction == Direction::Read ? DosError::ReadFault : DosError::WriteFault);
    return move(volume, {on_disk - shape->start, count, guest_.pointer(block + 9)}, direction);
}

DosResult<> DiskBlocks::move(const Volume& volume, const Request& request, Direction direction) {
    constexpr u32 at_once = 64;
    std::vector<u8> bytes;
    for (u32 done = 0; done < request.count;) {
        const u32 now = std::min(request.count - done, at_once);
        const auto linear = Linear((request.memory.linear() + done * sector_size) & address_mask);
        bytes.resize(std::size_t{now} * sector_size);
        if (direction == Direction::Write) {
            guest_.memory().copy_out(linear, bytes);
            if (auto moved = volume.write_sectors(request.first + done, bytes); !moved) return moved;
        } else {
            if (auto moved = volume.read_sectors(request.first + done, bytes); !moved) return moved;
            guest_.memory().copy_in(linear, bytes);
        }
        done += now;
    }
    return {};
}

void DiskBlocks::transfer(Registers& regs, Direction direction) {
    const auto answer = [&](u16 error) {
        regs.set(Reg16::Ax, error);
        regs.flags = u16(error != 0 ? regs.flags | flag::c : regs.flags & ~flag::c);
    };
    const Volume* const volume = drives_.drive(regs.get(Reg8::Al));
    if (volume == nullptr) return answer(absolute_error(DosError::InvalidDrive));
    const SegOff memory{regs.get(Sreg::Ds), regs.get(Reg16::Bx)};
    Request request{.first = regs.get(Reg16::Dx), .count = regs.get(Reg16::Cx), .memory = memory};
    constexpr u16 packet = 0xFFFF;
    if (request.count == packet) {
        request = {
            .first = guest_.dword(memory), .count = guest_.word(memory + 4), .memory = guest_.pointer(memory + 6)};
    } else if (const auto shape = volume->shape(); shape && shape->total > 0xFFFF) {
        return answer(needs_packet);
    }
    const auto done = move(*volume, request, direction);
    answer(done ? u16{0} : absolute_error(done.error()));
}

void DiskBlocks::install(Functions& functions) {
    functions.on(0x1F, [this](Caller& c) { get_block(c, 0); });
    functions.on(0x32, [this](Caller& c) { get_block(c, c.dl()); });
}

}  // namespace dyn86::dos
