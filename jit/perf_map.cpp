#include "jit/perf_map.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <string>

namespace dyn86::jit {

Result<std::unique_ptr<PerfMap>> PerfMap::create() {
    const std::string path = fmt::format("/tmp/perf-{}.map", ::getpid());
    // The name is known beforehand and the folder everybody's: never follow a link, never write to another's file.
    ::unlink(path.c_str());
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (fd < 0) return fail_errno(path);
    return std::unique_ptr<PerfMap>(new PerfMap(fd));
}

PerfMap::~PerfMap() {
    ::close(fd_);
}

void PerfMap::name(std::span<const u8> code, std::string_view name) const {
    if (code.empty()) return;
    const std::string line =
        fmt::format("{:x} {:x} {}\n", reinterpret_cast<std::uintptr_t>(code.data()), code.size(), name);
    // A full disk costs names, not the run.
    [[maybe_unused]] const ssize_t written = ::write(fd_, line.data(), line.size());
}

void PerfMap::name_block(SegOff head, std::span<const u8> code, std::span<const u8> cold) const {
    const std::string block = fmt::format("g_{:04X}_{:04X}", head.segment, head.offset);
    name(code, block);
    name(cold, block + "_cold");
}

}  // namespace dyn86::jit
