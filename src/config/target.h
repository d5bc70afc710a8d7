// What PROGRAM on the command line is, and which drives it sees (COMMAND_LINE.md, "Finding the program, drives").
#pragma once

#include "src/dyn86.h"

#include <string>
#include <string_view>
#include <vector>

namespace dyn86::config {

/// The host file that the user means: the path itself, else without regard to case and with .COM, .EXE, .BAT added.
[[nodiscard]] Result<std::string> find_program(const std::string& name);

enum class TargetKind : u8 {
    Program,  // .COM, .EXE or .BAT
    Folder,   // the DOS prompt there
    Image,    // a boot sector or a disk image
};
/// By name and contents; an error with status 126 when it is neither, telling why.
[[nodiscard]] Result<TargetKind> kind_of(const std::string& path);
/// The same for what must be booted (`--boot`).
[[nodiscard]] Result<> check_bootable(const std::string& path);
/// A floppy (00h) or, when it is larger than any, a hard disk (80h).
[[nodiscard]] Result<u8> drive_number_of(const std::string& image);

/// What a run sees: its drives, and which is current.
struct Placed {
    std::vector<FolderDrive> drives;
    char drive = 'C';
    std::string guest_path;  // of a program: C:\folder\prog.exe: a drive, and the way there as the host spells it
};
/// Gives a program its drives: the one it lies in becomes current, or its folder becomes C:, or the next letter that is
/// free when C: is among the `disks`' letters.
[[nodiscard]] Result<Placed> place_program(const std::string& path, std::vector<FolderDrive> drives,
                                           const std::string& working_directory, std::string_view disks = {});
/// --here: the working directory is C: and current, the program's folder is P: and read-only.
[[nodiscard]] Result<Placed> place_program_here(const std::string& path, std::vector<FolderDrive> drives,
                                                const std::string& working_directory, std::string_view disks = {});
/// Makes a folder current: on the drive it lies in, or as C: or the next letter.
[[nodiscard]] Result<Placed> place_folder(const std::string& path, std::vector<FolderDrive> drives,
                                          std::string_view disks = {});

}  // namespace dyn86::config
