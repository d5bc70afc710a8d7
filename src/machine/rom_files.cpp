#include "src/machine/rom_files.h"

#include "src/storage/raw_file.h"

#include <fmt/format.h>

#include <vector>

namespace dyn86 {

namespace {

/// ROMs come in blocks of 512 bytes: that is what an option ROM counts its length in. [IBM XT, "ROM scan"]
constexpr u32 block = 512;
constexpr u32 least_bios = 8 * 1024, most_bios = 64 * 1024;
constexpr Linear adapter_memory = 0xA0000, adapter_memory_end = 0xC0000;
constexpr Linear own_bios = 0xF0000;

struct Range {
    Linear start;
    u64 end;
    std::string what;

    [[nodiscard]] bool overlaps(const Range& other) const { return start < other.end && other.start < end; }
};

Result<std::vector<u8>> read_rom(const std::string& path, u32 least, u32 most) {
    const auto file = RawFile::open(path, DiskAccess::ReadOnly);
    if (!file) return std::unexpected(file.error());
    const u64 size = (*file)->bytes();
    if (size % block != 0)
        return fail(fmt::format("{}: {} bytes are no ROM: not a multiple of {}", path, size, block),
                    ErrorKind::NotAProgram);
    if (size < least || size > most)
        return fail(fmt::format("{}: {} bytes, but such a ROM has {} to {}", path, size, least, most),
                    ErrorKind::NotAProgram);
    std::vector<u8> bytes(size);
    if (auto done = (*file)->read_bytes(0, bytes); !done) return std::unexpected(done.error());
    return bytes;
}

/// What a ROM may not cover, and what is loaded so far.
class Loader {
public:
    Loader(Memory& memory, u32 ram_end) : memory_(memory) {
        taken_.push_back({0, ram_end, "RAM"});
        taken_.push_back({adapter_memory, adapter_memory_end, "video memory"});
    }
    void take(Range range) { taken_.push_back(std::move(range)); }
    Result<> load(const std::string& path, Linear start, std::span<const u8> bytes) {
        const Range range{start, u64{start} + bytes.size(), path};
        const auto refuse = [&](const std::string& why) {
            return fail(fmt::format("{}: at {:05X}-{:05X} it {}", path, start, range.end - 1, why),
                        ErrorKind::NotAProgram);
        };
        if (range.end > address_space) return refuse("reaches beyond FFFFF");
        for (const Range& other : taken_)
            if (range.overlaps(other)) return refuse("would lie over " + other.what);
        memory_.load_rom(start, bytes);
        take(range);
        return {};
    }

private:
    Memory& memory_;
    std::vector<Range> taken_;
};

}  // namespace

Result<> load_rom_files(Memory& memory, const MachineConfig& config) {
    Loader loader(memory, config.memory_kib * 1024);
    if (config.bios) {
        const auto bios = read_rom(*config.bios, least_bios, most_bios);
        if (!bios) return std::unexpected(bios.error());
        const Linear start = Linear(address_space - bios->size());
        if (auto done = loader.load(*config.bios, start, *bios); !done) return done;
    } else {
        loader.take({own_bios, address_space, "dyn86's BIOS"});
    }
    for (const RomFile& rom : config.roms) {
        const auto bytes = read_rom(rom.path, block, address_space);
        if (!bytes) return std::unexpected(bytes.error());
        if (auto done = loader.load(rom.path, rom.start, *bytes); !done) return done;
    }
    return {};
}

}  // namespace dyn86
