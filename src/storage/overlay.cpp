#include "src/storage/overlay.h"

#include "src/storage/raw_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace dyn86 {

namespace {

/// The file's layout. docs/overlay.md
constexpr std::array<u8, 16> magic = {'d', 'y', 'n', '8', '6', ' ', 'o', 'v', 'e', 'r', 'l', 'a', 'y', ' ', '1', '\n'};
constexpr u64 page = 4096, sectors_field = 16, map_start = page;
constexpr std::size_t copy_block = 1 << 20;

u64 rounded_to_page(u64 bytes) {
    return (bytes + page - 1) / page * page;
}

Result<> read_all(int fd, const std::string& path, u64 at, std::span<u8> to) {
    while (!to.empty()) {
        const ssize_t got = pread(fd, to.data(), to.size(), off_t(at));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail_errno(path);
        if (got == 0) return fail(path + ": the overlay is truncated");
        to = to.subspan(std::size_t(got));
        at += u64(got);
    }
    return {};
}

/// A new file beside the one it is to replace, removed unless it was renamed.
class Replacement {
public:
    explicit Replacement(const std::string& target) : name_(target + ".commit-XXXXXX") {
        fd_ = mkostemp(name_.data(), O_CLOEXEC);
    }
    ~Replacement() {
        if (fd_ < 0) return;
        close(fd_);
        if (!renamed_) unlink(name_.c_str());
    }
    Replacement(const Replacement&) = delete;
    Replacement& operator=(const Replacement&) = delete;

    [[nodiscard]] int descriptor() const { return fd_; }
    [[nodiscard]] const std::string& name() const { return name_; }
    Result<> become(const std::string& target) {
        if (fsync(fd_) != 0 || rename(name_.c_str(), target.c_str()) != 0) return fail_errno(target);
        renamed_ = true;
        return {};
    }

private:
    std::string name_;
    int fd_ = -1;
    bool renamed_ = false;
};

/// The file behind symbolic links: renaming over a link would replace the link.
std::string real_path(const std::string& path) {
    const std::unique_ptr<char, decltype(&std::free)> resolved(realpath(path.c_str(), nullptr), &std::free);
    return resolved ? std::string(resolved.get()) : path;
}

/// All of `from`, shared where the file system can share.
Result<> copy_file(int from, u64 bytes, int to, const std::string& name) {
    if (ioctl(to, FICLONE, from) == 0) return {};
    std::vector<u8> block(copy_block);
    for (u64 at = 0; at < bytes;) {
        const std::span<u8> part = std::span(block).first(std::min<u64>(block.size(), bytes - at));
        if (auto done = read_all(from, name, at, part); !done) return done;
        if (auto done = write_all(to, name, at, part); !done) return done;
        at += part.size();
    }
    return {};
}

}  // namespace

Overlay::Overlay(std::string path, int fd, std::unique_ptr<SectorStore> base)
    : path_(std::move(path)), fd_(fd), base_(std::move(base)), map_(rounded_to_page((base_->sectors() + 7) / 8)) {}

Overlay::~Overlay() {
    close(fd_);
}

Result<std::unique_ptr<Overlay>> Overlay::open(const std::string& path, std::unique_ptr<SectorStore> base) {
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0) return fail_errno(path);
    std::unique_ptr<Overlay> overlay(new Overlay(path, fd, std::move(base)));
    if (flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) return fail(path + ": in use by another dyn86");
    if (auto done = overlay->prepare(); !done) return std::unexpected(done.error());
    return overlay;
}

Result<> Overlay::prepare() {
    struct stat status {};
    if (fstat(fd_, &status) != 0) return fail_errno(path_);
    if (!S_ISREG(status.st_mode)) return fail(path_ + ": not a file, so not an overlay");
    std::array<u8, magic.size()> found{};
    const ssize_t got = pread(fd_, found.data(), found.size(), 0);
    // A run that was killed while it made the file left it without its mark, and without any data.
    if (status.st_size == 0 || (got > 0 && std::ranges::all_of(found, [](u8 byte) { return byte == 0; })))
        return make();
    if (found != magic) return fail(path_ + ": not an overlay of dyn86");
    return load();
}

