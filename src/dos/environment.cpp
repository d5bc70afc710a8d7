#include "src/dos/environment.h"

#include "src/dos/code_page.h"

#include <algorithm>

namespace dyn86::dos {
namespace {

constexpr std::size_t longest = 0x8000;

}  // namespace

void set_variable(std::vector<std::string>& environment, std::string_view line) {
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos || equals == 0) return;
    const std::string name = ascii_upper(std::string(line.substr(0, equals + 1)));
    const std::string_view value = line.substr(equals + 1);
    const auto old =
        std::ranges::find_if(environment, [&](const std::string& entry) { return entry.starts_with(name); });
    if (value.empty()) {
        if (old != environment.end()) environment.erase(old);
    } else if (old != environment.end()) {
        *old = name + std::string(value);
    } else {
        environment.push_back(name + std::string(value));
    }
}

DosResult<std::vector<std::string>> read_environment(const Guest& guest, u16 segment) {
    std::vector<std::string> environment;
    for (u32 offset = 0; offset < longest;) {
        std::string line = guest.asciiz({segment, u16(offset)}, longest);
        if (line.empty()) return environment;
        offset += u32(line.size() + 1);
        environment.push_back(std::move(line));
    }
    return refuse(DosError::BadEnvironment);
}

std::string environment_block(const std::vector<std::string>& environment, std::string_view program) {
    std::string block;
    for (const std::string& line : environment) block.append(line).push_back('\0');
    if (environment.empty()) block.push_back('\0');
    block.push_back('\0');
    block.append("\x01\0", 2).append(program).push_back('\0');
    return block;
}

}  // namespace dyn86::dos
