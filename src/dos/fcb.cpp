#include "src/dos/fcb.h"

#include "src/dos/fcb_name.h"

#include <algorithm>

namespace dyn86::dos {
namespace {

/// [RBIL 21/AH=0Fh]; `entry` is ours.
namespace field {
constexpr u16 drive = 0x00, name = 0x01, block = 0x0C, record_size = 0x0E, size = 0x10, date = 0x14, time = 0x16,
              entry = 0x18, record = 0x20, random = 0x21, new_name = 0x11;
}  // namespace field

constexpr u8 extended_mark = 0xFF;
constexpr u16 default_record = 128, records_per_block = 128;
constexpr u8 read_write = 2, read_only = 0;

}  // namespace

SegOff Fcbs::plain(SegOff fcb) const {
    return guest_.byte(fcb) == extended_mark ? fcb + 7 : fcb;
}

u8 Fcbs::attributes(SegOff fcb) const {
    return guest_.byte(fcb) == extended_mark ? guest_.byte(fcb + 6) : u8{0};
}

FcbName Fcbs::name_at(SegOff at) const {
    FcbName name{};
    guest_.read(at, std::span(reinterpret_cast<u8*>(name.data()), name.size()));
    return name;
}

DosResult<std::string> Fcbs::path(SegOff fcb) const {
    const auto drive = drives_.drive_argument(guest_.byte(fcb + field::drive));
    if (!drive) return std::unexpected(drive.error());
    return std::string{char('A' + *drive), ':'} + from_fcb_name(name_at(fcb + field::name));
}

DosResult<DosPath> Fcbs::pattern(SegOff fcb) const {
    const auto text = path(fcb);
    if (!text) return std::unexpected(text.error());
    return parse_path(*text, drives_, Wildcards::InLast);
}

// --- opening and closing

DosResult<u8> Fcbs::open_by_name(SegOff fcb) {
    const auto text = path(fcb);
    if (!text) return std::unexpected(text.error());
    auto entry = files_.open_entry(*text, read_write);
    if (!entry && entry.error() == DosError::AccessDenied) entry = files_.open_entry(*text, read_only);
    return entry;
}

void Fcbs::attach(SegOff fcb, u8 index) {
    const SftEntry entry = table_.entry(index);
    guest_.set_byte(fcb + field::entry, index);
    guest_.set_dword(fcb + field::size, entry.size());
    guest_.set_word(fcb + field::date, entry.stamp().date);
    guest_.set_word(fcb + field::time, entry.stamp().time);
}

DosResult<u8> Fcbs::entry_of(SegOff fcb) {
    const u8 index = guest_.byte(fcb + field::entry);
    if (index < sft::count) {
        const SftEntry entry = table_.entry(index);
        if (entry.references() > 0 && name_at(entry.at() + sft::name) == name_at(fcb + field::name)) return index;
    }
    const auto entry = open_by_name(fcb);
    if (entry) attach(fcb, *entry);
    return entry;
}

DosResult<> Fcbs::open(SegOff fcb) {
    const auto entry = open_by_name(fcb);
    if (!entry) return std::unexpected(entry.error());
    attach(fcb, *entry);
    if (guest_.byte(fcb + field::drive) == 0) guest_.set_byte(fcb + field::drive, u8(drives_.current_drive() + 1));
    guest_.set_word(fcb + field::block, 0);
    guest_.set_word(fcb + field::record_size, default_record);
    return {};
}

DosResult<> Fcbs::create(SegOff fcb) {
    if (is_label(fcb)) return set_label(fcb, plain(fcb) + field::name);
    const SegOff at = plain(fcb);
    const auto text = path(at);
    if (!text) return std::unexpected(text.error());
    const auto entry = files_.create_entry(*text, attributes(fcb), Files::Existing::Truncate);
    if (!entry) return std::unexpected(entry.error());
    attach(at, *entry);
    guest_.set_word(at + field::block, 0);
    guest_.set_word(at + field::record_size, default_record);
    return {};
}

DosResult<> Fcbs::close(SegOff fcb) {
    const u8 index = guest_.byte(fcb + field::entry);
    const bool is_open = index < sft::count && table_.entry(index).references() > 0 &&
                         name_at(table_.entry(index).at() + sft::name) == name_at(fcb + field::name);
    if (!is_open) return refuse(DosError::InvalidHandle);
    guest_.set_byte(fcb + field::entry, FileTable::no_entry);
    return table_.release(index);
}

// --- names

// --- An extended FCB with the attribute of volume labels means the label and no file, whatever its name matches.

bool Fcbs::is_label(SegOff fcb) const {
    return (attributes(fcb) & attribute::label) != 0;
}

DosResult<> Fcbs::set_label(SegOff fcb, SegOff name) {
    const auto drive = drives_.drive_argument(guest_.byte(plain(fcb) + field::drive));
    if (!drive) return std::unexpected(drive.error());
    const FcbName bytes = name_at(name);
    std::string label(bytes.begin(), bytes.end());
    label.erase(label.find_last_not_of(' ') + 1);
    const bool is_good =
        !label.empty() && std::ranges::all_of(label, [](char c) { return u8(c) >= 0x20 && c != '?' && c != '*'; });
    return is_good ? drives_.drive(*drive)->set_label(label) : refuse(DosError::AccessDenied);
}

DosResult<> Fcbs::remove_label(SegOff fcb) {
    const auto drive = drives_.drive_argument(guest_.byte(plain(fcb) + field::drive));
    if (!drive) return std::unexpected(drive.error());
    return drives_.drive(*drive)->set_label({});
}

DosResult<> Fcbs::remove(SegOff given) {
    if (is_label(given)) return remove_label(given);
    const SegOff fcb = plain(given);
    const auto wanted = pattern(fcb);
    if (!wanted) return std::unexpected(wanted.error());
    Finder::Position position;
    DosResult<> result = refuse(DosError::FileNotFound);
    for (auto found = finder_.first(*wanted, 0, position); found; found = finder_.next(0, position)) {
        DosPath target = *wanted;
        target.parts.back() = found->name;
        result = files_.remove(target.text());
        if (!result) return result;
    }
    return result;
}

DosResult<> Fcbs::rename(SegOff given) {
    if (is_label(given)) return set_label(given, plain(given) + field::new_name);
    const SegOff fcb = plain(given);
    const auto wanted = pattern(fcb);
    if (!wanted) return std::unexpected(wanted.error());
    const FcbName form = name_at(fcb + field::new_name);
    Finder::Position position;
    DosResult<> result = refuse(DosError::FileNotFound);
    for (auto found = finder_.first(*wanted, 0, position); found; found = finder_.next(0, position)) {
        FcbName name = to_fcb_name(found->name);
        for (std::size_t i = 0; i < name.size(); ++i)
            if (form[i] != '?') name[i] = form[i];
        DosPath from = *wanted, to = *wanted;
        from.parts.back() = found->name;
        to.parts.back() = from_fcb_name(name);
        result = files_.rename(from.text(), to.text());
        if (!result) return result;
    }
    return result;
}

DosResult<> Fcbs::measure(SegOff fcb) {
    const auto entry = open_by_name(fcb);
    if (!entry) return std::unexpected(entry.error());
    const u32 size = table_.entry(*entry).size(), record = record_size(fcb);
    set_random_record(fcb, (size + record - 1) / record);
    return table_.release(*entry);
}

// --- records

u16 Fcbs::record_size(SegOff fcb) const {
    const u16 size = guest_.word(fcb + field::record_size);
    return size == 0 ? default_record : size;
}

u32 Fcbs::current_record(SegOff fcb) const {
    return u32{guest_.word(fcb + field::block)} * records_per_block + guest_.byte(fcb + field::record);
}

void Fcbs::set_current_record(SegOff fcb, u32 record) {
    guest_.set_word(fcb + field::block, u16(record / records_per_block));
    guest_.set_byte(fcb + field::record, u8(record % records_per_block));
}

/// Three bytes, four for records shorter than 64 bytes. [RBIL 21/AH=0Fh]
u32 Fcbs::random_record(SegOff fcb) const {
    const u32 record = guest_.dword(fcb + field::random);
    return record_size(fcb) < 64 ? record : record & 0xFF'FFFF;
}

void Fcbs::set_random_record(SegOff fcb, u32 record) {
    guest_.set_word(fcb + field::random, u16(record));
    guest_.set_byte(fcb + u16(field::random + 2), u8(record >> 16));
    if (record_size(fcb) < 64) guest_.set_byte(fcb + u16(field::random + 3), u8(record >> 24));
}

Fcbs::Outcome Fcbs::read_records(u8 entry, u16 size, u16 count) {
    const SegOff dta = guest_.pointer(in_dos_segment(sda::dta));
    const auto got = table_.read(entry, dta, u16(size * count));
    if (!got || *got == 0) return {.status = Status::EndOfFile};
    const u16 rest = u16(*got % size);
    if (rest != 0) guest_.fill(dta + *got, std::size_t(size - rest), 0);
    const u16 records = u16(*got / size + (rest != 0 ? 1 : 0));
    if (rest != 0) return {.status = Status::Partial, .records = records};
    return {.status = records < count ? Status::EndOfFile : Status::Done, .records = records};
}

Fcbs::Outcome Fcbs::write_records(u8 entry, u16 size, u16 count) {
    const SegOff dta = guest_.pointer(in_dos_segment(sda::dta));
    const u16 wanted = u16(size * count);
    const auto done = table_.write(entry, dta, wanted);
    if (!done || *done < wanted) return {.status = Status::EndOfFile, .records = u16(done.value_or(0) / size)};  // full
    return {.status = Status::Done, .records = count};
}

Fcbs::Outcome Fcbs::transfer(SegOff fcb, u32 record, u16 count, Transfer direction) {
    const auto entry = entry_of(fcb);
    if (!entry) return {.status = Status::EndOfFile};
    const u16 size = record_size(fcb);
    const u32 room = 0x1'0000u - guest_.pointer(in_dos_segment(sda::dta)).offset;
    const u16 fitting = u16(std::min({u32{count}, room / size, 0xFFFFu / size}));
    if (fitting == 0 && count > 0) return {.status = Status::SegmentWrap};
    table_.entry(*entry).set_position(record * size);
    const bool reads = direction == Transfer::Read;
    Outcome outcome = reads ? read_records(*entry, size, fitting) : write_records(*entry, size, fitting);
    if (outcome.status == Status::Done && fitting < count) outcome.status = Status::SegmentWrap;
    if (!reads) guest_.set_dword(fcb + field::size, table_.entry(*entry).size());
    return outcome;
}

Fcbs::Status Fcbs::sequential(SegOff fcb, Transfer direction) {
    const u32 record = current_record(fcb);
    const Outcome outcome = transfer(fcb, record, 1, direction);
    set_current_record(fcb, record + outcome.records);
    return outcome.status;
}

Fcbs::Status Fcbs::random(SegOff fcb, Transfer direction) {
    const u32 record = random_record(fcb);
    set_current_record(fcb, record);
    return transfer(fcb, record, 1, direction).status;
}

void Fcbs::block(Caller& caller, Transfer direction) {
    const SegOff fcb = plain(caller.ds_dx());
    const u32 record = random_record(fcb);
    // Writing no records moves the end of the file, which an empty write does.
    const Outcome outcome = transfer(fcb, record, caller.cx, direction);
    set_random_record(fcb, record + outcome.records);
    set_current_record(fcb, record + outcome.records);
    caller.cx = outcome.records;
    caller.set_al(u8(outcome.status));
}

void Fcbs::parse(Caller& caller) {
    constexpr u8 skip_separators = 1, keep_drive = 2, keep_name = 4, keep_extension = 8;
    const u8 options = caller.al();
    const Leading skip = (options & skip_separators) != 0 ? Leading::Separators : Leading::Blanks;
    const ParsedFcb parsed = parse_fcb_name(guest_.asciiz(caller.ds_si()), skip, drives_);
    const SegOff fcb = caller.es_di();
    const std::string_view name(parsed.name.data(), parsed.name.size());
    if (parsed.has_drive || (options & keep_drive) == 0) guest_.set_byte(fcb, parsed.drive);
    if (parsed.has_name || (options & keep_name) == 0) guest_.write(fcb + field::name, name.substr(0, 8));
    if (parsed.has_extension || (options & keep_extension) == 0)
        guest_.write(fcb + u16(field::name + 8), name.substr(8));
    guest_.set_dword(fcb + field::block, 0);
    caller.si = u16(caller.si + parsed.length);
    caller.set_al(!parsed.is_drive_valid ? 0xFF : parsed.has_wildcards ? 1 : 0);
}

void Fcbs::install(Functions& functions) {
    using Method = DosResult<> (Fcbs::*)(SegOff);
    const auto on = [&](u8 number, Method method) {
        functions.on(number, [this, method](Caller& c) { c.finish_old((this->*method)(plain(c.ds_dx()))); });
    };
    on(0x0F, &Fcbs::open);
    on(0x10, &Fcbs::close);
    functions.on(0x13, [this](Caller& c) { c.finish_old(remove(c.ds_dx())); });
    functions.on(0x14, [this](Caller& c) { c.set_al(u8(sequential(plain(c.ds_dx()), Transfer::Read))); });
    functions.on(0x15, [this](Caller& c) { c.set_al(u8(sequential(plain(c.ds_dx()), Transfer::Write))); });
    functions.on(0x16, [this](Caller& c) { c.finish_old(create(c.ds_dx())); });
    functions.on(0x17, [this](Caller& c) { c.finish_old(rename(c.ds_dx())); });
    functions.on(0x21, [this](Caller& c) { c.set_al(u8(random(plain(c.ds_dx()), Transfer::Read))); });
    functions.on(0x22, [this](Caller& c) { c.set_al(u8(random(plain(c.ds_dx()), Transfer::Write))); });
    on(0x23, &Fcbs::measure);
    functions.on(0x24, [this](Caller& c) { set_random_record(plain(c.ds_dx()), current_record(plain(c.ds_dx()))); });
    functions.on(0x27, [this](Caller& c) { block(c, Transfer::Read); });
    functions.on(0x28, [this](Caller& c) { block(c, Transfer::Write); });
    functions.on(0x29, [this](Caller& c) { parse(c); });
}

}  // namespace dyn86::dos
