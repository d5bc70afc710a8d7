#include "src/listing/code_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>

namespace dyn86::listing {
namespace {

constexpr std::size_t sector = 512, paragraph = 16;

u16 word(const std::vector<u8>& bytes, std::size_t at) {
    return u16(bytes[at] | bytes[at + 1] << 8);
}

std::string suffix(const std::string& name) {
    std::string text = std::filesystem::path(name).extension().string();
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return char(std::tolower(c)); });
    return text;
}

/// [DOS TR "EXE File Structure"] Nothing unless header and load module are there.
bool take_exe(CodeFile& file) {
    constexpr std::size_t fixed_header = 0x1C;
    const std::vector<u8>& bytes = file.bytes;
    if (bytes.size() < fixed_header) return false;
    const u16 signature = word(bytes, 0);
    if (signature != 0x5A4D && signature != 0x4D5A) return false;
    const std::size_t header = word(bytes, 8) * paragraph;
    const std::size_t last = word(bytes, 2);
    std::size_t image = word(bytes, 4) * sector;
    if (last != 0 && last < sector && image >= sector) image -= sector - last;
    image = std::min(image, bytes.size());
    if (header < fixed_header || header >= image) return false;
    file.kind = CodeFile::Kind::Exe;
    file.header = u32(header);
    file.loaded = u32(image - header);
    file.entries = {{{word(bytes, 0x16), word(bytes, 0x14)}, "start"}};
    return true;
}

/// [IBM XT "Adding Adapters with Read-Only Memory"]
bool take_rom(CodeFile& file) {
    const std::vector<u8>& bytes = file.bytes;
    if (bytes.size() >= sector && word(bytes, 0) == 0xAA55 && bytes[2] != 0 && bytes[2] * sector <= bytes.size()) {
        file.kind = CodeFile::Kind::OptionRom;
        file.entries = {{{0, 3}, "start"}};
        return true;
    }
    constexpr std::size_t smallest = 8192, largest = 65536;
    const bool sized = bytes.size() >= smallest && bytes.size() <= largest && (bytes.size() & (bytes.size() - 1)) == 0;
    constexpr u8 far_jump = 0xEA;
    if (!sized || bytes[bytes.size() - paragraph] != far_jump) return false;
    file.kind = CodeFile::Kind::Rom;
    file.origin = u32(largest - bytes.size());
    file.entries = {{{0, 0xFFF0}, "reset"}};
    // The jump goes to F000:xxxx, which is this file.
    if (word(bytes, bytes.size() - paragraph + 3) == 0xF000)
        file.entries.push_back({{0, word(bytes, bytes.size() - paragraph + 1)}, "start"});
    return true;
}

/// [DOS TR "Device Drivers"]
bool take_driver(CodeFile& file) {
    const std::vector<u8>& bytes = file.bytes;
    if (bytes.size() < 18 || word(bytes, 0) != 0xFFFF) return false;
    file.kind = CodeFile::Kind::Driver;
    file.entries = {{{0, word(bytes, 6)}, "strategy"}, {{0, word(bytes, 8)}, "interrupt"}};
    return true;
}

void take_plain(CodeFile& file, const std::string& name) {
    const bool boots = file.bytes.size() == sector && word(file.bytes, 510) == 0xAA55;
    if (boots) {
        file.kind = CodeFile::Kind::BootSector;
        file.origin = 0x7C00;
    } else if (suffix(name) == ".com") {
        file.kind = CodeFile::Kind::Com;
        file.origin = 0x100;
    }
    file.entries = {{{0, u16(file.origin)}, "start"}};
}

}  // namespace

CodeFile recognise(std::vector<u8> bytes, const std::string& name) {
    CodeFile file;
    file.bytes = std::move(bytes);
    file.loaded = u32(file.bytes.size());
    if (take_exe(file)) return file;
    if (suffix(name) != ".com" && take_rom(file)) return file;
    if (suffix(name) == ".sys" && take_driver(file)) return file;
    take_plain(file, name);
    return file;
}

Result<CodeFile> open_code_file(const std::string& path, std::optional<u16> origin) {
    std::error_code error;
    if (std::filesystem::is_directory(path, error))
        return fail(fmt::format("{}: a folder", path), ErrorKind::NotAProgram);
    std::ifstream stream(path, std::ios::binary);
    if (!stream) return fail_errno(path, ErrorKind::NotFound);
    std::vector<u8> bytes(largest_file + 1);
    stream.read(reinterpret_cast<char*>(bytes.data()), std::streamsize(bytes.size()));
    if (stream.bad()) return fail(fmt::format("{}: cannot be read", path));
    bytes.resize(std::size_t(stream.gcount()));
    if (bytes.empty()) return fail(fmt::format("{}: the file is empty", path), ErrorKind::NotAProgram);
    if (bytes.size() > largest_file)
        return fail(fmt::format("{}: more than 1 MiB, which is all that an 8086 has", path), ErrorKind::NotAProgram);
    CodeFile file = recognise(std::move(bytes), path);
    if (!origin) return file;
    if (file.has_segments())
        return fail(fmt::format("{}: --org beside an .EXE, whose header says it", path), ErrorKind::Usage);
    for (Entry& entry : file.entries) entry.at.offset = u16(entry.at.offset - file.origin + *origin);
    file.origin = *origin;
    return file;
}

const char* name_of(CodeFile::Kind kind) {
    switch (kind) {
        case CodeFile::Kind::Com: return "a .COM program";
        case CodeFile::Kind::Exe: return "an .EXE program";
        case CodeFile::Kind::BootSector: return "a boot sector";
        case CodeFile::Kind::Rom: return "a ROM that ends at FFFFFh";
        case CodeFile::Kind::OptionRom: return "an option ROM";
        case CodeFile::Kind::Driver: return "a device driver";
        case CodeFile::Kind::Raw: return "code";
    }
    return "";
}

}  // namespace dyn86::listing
