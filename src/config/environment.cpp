#include "src/config/environment.h"

#include <cstdlib>
#include <sstream>

namespace dyn86::config {
namespace {

/// What people write for yes and no in variables.
std::optional<std::string> switch_value(const std::string& text) {
    if (text == "1" || text == "true" || text == "yes" || text == "on") return "true";
    if (text == "0" || text == "false" || text == "no" || text == "off") return "false";
    return std::nullopt;
}

Result<> add(std::vector<Given>& settings, const Option& option, const std::string& text) {
    Origin origin;
    origin.layer = Origin::Layer::Environment;
    origin.file = option.variable();
    Given given{&option, text, origin};
    if (option.is_switch()) {
        const auto value = switch_value(text);
        if (!value) return given.refuse("1 or 0");
        given.value = *value;
    }
    if (option.repeats == Repeats::No) {
        settings.push_back(given);
        return {};
    }
    std::istringstream lines(text);
    while (std::getline(lines, given.value)) settings.push_back(given);
    return {};
}

}  // namespace

std::optional<std::string> host_variable(const std::string& name) {
    const char* const value = std::getenv(name.c_str());
    return value ? std::optional<std::string>(value) : std::nullopt;
}

Result<std::vector<Given>> read_environment(const Environment& environment) {
    std::vector<Given> settings;
    for (const auto& table : option_tables())
        for (const Option& option : table) {
            if (option.where == Where::CommandLine) continue;
            const auto text = environment(option.variable());
            if (!text || text->empty()) continue;
            if (auto added = add(settings, option, *text); !added) return std::unexpected(added.error());
        }
    return settings;
}

}  // namespace dyn86::config
