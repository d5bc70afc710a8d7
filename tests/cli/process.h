// Runs the built dyn86 (or another command) as a user would: arguments, streams, environment, exit status.
#pragma once

#include <gtest/gtest.h>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace dyn86::cli {

using Arguments = std::vector<std::string>;

/// A child process with pipes for its streams; killed when it is still there at the end.
class Process {
public:
    /// `environment` holds NAME=VALUE additions; the display variables are removed.
    explicit Process(const Arguments& command, const Arguments& environment = {}) {
        int in[2], out[2], err[2];
        if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0 || ::pipe2(err, O_CLOEXEC) != 0) std::abort();
        pid_ = ::fork();
        if (pid_ == 0) {
            ::dup2(in[0], 0);
            ::dup2(out[1], 1);
            ::dup2(err[1], 2);
            execute(command, environment);
        }
        ::close(in[0]);
        ::close(out[1]);
        ::close(err[1]);
        in_ = in[1];
        out_ = out[0];
        err_ = err[0];
    }
    ~Process() {
        close_input();
        ::close(out_);
        ::close(err_);
        if (!reaped_) {
            ::kill(pid_, SIGKILL);
            (void)wait();
        }
    }
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    void write(const std::string& bytes) const {
        ASSERT_EQ(::write(in_, bytes.data(), bytes.size()), ssize_t(bytes.size()));
    }
    void close_input() {
        if (in_ >= 0) ::close(in_);
        in_ = -1;
    }
    [[nodiscard]] pid_t pid() const { return pid_; }
    [[nodiscard]] bool has_ended() const {
        siginfo_t how{};
        return ::waitid(P_PID, id_t(pid_), &how, WEXITED | WNOHANG | WNOWAIT) == 0 && how.si_pid == pid_;
    }
    /// Reads standard output until it holds `text`; false when it ends before.
    bool read_until(const std::string& text) {
        while (output.find(text) == std::string::npos)
            if (!read_some()) return false;
        return true;
    }
    void read_all() {
        while (read_some()) continue;
    }
    /// The exit status as a shell says it.
    int wait() {
        int status = 0;
        ::waitpid(pid_, &status, 0);
        reaped_ = true;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }

    std::string output, errors;

private:
    [[noreturn]] static void execute(const Arguments& command, const Arguments& environment) {
        ::unsetenv("DISPLAY");
        ::unsetenv("WAYLAND_DISPLAY");
        for (const std::string& setting : environment) ::putenv(const_cast<char*>(setting.c_str()));
        std::vector<char*> arguments;
        for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
        arguments.push_back(nullptr);
        ::execvp(arguments[0], arguments.data());
        ::_exit(127);
    }
    /// Reads what is there from both streams; false when both have ended.
    bool read_some() {
        std::array<pollfd, 2> files = {{{out_open_ ? out_ : -1, POLLIN, 0}, {err_open_ ? err_ : -1, POLLIN, 0}}};
        if (!out_open_ && !err_open_) return false;
        ::poll(files.data(), files.size(), -1);
        if (files[0].revents != 0) out_open_ = append(out_, output);
        if (files[1].revents != 0) err_open_ = append(err_, errors);
        return out_open_ || err_open_;
    }
    static bool append(int file, std::string& text) {
        std::array<char, 4096> bytes;
        const ssize_t count = ::read(file, bytes.data(), bytes.size());
        if (count > 0) text.append(bytes.data(), std::size_t(count));
        return count > 0;
    }

    pid_t pid_ = -1;
    int in_ = -1, out_ = -1, err_ = -1;
    bool out_open_ = true, err_open_ = true, reaped_ = false;
};

struct Finished {
    int status = -1;
    std::string output, errors;
};

/// Runs a command to its end.
inline Finished run_command(const Arguments& command, const std::string& input = "",
                            const Arguments& environment = {}) {
    Process process(command, environment);
    if (!input.empty()) process.write(input);
    process.close_input();
    process.read_all();
    const int status = process.wait();
    return {status, process.output, process.errors};
}

inline Arguments dyn86_command(Arguments arguments) {
    // A test that hangs is a test that fails: no run takes longer than this, even on a busy machine.
    arguments.insert(arguments.begin(), {DYN86_BINARY, "--timeout=60s"});
    return arguments;
}
inline Finished dyn86(const Arguments& arguments, const std::string& input = "") {
    return run_command(dyn86_command(arguments), input);
}

/// A guest program of tests/cli/guests.
inline std::string guest(const std::string& name) {
    return std::string(DYN86_GUESTS) + "/" + name + ".COM";
}

/// A folder of the test's own.
class Folder {
public:
    Folder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "dyn86-cli-XXXXXX").string();
        if (!::mkdtemp(pattern.data())) std::abort();
        path_ = pattern;
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    [[nodiscard]] std::string operator/(const std::string& name) const { return (path_ / name).string(); }
    void write(const std::string& name, const std::string& bytes) const {
        std::ofstream(path_ / name, std::ios::binary) << bytes;
    }
    [[nodiscard]] std::string read(const std::string& name) const {
        std::ifstream file(path_ / name, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }

private:
    std::filesystem::path path_;
};

/// A boot sector of tests/cli/guests in a folder of the test's own: an image that is written is locked, and other tests
/// run beside this one.
inline std::string boot_sector(const Folder& folder) {
    std::filesystem::copy_file(std::string(DYN86_GUESTS) + "/BOOT.BIN", folder / "BOOT.BIN");
    return folder / "BOOT.BIN";
}

}  // namespace dyn86::cli
