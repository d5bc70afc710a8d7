#include "src/config/configuration.h"

#include "src/config/target.h"
#include "src/config/toml_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <ranges>
#include <sstream>

namespace dyn86::config {
namespace {

namespace fs = std::filesystem;
using Layer = Origin::Layer;
using Settings = std::vector<Given>;

/// NAME of NAME=..., in capitals; DOS knows drives and variables without regard to case.
std::string name_of(const Given& given) {
    std::string name = given.value.substr(0, given.value.find('='));
    for (char& c : name) c = char(std::toupper(static_cast<unsigned char>(c)));
    return name;
}

bool replaces(const Given& later, const Given& earlier) {
    if (later.option != earlier.option) return false;
    switch (later.option->repeats) {
        case Repeats::No: return true;
        case Repeats::Yes: return later.origin.layer > earlier.origin.layer;
        case Repeats::ByName: return later.origin.layer > earlier.origin.layer && name_of(later) == name_of(earlier);
    }
    return false;
}

/// What remains when higher layers have replaced what lower ones say.
Settings effective(const Settings& all) {
    Settings kept;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto later = std::span(all).subspan(i + 1);
        if (std::ranges::none_of(later, [&](const Given& given) { return replaces(given, all[i]); }))
            kept.push_back(all[i]);
    }
    return kept;
}

Result<> take(Options& options, std::span<const Given> settings) {
    for (const Given& given : settings)
        if (auto taken = given.option->take(options, given); !taken) return taken;
    return {};
}

/// Adds a layer that is a file, if there is one.
Result<> add_file(Settings& settings, const fs::path& path, Layer layer) {
    std::error_code error;
    if (!fs::exists(path, error)) return {};
    auto read = read_toml(path.string(), layer);
    if (!read) return std::unexpected(read.error());
    settings.insert(settings.end(), read->begin(), read->end());
    return {};
}

/// config.toml in the folder `dyn86` of the XDG base directories. [XDG Base Directory Specification]
Result<> add_shared_files(Settings& settings, const Environment& environment) {
    const auto or_else = [&](const char* name, const std::string& fallback) {
        const auto value = environment(name);
        return value && !value->empty() ? *value : fallback;
    };
    std::istringstream list(or_else("XDG_CONFIG_DIRS", "/etc/xdg"));
    std::vector<std::string> folders;  // the most important one first
    for (std::string folder; std::getline(list, folder, ':');) folders.push_back(folder);
    for (const std::string& folder : folders | std::views::reverse)
        if (auto added = add_file(settings, fs::path(folder) / "dyn86/config.toml", Layer::System); !added)
            return added;
    const std::string home = or_else("HOME", "");
    const std::string user = or_else("XDG_CONFIG_HOME", home.empty() ? "" : home + "/.config");
    return user.empty() ? Result<>() : add_file(settings, fs::path(user) / "dyn86/config.toml", Layer::User);
}

/// dyn86.toml beside PROGRAM, or in PROGRAM when it is a folder.
Result<> add_program_file(Settings& settings, const std::string& program) {
    if (program.empty()) return {};
    const auto path = find_program(program);
    if (!path) return {};  // whoever runs the program says so
    std::error_code error;
    const fs::path folder = fs::is_directory(*path, error) ? fs::path(*path) : fs::path(*path).parent_path();
    return add_file(settings, folder / "dyn86.toml", Layer::Program);
}

Result<Settings> lower_layers(const CommandLine& line, const Options& asked, const Environment& environment) {
    Settings settings;
    if (asked.reads_files) {
        if (auto added = add_shared_files(settings, environment); !added) return std::unexpected(added.error());
        const std::string& program = line.program.empty() ? asked.boot_image : line.program;
        if (auto added = add_program_file(settings, program); !added) return std::unexpected(added.error());
    }
    auto variables = read_environment(environment);
    if (!variables) return std::unexpected(variables.error());
    settings.insert(settings.end(), variables->begin(), variables->end());
    for (const std::string& file : asked.conf_files) {
        auto read = read_toml(file, Layer::Conf);
        if (!read) return std::unexpected(read.error());
        settings.insert(settings.end(), read->begin(), read->end());
    }
    return settings;
}

/// A TOML basic string.
std::string in_quotes(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') result += '\\';
        if (static_cast<unsigned char>(c) < ' ' || c == '\x7F') {
            result += fmt::format("\\u{:04X}", static_cast<unsigned char>(c));
        } else {
            result += c;
        }
    }
    return result + '"';
}

std::string value_text(const Option& option, std::string_view value) {
    return option.is_switch() ? std::string(value) : in_quotes(value);
}

std::string print_option(const Option& option, const Settings& given) {
    if (given.empty() && option.preset.empty()) return fmt::format("# {} is not set\n", option.name);
    constexpr int column = 40;
    const auto line = [&](const std::string& setting, std::string_view origin) {
        return fmt::format("{:{}} # {}\n", setting, column, origin);
    };
    if (given.empty()) return line(fmt::format("{} = {}", option.name, value_text(option, option.preset)), "default");
    if (option.repeats == Repeats::No)
        return line(fmt::format("{} = {}", option.name, value_text(option, given.back().value)),
                    given.back().origin.text());
    std::string text = fmt::format("{} = [\n", option.name);
    for (const Given& one : given) text += line(fmt::format("    {},", in_quotes(one.value)), one.origin.text());
    return text + "]\n";
}

}  // namespace

Result<Configuration> configure(std::span<const char* const> words, const Environment& environment) {
    const auto line = read_command_line(words);
    if (!line) return std::unexpected(line.error());
    // Taken twice: by itself, for what it says of the other layers and because its mistakes come first; then above
    // them.
    Options asked;
    if (auto taken = take(asked, line->settings); !taken) return std::unexpected(taken.error());
    using enum Options::Show;
    if (asked.show != Nothing && asked.show != Config) return Configuration{asked, {}};
    auto all = lower_layers(*line, asked, environment);
    if (!all) return std::unexpected(all.error());
    all->insert(all->end(), line->settings.begin(), line->settings.end());

    Configuration result{{}, effective(*all)};
    if (auto taken = take(result.options, result.settings); !taken) return std::unexpected(taken.error());
    const std::string beside = line->program.empty() && !result.options.commands.empty() ? "-c" : line->program;
    if (!beside.empty() && !result.options.boot_image.empty())
        return fail(fmt::format("{}: a program beside --boot", beside), ErrorKind::Usage);
    if (result.options.verify && result.options.engine == EngineKind::Interpreter)
        return fail("--verify compares the engines: not with --engine=interpreter", ErrorKind::Usage);
    result.options.program = line->program;
    result.options.arguments = line->arguments;
    return result;
}

std::string print_config(const Configuration& configuration) {
    std::string text;
    for (const auto& table : option_tables())
        for (const Option& option : table) {
            if (option.where == Where::CommandLine) continue;
            Settings given;
            std::ranges::copy_if(configuration.settings, std::back_inserter(given),
                                 [&](const Given& one) { return one.option == &option; });
            text += print_option(option, given);
        }
    return text;
}

std::string command_tail(const Options& options) {
    std::string tail;
    for (const std::string& argument : options.arguments) tail += (tail.empty() ? "" : " ") + argument;
    return tail;
}

}  // namespace dyn86::config
