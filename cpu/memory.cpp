#include "cpu/memory.h"

#include "src/base/check.h"

#include <algorithm>
#include <new>

#include <sys/mman.h>
#include <unistd.h>

namespace dyn86 {
namespace {

constexpr u32 page_size = 0x1000;
constexpr u32 mirror_size = 0x1'0000;

Result<> map_shared(u8* where, std::size_t length, int fd, u32 offset) {
    void* const got = mmap(where, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, offset);
    if (got == MAP_FAILED) return fail_errno("cannot map guest memory");
    return {};
}

Result<int> memory_file(const char* name) {
    const int fd = memfd_create(name, MFD_CLOEXEC);
    if (fd < 0) return fail_errno("cannot create guest memory");
    if (ftruncate(fd, address_space) != 0) {
        const auto error = fail_errno("cannot size guest memory");
        close(fd);
        return error;
    }
    return fd;
}

/// How many of `length` marks come before one with any of `bits`, eight at a time.
u32 run_without(const u8* marks, u32 length, u8 bits) {
    const u64 all = 0x0101'0101'0101'0101 * bits;
    u32 run = 0;
    for (u64 eight = 0; run + 8 <= length; run += 8) {
        std::memcpy(&eight, marks + run, 8);
        if ((eight & all) != 0) break;
    }
    while (run < length && (marks[run] & bits) == 0) ++run;
    return run;
}

}  // namespace

Result<std::unique_ptr<Memory>> Memory::create() {
    std::unique_ptr<Memory> memory(new Memory);
    if (auto done = memory->initialise(); !done) return std::unexpected(done.error());
    return memory;
}

Result<> Memory::initialise() {
    void* const reserved =
        mmap(nullptr, ArenaLayout::size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (reserved == MAP_FAILED) return fail_errno("cannot reserve address space");
    arena_ = static_cast<u8*>(reserved);
    guest_ = arena_ + ArenaLayout::guest;
    special_ = arena_ + ArenaLayout::special;
    store_marks_ = special_;

    if (mprotect(arena_ + ArenaLayout::core, ArenaLayout::core_size, PROT_READ | PROT_WRITE) != 0)
        return fail_errno("cannot map the CPU's state");
    new (arena_ + ArenaLayout::core) Core{};

    const auto ram = memory_file("dyn86-ram");
    if (!ram) return std::unexpected(ram.error());
    ram_fd_ = *ram;
    const auto marks = memory_file("dyn86-special");
    if (!marks) return std::unexpected(marks.error());
    special_fd_ = *marks;

    void* const raw = mmap(nullptr, address_space, PROT_READ | PROT_WRITE, MAP_SHARED, ram_fd_, 0);
    if (raw == MAP_FAILED) return fail_errno("cannot map guest memory");
    raw_ = static_cast<u8*>(raw);

    for (u32 page = 0; page < 256; ++page) {
        backing_[page] = {ram_fd_, page * page_size};
        canonical_page_[page] = u8(page);
    }
    for (u8* view : {guest_, special_}) {
        const int fd = view == guest_ ? ram_fd_ : special_fd_;
        if (auto done = map_shared(view, address_space, fd, 0); !done) return done;
        if (auto done = map_shared(view + address_space, mirror_size, fd, 0); !done) return done;
    }
    return {};
}

Memory::~Memory() {
    if (arena_ != nullptr) munmap(arena_, ArenaLayout::size);
    if (raw_ != nullptr) munmap(raw_, address_space);
    if (ram_fd_ >= 0) close(ram_fd_);
    if (special_fd_ >= 0) close(special_fd_);
}

Result<> Memory::map_page(u8 page) {
    const Backing& back = backing_[page];
    const u32 at = page * page_size;
    if (auto done = map_shared(guest_ + at, page_size, back.fd, back.offset); !done) return done;
    if (auto done = map_shared(raw_ + at, page_size, back.fd, back.offset); !done) return done;
    const u32 marks = canonical_page_[page] * page_size;
    if (auto done = map_shared(special_ + at, page_size, special_fd_, marks); !done) return done;
    if (at >= mirror_size) return {};
    if (auto done = map_shared(guest_ + address_space + at, page_size, back.fd, back.offset); !done) return done;
    return map_shared(special_ + address_space + at, page_size, special_fd_, marks);
}

Result<> Memory::repeat(Linear start, u32 size, u32 span) {
    DYN86_CHECK(start % page_size == 0 && size % page_size == 0 && span % page_size == 0 && size > 0);
    ++layout_version_;
    for (u32 at = start + size; at < start + span; at += page_size) {
        const u32 original = start + (at - start) % size;
        backing_[at / page_size] = backing_[original / page_size];
        canonical_page_[at / page_size] = canonical_page_[original / page_size];
        if (auto done = map_page(u8(at / page_size)); !done) return done;
    }
    return {};
}

Result<> Memory::place_on(int fd, Linear start, u32 size) {
    DYN86_CHECK(start % page_size == 0 && size % page_size == 0);
    const std::vector<u8> content(raw_ + start, raw_ + start + size);
    if (pwrite(fd, content.data(), size, 0) != ssize_t(size)) return fail_errno("cannot fill video memory");
    for (u32 page = 0; page < 256; ++page) {
        const u32 original = canonical_page_[page] * page_size;
        if (original < start || original >= start + size) continue;
        backing_[page] = {fd, original - start};
        if (auto done = map_page(u8(page)); !done) return done;
    }
    return {};
}

std::vector<u8> Memory::appearances(u8 canonical_page) const {
    std::vector<u8> pages{canonical_page};
    for (u32 page = 0; page < 256; ++page)
        if (page != canonical_page && canonical_page_[page] == canonical_page) pages.push_back(u8(page));
    return pages;
}

void Memory::mark(Linear start, u32 length, u8 set, u8 clear) {
    while (length > 0) {
        const u32 run = std::min(length, page_size - start % page_size);
        for (u8& byte : std::span(special_ + canonical(start), run)) byte = u8((byte & ~clear) | set);
        start += run;
        length -= run;
    }
}

void Memory::code_changes(Linear start, std::span<const u8> with) {
    if (listener_ == nullptr) return;
    // Runs of marked bytes whose value changes: writing an equal value over code costs nothing.
    const auto changes = [&](std::size_t i) {
        const Linear at = canonical(Linear(start + i));
        return (special_[at] & special::code) != 0 && raw_[at] != with[i];
    };
    for (std::size_t i = 0; i < with.size(); ++i) {
        i += run_without(special_ + start + i, u32(with.size() - i), special::code);
        if (i == with.size()) break;
        if (!changes(i)) continue;
        const Linear first = canonical(Linear(start + i));
        u32 length = 1;
        while (i + 1 < with.size() && (first + length) % page_size != 0 && changes(i + 1)) ++i, ++length;
        listener_->code_written(first, length);
    }
}

MmioDevice* Memory::device_at(Linear canonical_address) const {
    for (const MmioRange& range : mmio_)
        if (canonical_address - range.start < range.length) return range.device;
    return nullptr;
}

u8 Memory::read8_slow(Linear a) {
    const Linear at = canonical(a);
    if ((special_[at] & special::watched_reads) != 0) sentry_->touched(at, MemorySentry::Access::Read);
    if ((special_[at] & special::mmio) != 0)
        if (MmioDevice* device = device_at(at)) {
            const u8 value = device->read(at);
            if (tap_ != nullptr) tap_->device_read(at, value);
            return value;
        }
    return raw_[at];
}

u8 Memory::peek(Linear a) const {
    const Linear at = canonical(a);
    if ((special_[at] & special::mmio) != 0)
        if (const MmioDevice* device = device_at(at)) return device->peek(at);
    return raw_[at];
}

void Memory::write8_slow(Linear a, u8 value) {
    const Linear at = canonical(a);
    const u8 marks = special_[at];
    if ((marks & special::watched_writes) != 0) sentry_->touched(at, MemorySentry::Access::Write);
    if ((marks & special::mmio) != 0) {
        MmioDevice* const device = device_at(at);
        if (device != nullptr) device->write(at, value);
        if (device != nullptr && tap_ != nullptr) tap_->device_written(at, value);
        return;
    }
    if ((marks & special::rom) != 0) return;
    if ((marks & special::code) != 0) code_changes(at, {&value, 1});
    raw_[at] = value;
    if (store_marks_ != special_)
        others_wrote(at, 1);
    else if ((marks & special::noted) != 0 && tap_ != nullptr)
        tap_->cpu_wrote(at, 1);
}

void Memory::post(MemorySentry* sentry, bool watches_reads) {
    sentry_ = sentry;
    read_traps_ = !mmio_.empty() || watches_reads;
}

void Memory::mark_for_sentry(Linear start, u32 length, u8 set, u8 clear) {
    mark(start & address_mask, length, set & special::sentry, clear & special::sentry);
    if (((set | clear) & special::stop) != 0) renew(start, length);
}

/// Of writes in bulk: one byte of each watched stretch.
void Memory::tell_sentry(Linear start, u32 length) {
    for (u32 i = 0; i < length; ++i) {
        i += run_without(special_ + start + i, length - i, special::watched_writes);
        if (i == length) return;
        sentry_->touched(canonical(start + i), MemorySentry::Access::Write);
        while (i + 1 < length && (special_[start + i + 1] & special::watched_writes) != 0) ++i;
    }
}

void Memory::write_as_others(bool on) {
    if (on && everywhere_.empty()) everywhere_.assign(ArenaLayout::view_size, special::noted);
    store_marks_ = on ? everywhere_.data() : special_;
}

void Memory::write16_slow(Linear a, u16 value) {
    constexpr u16 only_noted = special::noted * 0x101;
    u16 marks;
    std::memcpy(&marks, special_ + a, 2);
    if (marks == only_noted && tap_ != nullptr) {
        std::memcpy(guest_ + a, &value, 2);
        return tap_->cpu_wrote(a, 2);
    }
    write8_slow(a, u8(value));
    write8_slow(a + 1, u8(value >> 8));
}

bool Memory::is_canonical(Linear start, u32 length) const {
    if (start + length > address_space) return false;
    for (u32 page = start / page_size; page * page_size < start + length; ++page)
        if (canonical_page_[page] != page) return false;
    return true;
}

u32 Memory::plain_length(Linear start, u32 length) const {
    if (read_traps_ || !is_canonical(start, length)) return 0;
    const u8* const marks = special_ + start;
    constexpr u8 in_the_way = u8(~special::noted);
    constexpr u64 eight_times = u64{0x0101'0101'0101'0101} * in_the_way;
    u32 plain = 0;
    for (std::array<u64, 8> many{}; plain + sizeof many <= length; plain += sizeof many) {  // as vectors
        std::memcpy(many.data(), marks + plain, sizeof many);
        u64 any = 0;
        for (const u64 eight : many) any |= eight;
        if ((any & eight_times) != 0) break;
    }
    while (plain < length && (marks[plain] & in_the_way) == 0) ++plain;
    return plain;
}

void Memory::move_plain(Linear to, Linear from, u32 length, Width unit) {
    u8* const target = guest_ + to;
    const u8* const source = guest_ + from;
    note(to, length);
    if (to <= from || to - from >= length) {
        std::memmove(target, source, length);
    } else if (unit == Width::Byte) {
        for (u32 i = 0; i < length; ++i) target[i] = source[i];
    } else {
        for (u32 i = 0; i < length; i += 2) std::memmove(target + i, source + i, 2);
    }
}

void Memory::fill_plain(Linear to, u32 length, u16 value, Width unit) {
    note(to, length);
    if (unit == Width::Byte) {
        std::memset(guest_ + to, u8(value), length);
        return;
    }
    u8* const target = guest_ + to;
    std::array<u16, 32> pattern;  // copied as vectors
    pattern.fill(value);
    u32 i = 0;
    for (; i + sizeof pattern <= length; i += sizeof pattern) std::memcpy(target + i, pattern.data(), sizeof pattern);
    std::memcpy(target + i, pattern.data(), length - i);
}

void Memory::copy_out(Linear from, std::span<u8> to) {
    if (read_traps_) {
        for (std::size_t i = 0; i < to.size(); ++i) to[i] = read8_slow(Linear(from + i));
        return;
    }
    while (!to.empty()) {
        from &= address_mask;
        const std::size_t run = std::min<std::size_t>(to.size(), address_space - from);
        std::memcpy(to.data(), raw_ + from, run);
        to = to.subspan(run);
        from += u32(run);
    }
}

void Memory::copy_in(Linear to, std::span<const u8> from) {
    while (!from.empty()) {
        to &= address_mask;
        WritableRange range = writable(to, u32(std::min<std::size_t>(from.size(), address_space)));
        const std::size_t plain = range.bytes().size();
        if (plain == 0) {  // ROM or a device: byte by byte, as the bus would
            range.commit(0);
            write8_slow(to++, from.front());
            from = from.subspan(1);
            continue;
        }
        code_changes(to, from.first(plain));
        range.commit(0);  // already told, and only of what differs
        std::memcpy(raw_ + to, from.data(), plain);
        others_wrote(to, plain);
        to += u32(plain);
        from = from.subspan(plain);
    }
}

WritableRange Memory::writable(Linear start, u32 length) {
    start &= address_mask;
    const u32 limit = std::min(length, address_space - start);
    const u32 plain = run_without(special_ + start, limit, special::rom | special::mmio);
    return {*this, start, {raw_ + start, plain}};
}

WritableRange::WritableRange(WritableRange&& other) noexcept
    : memory_(other.memory_), start_(other.start_), bytes_(other.bytes_) {
    other.bytes_ = {};
}

WritableRange::~WritableRange() {
    memory_->others_wrote(start_, bytes_.size());
    memory_->renew(start_, u32(bytes_.size()));
}

void Memory::restore(std::span<const u8> image) {
    DYN86_CHECK(image.size() == address_space);
    std::memcpy(raw_, image.data(), image.size());
    ++layout_version_;
}

void Memory::renew(Linear start, u32 length) {
    if (listener_ == nullptr) return;
    while (length > 0) {
        start &= address_mask;
        const u32 part = std::min(length, page_size - start % page_size);
        if (part == page_size || run_without(special_ + start, part, special::code) < part)
            listener_->code_replaced(canonical(start), part);
        start += part;
        length -= part;
    }
}

void Memory::load_rom(Linear start, std::span<const u8> image) {
    lay_out(start, u32(image.size()), 0, special::rom);
    std::memcpy(raw_ + start, image.data(), image.size());
}

void Memory::unmap(Linear start, u32 length) {
    lay_out(start, length, 0xFF, special::rom);
}

void Memory::map_ram(Linear start, u32 length) {
    lay_out(start, length, 0, 0);
}

void Memory::lay_out(Linear start, u32 length, u8 fill, u8 marks) {
    DYN86_CHECK(start + length <= address_space);
    if (listener_ != nullptr) code_changes(start, std::vector<u8>(length, fill));
    mark(start, length, marks, special::rom | special::mmio);
    std::memset(raw_ + start, fill, length);
    ++layout_version_;
}

void Memory::map_mmio(Linear start, u32 length, MmioDevice& device) {
    unmap(start, length);
    overlay_mmio(start, length, device);
}

void Memory::overlay_mmio(Linear start, u32 length, MmioDevice& device) {
    mark(start, length, special::mmio, special::rom);
    mmio_.insert(mmio_.begin(), {start, length, &device});
    read_traps_ = true;
}

Result<> Memory::resemble(const Memory& other, MmioDevice& device) {
    for (u32 page = 0; page < 256; ++page) {
        canonical_page_[page] = other.canonical_page_[page];
        backing_[page] = {ram_fd_, canonical_page_[page] * page_size};
        if (auto done = map_page(u8(page)); !done) return done;
    }
    mmio_ = other.mmio_;
    for (MmioRange& range : mmio_) range.device = &device;
    read_traps_ = other.read_traps_;
    constexpr u8 kept = special::rom | special::mmio;
    for (Linear a = 0; a < address_space; ++a) {
        const u8 marks = other.special_[a] & kept;
        special_[a] = marks != 0 ? marks : special::noted;
    }
    std::memcpy(raw_, other.raw_, address_space);
    return {};
}

}  // namespace dyn86
