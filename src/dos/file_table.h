// The system file table in guest memory with the host files behind it, and the handle tables of processes.
#pragma once

#include "src/dos/calendar.h"
#include "src/dos/host_state.h"
#include "src/dos/layout.h"
#include "src/dos/names.h"
#include "src/dos/streams.h"
#include "src/dos/volume.h"

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace dyn86::dos {

/// One entry of the system file table, in guest memory: position, mode and device word are what the guest sees there.
class SftEntry {
public:
    SftEntry(Guest& guest, u8 index)
        : guest_(&guest), at_(in_dos_segment(u32{sft::base} + 6 + u32{index} * sft::entry_size)) {}

    [[nodiscard]] u16 references() const { return word(sft::references); }
    [[nodiscard]] u16 mode() const { return word(sft::mode); }
    [[nodiscard]] u16 info() const { return word(sft::info); }
    [[nodiscard]] u32 position() const { return guest_->dword(at_ + sft::position); }
    [[nodiscard]] u32 size() const { return guest_->dword(at_ + sft::file_size); }
    [[nodiscard]] u16 owner() const { return word(sft::owner); }
    [[nodiscard]] FileStamp stamp() const { return {.time = word(sft::time), .date = word(sft::date)}; }
    [[nodiscard]] SegOff at() const { return at_; }

    void set_references(u16 value) { guest_->set_word(at_ + sft::references, value); }
    void set_mode(u16 value) { guest_->set_word(at_ + sft::mode, value); }
    void set_info(u16 value) { guest_->set_word(at_ + sft::info, value); }
    void set_position(u32 value) { guest_->set_dword(at_ + sft::position, value); }
    void set_size(u32 value) { guest_->set_dword(at_ + sft::file_size, value); }
    void set_stamp(FileStamp stamp) {
        guest_->set_word(at_ + sft::time, stamp.time);
        guest_->set_word(at_ + sft::date, stamp.date);
    }

    [[nodiscard]] bool is_device() const { return (info() & device_info::device) != 0; }
    [[nodiscard]] Device device() const;
    [[nodiscard]] u8 drive() const { return u8(info() & 0x3F); }  // of a file
    [[nodiscard]] bool is_raw() const { return (info() & device_info::raw) != 0; }

private:
    [[nodiscard]] u16 word(u16 field) const { return guest_->word(at_ + field); }

    Guest* guest_;
    SegOff at_;
};

/// Where an AH=42h starts to count.
enum class Origin : u8 { Start, Position, End };

class FileTable {
public:
    FileTable(Guest& guest, Streams& streams, const Calendar& calendar)
        : guest_(guest), streams_(streams), calendar_(calendar) {}
    /// Builds the table: AUX, CON, PRN and, without a console, the host's streams.
    void initialise();
    /// The entries that handles 0-4 of the first process are.
    [[nodiscard]] std::array<u8, 5> first_handles() const;

    // --- handles of the current process
    [[nodiscard]] DosResult<u8> entry_of(u16 handle) const;
    [[nodiscard]] DosResult<u16> free_handle() const;
    void set_handle(u16 handle, u8 entry);
    [[nodiscard]] u16 handle_count() const;
    DosResult<> close_handle(u16 handle);
    static constexpr u8 no_entry = 0xFF;

    // --- entries
    [[nodiscard]] SftEntry entry(u8 index) const { return {guest_, index}; }
    void add_reference(u8 index) { entry(index).set_references(u16(entry(index).references() + 1)); }
    DosResult<> release(u8 index);
    struct Description {
        FcbName name{};
        u16 mode = 0;
        u8 drive = 0;
        u8 attribute = 0;
        std::string path = {};  // as the volume spells it
    };
    /// A new entry with one reference.
    DosResult<u8> add_file(std::unique_ptr<OpenFile> file, const Description& description);
    DosResult<u8> add_device(Device device, u16 mode, std::string_view name);

    // --- what lies behind an entry. The console's bytes are the console's business, see Console.
    DosResult<u16> read(u8 index, SegOff to, u16 count);
    DosResult<u16> write(u8 index, SegOff from, u16 count);
    DosResult<u32> seek(u8 index, Origin origin, u32 distance);
    /// How long a file is; streams and devices are not.
    [[nodiscard]] DosResult<u32> length(u8 index) const;
    [[nodiscard]] bool is_stream(u8 index) const { return behind_[index].stream != Stream::None; }
    [[nodiscard]] bool is_input_stream(u8 index) const { return behind_[index].stream == Stream::In; }
    /// True when reading would have to wait for the host.
    [[nodiscard]] bool must_wait(u8 index) const { return is_input_stream(index) && !streams_.is_input_ready(); }
    /// AH=5Ch: a region is unlocked as it was locked, and no two of one entry overlap.
    DosResult<> lock(u8 index, Region region);
    DosResult<> unlock(u8 index, Region region);
    DosResult<FileStamp> stamp(u8 index) const;
    DosResult<> set_stamp(u8 index, FileStamp stamp);
    /// The open files; and which entries are the host's streams (-1: none).
    [[nodiscard]] std::vector<OpenFileState> open_files() const;
    [[nodiscard]] i32 first_stream_entry() const;
    /// Instead of what is open: `files` are those of `states`. Guest memory is that of the state.
    void restore(const std::vector<OpenFileState>& states, std::vector<std::unique_ptr<OpenFile>> files,
                 i32 first_stream_entry);

    /// Who shows on the screen what goes to the output streams.
    void on_stream_output(std::function<void(std::span<const u8>)> show) { show_ = std::move(show); }

private:
    enum class Stream : u8 { None, In, Out, Err };
    struct Behind {
        std::unique_ptr<OpenFile> file;
        std::string path;
        Stream stream = Stream::None;
        bool is_written = false;
        std::optional<FileStamp> keep_stamp;  // AX=5701h: to be set again when the file is closed
        std::vector<Region> locks;
    };
    DosResult<u8> allocate() const;
    /// The header of the driver of this name in the guest's chain of devices.
    [[nodiscard]] SegOff driver_named(const FcbName& name) const;
    void fill_entry(u8 index, u16 references, u16 mode, u16 info);
    [[nodiscard]] SegOff handle_slot(u16 handle) const;
    DosResult<u16> read_file(u8 index, SegOff to, u16 count);
    DosResult<u16> write_file(u8 index, SegOff from, u16 count);
    DosResult<u16> write_stream(u8 index, SegOff from, u16 count);
    void close_file(u8 index);
    [[nodiscard]] int descriptor(Stream stream) const;

    Guest& guest_;
    Streams& streams_;
    const Calendar& calendar_;
    std::array<Behind, sft::count> behind_;
    std::function<void(std::span<const u8>)> show_;
};

}  // namespace dyn86::dos
