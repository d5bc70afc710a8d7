// INT 21h functions on files by file control block, the way of version 1.
#pragma once

#include "src/dos/files.h"
#include "src/dos/find.h"

namespace dyn86::dos {

/// An open FCB names its entry in the system file table in its reserved bytes. One whose entry is gone (programs copy
/// FCBs, and open them without closing) is opened again by its name.
class Fcbs {
public:
    Fcbs(Guest& guest, Drives& drives, FileTable& table, Files& files, Finder& finder)
        : guest_(guest), drives_(drives), table_(table), files_(files), finder_(finder) {}
    void install(Functions& functions);

private:
    /// AL of the record functions.
    enum class Status : u8 { Done = 0, EndOfFile = 1, SegmentWrap = 2, Partial = 3 };
    enum class Transfer : u8 { Read, Write };
    struct Outcome {
        Status status = Status::Done;
        u16 records = 0;
    };

    [[nodiscard]] SegOff plain(SegOff fcb) const;  // without the extension in front
    [[nodiscard]] u8 attributes(SegOff fcb) const;
    [[nodiscard]] FcbName name_at(SegOff at) const;
    [[nodiscard]] DosResult<std::string> path(SegOff fcb) const;
    [[nodiscard]] DosResult<DosPath> pattern(SegOff fcb) const;
    DosResult<u8> entry_of(SegOff fcb);
    [[nodiscard]] DosResult<u8> open_by_name(SegOff fcb);
    void attach(SegOff fcb, u8 entry);

    DosResult<> open(SegOff fcb);
    DosResult<> create(SegOff fcb);
    DosResult<> close(SegOff fcb);
    [[nodiscard]] bool is_label(SegOff fcb) const;
    DosResult<> set_label(SegOff fcb, SegOff name);
    DosResult<> remove_label(SegOff fcb);
    DosResult<> remove(SegOff given);
    DosResult<> rename(SegOff given);
    DosResult<> measure(SegOff fcb);
    Status sequential(SegOff fcb, Transfer direction);
    Status random(SegOff fcb, Transfer direction);
    void block(Caller& caller, Transfer direction);
    void parse(Caller& caller);

    Outcome transfer(SegOff fcb, u32 record, u16 count, Transfer direction);
    Outcome read_records(u8 entry, u16 size, u16 count);
    Outcome write_records(u8 entry, u16 size, u16 count);
    [[nodiscard]] u16 record_size(SegOff fcb) const;
    [[nodiscard]] u32 current_record(SegOff fcb) const;
    void set_current_record(SegOff fcb, u32 record);
    [[nodiscard]] u32 random_record(SegOff fcb) const;
    void set_random_record(SegOff fcb, u32 record);

    Guest& guest_;
    Drives& drives_;
    FileTable& table_;
    Files& files_;
    Finder& finder_;
};

}  // namespace dyn86::dos