/// The mark comes last: a file that has it is complete.
Result<> Overlay::make() {
    if (ftruncate(fd_, off_t(map_start + map_.size())) != 0) return fail_errno(path_);
    std::array<u8, 8> sectors{};
    for (unsigned i = 0; i < sectors.size(); ++i) sectors[i] = u8(base_->sectors() >> i * 8);
    if (auto done = write_all(fd_, path_, sectors_field, sectors); !done) return done;
    return write_all(fd_, path_, 0, magic);
}

Result<> Overlay::load() {
    std::array<u8, 8> bytes{};
    if (auto done = read_all(fd_, path_, sectors_field, bytes); !done) return done;
    u64 sectors = 0;
    for (unsigned i = 0; i < bytes.size(); ++i) sectors |= u64{bytes[i]} << i * 8;
    if (sectors != base_->sectors())
        return fail(fmt::format("{}: an overlay of another disk: it has {} sectors, the image {}", path_, sectors,
                                base_->sectors()));
    return read_all(fd_, path_, map_start, map_);
}

u64 Overlay::place_of(u64 sector) const {
    return map_start + map_.size() + sector * sector_size;
}

u64 Overlay::run(u64 first, u64 count) const {
    u64 length = 1;
    while (length < count && has(first + length) == has(first)) ++length;
    return length;
}

Result<> Overlay::read(u64 first, std::span<u8> to) {
    while (!to.empty()) {
        const u64 length = run(first, to.size() / sector_size);
        const std::span<u8> part = to.first(length * sector_size);
        auto done = has(first) ? read_all(fd_, path_, place_of(first), part) : base_->read(first, part);
        if (!done) return done;
        to = to.subspan(part.size());
        first += length;
    }
    return {};
}

Result<> Overlay::write(u64 first, std::span<const u8> from) {
    if (auto done = write_all(fd_, path_, place_of(first), from); !done) return done;
    const u64 end = first + from.size() / sector_size;
    std::vector<u8> bits(map_.begin() + std::ptrdiff_t(first / 8), map_.begin() + std::ptrdiff_t((end + 7) / 8));
    for (u64 sector = first; sector < end; ++sector) {
        u8& byte = bits[sector / 8 - first / 8];
        byte = u8(byte | 1u << sector % 8);
    }
    if (auto done = write_all(fd_, path_, map_start + first / 8, bits); !done) return done;
    std::ranges::copy(bits, map_.begin() + std::ptrdiff_t(first / 8));
    return {};
}

Result<> Overlay::copy_sectors(int to, const std::string& name) {
    std::vector<u8> block(copy_block);
    for (u64 sector = 0; sector < sectors();) {
        const u64 length = run(sector, std::min<u64>(copy_block / sector_size, sectors() - sector));
        if (has(sector)) {
            const std::span<u8> part = std::span(block).first(length * sector_size);
            if (auto done = read_all(fd_, path_, place_of(sector), part); !done) return done;
            if (auto done = write_all(to, name, sector * sector_size, part); !done) return done;
        }
        sector += length;
    }
    return {};
}

Result<> Overlay::commit(RawFile& base) {
    const std::string target = real_path(base.path());
    struct stat status {};
    if (fstat(base.descriptor(), &status) != 0) return fail_errno(base.path());
    if (!S_ISREG(status.st_mode)) return fail(base.path() + ": no file, so --commit cannot replace it");
    if (access(base.path().c_str(), W_OK) != 0) return fail_errno(base.path());
    if (auto done = base.lock_alone(); !done) return done;
    Replacement copy(target);
    if (copy.descriptor() < 0) return fail_errno(target);
    if (auto done = copy_file(base.descriptor(), base.bytes(), copy.descriptor(), copy.name()); !done) return done;
    if (auto done = copy_sectors(copy.descriptor(), copy.name()); !done) return done;
    if (fchmod(copy.descriptor(), status.st_mode & 07777) != 0) return fail_errno(target);
    // Only root may give files away; then the copy is whoever's who runs this.
    if (fchown(copy.descriptor(), status.st_uid, status.st_gid) != 0 && errno != EPERM) return fail_errno(target);
    if (auto done = copy.become(target); !done) return done;
    return discard();
}

Result<> Overlay::discard() {
    if (unlink(path_.c_str()) != 0 && errno != ENOENT) return fail_errno(path_);
    return {};
}

}  // namespace dyn86
