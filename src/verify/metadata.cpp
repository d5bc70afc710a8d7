#include "src/verify/metadata.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace dyn86::verify {
namespace {

using nlohmann::json;

Metadata::Form form_from(const json& row) {
    Metadata::Form form;
    if (const auto status = row.find("status"); status != row.end() && status->is_string()) form.status = *status;
    if (const auto mask = row.find("flags-mask"); mask != row.end() && mask->is_number_unsigned())
        form.defined = u16(mask->get<u64>());
    return form;
}

}  // namespace

Result<Metadata> Metadata::read(const std::string& path) {
    if (!std::filesystem::exists(path)) return Metadata{};
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file) return fail(fmt::format("{}: cannot be read", path));
    return parse(text, path);
}

Result<Metadata> Metadata::parse(const std::string& text, const std::string& name) {
    const json root = json::parse(text, nullptr, false);
    if (!root.is_object()) return fail(fmt::format("{}: not a JSON object", name));
    const auto opcodes = root.find("opcodes");
    if (opcodes == root.end() || !opcodes->is_object()) return fail(fmt::format("{}: no \"opcodes\"", name));
    Metadata result;
    for (const auto& [opcode, row] : opcodes->items()) {
        if (!row.is_object()) return fail(fmt::format("{}: opcode {} is not an object", name, opcode));
        const auto group = row.find("reg");
        if (group == row.end() || !group->is_object()) {
            result.forms_[opcode] = form_from(row);
            continue;
        }
        for (const auto& [reg, member] : group->items())
            if (member.is_object()) result.forms_[opcode + "." + reg] = form_from(member);
    }
    return result;
}

u16 Metadata::defined_flags(const std::string& form) const {
    const auto found = forms_.find(form);
    return found == forms_.end() ? u16{0xFFFF} : found->second.defined;
}

}  // namespace dyn86::verify
