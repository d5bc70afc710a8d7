#include "src/frontend/share_publisher.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstring>
#include <utility>

namespace dyn86::frontend {
namespace {

constexpr Linear video_start = 0xB0000;
constexpr std::size_t header_file_size = 4096;
static_assert(sizeof(dyn86_share) <= header_file_size && DYN86_SHARE_VIDEO_SIZE == MachineConfig::video_file_size);

/// A new file of `size` bytes, its blocks allocated: a full disk is an error now and not a signal later.
Result<int> make_file(const std::string& path, std::size_t size) {
    ::unlink(path.c_str());  // a killed process's: its readers keep theirs
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return std::unexpected(fail_errno("--share: " + path).error());
    if (const int error = ::posix_fallocate(fd, 0, off_t(size)); error != 0) {
        errno = error;
        const auto failed = fail_errno("--share: " + path);
        ::close(fd);
        return std::unexpected(failed.error());
    }
    return fd;
}

/// The bytes of a row of cells; in graphics all its scan lines.
void append_row(std::vector<u8>& bytes, const Screen& screen, unsigned row) {
    if (!screen.is_graphics()) {
        for (unsigned column = 0; column < screen.columns; ++column) {
            bytes.push_back(screen.character(row, column));
            bytes.push_back(screen.attribute(row, column));
        }
        return;
    }
    for (unsigned line = row * screen.glyph_height; line < (row + 1u) * screen.glyph_height; ++line)
        for (unsigned i = 0; i < screen.line_bytes(); ++i) bytes.push_back(screen.graphics_byte(line, i));
}

}  // namespace

Result<SharePublisher> SharePublisher::create(const ShareFiles& files, const std::string& title) {
    const auto header = make_file(files.header(), header_file_size);
    if (!header) return std::unexpected(header.error());
    void* const mapped = ::mmap(nullptr, header_file_size, PROT_READ | PROT_WRITE, MAP_SHARED, *header, 0);
    ::close(*header);
    if (mapped == MAP_FAILED) return std::unexpected(fail_errno("--share: " + files.header()).error());
    const auto video = make_file(files.video(), DYN86_SHARE_VIDEO_SIZE);
    if (!video) {
        ::munmap(mapped, header_file_size);
        return std::unexpected(video.error());
    }
    SharePublisher publisher(static_cast<dyn86_share*>(mapped), *video);
    dyn86_share first = {};
    std::memcpy(first.magic, DYN86_SHARE_MAGIC, sizeof first.magic);
    first.abi = DYN86_SHARE_ABI;
    first.size = sizeof first;
    first.pid = std::uint32_t(::getpid());
    first.memory_size = DYN86_SHARE_VIDEO_SIZE;
    std::memcpy(first.title, title.data(), std::min(title.size(), sizeof first.title - 1));
    publisher.write(first);
    return publisher;
}

SharePublisher::SharePublisher(SharePublisher&& other) noexcept
    : shared_(std::exchange(other.shared_, nullptr)),
      video_(std::exchange(other.video_, -1)),
      published_(std::move(other.published_)) {}

SharePublisher::~SharePublisher() {
    if (!shared_) return;
    dyn86_share last = *shared_;
    last.ended = 1;
    write(last);
    ::munmap(shared_, header_file_size);
    ::close(video_);
}

/// The sequence lock: odd while the rest is being written. Only this process writes.
void SharePublisher::write(const dyn86_share& header) {
    const std::atomic_ref sequence(shared_->sequence);
    const u32 next = sequence.load(std::memory_order_relaxed) + 2;
    sequence.store(next - 1, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_release);
    constexpr std::size_t begin = offsetof(dyn86_share, sequence), end = begin + sizeof(u32);
    std::memcpy(static_cast<void*>(shared_), &header, begin);
    std::memcpy(reinterpret_cast<char*>(shared_) + end, reinterpret_cast<const char*>(&header) + end,
                sizeof header - end);
    sequence.store(next, std::memory_order_release);
}

void SharePublisher::note_dirty_rows(const Screen& screen, dyn86_share& header) {
    std::vector<u8> bytes;
    bytes.reserve(published_.size());
    std::ranges::fill(header.dirty_rows, 0u);
    if (screen.mode == Screen::Mode::Off || screen.rows == 0) return;
    for (unsigned row = 0; row < screen.rows; ++row) {
        const std::size_t from = bytes.size();
        append_row(bytes, screen, row);
        const bool is_known = bytes.size() <= published_.size();
        if (is_known &&
            std::equal(bytes.begin() + std::ptrdiff_t(from), bytes.end(), published_.begin() + std::ptrdiff_t(from)))
            continue;
        if (row < DYN86_SHARE_ROWS) header.dirty_rows[row / 32] |= 1u << row % 32;
    }
    published_ = std::move(bytes);
}

void SharePublisher::publish(const Screen& screen, u64 instructions) {
    dyn86_share header = *shared_;
    header.frame = screen.frame;
    header.instructions = instructions;
    header.mode = std::uint32_t(screen.mode);
    header.adapter = std::uint32_t(screen.adapter);
    header.code_page = screen.code_page;
    header.columns = screen.columns;
    header.rows = screen.rows;
    header.glyph_height = screen.glyph_height;
    header.banks = screen.banks;
    header.memory = screen.address - video_start;
    header.memory_size = std::uint32_t(screen.memory.size());
    header.start = screen.start;
    const auto cursor = screen.cursor_position();
    header.cursor_visible = cursor ? 1 : 0;
    header.cursor_row = cursor ? cursor->row : 0;
    header.cursor_column = cursor ? cursor->column : 0;
    header.cursor_top = screen.cursor_top;
    header.cursor_bottom = screen.cursor_bottom;
    header.blink = screen.blink ? 1 : 0;
    std::ranges::copy(screen.palette, header.palette);
    header.border = screen.border;
    note_dirty_rows(screen, header);
    write(header);
}

static_assert(DYN86_SHARE_TEXT == int(Screen::Mode::Text) &&
              DYN86_SHARE_GRAPHICS_720 == int(Screen::Mode::Graphics720));
static_assert(DYN86_SHARE_MDA == int(Adapter::Mda) && DYN86_SHARE_HERCULES == int(Adapter::Hercules));

}  // namespace dyn86::frontend
