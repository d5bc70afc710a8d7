#include "src/config/toml_file.h"

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace dyn86::config {
namespace {

/// A scalar as the command line would have it.
std::optional<std::string> text_of(const toml::node& node) {
    if (const auto* text = node.as_string()) return text->get();
    if (const auto* number = node.as_integer()) return fmt::format("{}", number->get());
    if (const auto* number = node.as_floating_point()) return fmt::format("{}", number->get());
    if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
    return std::nullopt;
}

class TomlLayer {
public:
    TomlLayer(const std::string& path, Origin::Layer layer) {
        origin_.layer = layer;
        origin_.file = path;
        origin_.folder = std::filesystem::absolute(path).parent_path().string();
    }
    Result<std::vector<Given>> read();

private:
    [[nodiscard]] std::unexpected<Error> refuse(unsigned line, std::string_view what, std::string_view why) const {
        return fail(fmt::format("{}:{}: {}: {}", origin_.file, line, what, why), ErrorKind::Usage);
    }
    Result<> take(std::string_view key, const toml::node& node);
    Result<> take_array(const Option& option, const toml::array& array);
    Result<> take_table(const Option& option, const toml::table& table);
    Result<> take_value(const Option& option, const toml::node& node, const std::string& name = {});

    Origin origin_;
    std::vector<Given> settings_;
};

Result<std::vector<Given>> TomlLayer::read() {
    std::ifstream file(origin_.file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file) return fail(fmt::format("{}: cannot be read", origin_.file), ErrorKind::NotFound);
    const toml::parse_result parsed = toml::parse(text);
    if (!parsed) {
        const toml::parse_error& error = parsed.error();
        return refuse(error.source().begin.line, "no TOML", error.description());
    }
    for (const auto& [key, node] : parsed.table())
        if (auto taken = take(key.str(), node); !taken) return std::unexpected(taken.error());
    return std::move(settings_);
}

Result<> TomlLayer::take(std::string_view key, const toml::node& node) {
    const unsigned line = node.source().begin.line;
    const Option* option = find_option(key);
    if (!option) return refuse(line, key, "no such key (dyn86 --print-config shows them)");
    if (option->where == Where::CommandLine) return refuse(line, key, "only on the command line");
    if (option->where == Where::NotBesideProgram && origin_.layer == Origin::Layer::Program)
        return refuse(line, key, "not in a file beside the program");
    if (const auto* array = node.as_array(); array && option->repeats != Repeats::No)
        return take_array(*option, *array);
    if (const auto* table = node.as_table(); table && option->repeats == Repeats::ByName)
        return take_table(*option, *table);
    return take_value(*option, node);
}

Result<> TomlLayer::take_array(const Option& option, const toml::array& array) {
    for (const toml::node& item : array)
        if (auto taken = take_value(option, item); !taken) return taken;
    return {};
}

Result<> TomlLayer::take_table(const Option& option, const toml::table& table) {
    for (const auto& [name, value] : table)
        if (auto taken = take_value(option, value, std::string(name.str()) + '='); !taken) return taken;
    return {};
}

Result<> TomlLayer::take_value(const Option& option, const toml::node& node, const std::string& name) {
    origin_.line = node.source().begin.line;
    const auto text = text_of(node);
    if (!text) return refuse(origin_.line, option.name, "not a value it can have");
    if (option.is_switch() && *text != "true" && *text != "false")
        return refuse(origin_.line, option.name, "true or false");
    settings_.push_back({&option, name + *text, origin_});
    return {};
}

}  // namespace

Result<std::vector<Given>> read_toml(const std::string& path, Origin::Layer layer) {
    return TomlLayer(path, layer).read();
}

}  // namespace dyn86::config
