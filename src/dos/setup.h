// What a machine tells DOS before it starts: drives, environment, streams, date. Plain data.
#pragma once

#include "src/base/result.h"
#include "src/base/types.h"
#include "src/dos/code_page.h"
#include "src/dos/disk_in_drive.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace dyn86::dos {

/// A host folder as a drive.
struct FolderSpec {
    char letter = 'C';
    std::string path;
    bool read_only = false;
    std::string label;
    /// Where the drive's current folder is at start: a host path relative to `path`, or empty for the root.
    std::string current = {};
};

/// A drive for disks with a FAT file system.
struct DiskSpec {
    char letter = 'A';
    std::function<DiskInDrive()> drive;
};

/// A device driver of the user's: a host file, and what follows its name in a CONFIG.SYS.
struct DriverSpec {
    std::string path, arguments;
};

/// What handles 0, 1 and 2 are. [COMMAND_LINE.md, Streams]
struct StreamSpec {
    /// True: keyboard and guest screen, and out/err only get a copy of what goes to handles 1 and 2 (-1: none).
    /// False: in, out, err are the handles, as redirected files; output appears on the guest screen too.
    bool console = false;
    int in = 0, out = 1, err = 2;
    bool out_utf8 = false, err_utf8 = false;
};

struct DateSpec {
    /// The guest's date when it starts: seconds since 1970-01-01 00:00, local time.
    i64 local_seconds = 0;
    /// True: written files carry the guest's date; false: the host's.
    bool stamp_files = false;
};

/// Why the first program ended.
enum class End : u8 { Exit, Tsr, Abort };

struct Setup {
    std::vector<FolderSpec> drives;
    std::vector<DiskSpec> disks;
    std::vector<DriverSpec> drivers;
    StreamSpec streams;
    DateSpec date;
    /// KEY=VALUE lines added to or replacing the environment's own.
    std::vector<std::string> environment;
    CodePage code_page;
    u8 version_major = 5, version_minor = 0;
    /// Told of every INT 21h call, a line each. Empty: nobody listens.
    std::function<void(std::string_view)> trace;
    /// Drives the mouse's interrupt line (IRQ 2). Empty: nobody points.
    std::function<void(bool level)> set_mouse_line;
    /// Called when the first program has ended; has to make the engine stop.
    std::function<void(End, u8 errorlevel)> on_end;
    /// Called instead when drivers or the program behind them cannot be loaded; the engine has to stop.
    std::function<void(const Error&)> on_failure;
    /// Asked about every 50 ms while DOS waits for host input: false lets the guest go on idling, so that run() can
    /// return.
    std::function<bool()> keep_waiting;
};

/// Where text for the console goes when nobody has hooked the way there: the BIOS's teletype output in one call.
class ConsoleOutput {
public:
    virtual ~ConsoleOutput() = default;
    virtual void write(const u8* text, std::size_t length) = 0;
};

}  // namespace dyn86::dos
