// What a save state holds of DOS beside guest memory: the host's side of it, as plain data.
#pragma once

#include "src/base/archive.h"
#include "src/dos/rom_entries.h"
#include "src/dos/volume.h"

#include <memory>
#include <string>
#include <vector>

namespace dyn86::dos {

/// An open file, by the path that it was opened with on its drive.
struct OpenFileState {
    u8 entry = 0;  // of the system file table
    u8 drive = 0;  // from 0 = A:
    std::string path;
    u8 mode = 0;  // likewise
    bool is_written = false;
    i32 keep_stamp = -1;  // date << 16 | time; -1: none
    struct Lock {
        u64 start = 0, length = 0;
        void serialize(Archive& ar) {
            ar("start", start);
            ar("length", length);
        }
    };
    std::vector<Lock> locks;
    void serialize(Archive& ar) {
        ar("entry", entry);
        ar("drive", drive);
        ar("path", path);
        ar("mode", mode);
        ar("is_written", is_written);
        ar("keep_stamp", keep_stamp);
        ar("locks", locks);
    }
};

/// A search that may go on.
struct SearchState {
    struct Name {
        std::string dos, host;
        void serialize(Archive& ar) {
            ar("dos", dos);
            ar("host", host);
        }
    };
    u32 number = 0;
    u8 drive = 0;
    std::string folder;
    u64 last_use = 0;
    std::vector<Name> names;
    void serialize(Archive& ar) {
        ar("number", number);
        ar("drive", drive);
        ar("folder", folder);
        ar("last_use", last_use);
        ar("names", names);
    }
};

struct CommandState {
    std::string text;
    void serialize(Archive& ar) { ar("text", text); }
};

struct FinderState {
    std::vector<SearchState> searches;
    u32 last_number = 0;
    u64 uses = 0;
    void serialize(Archive& ar) {
        ar("searches", searches);
        ar("last_number", last_number);
        ar("uses", uses);
    }
};

/// Which entries are the host's streams, and where its standard input was if it is a file (-1: it is none).
struct StreamState {
    i32 first_entry = -1;
    i64 input_position = -1;
    void serialize(Archive& ar) {
        ar("first_entry", first_entry);
        ar("input_position", input_position);
    }
};

struct HostState {
    i64 start_seconds = 0;  // the guest's date at time 0
    std::vector<OpenFileState> files;
    FinderState finder;
    StreamState streams;
    /// Of the first shell, and whether it has begun with them.
    std::vector<CommandState> shell_commands;
    bool shell_has_begun = false;
    void serialize(Archive& ar) {
        ar("start_seconds", start_seconds);
        ar("files", files);
        ar("finder", finder);
        ar("streams", streams);
        ar("shell_commands", shell_commands);
        ar("shell_has_begun", shell_has_begun);
    }
};

/// A state that can be taken over: its files are open, and the ROM of its memory is known.
struct ReopenedState {
    HostState state;
    std::vector<std::unique_ptr<OpenFile>> files;
    RomEntries entries;
};

}  // namespace dyn86::dos
