// The guest's 1 MiB: mapped pages that translated code reads and writes directly, and the software bus that defines
// what those accesses mean. The mapped view is a cache of the bus, as the recompiler is of the interpreter. [DESIGN
// part I]
#pragma once

#include "cpu/core.h"
#include "src/base/bus.h"
#include "src/base/result.h"
#include "src/base/types.h"

#include <array>
#include <cstring>
#include <memory>
#include <span>
#include <vector>

namespace dyn86 {

/// Bits of the special map: one byte per guest byte says why a store to it may not go straight to memory.
namespace special {
inline constexpr u8 code = 1;   // part of a translated block (or of bytes its translation relied on)
inline constexpr u8 rom = 2;    // ROM or nothing: writes are dropped
inline constexpr u8 mmio = 4;   // a device answers; reads as well
inline constexpr u8 noted = 8;  // plain RAM, but whoever watches is told of the CPU's writes
// A debugger's: it stops before the instruction that begins here; it is told of writes, of reads.
inline constexpr u8 stop = 16, watched_writes = 32, watched_reads = 64;
inline constexpr u8 sentry = stop | watched_writes | watched_reads;
inline constexpr u8 traps_reads = mmio | watched_reads;
}  // namespace special

/// Told when bytes that are marked `special::code` change (before or after the new value is stored: it says only
/// where).
class CodeListener {
public:
    virtual ~CodeListener() = default;
    /// `start` is canonical (see Memory::canonical) and the range lies within one page.
    virtual void code_written(Linear start, u32 length) = 0;
    /// A transfer from outside filled the range, marked or not, or it has a new owner: what will stand there is not the
    /// old code changed but other code. Called for whole pages, and for parts of pages that have marked bytes.
    virtual void code_replaced(Linear start, u32 length) { code_written(start, length); }
};

/// Watches what happens to memory besides the CPU's plain loads and stores. Told afterwards.
class MemoryTap {
public:
    virtual ~MemoryTap() = default;
    /// The CPU wrote bytes marked `special::noted`.
    virtual void cpu_wrote(Linear start, u32 length) = 0;
    /// Somebody else wrote, or may have: through copy_in or a WritableRange, or while write_as_others().
    virtual void others_wrote(Linear start, u32 length) = 0;
    virtual void device_read(Linear at, u8 value) = 0;
    virtual void device_written(Linear at, u8 value) = 0;
};

/// A debugger's part that memory knows of; cpu/sentry.h has the rest.
class MemorySentry {
public:
    enum class Access : u8 { Read, Write };
    virtual ~MemorySentry() = default;
    /// Bytes marked for that were accessed, by the CPU or by somebody else. The instruction goes on to its end.
    virtual void touched(Linear at, Access access) noexcept = 0;
};

/// Fixed places in the arena, as distances from its base. Translated code depends on them.
struct ArenaLayout {
    static constexpr std::size_t core = 0;              // Core, then private state of the engine
    static constexpr std::size_t engine_state = 0x800;  // first byte the engine may use in the core pages
    static constexpr std::size_t core_size = 0x4000;
    static constexpr std::size_t guest = 0x10'0000;  // 1 MiB, its first 64 KiB again, a guard page
    static constexpr std::size_t special = guest + 0x20'0000;
    static constexpr std::size_t special_delta = special - guest;
    static constexpr std::size_t view_size = 0x11'0000;  // what is accessible of each view
    static constexpr std::size_t engine = 0x100'0000;    // reserved for the engine: tables and code views
    static constexpr std::size_t size = 0x4000'0000;     // 1 GiB of address space, nearly all of it never touched
};

class WritableRange;

/// Guest physical memory. Addresses given as Linear may run to 10FFEFh (segment:offset sums); they wrap at 1 MiB.
/// No writable span of RAM leaves this class: whoever is not the CPU writes through copy_in or a WritableRange,
/// both of which invalidate translated code. One machine, one thread.
class Memory final : public GuestMemory {
public:
    /// 1 MiB of zeroed RAM.
    static Result<std::unique_ptr<Memory>> create();
    ~Memory() override;
    Memory(const Memory&) = delete;
    Memory& operator=(const Memory&) = delete;

    [[nodiscard]] u8* arena() { return arena_; }
    [[nodiscard]] Core& core() { return *reinterpret_cast<Core*>(arena_ + ArenaLayout::core); }

