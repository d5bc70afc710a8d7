// The files behind the system file table, in save states.
#include "src/dos/file_table.h"

#include <utility>

namespace dyn86::dos {

std::vector<OpenFileState> FileTable::open_files() const {
    std::vector<OpenFileState> states;
    for (u8 index = 0; index < behind_.size(); ++index) {
        const Behind& behind = behind_[index];
        if (!behind.file) continue;
        const SftEntry slot = entry(index);
        OpenFileState& state = states.emplace_back();
        state.entry = index;
        state.drive = slot.drive();
        state.path = behind.path;
        state.mode = u8(slot.mode());
        state.is_written = behind.is_written;
        if (const auto& stamp = behind.keep_stamp) state.keep_stamp = i32(u32{stamp->date} << 16 | stamp->time);
        for (const Region& region : behind.locks) state.locks.push_back({region.start, region.length});
    }
    return states;
}

i32 FileTable::first_stream_entry() const {
    for (std::size_t index = 0; index < behind_.size(); ++index)
        if (behind_[index].stream == Stream::In) return i32(index);
    return -1;
}

void FileTable::restore(const std::vector<OpenFileState>& states, std::vector<std::unique_ptr<OpenFile>> files,
                        i32 first_stream_entry) {
    for (Behind& behind : behind_) behind = Behind{};
    for (std::size_t i = 0; i < states.size(); ++i) {
        const OpenFileState& state = states[i];
        Behind& behind = behind_.at(state.entry);
        behind.file = std::move(files[i]);
        behind.path = state.path;
        behind.is_written = state.is_written;
        const u32 stamp = u32(state.keep_stamp);
        if (state.keep_stamp >= 0) behind.keep_stamp = FileStamp{.time = u16(stamp), .date = u16(stamp >> 16)};
        for (const auto& lock : state.locks) behind.locks.push_back({lock.start, lock.length});
    }
    constexpr u8 streams = 3;
    for (u8 i = 0; i < streams && first_stream_entry >= 0; ++i)
        behind_.at(std::size_t(first_stream_entry) + i).stream = Stream(1 + i);
}

}  // namespace dyn86::dos
