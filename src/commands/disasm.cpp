// dyn86 disasm: a file of 8086 code as nasm source or JSON.
#include "src/commands/commands.h"
#include "src/config/subcommands.h"
#include "src/frontend/dump.h"
#include "src/listing/listing.h"

#include <filesystem>

namespace dyn86::commands {
namespace {

Result<std::string> text_of(const config::DisasmOptions& options) {
    const auto file = listing::open_code_file(options.path, options.org);
    if (!file) return std::unexpected(file.error());
    std::optional<listing::AddressRange> range;
    if (options.start || options.end)
        range = {options.start.value_or(file->origin), options.end.value_or(file->origin + file->loaded)};
    const auto lines = listing::list(*file, range);
    if (!lines) return std::unexpected(lines.error());
    const std::string name = std::filesystem::path(options.path).filename().string();
    return options.json ? listing::to_json(*file, *lines, name) : listing::to_source(*file, *lines, name);
}

}  // namespace

Result<int> disasm(std::span<const char* const> arguments) {
    const auto parsed = config::parse_disasm(arguments);
    if (!parsed) return std::unexpected(parsed.error());
    if (!parsed->help.empty()) return status_after(frontend::write_file("-", parsed->help));
    const auto text = text_of(parsed->options);
    if (!text) return std::unexpected(text.error());
    return status_after(frontend::write_file("-", *text));
}

}  // namespace dyn86::commands
