#include "src/frontend/shared_screen.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <utility>

namespace dyn86::frontend {
namespace {

constexpr Linear video_start = 0xB0000;

Result<const u8*> map_file(const std::string& path, std::size_t size) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) return std::unexpected(fail_errno(path).error());
    struct stat status = {};
    const bool fits = ::fstat(fd, &status) == 0 && status.st_size >= off_t(size);
    void* const mapped = fits ? ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;
    ::close(fd);
    if (mapped == MAP_FAILED) return fail(fmt::format("{}: not what dyn86 shares", path));
    return static_cast<const u8*>(mapped);
}

/// What a header of ours always says, and what the cells' addresses rely on.
bool is_sound(const dyn86_share& header) {
    return header.mode <= DYN86_SHARE_GRAPHICS_720 && header.adapter <= DYN86_SHARE_HERCULES &&
           std::has_single_bit(header.memory_size) && header.memory_size <= DYN86_SHARE_VIDEO_SIZE &&
           header.memory <= DYN86_SHARE_VIDEO_SIZE - header.memory_size && header.columns < 0x10000 &&
           header.rows < 0x10000 && header.glyph_height < 0x10000 &&
           (header.banks == 0 || std::has_single_bit(header.banks)) && header.banks <= 8;
}

}  // namespace

Result<SharedScreen> SharedScreen::open(const ShareFiles& files) {
    const auto header = map_file(files.header(), sizeof(dyn86_share));
    if (!header) return std::unexpected(header.error());
    const auto video = map_file(files.video(), DYN86_SHARE_VIDEO_SIZE);
    if (!video) {
        ::munmap(const_cast<u8*>(*header), sizeof(dyn86_share));
        return std::unexpected(video.error());
    }
    SharedScreen screen(reinterpret_cast<const dyn86_share*>(*header), *video);
    if (!screen.refresh()) return fail(fmt::format("{}: of another version of dyn86", files.folder));
    return screen;
}

SharedScreen::SharedScreen(SharedScreen&& other) noexcept
    : shared_(std::exchange(other.shared_, nullptr)),
      video_(std::exchange(other.video_, nullptr)),
      header_(other.header_) {}

SharedScreen::~SharedScreen() {
    if (shared_) ::munmap(const_cast<dyn86_share*>(shared_), sizeof(dyn86_share));
    if (video_) ::munmap(const_cast<u8*>(video_), DYN86_SHARE_VIDEO_SIZE);
}

bool SharedScreen::refresh() {
    dyn86_share header;
    if (dyn86_share_read(shared_, &header) == 0 || !is_sound(header)) return false;
    header_ = header;
    header_.title[sizeof header_.title - 1] = 0;
    return true;
}

Screen SharedScreen::screen() const {
    Screen screen;
    screen.mode = Screen::Mode(header_.mode);
    screen.adapter = Adapter(header_.adapter);
    screen.memory = {video_ + header_.memory, header_.memory_size};
    screen.address = video_start + header_.memory;
    screen.columns = u16(header_.columns);
    screen.rows = u16(header_.rows);
    screen.glyph_height = u16(std::max(header_.glyph_height, 1u));
    screen.banks = u16(std::max(header_.banks, 1u));
    screen.start = u16(header_.start);
    screen.cursor = u16(header_.start + header_.cursor_row * header_.columns + header_.cursor_column);
    screen.cursor_visible = header_.cursor_visible != 0;
    screen.cursor_top = header_.cursor_top;
    screen.cursor_bottom = header_.cursor_bottom;
    screen.blink = header_.blink != 0;
    std::ranges::copy(header_.palette, screen.palette.begin());
    screen.border = header_.border;
    screen.code_page = u16(header_.code_page);
    screen.frame = header_.frame;
    return screen;
}

}  // namespace dyn86::frontend
