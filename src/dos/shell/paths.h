// Path names as text, as commands take them apart and put them together.
#pragma once

#include <string>
#include <string_view>

namespace dyn86::dos::shell {

/// "C:\DIR\" and "*.TXT" of "C:\DIR\*.TXT".
struct SplitPath {
    std::string folder;  // with its '\' or ':', or empty
    std::string name;
};
[[nodiscard]] SplitPath split_path(std::string_view path);
[[nodiscard]] bool has_wildcards(std::string_view name);
/// ".TXT", or empty.
[[nodiscard]] std::string_view extension_of(std::string_view name);
/// A folder and a name, with a '\' between them where one is needed.
[[nodiscard]] std::string join(std::string_view folder, std::string_view name);
/// What a target's wildcards mean for this source: "*.BAK" for "A.TXT" is "A.BAK".
[[nodiscard]] std::string fill_wildcards(std::string_view pattern, std::string_view name);

}  // namespace dyn86::dos::shell
