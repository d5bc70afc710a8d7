// INT 21h as the shell uses it: every call is made by the guest (roms/shell.asm), so that whoever hooks INT 21h sees
// it.
#pragma once

#include "cpu/registers.h"
#include "src/dos/errors.h"
#include "src/dos/shell/state.h"
#include "src/dos/shell/task.h"

#include <span>
#include <string>
#include <string_view>

namespace dyn86::dos::shell {

/// The registers of a call, and those it came back with.
struct CallRegisters {
    u16 ax = 0, bx = 0, cx = 0, dx = 0, si = 0, di = 0, ds = 0, es = 0;
    bool carry = false;

    [[nodiscard]] u8 al() const { return u8(ax); }
    [[nodiscard]] u8 ah() const { return u8(ax >> 8); }
};

/// What a shell's task asks the guest to do.
struct Request {
    enum class Kind : u8 { Dos, Video } kind = Kind::Dos;  // INT 21h, INT 10h
    CallRegisters regs;
};

/// Between the tasks, which await calls, and the service, which is entered by the guest.
class Channel {
public:
    /// What the innermost task waits for.
    struct Pending {
        Request request;
        CallRegisters answer;
        std::coroutine_handle<> waiting;
    };
    class Awaiter {
    public:
        Awaiter(Pending& pending, const Request& request) : pending_(pending) { pending_.request = request; }
        static bool await_ready() noexcept { return false; }
        void await_suspend(std::coroutine_handle<> waiting) noexcept { pending_.waiting = waiting; }
        CallRegisters await_resume() noexcept { return pending_.answer; }

    private:
        Pending& pending_;
    };
    Awaiter make(const Request& request) { return {pending_, request}; }
    [[nodiscard]] const Request& request() const { return pending_.request; }
    /// Goes on with the task, which has its answer.
    void resume(const CallRegisters& answer) {
        pending_.answer = answer;
        pending_.waiting.resume();
    }

private:
    Pending pending_;
};

/// A directory entry as FindFirst gives it.
struct Entry {
    std::string name;
    u8 attribute = 0;
    u16 time = 0, date = 0;
    u32 size = 0;

    [[nodiscard]] bool is_folder() const { return (attribute & 0x10) != 0; }
};

namespace attribute {
inline constexpr u8 read_only = 0x01, hidden = 0x02, system = 0x04, label = 0x08, folder = 0x10, archive = 0x20;
}

struct DateAndTime {
    u16 year = 0;
    u8 month = 0, day = 0, weekday = 0, hour = 0, minute = 0, second = 0, hundredth = 0;
};

enum class OpenFor : u8 { Reading = 0, Writing = 1, Both = 2 };

/// Text of names goes through the shell's own memory, files' bytes through its buffer.
class Calls {
public:
    Calls(Channel& channel, const State& state) : channel_(channel), state_(state) {}

    Task<CallRegisters> int21(CallRegisters regs);
    Task<CallRegisters> video(CallRegisters regs);

    // --- text
    Task<> print(std::string_view text) { return write_text(1, std::string(text)); }
    Task<> complain(std::string_view text) { return write_text(2, std::string(text)); }
    /// A key with echo, in upper case.
    Task<char> ask_key();
    Task<u8> key_without_echo();

    // --- files
    Task<DosResult<u16>> open(std::string path, OpenFor how);
    Task<DosResult<u16>> create(std::string path);
    Task<DosResult<>> close(u16 handle);
    /// Into the buffer at `to`; how many bytes came.
    Task<DosResult<u16>> read(u16 handle, SegOff to, u16 count);
    Task<DosResult<u16>> write(u16 handle, SegOff from, u16 count);
    Task<DosResult<u32>> seek(u16 handle, u32 position, u8 whence);
    Task<DosResult<>> remove(std::string path);
    Task<DosResult<>> rename(std::string from, std::string to);
    Task<DosResult<u16>> attributes(std::string path);
    Task<DosResult<u16>> duplicate(u16 handle);
    Task<DosResult<>> force_duplicate(u16 handle, u16 onto);
    Task<DosResult<u16>> device_information(u16 handle);
    Task<DosResult<u32>> file_time(u16 handle);
    Task<> set_file_time(u16 handle, u32 date_and_time);
    Task<DosResult<Entry>> find_first(std::string pattern, u8 attributes);
    Task<DosResult<Entry>> find_next();
    /// All that FindFirst and FindNext give.
    Task<DosResult<std::vector<Entry>>> find_all(std::string pattern, u8 attributes);

    // --- folders and drives
    Task<DosResult<>> make_folder(std::string path);
    Task<DosResult<>> remove_folder(std::string path);
    Task<DosResult<>> change_folder(std::string path);
    /// "DIR\SUB" of a drive (0: the current one).
    Task<DosResult<std::string>> current_folder(u8 drive);
    Task<u8> current_drive();  // 0: A:
    Task<bool> select_drive(u8 drive);
    /// AH=60h: absolute, upper case.
    Task<DosResult<std::string>> true_name(std::string path);

    // --- memory, date and time
    Task<DosResult<u16>> allocate(u16 paragraphs);
    Task<> release(u16 segment);
    Task<DateAndTime> now();

private:
    Task<> write_text(u16 handle, std::string text);
    Task<DosResult<>> with_path(u8 function, std::string path);
    /// Puts a name into slot 0 or 1 and says where it lies.
    u16 put_path(std::string_view path, unsigned slot = 0);
    [[nodiscard]] Entry entry() const;
    [[nodiscard]] u16 own() const { return state_.segment(); }

    Channel& channel_;
    State state_;
};

}  // namespace dyn86::dos::shell
