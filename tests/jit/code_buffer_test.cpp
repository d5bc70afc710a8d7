#include "jit/code_buffer.h"

#include "tests/jit/bench_machine.h"

#include <cstring>
#include <fstream>
#include <string>

#include <sys/mman.h>

namespace dyn86::jit {
namespace {

/// Protections of all mappings of this process: "rw-s" and the like.
std::vector<std::string> protections() {
    std::ifstream maps("/proc/self/maps");
    std::vector<std::string> found;
    for (std::string line; std::getline(maps, line);) found.push_back(line.substr(line.find(' ') + 1, 4));
    return found;
}

}  // namespace

TEST(CodeBuffer, WritesHereRunThere) {
    constexpr std::size_t bytes = 1 << 20;
    void* const place = mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    const auto buffer = CodeBuffer::create(bytes, static_cast<u8*>(place));
    ASSERT_TRUE(buffer);
    constexpr u8 code[] = {0xB8, 42, 0, 0, 0, 0xC3};  // mov eax, 42; ret
    u8* const at = (*buffer)->hot();
    std::memcpy(at, code, sizeof code);
    const auto run = reinterpret_cast<int (*)()>(reinterpret_cast<std::uintptr_t>((*buffer)->executable(at)));
    EXPECT_EQ(run(), 42);
    at[1] = 43;
    EXPECT_EQ(run(), 43);
    EXPECT_EQ((*buffer)->writable((*buffer)->executable(at)), at);
}

TEST(CodeBuffer, NoMappingIsWritableAndExecutable) {
    BenchMachine machine;
    machine.place(BenchMachine::start, {0x40, 0xF4});  // inc ax; hlt
    machine.run();
    ASSERT_GT(machine.jit().stats().blocks_translated, 0u);
    bool executable = false;
    for (const std::string& protection : protections()) {
        EXPECT_FALSE(protection[1] == 'w' && protection[2] == 'x') << protection;
        executable |= protection == "r-xs";
    }
    EXPECT_TRUE(executable);
}

}  // namespace dyn86::jit
