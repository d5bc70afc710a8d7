#include "src/config/option.h"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <filesystem>

namespace dyn86::config {
namespace {

namespace fs = std::filesystem;

template <typename Predicate>
const Option* find_where(Predicate predicate) {
    for (const auto& table : option_tables())
        for (const Option& option : table)
            if (predicate(option)) return &option;
    return nullptr;
}

}  // namespace

std::string Origin::text() const {
    if (layer == Layer::CommandLine) return "command line";
    return line == 0 ? file : fmt::format("{}:{}", file, line);
}

std::string Origin::prefix() const {
    return layer == Layer::CommandLine ? "" : text() + ": ";
}

Result<std::string> Given::path(const std::string& text) const {
    if (origin.folder.empty()) return text;
    const fs::path found = fs::path(origin.folder) / text;
    if (origin.layer != Origin::Layer::Program) return found.string();
    std::error_code error;
    const fs::path folder = fs::canonical(origin.folder, error), real = fs::weakly_canonical(found, error);
    const fs::path inside = real.lexically_relative(folder);
    if (error || inside.empty() || *inside.begin() == "..") return refuse("lies outside the folder of dyn86.toml");
    return real.string();
}

std::unexpected<Error> Given::refuse(std::string_view why) const {
    const std::string what = option->is_switch() && on() ? option->flag() : option->flag() + " " + value;
    return fail(fmt::format("{}{}: {}", origin.prefix(), what, why), ErrorKind::Usage);
}

std::string Option::flag() const {
    return name.size() == 1 ? fmt::format("-{}", name) : fmt::format("--{}", name);
}

std::string Option::variable() const {
    std::string result = "DYN86_";
    for (const char c : name) result += c == '-' ? '_' : char(std::toupper(static_cast<unsigned char>(c)));
    return result;
}

std::span<const std::span<const Option>> option_tables() {
    static const std::array tables = {shell_options(),  place_options(), machine_options(),
                                      time_options(),   show_options(),  sequence_options(),
                                      result_options(), debug_options(), config_options()};
    return tables;
}

const Option* find_option(std::string_view name) {
    return find_where([&](const Option& option) { return option.name == name; });
}

const Option* find_option(char letter) {
    return find_where([&](const Option& option) { return option.letter == letter; });
}

}  // namespace dyn86::config
