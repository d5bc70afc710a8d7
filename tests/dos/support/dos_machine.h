// A machine with nothing but memory, an engine and DOS, a folder of its own as drive C:, and streams in pipes and
// files.
#pragma once

#include "src/base/result.h"
#include "src/dos/setup.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace dyn86::test {

enum class EngineUnderTest : u8 { Interpreter, Jit };

/// The engines that exist on this host, for INSTANTIATE_TEST_SUITE_P.
std::vector<EngineUnderTest> engines();
std::string name_of(const testing::TestParamInfo<EngineUnderTest>& info);

/// What a run is given.
struct Launch {
    std::string program = {};  // "HELLO.COM", on C:
    std::string tail = {};
    bool shell = false;                      // instead of a program: the prompt
    std::vector<std::string> commands = {};  // or these commands of the shell's
    std::string input = {};                  // standard input, if there is no console
    std::vector<u16> keys = {};              // INT 16h words, one whenever the guest waits
    bool console = false;                    // handles 0-2 are CON
    bool out_utf8 = false;
    bool out_is_closed = false;   // the reader of standard output has gone away
    std::string folder_now = {};  // C:'s current folder at start, as a host path
    std::vector<std::string> environment = {};
    std::vector<dos::FolderSpec> more_drives = {};
    dos::DateSpec date{.local_seconds = 725'846'400 + 3661, .stamp_files = false};  // 1993-01-01 01:01:01
    bool read_only = false;
    std::string disk = {};                      // an image, as drive D:
    char drive = 'C';                           // that is current at start
    std::vector<dos::DriverSpec> drivers = {};  // files in C:, by name
};

/// What came of it.
struct Ran {
    bool started = false;
    Error error;         // why not, if not
    bool ended = false;  // else it waits for ever or ran too long
    dos::End end = dos::End::Exit;
    int errorlevel = -1;
    std::string out, err;    // what the host's streams got
    std::string screen;      // what INT 10h and the console got, in order
    std::string input_left;  // what the guest did not read
    bool flushed = true;     // output reached the host
    std::map<std::string, u64> missing;
};

/// A test with a folder that is drive C: and goes away afterwards. Guest programs of tests/dos/guests are put into it.
class DosTest : public testing::TestWithParam<EngineUnderTest> {
protected:
    DosTest();
    ~DosTest() override;

    /// Copies a built guest ("hello.com") into C:'s root.
    void install(const std::string& program);
    void write_file(const std::string& name, const std::string& content) const;
    [[nodiscard]] std::string read_file(const std::string& name) const;
    [[nodiscard]] Ran run(const Launch& launch) const;
    /// Installs NAME.com, runs it, and expects that it checked itself and found nothing (errorlevel 0).
    Ran check_guest(const std::string& name, Launch given = {});
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

private:
    std::filesystem::path folder_;
};

}  // namespace dyn86::test
