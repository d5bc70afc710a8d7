#include "src/frontend/share_folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <utility>

namespace dyn86::frontend {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_name = 64;
constexpr int most_of_a_name = 100;  // machines that a default name is numbered for
constexpr mode_t ours_alone = 0700;

std::string root_path() {
    const char* runtime = std::getenv("XDG_RUNTIME_DIR");
    if (runtime && *runtime == '/') return std::string(runtime) + "/dyn86";
    return fmt::format("/tmp/dyn86-{}", ::getuid());
}

/// In /tmp anybody may have been there before us.
Result<> check_private(const std::string& folder) {
    struct stat status = {};
    if (::lstat(folder.c_str(), &status) != 0) return fail_errno(folder);
    if (!S_ISDIR(status.st_mode) || status.st_uid != ::getuid() || (status.st_mode & 077) != 0)
        return fail(fmt::format("{}: not a folder of ours alone (mode 0700)", folder));
    return {};
}

Result<> make_private(const std::string& folder) {
    if (::mkdir(folder.c_str(), ours_alone) != 0 && errno != EEXIST) return fail_errno(folder);
    return check_private(folder);
}

struct flock whole_file(short type) {
    struct flock lock = {};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    return lock;
}

/// Somebody holds the lock: the machine runs.
bool is_running(const ShareFiles& files) {
    const int fd = ::open(files.lock().c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) return false;
    struct flock lock = whole_file(F_WRLCK);
    const bool held = ::fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
    ::close(fd);
    return held;
}

}  // namespace

bool is_share_name(std::string_view name) {
    const auto fits = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_' || c == '-';
    };
    return !name.empty() && name.size() <= longest_name && name.front() != '.' && std::ranges::all_of(name, fits);
}

std::string share_name_for(std::string_view file_name) {
    std::string name;
    for (const char c : file_name.substr(0, file_name.rfind('.')).substr(0, longest_name / 2)) {
        const auto letter = static_cast<unsigned char>(c);
        const bool fits = letter < 0x80 && (std::isalnum(letter) || c == '_');
        name += fits ? char(std::tolower(letter)) : '-';
    }
    return is_share_name(name) ? name : "dyn86";
}

Result<ShareFolder> ShareFolder::create(const std::string& name, Taken taken) {
    if (!is_share_name(name))
        return fail(fmt::format("--share={}: a name is letters, digits, . _ and -", name), ErrorKind::Usage);
    const std::string root = root_path();
    if (auto made = make_private(root); !made) return fail("--share: " + made.error().message);
    for (int number = 1; number <= most_of_a_name; ++number) {
        const std::string candidate = number == 1 ? name : fmt::format("{}-{}", name, number);
        auto claimed = claim(candidate, {root + "/" + candidate});
        if (claimed || taken == Taken::Refuse) return claimed;
    }
    return fail(fmt::format("--share: too many machines are called {}", name));
}

Result<ShareFolder> ShareFolder::claim(const std::string& name, const ShareFiles& files) {
    if (auto made = make_private(files.folder); !made) return fail("--share: " + made.error().message);
    const int fd = ::open(files.lock().c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) return std::unexpected(fail_errno("--share: " + files.lock()).error());
    struct flock lock = whole_file(F_WRLCK);
    if (::fcntl(fd, F_OFD_SETLK, &lock) == 0) return ShareFolder(name, files, fd);
    ::close(fd);
    return fail(fmt::format("--share={}: a machine of that name runs already", name), ErrorKind::Usage);
}

ShareFolder::ShareFolder(ShareFolder&& other) noexcept
    : name_(std::move(other.name_)), files_(std::move(other.files_)), lock_(std::exchange(other.lock_, -1)) {}

ShareFolder::~ShareFolder() {
    if (lock_ < 0) return;
    for (const std::string& file : {files_.header(), files_.video(), files_.control(), files_.lock()})
        ::unlink(file.c_str());
    ::rmdir(files_.folder.c_str());
    ::close(lock_);
}

Result<std::vector<std::string>> shared_machines() {
    std::vector<std::string> names;
    const std::string root = root_path();
    std::error_code error;
    if (!fs::exists(root, error)) return names;
    if (auto checked = check_private(root); !checked) return std::unexpected(checked.error());
    for (const auto& entry : fs::directory_iterator(root, error)) {
        const std::string name = entry.path().filename().string();
        if (is_share_name(name) && is_running({entry.path().string()})) names.push_back(name);
    }
    std::ranges::sort(names);
    return names;
}

Result<ShareFiles> find_shared(const std::string& name) {
    const auto names = shared_machines();
    if (!names) return std::unexpected(names.error());
    if (name.empty()) {
        if (names->size() == 1) return ShareFiles{root_path() + "/" + names->front()};
        if (names->empty()) return fail("no machine runs with --share", ErrorKind::NotFound);
        return fail(fmt::format("which one? {}", fmt::join(*names, " ")), ErrorKind::Usage);
    }
    const ShareFiles files{root_path() + "/" + name};
    if (is_share_name(name) && is_running(files)) return files;
    std::error_code error;
    const bool is_left = is_share_name(name) && fs::exists(files.folder, error);
    return fail(fmt::format("{}: no machine of that name runs{}", name, is_left ? " any more" : ""),
                ErrorKind::NotFound);
}

}  // namespace dyn86::frontend
