#include "src/config/target.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>

namespace dyn86::config {
namespace {

namespace fs = std::filesystem;
using std::string_view;

constexpr std::size_t sector = 512;
constexpr std::size_t largest_floppy = 2'949'120;  // 2.88 MB

std::string lower(string_view text) {
    std::string result(text);
    for (char& c : result) c = char(std::tolower(static_cast<unsigned char>(c)));
    return result;
}

/// The entry of `folder` that has this name but for case; of several the first in byte order.
std::optional<fs::path> entry_ignoring_case(const fs::path& folder, const std::string& name) {
    std::optional<fs::path> best;
    std::error_code error;
    const std::string wanted = lower(name);
    for (fs::directory_iterator entry(folder.empty() ? "." : folder, error), end; !error && entry != end;
         entry.increment(error)) {
        const fs::path found = entry->path().filename();
        if (lower(found.string()) == wanted && (!best || found < *best)) best = found;
    }
    return best ? std::optional(folder / *best) : std::nullopt;
}

/// Walks `path` part by part, each as it is or else without regard to case.
std::optional<fs::path> resolve_ignoring_case(const fs::path& path) {
    fs::path found = path.root_path();
    std::error_code error;
    for (const fs::path& part : path.relative_path()) {
        if (fs::exists(found / part, error)) {
            found /= part;
        } else if (auto entry = entry_ignoring_case(found, part.string())) {
            found = *entry;
        } else {
            return std::nullopt;
        }
    }
    return found;
}

std::unexpected<Error> no_program(const std::string& path, string_view why) {
    return fail(fmt::format("{}: {}", path, why), ErrorKind::NotAProgram);
}

struct Contents {
    std::size_t size = 0;
    std::array<u8, sector> start = {};  // zeros behind the end

