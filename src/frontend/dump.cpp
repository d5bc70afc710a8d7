#include "src/frontend/dump.h"

#include "src/frontend/png.h"
#include "src/frontend/text.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace dyn86::frontend {
namespace {

Result<> write_all(int fd, const std::string& name, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return fail(fmt::format("{}: {}", name, std::strerror(errno)));
        bytes.remove_prefix(std::size_t(written));
    }
    return {};
}

}  // namespace

Result<DumpFormat> dump_format(const std::string& file) {
    if (file == "-") return DumpFormat::Text;
    using enum DumpFormat;
    constexpr std::array<std::pair<std::string_view, DumpFormat>, 5> suffixes = {
        {{".txt", Text}, {".ans", Ansi}, {".json", Json}, {".bin", Cells}, {".png", Png}}};
    for (const auto& [suffix, format] : suffixes)
        if (file.ends_with(suffix)) return format;
    return fail(fmt::format("{}: a screen's format is its suffix: .txt .ans .json .bin .png", file), ErrorKind::Usage);
}

Result<std::string> dump_screen(const Screen& screen, DumpFormat format, const Font& font) {
    switch (format) {
        case DumpFormat::Text: return screen_text(screen);
        case DumpFormat::Ansi: return screen_ansi(screen);
        case DumpFormat::Json: return screen_json(screen);
        case DumpFormat::Cells: return screen_cells(screen);
        case DumpFormat::Png: break;
    }
    Renderer renderer(font);
    renderer.update(screen, {});
    return encode_png(renderer.image());
}

Result<> write_file(const std::string& file, std::string_view bytes) {
    if (file == "-") return write_all(STDOUT_FILENO, "standard output", bytes);
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) return fail(fmt::format("{}: {}", file, std::strerror(errno)));
    auto result = write_all(fd, file, bytes);
    if (::close(fd) != 0 && result) return fail(fmt::format("{}: {}", file, std::strerror(errno)));
    return result;
}

Result<> write_screen(const Screen& screen, const std::string& file) {
    const auto format = dump_format(file);
    if (!format) return std::unexpected(format.error());
    const auto bytes = dump_screen(screen, *format, pc_font());
    if (!bytes) return std::unexpected(bytes.error());
    return write_file(file, *bytes);
}

}  // namespace dyn86::frontend
