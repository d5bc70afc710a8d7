// What the command line asks to be run, found and checked, with the drives and the environment that it sees.
#pragma once

#include "src/config/options.h"
#include "src/dyn86.h"

#include <optional>
#include <string>
#include <vector>

namespace dyn86::commands {

struct Job {
    enum class Kind : u8 { Demo, Boot, Program, Shell } kind = Kind::Demo;
    std::string title = "dyn86", name = "dyn86";  // of the window; of what is run
    std::vector<FolderDrive> folders;
    std::vector<ImageDrive> images;
    std::optional<u8> boot_drive;
    std::vector<std::string> environment;  // of DOS, in its code page, as are the next two
    std::string guest_path, tail;          // a program and its arguments
    char drive = 'C';                      // where the shell starts
    std::vector<std::string> commands;     // what it executes; none: it prompts
};

[[nodiscard]] Result<Job> make_job(const config::Options& options);
[[nodiscard]] Result<> start(Machine& machine, const Job& job);

}  // namespace dyn86::commands