    [[nodiscard]] bool has_boot_signature() const {
        return size >= sector && start[sector - 2] == 0x55 && start[sector - 1] == 0xAA;
    }
    /// ImageDisk or Teledisk: what they hold, their decoder knows.
    [[nodiscard]] bool is_disk_archive() const {
        const string_view text(reinterpret_cast<const char*>(start.data()), start.size());
        const bool is_teledisk = text.starts_with("TD") || text.starts_with("td");
        return text.starts_with("IMD ") || (is_teledisk && start[2] == 0);
    }
    [[nodiscard]] bool is_exe() const {
        return size >= 2 && ((start[0] == 'M' && start[1] == 'Z') || (start[0] == 'Z' && start[1] == 'M'));
    }
};

Result<Contents> read_contents(const std::string& path) {
    std::error_code error;
    if (!fs::exists(path, error)) return fail(fmt::format("{}: no such file", path), ErrorKind::NotFound);
    if (fs::is_directory(path, error)) return no_program(path, "a folder, not a program");
    Contents contents;
    contents.size = fs::file_size(path, error);
    if (error) return no_program(path, "not a file");
    std::ifstream file(path, std::ios::binary);
    file.read(reinterpret_cast<char*>(contents.start.data()), std::streamsize(contents.start.size()));
    if (!file && !file.eof()) return no_program(path, std::strerror(errno));
    if (contents.size == 0) return no_program(path, "the file is empty");
    return contents;
}

Result<> check_boot_contents(const std::string& path, const Contents& contents) {
    if (contents.is_disk_archive()) return {};
    if (contents.size % sector != 0)
        return no_program(path, fmt::format("{} bytes are not whole sectors", contents.size));
    if (!contents.has_boot_signature()) return no_program(path, "not bootable: the first sector does not end in 55 AA");
    return {};
}

/// `path` relative to `folder` when it lies inside; both canonical.
std::optional<fs::path> inside(const fs::path& path, const fs::path& folder) {
    const fs::path relative = path.lexically_relative(folder);
    if (relative.empty() || *relative.begin() == "..") return std::nullopt;
    return relative == "." ? fs::path() : relative;
}

std::string guest_path(char letter, const fs::path& relative) {
    std::string path = fmt::format("{}:", letter);
    for (const fs::path& part : relative) {
        path += '\\';
        path += part.string();
    }
    return path;
}

Result<> make_canonical(FolderDrive& drive) {
    std::error_code error;
    const fs::path path = fs::canonical(drive.path, error);
    if (error)
        return fail(fmt::format("--drive {}: {}: no such folder", drive.letter, drive.path), ErrorKind::NotFound);
    if (!fs::is_directory(path, error))
        return fail(fmt::format("--drive {}: {}: not a folder", drive.letter, drive.path), ErrorKind::Usage);
    drive.path = path.string();
    return {};
}

Result<> make_canonical(std::vector<FolderDrive>& drives) {
    for (FolderDrive& drive : drives)
        if (auto made = make_canonical(drive); !made) return made;
    return {};
}

/// Of drives inside each other the innermost counts.
FolderDrive* innermost(std::vector<FolderDrive>& drives, const fs::path& path) {
    FolderDrive* home = nullptr;
    for (FolderDrive& drive : drives)
        if (inside(path, drive.path) && (!home || drive.path.size() > home->path.size())) home = &drive;
    return home;
}

/// C:, or when a disk is there, the next letter that is nobody's.
char first_free(const std::vector<FolderDrive>& drives, std::string_view disks) {
    char letter = 'C';
    if (disks.find(letter) == std::string_view::npos) return letter;  // should a folder have it, that is an error
    while (disks.find(letter) != std::string_view::npos ||
           std::ranges::find(drives, letter, &FolderDrive::letter) != drives.end())
        ++letter;
    return letter;
}

/// The folder as that drive; nullopt when the letter is another folder's.
std::optional<FolderDrive*> add_drive(std::vector<FolderDrive>& drives, char letter, const fs::path& folder) {
    const auto taken = std::ranges::find(drives, letter, &FolderDrive::letter);
    if (taken != drives.end()) return taken->path == folder.string() ? std::optional(&*taken) : std::nullopt;
    FolderDrive drive;
    drive.letter = letter;
    drive.path = folder.string();
    return &drives.emplace_back(std::move(drive));
}

}  // namespace

Result<std::string> find_program(const std::string& name) {
    for (const char* suffix : {"", ".COM", ".EXE", ".BAT"})
        if (const auto found = resolve_ignoring_case(name + suffix)) return found->string();
    return fail(fmt::format("{}: no such program", name), ErrorKind::NotFound);
}

Result<TargetKind> kind_of(const std::string& path) {
    const std::string suffix = lower(fs::path(path).extension().string());
    std::error_code error;
    if (fs::is_directory(path, error)) return TargetKind::Folder;
    if (suffix == ".bat" && fs::is_regular_file(path, error)) return TargetKind::Program;  // an empty one does nothing
    const auto contents = read_contents(path);
    if (!contents) return std::unexpected(contents.error());
    if (suffix == ".com" || suffix == ".exe" || contents->is_exe()) return TargetKind::Program;
    constexpr std::array<string_view, 7> image_suffixes = {".img", ".ima", ".dsk", ".flp", ".vfd", ".imd", ".td0"};
    const bool named_image = std::ranges::find(image_suffixes, suffix) != image_suffixes.end();
    const bool looks_like_one = contents->size % sector == 0 && contents->has_boot_signature();
    if (!named_image && !looks_like_one && !contents->is_disk_archive() && contents->size != sector)
        return no_program(path, "neither a .COM or .EXE program nor a bootable image");
    if (auto checked = check_boot_contents(path, *contents); !checked) return std::unexpected(checked.error());
    return TargetKind::Image;
}

Result<> check_bootable(const std::string& path) {
    const auto contents = read_contents(path);
    if (!contents) return std::unexpected(contents.error());
    return check_boot_contents(path, *contents);
}

Result<u8> drive_number_of(const std::string& image) {
    std::error_code error;
    const auto size = fs::file_size(image, error);
    if (error) return fail(fmt::format("{}: {}", image, error.message()), ErrorKind::NotFound);
    return size > largest_floppy ? u8{0x80} : u8{0x00};
}

Result<Placed> place_program(const std::string& path, std::vector<FolderDrive> drives,
                             const std::string& working_directory, std::string_view disks) {
    if (auto made = make_canonical(drives); !made) return std::unexpected(made.error());
    std::error_code error;
    const fs::path program = fs::canonical(path, error), here = fs::canonical(working_directory, error);
    if (program.empty()) return fail(fmt::format("{}: no such program", path), ErrorKind::NotFound);
    FolderDrive* home = innermost(drives, program);
    if (home) {
        const auto current = inside(here, home->path);
        home->current = current ? current->string() : inside(program.parent_path(), home->path)->string();
    } else {
        auto added = add_drive(drives, first_free(drives, disks), program.parent_path());
        if (!added) return fail(fmt::format("{}: lies in no --drive folder, and C: is taken", path), ErrorKind::Usage);
        home = *added;
    }
    const std::string guest = guest_path(home->letter, *inside(program, home->path));
    return Placed{.drives = drives, .drive = home->letter, .guest_path = guest};
}

Result<Placed> place_program_here(const std::string& path, std::vector<FolderDrive> drives,
                                  const std::string& working_directory, std::string_view disks) {
    std::error_code error;
    const fs::path program = fs::canonical(path, error);
    if (program.empty()) return fail(fmt::format("{}: no such program", path), ErrorKind::NotFound);
    if (auto made = make_canonical(drives); !made) return std::unexpected(made.error());
    const bool are_free = disks.find_first_of("CP") == std::string_view::npos;
    if (!are_free || !add_drive(drives, 'C', fs::canonical(working_directory, error)))
        return fail("--here: drive C: has been given otherwise", ErrorKind::Usage);
    const auto added = add_drive(drives, 'P', program.parent_path());
    if (!added) return fail("--here: drive P: has been given otherwise", ErrorKind::Usage);
    (*added)->read_only = true;
    const std::string guest = guest_path('P', program.filename());
    return Placed{.drives = drives, .drive = 'C', .guest_path = guest};
}

Result<Placed> place_folder(const std::string& path, std::vector<FolderDrive> drives, std::string_view disks) {
    if (auto made = make_canonical(drives); !made) return std::unexpected(made.error());
    std::error_code error;
    const fs::path folder = fs::canonical(path, error);
    if (error) return fail(fmt::format("{}: no such folder", path), ErrorKind::NotFound);
    FolderDrive* home = innermost(drives, folder);
    if (home) {
        home->current = inside(folder, home->path)->string();
    } else {
        auto added = add_drive(drives, first_free(drives, disks), folder);
        if (!added) return fail(fmt::format("{}: lies in no --drive folder, and C: is taken", path), ErrorKind::Usage);
        home = *added;
    }
    return Placed{.drives = drives, .drive = home->letter, .guest_path = {}};
}

}  // namespace dyn86::config
