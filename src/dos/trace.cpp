#include "src/dos/trace.h"

#include "src/dos/fcb_name.h"
#include "src/dos/trace_calls.h"

#include <fmt/format.h>

#include <algorithm>

namespace dyn86::dos {
namespace {

constexpr std::size_t shown_bytes = 32;

std::string escaped(u8 c) {
    switch (c) {
        case '\r': return "\\r";
        case '\n': return "\\n";
        case '\t': return "\\t";
        case '"': return "\\\"";
        case '\\': return "\\\\";
        default: break;
    }
    return c >= 0x20 && c < 0x7F ? std::string(1, char(c)) : fmt::format("\\x{:02X}", c);
}

std::string_view meaning(u16 error) {
    switch (DosError(error)) {
        case DosError::InvalidFunction: return "no such function";
        case DosError::FileNotFound: return "file not found";
        case DosError::PathNotFound: return "path not found";
        case DosError::TooManyOpenFiles: return "too many open files";
        case DosError::AccessDenied: return "access denied";
        case DosError::InvalidHandle: return "invalid handle";
        case DosError::NotEnoughMemory: return "not enough memory";
        case DosError::InvalidBlock: return "no such memory block";
        case DosError::BadFormat: return "not a program";
        case DosError::InvalidAccess: return "invalid access";
        case DosError::InvalidDrive: return "invalid drive";
        case DosError::NotSameDevice: return "not the same drive";
        case DosError::NoMoreFiles: return "no more files";
        case DosError::SharingViolation: return "sharing violation";
        case DosError::LockViolation: return "lock violation";
        case DosError::FileExists: return "file exists";
        default: return {};
    }
}

/// Functions up to 2Eh say in AL what came of them, the others by carry.
bool tells_by_carry(u8 function) {
    return function >= 0x38 && function != 0x50 && function != 0x51 && function != 0x52 && function != 0x54 &&
           function != 0x55 && function != 0x62;
}

std::string error_text(const Caller& after) {
    const std::string_view text = meaning(after.ax);
    return text.empty() ? fmt::format("error {:02X}", after.ax) : fmt::format("error {:02X} ({})", after.ax, text);
}

}  // namespace

std::string CallTrace::quoted(SegOff at, std::size_t length) const {
    std::string text = "\"";
    for (std::size_t i = 0; i < std::min(length, shown_bytes); ++i) text += escaped(guest_.byte(at + u16(i)));
    return text + (length > shown_bytes ? "\"..." : "\"");
}

std::string CallTrace::fcb(SegOff at) const {
    if (guest_.byte(at) == 0xFF) at = at + 7;
    FcbName name{};
    guest_.read(at + 1, std::span(reinterpret_cast<u8*>(name.data()), name.size()));
    const u8 drive = guest_.byte(at);
    const std::string letter = drive == 0 ? std::string() : std::string{char('@' + (drive & 0x1F)), ':'};
    return letter + from_fcb_name(name);
}

std::string CallTrace::child(const Caller& caller) const {
    const SegOff tail = guest_.pointer(caller.es_bx() + 2);
    const bool has_tail = caller.al() <= 1;
    return fmt::format("\"{}\"{}{}", guest_.asciiz(caller.ds_dx()), has_tail ? ", " : "",
                       has_tail ? quoted(tail + 1, guest_.byte(tail)) : std::string());
}

std::string CallTrace::argument(Part part, const Caller& c) const {
    constexpr std::size_t longest_string = 200;
    switch (part) {
        case Part::Al: return fmt::format("{:02X}", c.al());
        case Part::Ax: return fmt::format("{:04X}", c.ax);
        case Part::Bx: return fmt::format("{:04X}", c.bx);
        case Part::Cx: return fmt::format("{:04X}", c.cx);
        case Part::Dx: return fmt::format("{:04X}", c.dx);
        case Part::Dl: return fmt::format("{:02X}", c.dl());
        case Part::Es: return fmt::format("{:04X}", c.es);
        case Part::Character: return fmt::format("\"{}\"", escaped(c.dl()));
        case Part::CxDx: return fmt::format("{}", i32(u32{c.cx} << 16 | c.dx));
        case Part::SiDi: return fmt::format("{}", u32{c.si} << 16 | c.di);
        case Part::DsDx: return fmt::format("{:04X}:{:04X}", c.ds, c.dx);
        case Part::EsBx: return fmt::format("{:04X}:{:04X}", c.es, c.bx);
        case Part::Path: return fmt::format("\"{}\"", guest_.asciiz(c.ds_dx()));
        case Part::PathSi: return fmt::format("\"{}\"", guest_.asciiz(c.ds_si()));
        case Part::NewPath: return fmt::format("\"{}\"", guest_.asciiz(c.es_di()));
        case Part::Text: return quoted(c.ds_dx(), c.cx);
        case Part::Dollar: {
            std::size_t length = 0;
            while (length < longest_string && guest_.byte(c.ds_dx() + u16(length)) != '$') ++length;
            return quoted(c.ds_dx(), length);
        }
        case Part::Fcb: return fcb(c.ds_dx());
        case Part::Child: return child(c);
        case Part::Date: return fmt::format("{}-{:02}-{:02}", c.cx, c.dh(), c.dl());
        case Part::Time: return fmt::format("{:04X} {:04X}", c.cx, c.dx);
        default: return {};
    }
}

std::string CallTrace::result(Part part, const Caller& before, const Caller& after) const {
    switch (part) {
        case Part::AlFlag: return after.al() == 0 ? "done" : fmt::format("failed ({:02X})", after.al());
        case Part::DxAx: return fmt::format("{}", u32{after.dx} << 16 | after.ax);
        case Part::Got: return fmt::format("{:04X} {}", after.ax, quoted(before.ds_dx(), after.ax));
        case Part::Line: return quoted(before.ds_dx() + 2, guest_.byte(before.ds_dx() + 1));
        case Part::Folder: return fmt::format("\"{}\"", guest_.asciiz(before.ds_si()));
        case Part::Found: {
            constexpr u16 name = 0x1E;
            return fmt::format("\"{}\"", guest_.asciiz(guest_.pointer(in_dos_segment(sda::dta)) + name, 13));
        }
        default: return argument(part, after);
    }
}

/// The host's file behind a call's path.
std::string CallTrace::host_file(Part part, const Caller& before) const {
    const bool is_path = part == Part::Path || part == Part::PathSi;
    if (!is_path) return {};
    const auto target = drives_.find(guest_.asciiz(part == Part::Path ? before.ds_dx() : before.ds_si()));
    if (!target || target->volume == nullptr) return {};
    return fmt::format(" ({})", target->volume->host_path(target->place));
}

std::string CallTrace::beginning(const Caller& caller) const {
    const CallRow* const row = call_row(caller.ah());
    std::string line = fmt::format("{:04X} 21/{:02X} {}", guest_.word(in_dos_segment(sda::psp)), caller.ah(),
                                   row != nullptr ? row->name : "not there");
    if (row == nullptr) return line;
    const char* separator = " ";
    for (const Part part : row->arguments) {
        if (part == Part::None) break;
        line += separator + argument(part, caller);
        separator = ", ";
    }
    return line;
}

void CallTrace::entering(const Caller& caller) const {
    if (changes_programs(caller.ah())) sink_(beginning(caller));
}

void CallTrace::returned(const Caller& before, const Caller& after) const {
    const CallRow* const row = call_row(before.ah());
    std::string line = beginning(before);
    const bool failed = row == nullptr || (tells_by_carry(before.ah()) && (after.flags & flag::c) != 0);
    if (failed)
        line += " = " + error_text(after);
    else if (row->result != Part::None)
        line += " = " + result(row->result, before, after);
    if (row != nullptr) line += host_file(row->arguments[0], before);
    sink_(line);
}

void CallTrace::ended(u8 interrupt) const {
    sink_(fmt::format("{:04X} {:02X} {}", guest_.word(in_dos_segment(sda::psp)), interrupt,
                      interrupt == 0x27 ? "stay_resident" : "terminate"));
}

}  // namespace dyn86::dos