    // --- what the CPU does. `a` + width - 1 must not exceed 10FFFFh; segment wrap is the caller's business.
    [[nodiscard]] u8 read8(Linear a) {
        if (read_traps_) [[unlikely]]
            return read8_slow(a);
        return guest_[a];
    }
    [[nodiscard]] u16 read16(Linear a) {
        if (read_traps_) [[unlikely]]
            return u16(read8_slow(a) | read8_slow(a + 1) << 8);
        u16 value;
        std::memcpy(&value, guest_ + a, 2);
        return value;
    }
    void write8(Linear a, u8 value) {
        if (store_marks_[a] != 0) [[unlikely]]
            return write8_slow(a, value);
        guest_[a] = value;
    }
    void write16(Linear a, u16 value) {
        u16 marks;
        std::memcpy(&marks, store_marks_ + a, 2);
        if (marks != 0) [[unlikely]]
            return write16_slow(a, value);
        std::memcpy(guest_ + a, &value, 2);
    }
    /// Stores unless a mark asks for the slow way; then nothing is done and the answer is false. What write8 and
    /// write16 begin with, for callers that keep their slow path out of line.
    [[nodiscard]] bool try_write8(Linear a, u8 value) {
        if (store_marks_[a] != 0) [[unlikely]]
            return false;
        guest_[a] = value;
        return true;
    }
    [[nodiscard]] bool try_write16(Linear a, u16 value) {
        u16 marks;
        std::memcpy(&marks, store_marks_ + a, 2);
        if (marks != 0) [[unlikely]]
            return false;
        std::memcpy(guest_ + a, &value, 2);
        return true;
    }
    /// How many bytes from `start` (at most `length`) the CPU may write in bulk: plain RAM without marks, each byte at
    /// its canonical address, so that overlap can be told from the addresses. None while reads trap.
    [[nodiscard]] u32 plain_length(Linear start, u32 length) const;
    /// No byte of the range appears at an earlier address too.
    [[nodiscard]] bool is_canonical(Linear start, u32 length) const;
    /// What a forward REP MOVS of `unit` at a time does: an overlap repeats the pattern. `to` plain, `from` canonical.
    void move_plain(Linear to, Linear from, u32 length, Width unit);
    /// What REP STOS does; the range is plain, `length` a multiple of the width.
    void fill_plain(Linear to, u32 length, u16 value, Width unit);
    /// Instruction fetch: devices do not see it.
    [[nodiscard]] u8 fetch8(Linear a) const { return guest_[a]; }
    /// The guest view, read-only: 1 MiB plus the 64 KiB mirror.
    [[nodiscard]] const u8* view() const { return guest_; }
    /// The special map beside it, same addressing. The engine sets and clears special::code in it, at canonical
    /// addresses.
    [[nodiscard]] u8* marks() { return special_; }
    /// True while a page exists whose reads have side effects: then translated loads must be tested too.
    /// Changes only through map_mmio and post(); the caller flushes the engine afterwards.
    [[nodiscard]] bool reads_trap() const { return read_traps_; }

    // --- what everyone else does
    void copy_out(Linear from, std::span<u8> to) override;
    void copy_in(Linear to, std::span<const u8> from) override;
    /// Reads without side effects, as debuggers and dumps want it.
    [[nodiscard]] u8 peek(Linear a) const;
    /// A door for readv/pread straight into guest RAM. Covers at most `length` bytes from `start`, fewer when ROM, MMIO
    /// or the 1 MiB wrap comes first (possibly none). Code in it is invalidated when the range object goes away.
    [[nodiscard]] WritableRange writable(Linear start, u32 length);
    /// All of it as it stands, ROM too: for save states. The engine has forgotten its code.
    [[nodiscard]] std::span<const u8> image() const { return {raw_, address_space}; }
    void restore(std::span<const u8> image);
    /// Memory that changes hands, to a new program: code that stood there is not expected back.
    void renew(Linear start, u32 length);

    // --- how a machine is laid out (all page-granular unless said otherwise; done at construction, before code runs)
    /// Copies `image` to `start` (byte-granular) and drops guest writes to it from now on.
    void load_rom(Linear start, std::span<const u8> image);
    /// Nothing is there: reads FFh, writes vanish (byte-granular).
    void unmap(Linear start, u32 length);
    /// Plain RAM again (zeroed, byte-granular).
    void map_ram(Linear start, u32 length);
    /// `device` answers [start, start+length).
    void map_mmio(Linear start, u32 length, MmioDevice& device);
    /// The same over what is there already, which instruction fetches go on seeing: a chip between a ROM and its
    /// socket.
    void overlay_mmio(Linear start, u32 length, MmioDevice& device);
    /// The pages [start, start+size) appear again and again up to start+span, in the special map too (a CGA's 16 KiB
    /// twice in B8000-BFFFF). The repetition shares the bytes and the marks: no copy, no trap.
    Result<> repeat(Linear start, u32 size, u32 span);
    /// Puts pages [start, start+size) on `fd` (at offset 0), keeping the present content: a watcher maps that file and
    /// sees nothing else of the guest. The descriptor stays the caller's.
    Result<> place_on(int fd, Linear start, u32 size);

