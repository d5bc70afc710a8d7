#include "tests/layering/layering.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <iterator>
#include <optional>
#include <span>

namespace dyn86::layering {
namespace {

using std::string_view;
using Names = std::vector<string_view>;

/// A row of STYLE 1: the files below `folder` (or that one file) may include those of `uses`, and their own.
struct Layer {
    string_view folder;
    Names uses;
};

// `roms` is data (our ROM's image, the fonts); whoever shows or loads it may include it. The public API
// is a layer of its own: src/dyn86.h, which src/machine implements and the front ends use. The first row that fits a
// path counts.
const std::vector<Layer>& layers() {
    static const std::vector<Layer> rows = {
        {"src/base", {}},
        {"cpu", {"src/base"}},
        {"jit", {"cpu", "src/base"}},
        {"devices", {"src/base"}},
        {"roms", {"src/base"}},
        {"src/storage", {"src/base"}},
        {"src/dos", {"cpu", "src/base", "src/storage", "roms"}},
        {"src/bios", {"cpu", "src/base", "src/storage", "roms"}},
        {"src/verify", {"cpu", "jit", "src/base"}},
        {"src/listing", {"cpu", "src/base"}},
        {"src/dyn86.h", {"src/base"}},
        {"src/machine",
         {"src/base", "cpu", "jit", "devices", "roms", "src/storage", "src/dos", "src/bios", "src/verify",
          "src/dyn86.h"}},
        {"src/frontend", {"src/dyn86.h", "roms"}},
        {"src/library", {"src/dyn86.h", "src/base", "src/frontend"}},
        {"src/debug", {"src/dyn86.h"}},
        {"src/config", {"src/dyn86.h", "src/base"}},
        {"src/commands", {"src/dyn86.h", "src/base", "src/config", "src/frontend", "src/listing", "src/verify"}},
        {"src/manual", {"src/base", "src/commands", "src/config"}},
        {"src/main.cpp",
         {"src/dyn86.h", "src/base", "src/commands", "src/config", "src/frontend", "src/debug", "src/verify"}},
    };
    return rows;
}

/// Text that may stand in one folder of the product only. `tests` and `bench` may use anything.
struct Monopoly {
    string_view text;
    string_view folder;
    string_view what;
};
constexpr std::array monopolies = {
    Monopoly{"#include <SDL", "src/frontend/sdl", "SDL belongs to src/frontend/sdl"},
    Monopoly{"#include <Zydis", "src/frontend/zydis", "Zydis belongs to src/frontend/zydis"},
    Monopoly{"#include <xbyak", "jit", "xbyak belongs to jit"},
    Monopoly{"SIGSEGV", "jit", "a handler for SIGSEGV belongs to jit"},
};

/// Runs programs on the host's processor, whose memory is writable and executable. No part of dyn86.
constexpr string_view real_memory = "bench/native";

constexpr std::size_t longest_file = 500;
/// Tables may be longer: one row per opcode, one line per row of a glyph.
constexpr std::array tables = {string_view{"cpu/opcodes.h"}, string_view{"cpu/opcodes.cpp"}, string_view{"roms/fonts"}};

bool is_below(string_view path, string_view folder) {
    return path == folder || (path.starts_with(folder) && path.substr(folder.size()).starts_with('/'));
}

const Layer* layer_of(string_view path) {
    const auto found = std::ranges::find_if(layers(), [&](const Layer& layer) { return is_below(path, layer.folder); });
    return found == layers().end() ? nullptr : &*found;
}

bool is_free(string_view path) {
    return is_below(path, "tests") || is_below(path, "bench");
}

bool is_code(string_view path) {
    return std::ranges::any_of(std::array{".h", ".c", ".cpp"},
                               [&](string_view suffix) { return path.ends_with(suffix); });
}

/// The path of a line `#include "path"`.
std::optional<string_view> quoted_include(string_view line) {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (!line.starts_with('#')) return std::nullopt;
    const auto word = line.find("include");
    const auto open = line.find('"');
    if (word == string_view::npos || open == string_view::npos) return std::nullopt;
    return line.substr(open + 1, line.find('"', open + 1) - open - 1);
}

std::optional<std::string> wrong_include(string_view path, string_view included) {
    const Layer* from = layer_of(path);
    const Layer* to = layer_of(included);
    if (!to) {
        if (is_free(path) && is_free(included)) return std::nullopt;
        return fmt::format("\"{}\" is in no layer (include paths start at the root)", included);
    }
    if (is_free(path) || to == from) return std::nullopt;
    if (!from) return fmt::format("{} is in no layer and must not include {}", path, included);
    if (std::ranges::find(from->uses, to->folder) != from->uses.end()) return std::nullopt;
    return fmt::format("{} must not include {}", from->folder, to->folder);
}

/// The text with comments and the contents of string literals blanked out; lines stay where they are.
std::string code_only(string_view text) {
    enum class In { Code, Line, Block, String } in = In::Code;
    std::string code(text);
    for (std::size_t i = 0; i < text.size(); ++i) {
        const string_view pair = text.substr(i, 2);
        if (text[i] == '\n') {
            if (in != In::Block) in = In::Code;
            continue;
        }
        if (in == In::Code) {
            if (pair == "//") in = In::Line;
            if (pair == "/*") in = In::Block;
            if (text[i] == '"' && (i == 0 || text[i - 1] != '\'')) in = In::String;
            if (in != In::Code) code[i] = ' ';
            continue;
        }
        code[i] = ' ';
        if (in == In::String && text[i] == '\\' && i + 1 < text.size() && text[i + 1] != '\n') code[++i] = ' ';
        if (in == In::String && text[i] == '"') in = In::Code;
        if (in == In::Block && pair == "*/") {
            code[++i] = ' ';
            in = In::Code;
        }
    }
    return code;
}

std::size_t line_at(string_view text, std::size_t position) {
    return 1 + std::size_t(std::ranges::count(text.substr(0, position), '\n'));
}

/// Where an expression `PROT_x | PROT_y ...` asks for memory that is writable and executable at once.
std::optional<std::size_t> writable_and_executable(string_view code) {
    constexpr string_view word_characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    std::size_t at = 0;
    while ((at = code.find("PROT_", at)) != string_view::npos) {
        const auto end = std::min(code.find_first_not_of(fmt::format("{} \t\n|", word_characters), at), code.size());
        const string_view expression = code.substr(at, end - at);
        if (expression.contains("PROT_WRITE") && expression.contains("PROT_EXEC")) return at;
        at = end;
    }
    return std::nullopt;
}

class Complaints {
public:
    explicit Complaints(string_view path) : path_(path) {}
    void add(std::size_t line, string_view what) { list_.push_back(fmt::format("{}:{}: {}", path_, line, what)); }
    std::vector<std::string> take() { return std::move(list_); }

private:
    string_view path_;
    std::vector<std::string> list_;
};

void check_length(Complaints& complaints, string_view path, string_view text) {
    const auto lines = std::size_t(std::ranges::count(text, '\n'));
    const bool is_table = std::ranges::any_of(tables, [&](string_view table) { return is_below(path, table); });
    if (lines > longest_file && !is_table) complaints.add(lines, fmt::format("longer than {} lines", longest_file));
}

void check_includes(Complaints& complaints, string_view path, string_view text) {
    std::size_t number = 0;
    for (std::size_t start = 0; start < text.size();) {
        const auto end = std::min(text.find('\n', start), text.size());
        ++number;
        if (const auto included = quoted_include(text.substr(start, end - start)))
            if (const auto wrong = wrong_include(path, *included)) complaints.add(number, *wrong);
        start = end + 1;
    }
}

void check_monopolies(Complaints& complaints, string_view path, string_view code) {
    if (is_free(path)) return;
    for (const Monopoly& monopoly : monopolies) {
        const auto at = code.find(monopoly.text);
        if (at != string_view::npos && !is_below(path, monopoly.folder))
            complaints.add(line_at(code, at), monopoly.what);
    }
}

std::string read(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

bool is_source(const std::filesystem::path& file) {
    const auto suffix = file.extension();
    return is_code(file.filename().string()) || suffix == ".asm" || suffix == ".inc" || suffix == ".py";
}

/// Paths of all source files, relative to `root`, sorted.
std::vector<std::string> sources(const std::filesystem::path& root) {
    std::vector<std::string> paths;
    for (auto at = std::filesystem::recursive_directory_iterator(root); at != std::filesystem::end(at); ++at) {
        const auto name = at->path().filename().string();
        const bool skip = name.starts_with('.') || (at.depth() == 0 && name.starts_with("build"));
        if (at->is_directory() && skip) at.disable_recursion_pending();
        if (at->is_regular_file() && is_source(at->path()))
            paths.push_back(relative(at->path(), root).generic_string());
    }
    std::ranges::sort(paths);
    return paths;
}

}  // namespace

std::vector<std::string> check_file(std::string_view path, std::string_view text) {
    Complaints complaints(path);
    check_length(complaints, path, text);
    if (is_code(path)) {
        const std::string code = code_only(text);
        check_includes(complaints, path, text);
        check_monopolies(complaints, path, code);
        const auto at = writable_and_executable(code);
        if (at && !is_below(path, real_memory))
            complaints.add(line_at(code, *at), "no memory is writable and executable at once");
    }
    return complaints.take();
}

std::vector<std::string> check_tree(const std::filesystem::path& root) {
    std::vector<std::string> complaints;
    for (const string_view needed : {"src/base", "cpu", "devices"})
        if (!is_directory(root / needed)) complaints.push_back(fmt::format("{}: no such folder", needed));
    for (const std::string& path : sources(root))
        std::ranges::copy(check_file(path, read(root / path)), std::back_inserter(complaints));
    return complaints;
}

}  // namespace dyn86::layering
