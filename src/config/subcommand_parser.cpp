#include "src/config/subcommand_parser.h"

#include <fmt/format.h>

#include <vector>

namespace dyn86::config {

/// CLI11 tells of help and of mistakes by exceptions.
Result<std::string> parse_subcommand(CLI::App& app, std::span<const char* const> arguments) {
    app.get_formatter()->column_width(28);
    try {
        app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));  // it takes them from the back
    } catch (const CLI::CallForHelp&) {
        return app.help();
    } catch (const CLI::ParseError& error) {
        return fail(fmt::format("{}: {}", app.get_name(), error.what()), ErrorKind::Usage);
    }
    return std::string{};
}

}  // namespace dyn86::config
