// INT 21h functions on files by handle.
#pragma once

#include "src/dos/console.h"
#include "src/dos/drives.h"
#include "src/dos/file_table.h"
#include "src/dos/ports.h"

namespace dyn86::dos {

class Arena;

class Files {
public:
    Files(Guest& guest, Drives& drives, FileTable& table, Console& console, Ports& ports, Arena& arena)
        : guest_(guest), drives_(drives), table_(table), console_(console), ports_(ports), arena_(arena) {}
    void install(Functions& functions);

    // --- for those who open files in other ways (FCBs, EXEC)
    /// A new table entry for an existing file or device. `mode` as AH=3Dh has it.
    DosResult<u8> open_entry(std::string_view path, u8 mode);
    enum class Existing : u8 { Truncate, Refuse };
    DosResult<u8> create_entry(std::string_view path, u16 attributes, Existing existing, u8 mode = 2);
    DosResult<> remove(std::string_view path);
    DosResult<> rename(std::string_view from, std::string_view to);

private:
    DosResult<u8> create_label(const Drives::Target& target, u8 mode);
    static u8 keep_attributes(const Drives::Target& target, u8 wanted);
    [[nodiscard]] static bool is_denied(const Drives::Target& target);
    void lock(Caller& caller);
    DosResult<u16> give_handle(DosResult<u8> entry);
    DosResult<u16> open(std::string_view path, u8 mode);
    void extended_open(Caller& caller);
    void make_temporary(Caller& caller);
    void read(Caller& caller);
    Action read_step(Frame& frame);
    void write(Caller& caller);
    Action write_step(Frame& frame);
    void seek(Caller& caller);
    void attributes(Caller& caller);
    DosResult<> set_attributes(std::string_view path, u16 wanted);
    DosResult<u16> duplicate(u16 handle);
    DosResult<> duplicate_to(u16 handle, u16 wanted);
    void extended_attributes(Caller& caller);
    void stamp(Caller& caller);
    DosResult<> set_handle_count(u16 count);
    [[nodiscard]] DosResult<> check_handle(u16 handle) const;

    Guest& guest_;
    Drives& drives_;
    FileTable& table_;
    Console& console_;
    Ports& ports_;
    Arena& arena_;
};

}  // namespace dyn86::dos
