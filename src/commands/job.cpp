#include "src/commands/job.h"

#include "src/config/drives.h"
#include "src/config/target.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace dyn86::commands {
namespace {

using config::Options;

constexpr std::size_t longest_tail = 125;  // the prefix holds 127 bytes: a blank, the tail, and CR

std::string working_directory() {
    std::error_code error;
    return std::filesystem::current_path(error).string();
}

Result<std::string> guest_text(const std::string& text, const Options& options, std::string_view what) {
    const auto converted = to_dos_text(text, options.code_page);
    if (!converted) return fail(fmt::format("{} hold characters that the code page has not", what), ErrorKind::Usage);
    return *converted;
}

Result<> add_environment(Job& job, const Options& options) {
    for (const std::string& line : options.environment) {
        const auto text = guest_text(line, options, "the variables of --env");
        if (!text) return std::unexpected(text.error());
        job.environment.push_back(*text);
    }
    return {};
}

/// --here: P: is searched first.
void put_on_path(std::vector<std::string>& environment) {
    const auto is_path = [](const std::string& line) {
        return line.size() >= 5 &&
               (line.starts_with("PATH=") || line.starts_with("path=") || line.starts_with("Path="));
    };
    const auto given = std::ranges::find_if(environment, is_path);
    if (given == environment.end())
        environment.push_back("PATH=P:\\;C:\\;Z:\\");
    else
        *given = "PATH=P:\\;" + given->substr(5);
}

Result<> add_drives(Job& job, const Options& options, config::FolderUse use) {
    auto drives = config::sort_drives(options.drives, use);
    if (!drives) return std::unexpected(drives.error());
    job.folders = std::move(drives->folders);
    job.images = std::move(drives->images);
    return {};
}

std::string letters_of(const std::vector<ImageDrive>& images) {
    std::string letters;
    for (const ImageDrive& image : images) letters += image.letter();
    return letters;
}

/// Boots `path`, or with an empty one whatever lies in the drives.
Result<Job> boot_job(const std::string& path, const Options& options, Job job) {
    job.kind = Job::Kind::Boot;
    if (!options.drivers.empty()) return fail("--device: dyn86's own DOS does not run here", ErrorKind::Usage);
    if (auto added = add_drives(job, options, config::FolderUse::Disk); !added) return std::unexpected(added.error());
    if (path.empty()) return job;
    const auto number = config::drive_number_of(path);
    if (!number) return std::unexpected(number.error());
    if (std::ranges::find(job.images, *number, &ImageDrive::number) != job.images.end())
        return fail(fmt::format("{}: its drive, {}:, has been given another disk", path, *number == 0 ? 'A' : 'C'),
                    ErrorKind::Usage);
    job.images.push_back({.number = *number, .path = path});
    job.boot_drive = *number;
    return job;
}

Result<Job> program_job(const std::string& path, const Options& options, Job job) {
    if (auto added = add_drives(job, options, config::FolderUse::Drive); !added) return std::unexpected(added.error());
    const std::string disks = letters_of(job.images);
    auto placed = options.here ? config::place_program_here(path, job.folders, working_directory(), disks)
                               : config::place_program(path, job.folders, working_directory(), disks);
    if (!placed) return std::unexpected(placed.error());
    const auto tail = guest_text(config::command_tail(options), options, "the program's arguments");
    if (!tail) return std::unexpected(tail.error());
    if (tail->size() > longest_tail)
        return fail("the program's arguments are longer than 125 characters", ErrorKind::Usage);
    job.kind = Job::Kind::Program;
    job.folders = std::move(placed->drives);
    job.guest_path = placed->guest_path;
    job.tail = *tail;
    job.drive = placed->drive;
    if (options.here) put_on_path(job.environment);
    return job;
}

/// The prompt, or -c, in a folder.
Result<Job> shell_job(const std::string& folder, const Options& options, Job job) {
    if (auto added = add_drives(job, options, config::FolderUse::Drive); !added) return std::unexpected(added.error());
    auto placed = config::place_folder(folder, job.folders, letters_of(job.images));
    if (!placed) return std::unexpected(placed.error());
    for (const std::string& command : options.commands) {
        const auto text = guest_text(command, options, "the commands of -c");
        if (!text) return std::unexpected(text.error());
        job.commands.push_back(*text);
    }
    job.kind = Job::Kind::Shell;
    job.folders = std::move(placed->drives);
    job.drive = placed->drive;
    return job;
}

Result<Job> target_job(const std::string& name, const Options& options, Job job) {
    const auto path = config::find_program(name);
    if (!path) return std::unexpected(path.error());
    const auto kind = config::kind_of(*path);
    if (!kind) return std::unexpected(kind.error());
    if (!options.commands.empty() && *kind != config::TargetKind::Folder)
        return fail(fmt::format("{}: a program beside -c", name), ErrorKind::Usage);
    switch (*kind) {
        case config::TargetKind::Image: return boot_job(*path, options, std::move(job));
        case config::TargetKind::Folder: return shell_job(*path, options, std::move(job));
        case config::TargetKind::Program: break;
    }
    return program_job(*path, options, std::move(job));
}

/// Without a program: what lies in the drives, or else the demo.
Result<Job> machine_job(const Options& options, Job job) {
    if (auto added = add_drives(job, options, config::FolderUse::Drive); !added) return std::unexpected(added.error());
    for (const FolderDrive& folder : job.folders)
        if (!std::filesystem::exists(folder.path))
            return fail(fmt::format("{}: no such image or folder", folder.path), ErrorKind::NotFound);
    const bool is_machine = !options.bios.empty() || !options.roms.empty() || !job.images.empty();
    return is_machine ? boot_job({}, options, std::move(job)) : job;
}

}  // namespace

Result<Job> make_job(const Options& options) {
    Job job;
    if (auto added = add_environment(job, options); !added) return std::unexpected(added.error());
    const std::string& name = options.program.empty() ? options.boot_image : options.program;
    if (!name.empty()) {
        job.name = std::filesystem::path(name).filename().string();
        job.title = job.name + " - dyn86";
    }
    if (!options.boot_image.empty()) {
        if (auto checked = config::check_bootable(name); !checked) return std::unexpected(checked.error());
        return boot_job(name, options, std::move(job));
    }
    if (!name.empty()) return target_job(name, options, std::move(job));
    if (!options.commands.empty()) return shell_job(working_directory(), options, std::move(job));
    return machine_job(options, std::move(job));
}

Result<> start(Machine& machine, const Job& job) {
    switch (job.kind) {
        case Job::Kind::Demo: return machine.start_demo();
        case Job::Kind::Boot: return machine.start_boot();
        case Job::Kind::Program: return machine.start_program(job.guest_path, job.tail, job.drive);
        case Job::Kind::Shell: return machine.start_shell(job.drive, job.commands);
    }
    return {};
}

}  // namespace dyn86::commands
