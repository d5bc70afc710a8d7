#include "src/dos/shell/calls.h"

#include "src/dos/code_page.h"

#include <algorithm>

namespace dyn86::dos::shell {
namespace {

DosResult<u16> result_of(const CallRegisters& regs) {
    if (regs.carry) return refuse(DosError(regs.ax));
    return regs.ax;
}
DosResult<> done(const CallRegisters& regs) {
    if (regs.carry) return refuse(DosError(regs.ax));
    return {};
}

}  // namespace

Task<CallRegisters> Calls::int21(CallRegisters regs) {
    co_return co_await channel_.make({Request::Kind::Dos, regs});
}

Task<CallRegisters> Calls::video(CallRegisters regs) {
    co_return co_await channel_.make({Request::Kind::Video, regs});
}

u16 Calls::put_path(std::string_view path, unsigned slot) {
    const u16 offset = u16(layout::path + slot * layout::path_size);
    state_.guest().write_asciiz(state_.at(offset), path.substr(0, layout::path_size - 1));
    return offset;
}

// --- text

Task<> Calls::write_text(u16 handle, std::string text) {
    for (std::size_t at = 0; at < text.size(); at += layout::buffer_size) {
        const std::string_view part = std::string_view(text).substr(at, layout::buffer_size);
        state_.guest().write(state_.at(layout::buffer), part);
        const auto written = co_await write(handle, state_.at(layout::buffer), u16(part.size()));
        if (!written) co_return;
    }
}

Task<char> Calls::ask_key() {
    const CallRegisters key = co_await int21({.ax = 0x0C01});  // what was typed before is no answer
    if (key.al() == 0) (void)co_await int21({.ax = 0x0700});
    co_return char(ascii_upper(key.al()));
}

Task<u8> Calls::key_without_echo() {
    const CallRegisters key = co_await int21({.ax = 0x0800});
    if (key.al() == 0) (void)co_await int21({.ax = 0x0700});
    co_return key.al();
}

// --- files

Task<DosResult<u16>> Calls::open(std::string path, OpenFor how) {
    const u16 at = put_path(path);
    co_return result_of(co_await int21({.ax = u16(0x3D00 | u8(how)), .dx = at, .ds = own()}));
}

Task<DosResult<u16>> Calls::create(std::string path) {
    const u16 at = put_path(path);
    co_return result_of(co_await int21({.ax = 0x3C00, .dx = at, .ds = own()}));
}

Task<DosResult<>> Calls::close(u16 handle) {
    co_return done(co_await int21({.ax = 0x3E00, .bx = handle}));
}

Task<DosResult<u16>> Calls::read(u16 handle, SegOff to, u16 count) {
    co_return result_of(co_await int21({.ax = 0x3F00, .bx = handle, .cx = count, .dx = to.offset, .ds = to.segment}));
}

Task<DosResult<u16>> Calls::write(u16 handle, SegOff from, u16 count) {
    co_return result_of(
        co_await int21({.ax = 0x4000, .bx = handle, .cx = count, .dx = from.offset, .ds = from.segment}));
}

Task<DosResult<u32>> Calls::seek(u16 handle, u32 position, u8 whence) {
    const CallRegisters regs =
        co_await int21({.ax = u16(0x4200 | whence), .bx = handle, .cx = u16(position >> 16), .dx = u16(position)});
    if (regs.carry) co_return refuse(DosError(regs.ax));
    co_return regs.ax | u32{regs.dx} << 16;
}

Task<DosResult<>> Calls::with_path(u8 function, std::string path) {
    const u16 at = put_path(path);
    co_return done(co_await int21({.ax = u16(function << 8), .dx = at, .ds = own()}));
}

Task<DosResult<>> Calls::remove(std::string path) {
    return with_path(0x41, std::move(path));
}

Task<DosResult<>> Calls::rename(std::string from, std::string to) {
    const u16 old_name = put_path(from), new_name = put_path(to, 1);
    co_return done(co_await int21({.ax = 0x5600, .dx = old_name, .di = new_name, .ds = own(), .es = own()}));
}

Task<DosResult<u16>> Calls::attributes(std::string path) {
    const u16 at = put_path(path);
    const CallRegisters regs = co_await int21({.ax = 0x4300, .dx = at, .ds = own()});
    if (regs.carry) co_return refuse(DosError(regs.ax));
    co_return regs.cx;
}

Task<DosResult<u16>> Calls::duplicate(u16 handle) {
    co_return result_of(co_await int21({.ax = 0x4500, .bx = handle}));
}

Task<DosResult<>> Calls::force_duplicate(u16 handle, u16 onto) {
    co_return done(co_await int21({.ax = 0x4600, .bx = handle, .cx = onto}));
}

Task<DosResult<u16>> Calls::device_information(u16 handle) {
    const CallRegisters regs = co_await int21({.ax = 0x4400, .bx = handle});
    if (regs.carry) co_return refuse(DosError(regs.ax));
    co_return regs.dx;
}

Task<DosResult<u32>> Calls::file_time(u16 handle) {
    const CallRegisters regs = co_await int21({.ax = 0x5700, .bx = handle});
    if (regs.carry) co_return refuse(DosError(regs.ax));
    co_return regs.cx | u32{regs.dx} << 16;
}

Task<> Calls::set_file_time(u16 handle, u32 date_and_time) {
    (void)co_await int21({.ax = 0x5701, .bx = handle, .cx = u16(date_and_time), .dx = u16(date_and_time >> 16)});
}

Entry Calls::entry() const {
    const auto field = [&](u16 offset) { return state_.at(u16(layout::dta + offset)); };
    const Guest& guest = state_.guest();
    return {.name = guest.asciiz(field(0x1E), 13),
            .attribute = guest.byte(field(0x15)),
            .time = guest.word(field(0x16)),
            .date = guest.word(field(0x18)),
            .size = guest.dword(field(0x1A))};
}

Task<DosResult<Entry>> Calls::find_first(std::string pattern, u8 attributes) {
    (void)co_await int21({.ax = 0x1A00, .dx = layout::dta, .ds = own()});
    const u16 at = put_path(pattern);
    const CallRegisters regs = co_await int21({.ax = 0x4E00, .cx = attributes, .dx = at, .ds = own()});
    if (regs.carry) co_return refuse(DosError(regs.ax));
    co_return entry();
}

Task<DosResult<Entry>> Calls::find_next() {
    const CallRegisters regs = co_await int21({.ax = 0x4F00});
    if (regs.carry) co_return refuse(DosError(regs.ax));
    co_return entry();
}

Task<DosResult<std::vector<Entry>>> Calls::find_all(std::string pattern, u8 attributes) {
    std::vector<Entry> entries;
    auto found = co_await find_first(std::move(pattern), attributes);
    if (!found) co_return refuse(found.error());
    while (found) {
        entries.push_back(*found);
        found = co_await find_next();
    }
    co_return entries;
}

// --- folders and drives

Task<DosResult<>> Calls::make_folder(std::string path) {
    return with_path(0x39, std::move(path));
}
Task<DosResult<>> Calls::remove_folder(std::string path) {
    return with_path(0x3A, std::move(path));
}
Task<DosResult<>> Calls::change_folder(std::string path) {
    return with_path(0x3B, std::move(path));
}

Task<DosResult<std::string>> Calls::current_folder(u8 drive) {
    const CallRegisters regs = co_await int21({.ax = 0x4700, .dx = drive, .si = layout::path, .ds = own()});
    if (regs.carry) co_return refuse(DosError(regs.ax));
    co_return state_.guest().asciiz(state_.at(layout::path), 67);
}

Task<u8> Calls::current_drive() {
    const CallRegisters regs = co_await int21({.ax = 0x1900});
    co_return regs.al();
}

Task<bool> Calls::select_drive(u8 drive) {
    (void)co_await int21({.ax = 0x0E00, .dx = drive});
    const u8 now = co_await current_drive();
    co_return now == drive;
}

Task<DosResult<std::string>> Calls::true_name(std::string path) {
    const u16 from = put_path(path), to = u16(layout::path + layout::path_size);
    const CallRegisters regs = co_await int21({.ax = 0x6000, .si = from, .di = to, .ds = own(), .es = own()});
    if (regs.carry) co_return refuse(DosError(regs.ax));
    co_return state_.guest().asciiz(state_.at(to), layout::path_size);
}

// --- memory, date and time

Task<DosResult<u16>> Calls::allocate(u16 paragraphs) {
    co_return result_of(co_await int21({.ax = 0x4800, .bx = paragraphs}));
}

Task<> Calls::release(u16 segment) {
    (void)co_await int21({.ax = 0x4900, .es = segment});
}

Task<DateAndTime> Calls::now() {
    const CallRegisters date = co_await int21({.ax = 0x2A00}), time = co_await int21({.ax = 0x2C00});
    co_return DateAndTime{.year = date.cx,
                          .month = u8(date.dx >> 8),
                          .day = u8(date.dx),
                          .weekday = date.al(),
                          .hour = u8(time.cx >> 8),
                          .minute = u8(time.cx),
                          .second = u8(time.dx >> 8),
                          .hundredth = u8(time.dx)};
}

}  // namespace dyn86::dos::shell
