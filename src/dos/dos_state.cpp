// DOS in save states.
#include "src/dos/dos_parts.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace dyn86::dos {

HostState Dos::host_state() const {
    const Parts& p = *parts_;
    HostState state{.start_seconds = p.calendar.start(),
                    .files = p.table.open_files(),
                    .finder = p.finder.state(),
                    .streams = {.first_entry = p.table.first_stream_entry(), .input_position = -1},
                    .shell_commands = {},
                    .shell_has_begun = p.shells.has_begun()};
    if (state.streams.first_entry >= 0) state.streams.input_position = lseek(p.streams.input(), 0, SEEK_CUR);
    for (const std::string& command : p.shells.commands()) state.shell_commands.push_back({command});
    return state;
}

Result<ReopenedState> Dos::reopen(HostState state, std::span<const u8> rom) {
    const auto entries = find_rom_entries(rom);
    if (!entries) return std::unexpected(entries.error());
    if (auto done = parts_->add_shell_drive(*entries); !done) return std::unexpected(done.error());
    constexpr i32 last_streams = sft::count - 3;
    if (state.streams.first_entry > last_streams) return fail("there is no such entry for the streams");
    const auto has_drive = [&](const SearchState& search) { return parts_->drives.drive(search.drive) != nullptr; };
    if (!std::ranges::all_of(state.finder.searches, has_drive)) return fail("it searches a drive that is not there");
    std::vector<std::unique_ptr<OpenFile>> files;
    for (const OpenFileState& saved : state.files) {
        auto file = parts_->reopen(saved);
        if (!file) return std::unexpected(file.error());
        files.push_back(std::move(*file));
    }
    return ReopenedState{std::move(state), std::move(files), *entries};
}

Result<std::unique_ptr<OpenFile>> Dos::Parts::reopen(const OpenFileState& saved) const {
    const Volume* const volume = drives.drive(saved.drive);
    const OpenMode mode{saved.mode};
    if (volume == nullptr || saved.entry >= sft::count || !mode.is_valid())
        return fail("it has a file open on a drive that is not there");
    const std::size_t slash = saved.path.rfind('/');
    const bool is_nested = slash != std::string::npos;
    const Place place{.folder = is_nested ? saved.path.substr(0, slash) : "",
                      .name = is_nested ? saved.path.substr(slash + 1) : saved.path,
                      .status = volume->examine(saved.path)};
    auto file = volume->open(place, mode);
    if (!file) return fail(fmt::format("{} was open and cannot be opened", saved.path));
    if (!(*file)->claim_share(mode)) return fail(fmt::format("{} was open and is in use", saved.path));
    for (const auto& lock : saved.locks)
        if (!(*file)->lock({lock.start, lock.length}))
            return fail(fmt::format("{} was locked and is locked by others", saved.path));
    return std::move(*file);
}

void Dos::restore(ReopenedState reopened) {
    Parts& p = *parts_;
    const HostState& state = reopened.state;
    p.process.set_entries({.finish = {rom_segment, reopened.entries.finish},
                           .root_exit = {rom_segment, reopened.entries.interrupts[0x22 - 0x20]}});
    p.driver_loop = {rom_segment, reopened.entries.drivers};
    p.blocks.set_block_driver(in_dos_segment(lists::nul_header));
    p.country.set_casemap({rom_segment, reopened.entries.casemap});
    p.calendar.set_start(state.start_seconds);
    p.table.restore(state.files, std::move(reopened.files), state.streams.first_entry);
    p.finder.restore(state.finder);
    if (state.streams.input_position >= 0) (void)lseek(p.streams.input(), state.streams.input_position, SEEK_SET);
    std::vector<std::string> commands;
    for (const CommandState& command : state.shell_commands) commands.push_back(command.text);
    p.shells.restore(std::move(commands), state.shell_has_begun);
}

Mouse& Dos::mouse() {
    return parts_->mouse;
}

}  // namespace dyn86::dos