    /// The first address at which this byte appears: wraps at 1 MiB and undoes repeat().
    [[nodiscard]] Linear canonical(Linear a) const {
        a &= address_mask;
        return Linear{canonical_page_[a >> 12]} << 12 | (a & 0xFFF);
    }
    /// Every page (number) at which a canonical page appears, itself first.
    [[nodiscard]] std::vector<u8> appearances(u8 canonical_page) const;

    void set_code_listener(CodeListener* listener) { listener_ = listener; }
    void set_tap(MemoryTap* tap) { tap_ = tap; }
    /// Posts a debugger, or takes it away (null). While it `watches_reads`, loads are tested.
    void post(MemorySentry* sentry, bool watches_reads);
    [[nodiscard]] MemorySentry* sentry() const { return sentry_; }
    /// Sets and clears a debugger's marks (special::sentry); code made from bytes where it is to stop is forgotten.
    void mark_for_sentry(Linear start, u32 length, u8 set, u8 clear);
    [[nodiscard]] bool has_mark(Linear a, u8 mark) const { return (special_[canonical(a)] & mark) != 0; }
    /// While a device acts that may write as the CPU does (a BIOS service): the tap is told of that too.
    void write_as_others(bool on);

    /// Becomes the same address space: bytes, repetitions, ROM; where `other` has devices, `device` answers. All RAM
    /// is marked `special::noted`.
    Result<> resemble(const Memory& other, MmioDevice& device);
    /// Changes whenever the way memory is laid out does.
    [[nodiscard]] u64 layout_version() const { return layout_version_; }

private:
    friend class WritableRange;
    struct Backing {
        int fd = -1;
        u32 offset = 0;  // in bytes
    };
    struct MmioRange {
        Linear start;
        u32 length;
        MmioDevice* device;
    };
    Memory() = default;
    Result<> initialise();
    Result<> map_page(u8 page);
    [[nodiscard]] MmioDevice* device_at(Linear canonical_address) const;
    [[nodiscard]] u8 read8_slow(Linear a);
    void write8_slow(Linear a, u8 value);
    void write16_slow(Linear a, u16 value);
    /// Of writes in bulk.
    void note(Linear start, u32 length) {
        if (tap_ != nullptr && length != 0 && (special_[start] & special::noted) != 0) tap_->cpu_wrote(start, length);
    }
    void others_wrote(Linear start, std::size_t length) {
        if (tap_ != nullptr && length != 0) tap_->others_wrote(start, u32(length));
        if (sentry_ != nullptr) [[unlikely]]
            tell_sentry(start, u32(length));
    }
    void tell_sentry(Linear start, u32 length);
    void code_changes(Linear start, std::span<const u8> with);
    void mark(Linear start, u32 length, u8 set, u8 clear);
    /// Fills, and sets what the map says of a range, whatever it was.
    void lay_out(Linear start, u32 length, u8 fill, u8 marks);

    u8* arena_ = nullptr;
    u8* guest_ = nullptr;  // the view that engines use
    u8* special_ = nullptr;
    const u8* store_marks_ = nullptr;  // what a store is tested by: special_, or everywhere_
    u8* raw_ = nullptr;                // a second mapping of the same pages, always writable: the bus's slow path
    bool read_traps_ = false;
    int ram_fd_ = -1, special_fd_ = -1;
    std::array<Backing, 256> backing_{};
    std::array<u8, 256> canonical_page_{};
    std::vector<MmioRange> mmio_;
    CodeListener* listener_ = nullptr;
    MemoryTap* tap_ = nullptr;
    MemorySentry* sentry_ = nullptr;
    std::vector<u8> everywhere_;  // marks that send each store the slow way
    u64 layout_version_ = 0;
};

/// Guest RAM that a system call may fill. Invalidates code in what it covers when destroyed; commit() narrows that to
/// the bytes really written.
class WritableRange {
public:
    WritableRange(Memory& memory, Linear start, std::span<u8> bytes) : memory_(&memory), start_(start), bytes_(bytes) {}
    WritableRange(WritableRange&& other) noexcept;
    WritableRange& operator=(WritableRange&&) = delete;
    ~WritableRange();

    [[nodiscard]] std::span<u8> bytes() const { return bytes_; }
    void commit(std::size_t written) { bytes_ = bytes_.first(written); }

private:
    Memory* memory_;
    Linear start_;
    std::span<u8> bytes_;
};

}  // namespace dyn86
