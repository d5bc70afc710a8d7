// Where machines share their screens: a private folder for each, and who is there.
#pragma once

#include "src/dyn86.h"

#include <string>
#include <string_view>
#include <vector>

namespace dyn86::frontend {

/// The files of a shared machine's folder. dyn86_share.h says what they hold.
struct ShareFiles {
    std::string folder;
    [[nodiscard]] std::string name() const { return folder.substr(folder.rfind('/') + 1); }
    [[nodiscard]] std::string header() const { return folder + "/header"; }
    [[nodiscard]] std::string video() const { return folder + "/video"; }
    [[nodiscard]] std::string control() const { return folder + "/control"; }
    [[nodiscard]] std::string lock() const { return folder + "/lock"; }
};

/// Letters, digits, ". _ -", at most 64, not a "." in front.
[[nodiscard]] bool is_share_name(std::string_view name);
/// The name that a program's file suggests: "Turbo C.exe" becomes "turbo-c".
[[nodiscard]] std::string share_name_for(std::string_view file_name);

/// A folder that is ours while this object lives: locked, mode 0700. What a killed process left is taken over.
class ShareFolder {
public:
    enum class Taken : u8 { Refuse, Number };
    /// When a machine of that name runs: refuses, or tries name-2, name-3...
    static Result<ShareFolder> create(const std::string& name, Taken taken);
    ShareFolder(ShareFolder&& other) noexcept;
    ShareFolder& operator=(ShareFolder&&) = delete;
    /// Removes it.
    ~ShareFolder();

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const ShareFiles& files() const { return files_; }

private:
    ShareFolder(std::string name, ShareFiles files, int lock)
        : name_(std::move(name)), files_(std::move(files)), lock_(lock) {}
    static Result<ShareFolder> claim(const std::string& name, const ShareFiles& files);
    std::string name_;
    ShareFiles files_;
    int lock_;
};

/// Names of the machines that run now.
[[nodiscard]] Result<std::vector<std::string>> shared_machines();
/// The folder of a machine that runs. With an empty name: of the only one there is. Says what is wrong otherwise.
[[nodiscard]] Result<ShareFiles> find_shared(const std::string& name);

}  // namespace dyn86::frontend
