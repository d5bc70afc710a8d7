#include "src/dos/find.h"

#include "src/dos/calendar.h"
#include "src/dos/files.h"

#include <algorithm>

namespace dyn86::dos {
namespace {

constexpr std::size_t kept_searches = 64;

/// The search's part of the DTA. [RBIL 21/AH=4Eh; the layout of version 4 and later, whose directory entry
/// and cluster fields hold our position and number]
namespace dta_field {
constexpr u16 drive = 0x00, pattern = 0x01, attributes = 0x0C, next = 0x0D, number = 0x11;
constexpr u16 attribute = 0x15, time = 0x16, date = 0x18, size = 0x1A, name = 0x1E;
}  // namespace dta_field

/// Files without special attributes are always found, others when asked for. [RBIL 21/AH=4Eh]
bool is_wanted(u8 attribute, u8 wanted) {
    constexpr u8 special = attribute::hidden | attribute::system | attribute::folder;
    return (attribute & special & ~wanted) == 0;
}

Finder::Found describe(const std::string& name, const FileStatus& status) {
    return {.name = name,
            .attribute = status.attributes,
            .time = status.stamp.time,
            .date = status.stamp.date,
            .size = u32(std::min<u64>(status.size, 0xFFFF'FFFF)),
            .cluster = status.cluster};
}

}  // namespace

std::optional<Finder::Found> Finder::look_at(const Search& search, const NamePair& name, u8 attributes) const {
    std::string path =
        search.folder.empty() || name.host.empty() ? search.folder + name.host : search.folder + '/' + name.host;
    if (name.dos == "..") path.erase(path.find('/') == std::string::npos ? 0 : path.rfind('/'));
    const auto status = drives_.drive(search.drive)->examine(path);
    if (!status) return std::nullopt;
    const Found found = describe(name.dos, *status);
    if (!is_wanted(found.attribute, attributes)) return std::nullopt;
    return found;
}

DosResult<Finder::Found> Finder::find_one(const DosPath& path, u8 attributes) {
    const auto place = drives_.drive(path.drive)->find(path.parts);
    if (!place) return std::unexpected(place.error());
    if (!place->exists()) return refuse(DosError::NoMoreFiles);
    const Search search{.drive = path.drive, .folder = place->folder, .names = {}, .last_use = 0};
    const auto found = look_at(search, {.dos = path.parts.back(), .host = place->name}, attributes);
    if (!found) return refuse(DosError::NoMoreFiles);
    return *found;
}

DosResult<Finder::Found> Finder::label(const DosPath& pattern) const {
    const std::string text = drives_.drive(pattern.drive)->label();
    if (text.empty()) return refuse(DosError::NoMoreFiles);
    const std::string name = text.size() > 8 ? text.substr(0, 8) + '.' + text.substr(8, 3) : text;
    return Found{.name = name, .attribute = attribute::label, .time = 0, .date = 0x21, .size = 0, .cluster = 0};
}

/// "C:\DIR\NUL" is found when the folder is there: how batch files ask for a folder.
DosResult<Finder::Found> Finder::device(const DosPath& path) const {
    const auto place = drives_.drive(path.drive)->find(path.parts);
    if (!place || !place->is_folder()) return refuse(DosError::PathNotFound);
    return Found{.name = path.name, .attribute = 0x40, .time = 0, .date = 0x21, .size = 0, .cluster = 0};
}

DosResult<Finder::Search> Finder::begin(const DosPath& pattern) {
    const std::vector<std::string> parts(pattern.parts.begin(), pattern.parts.end() - 1);
    const Volume& volume = *drives_.drive(pattern.drive);
    const auto place = volume.find(parts);
    if (!place || !place->is_folder()) return refuse(DosError::PathNotFound);
    Search search{.drive = pattern.drive, .folder = place->path(), .names = {}, .last_use = 0};
    auto names = volume.list(search.folder);
    if (!names) return refuse(DosError::PathNotFound);
    const FcbName wanted = to_fcb_name(pattern.parts.back());
    const auto add_if_wanted = [&](NamePair pair, const FcbName& name) {
        if (matches(wanted, name)) search.names.push_back(std::move(pair));
    };
    if (!parts.empty()) {
        add_if_wanted({".", ""}, {'.', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' '});
        add_if_wanted({"..", ""}, {'.', '.', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' '});
    }
    for (NamePair& pair : *names) {
        const FcbName name = to_fcb_name(pair.dos);
        add_if_wanted(std::move(pair), name);
    }
    return search;
}

void Finder::keep(u32 number, Search search) {
    if (searches_.size() >= kept_searches) {
        const auto oldest =
            std::ranges::min_element(searches_, {}, [](const auto& entry) { return entry.second.last_use; });
        searches_.erase(oldest);
    }
    searches_.emplace(number, std::move(search));
}

DosResult<Finder::Found> Finder::first(const DosPath& pattern, u8 attributes, Position& position) {
    position = {};
    if (pattern.device != Device::None) return device(pattern);
    if (attributes == attribute::label) return label(pattern);
    if (pattern.parts.empty()) return refuse(DosError::NoMoreFiles);
    if (!has_wildcards(pattern.parts.back())) return find_one(pattern, attributes);
    auto search = begin(pattern);
    if (!search) return std::unexpected(search.error());
    position = {.number = ++last_number_, .next = 0};
    keep(position.number, std::move(*search));
    return next(attributes, position);
}

DosResult<Finder::Found> Finder::next(u8 attributes, Position& position) {
    const auto entry = searches_.find(position.number);
    if (entry == searches_.end()) return refuse(DosError::NoMoreFiles);
    Search& search = entry->second;
    search.last_use = ++uses_;
    while (position.next < search.names.size()) {
        const NamePair& name = search.names[position.next++];
        if (auto found = look_at(search, name, attributes)) return *found;
    }
    searches_.erase(entry);
    return refuse(DosError::NoMoreFiles);
}

FinderState Finder::state() const {
    FinderState state{.searches = {}, .last_number = last_number_, .uses = uses_};
    for (const auto& [number, search] : searches_) {
        SearchState& saved = state.searches.emplace_back();
        saved.number = number;
        saved.drive = search.drive;
        saved.folder = search.folder;
        saved.last_use = search.last_use;
        for (const NamePair& name : search.names) saved.names.push_back({name.dos, name.host});
    }
    return state;
}

void Finder::restore(const FinderState& state) {
    searches_.clear();
    for (const SearchState& saved : state.searches) {
        Search search{.drive = saved.drive, .folder = saved.folder, .names = {}, .last_use = saved.last_use};
        for (const auto& name : saved.names) search.names.push_back({name.dos, name.host});
        keep(saved.number, std::move(search));
    }
    last_number_ = state.last_number;
    uses_ = state.uses;
}

// --- by path

void Finder::store(SegOff at, const Found& found) {
    guest_.set_byte(at + dta_field::attribute, found.attribute);
    guest_.set_word(at + dta_field::time, found.time);
    guest_.set_word(at + dta_field::date, found.date);
    guest_.set_dword(at + dta_field::size, found.size);
    guest_.fill(at + dta_field::name, 13, 0);
    guest_.write(at + dta_field::name, found.name);
}

void Finder::store_position(SegOff at, Position position) {
    guest_.set_dword(at + dta_field::next, position.next);
    guest_.set_dword(at + dta_field::number, position.number);
}

DosResult<> Finder::find_first(Caller& caller) {
    const auto pattern = parse_path(guest_.asciiz(caller.ds_dx()), drives_, Wildcards::InLast);
    if (!pattern) return std::unexpected(pattern.error());
    Position position;
    const auto found = first(*pattern, caller.cl(), position);
    if (!found) return std::unexpected(found.error());
    const SegOff at = dta();
    guest_.set_byte(at + dta_field::drive, u8(pattern->drive + 1));
    const FcbName name = to_fcb_name(pattern->parts.empty() ? std::string_view{} : pattern->parts.back());
    guest_.write(at + dta_field::pattern, std::string_view(name.data(), name.size()));
    guest_.set_byte(at + dta_field::attributes, caller.cl());
    store_position(at, position);
    store(at, *found);
    return {};
}

DosResult<> Finder::find_next() {
    const SegOff at = dta();
    Position position{.number = guest_.dword(at + dta_field::number), .next = guest_.dword(at + dta_field::next)};
    const auto found = next(guest_.byte(at + dta_field::attributes), position);
    if (!found) return std::unexpected(found.error());
    store_position(at, position);
    store(at, *found);
    return {};
}

// --- by FCB: the position lies in the FCB's reserved bytes, the result in the DTA is an FCB of the same kind with a
// directory entry behind its drive. [RBIL 21/AH=11h]

DosResult<> Finder::find_fcb(SegOff fcb, bool is_first) {
    constexpr u16 number_field = 0x0C, next_field = 0x10;
    const bool is_extended = guest_.byte(fcb) == 0xFF;
    const u8 attributes = is_extended ? guest_.byte(fcb + 6) : u8{0};
    const SegOff plain = is_extended ? fcb + 7 : fcb;
    const auto drive = drives_.drive_argument(guest_.byte(plain));
    if (!drive) return std::unexpected(drive.error());

    Position position{.number = guest_.dword(plain + number_field), .next = guest_.dword(plain + next_field)};
    DosResult<Found> found = refuse(DosError::NoMoreFiles);
    if (is_first) {
        FcbName name{};
        guest_.read(plain + 1, std::span(reinterpret_cast<u8*>(name.data()), name.size()));
        DosPath pattern{.drive = *drive, .parts = drives_.current_folder(*drive)};
        pattern.parts.push_back(from_fcb_name(name));
        found = first(pattern, attributes, position);
    } else {
        found = next(attributes, position);
    }
    if (!found) return std::unexpected(found.error());
    guest_.set_dword(plain + number_field, position.number);
    guest_.set_dword(plain + next_field, position.next);
    store_fcb_result(dta(), is_extended, attributes, u8(*drive + 1), *found);
    return {};
}

void Finder::store_fcb_result(SegOff at, bool is_extended, u8 attributes, u8 drive, const Found& found) {
    if (is_extended) {
        guest_.set_byte(at, 0xFF);
        guest_.fill(at + 1, 5, 0);
        guest_.set_byte(at + 6, attributes);
        at = at + 7;
    }
    guest_.set_byte(at, drive);
    const SegOff entry = at + 1;  // as a directory holds it
    FcbName name = to_fcb_name(found.name);
    if (found.name.starts_with('.')) {  // a folder itself, and its parent
        name.fill(' ');
        std::ranges::copy(found.name, name.begin());
    }
    guest_.fill(entry, 32, 0);
    guest_.write(entry, std::string_view(name.data(), name.size()));
    guest_.set_byte(entry + 0x0B, found.attribute);
    guest_.set_word(entry + 0x16, found.time);
    guest_.set_word(entry + 0x18, found.date);
    guest_.set_word(entry + 0x1A, found.cluster);
    guest_.set_dword(entry + 0x1C, found.size);
}

void Finder::install(Functions& functions) {
    functions.on(0x11, [this](Caller& c) { c.finish_old(find_fcb(c.ds_dx(), true)); });
    functions.on(0x12, [this](Caller& c) { c.finish_old(find_fcb(c.ds_dx(), false)); });
    functions.on(0x4E, [this](Caller& c) { c.finish(find_first(c)); });
    functions.on(0x4F, [this](Caller& c) { c.finish(find_next()); });
}

}  // namespace dyn86::dos
