// DIR.
#include "src/dos/shell/commands.h"
#include "src/dos/shell/dir_options.h"
#include "src/dos/shell/messages.h"
#include "src/dos/shell/paths.h"

#include <fmt/format.h>

namespace dyn86::dos::shell {
namespace {

constexpr unsigned wide_columns = 5, screen_lines = 24;
constexpr u8 every_attribute = attribute::read_only | attribute::hidden | attribute::system | attribute::folder;

class Lister {
public:
    Lister(Context& context, const DirOptions& options) : context_(context), dos_(context.dos), options_(options) {}
    Task<> run();

private:
    Task<bool> locate();
    Task<> list_tree();
    Task<bool> list_folder(std::string folder);
    Task<> print_entries(const std::string& folder, const std::vector<Entry>& entries);
    Task<> print_total(unsigned files, u64 bytes);
    Task<> print_free();
    /// A line, and at the bottom of the screen a pause.
    Task<> line(std::string text);
    /// /L: what all code pages have in common in lower case.
    [[nodiscard]] std::string cased(std::string text) const {
        if (options_.lower_case)
            for (char& c : text)
                if (c >= 'A' && c <= 'Z') c = char(c + ('a' - 'A'));
        return text;
    }

    Context& context_;
    Calls& dos_;
    const DirOptions& options_;
    u8 drive_ = 0;
    std::string folder_, name_;  // "C:\DIR", "*.*"
    unsigned lines_ = 0, all_files_ = 0, folders_ = 0;
    u64 all_bytes_ = 0;
};

Task<> Lister::line(std::string text) {
    co_await dos_.print(text + "\r\n");
    if (!options_.pauses || ++lines_ < screen_lines) co_return;
    lines_ = 0;
    co_await dos_.print(message::press_any_key);
    (void)co_await dos_.key_without_echo();
    co_await dos_.print("\r\n");
}

/// Which folder and which names the pattern means; false, having complained: none.
Task<bool> Lister::locate() {
    std::string pattern = options_.pattern;
    const bool is_bare_drive = pattern.size() == 2 && pattern[1] == ':';
    if (pattern.empty() || is_bare_drive) pattern += "*.*";
    if (pattern.ends_with('\\')) pattern += "*.*";
    if (!has_wildcards(pattern)) {
        const auto attributes = co_await dos_.attributes(pattern);
        const bool is_folder = attributes && (*attributes & attribute::folder) != 0;
        if (is_folder) pattern += "\\*.*";
    }
    const SplitPath split = split_path(pattern);
    name_ = split.name;
    if (name_.starts_with('.')) name_ = "*" + name_;                         // DIR .TXT
    if (extension_of(name_).empty() && !name_.contains('.')) name_ += ".*";  // DIR NAME
    std::string folder = split.folder.empty() ? std::string(".") : split.folder;
    if (folder.ends_with(':')) folder += '.';
    const auto full = co_await dos_.true_name(folder);
    if (!full) {
        co_await dos_.complain(full.error() == DosError::InvalidDrive ? message::invalid_drive
                                                                      : message::path_not_found);
        co_return false;
    }
    folder_ = *full;
    if (folder_.size() > 3 && folder_.ends_with('\\')) folder_.pop_back();
    drive_ = u8(folder_.front() - 'A');
    co_return true;
}

Task<> Lister::print_entries(const std::string& folder, const std::vector<Entry>& entries) {
    std::string row;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const Entry& entry = entries[i];
        if (options_.bare) {
            if (entry.name.starts_with('.')) continue;
            const std::string name = options_.recurses ? join(folder, entry.name) : entry.name;
            co_await line(cased(name));
        } else if (!options_.wide) {
            co_await line(cased(dir_line(entry)));
        } else {
            row += cased(wide_cell(entry));
            if ((i + 1) % wide_columns != 0 && i + 1 < entries.size()) continue;
            co_await line(row);
            row.clear();
        }
    }
}

Task<> Lister::print_total(unsigned files, u64 bytes) {
    return line(fmt::format("{:9} file(s) {:10} bytes", files, bytes));
}

/// One folder; false: nothing in it is to be shown.
Task<bool> Lister::list_folder(std::string folder) {
    const auto found = co_await dos_.find_all(join(folder, name_), every_attribute);
    if (!found) co_return false;
    std::vector<Entry> entries = *found;
    std::erase_if(entries, [&](const Entry& entry) { return !options_.shows(entry); });
    if (entries.empty()) co_return false;
    sort_entries(entries, options_.order);
    if (!options_.bare && options_.recurses) co_await line("");
    if (!options_.bare) co_await line((options_.recurses ? "Directory of " : " Directory of ") + folder);
    if (!options_.bare) co_await line("");
    co_await print_entries(folder, entries);
    u64 bytes = 0;
    for (const Entry& entry : entries) bytes += entry.is_folder() ? 0 : entry.size;
    if (!options_.bare) co_await print_total(unsigned(entries.size()), bytes);
    all_files_ += unsigned(entries.size());
    all_bytes_ += bytes;
    ++folders_;
    co_return true;
}

/// The folder and, with /S, all below it, in the order in which they are found.
Task<> Lister::list_tree() {
    std::vector<std::string> folders = {folder_};
    while (!folders.empty()) {
        const std::string folder = folders.back();
        folders.pop_back();
        (void)co_await list_folder(folder);
        if (!options_.recurses) co_return;
        const auto below = co_await dos_.find_all(join(folder, "*.*"), every_attribute);
        if (!below) continue;
        for (auto entry = below->rbegin(); entry != below->rend(); ++entry)
            if (entry->is_folder() && !entry->name.starts_with('.')) folders.push_back(join(folder, entry->name));
    }
}

Task<> Lister::print_free() {
    const CallRegisters space = co_await dos_.int21({.ax = 0x3600, .dx = u16(drive_ + 1)});
    if (space.ax == 0xFFFF) co_return;
    co_await line(fmt::format("{:28} bytes free", u64{space.ax} * space.bx * space.cx));
}

Task<> Lister::run() {
    const bool located = co_await locate();
    if (!located) co_return;
    if (!options_.bare) {
        co_await line("");
        co_await print_volume(context_, drive_);
        lines_ += 2;
    }
    co_await list_tree();
    if (folders_ == 0) {
        if (!options_.bare && !options_.recurses) co_await line(" Directory of " + folder_ + "\r\n");
        co_return co_await dos_.complain(message::file_not_found);
    }
    if (options_.bare) co_return;
    if (options_.recurses) {
        co_await line("\r\nTotal files listed:");
        co_await print_total(all_files_, all_bytes_);
    }
    co_await print_free();
}

}  // namespace

Task<> dir(Context& context, std::string tail) {
    const DirOptions options = parse_dir(context.state.variable("DIRCMD").value_or(""), tail);
    if (!options.wrong.empty()) co_return co_await context.dos.complain(options.wrong);
    Lister lister(context, options);
    co_await lister.run();
}

}  // namespace dyn86::dos::shell
