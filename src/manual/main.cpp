// dyn86-manual FORM FOLDER: writes manual page and completions into FOLDER. Part of the build, not of the product.
#include "src/manual/completions.h"
#include "src/manual/man_page.h"

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <iterator>

namespace {

bool write(const std::string& file, const std::string& text) {
    std::ofstream out(file, std::ios::binary);
    out << text;
    out.close();
    if (!out) fmt::print(stderr, "dyn86-manual: {} cannot be written\n", file);
    return bool(out);
}

}  // namespace

int main(int count, char** arguments) {
    using namespace dyn86::manual;
    if (count != 3) {
        fmt::print(stderr, "dyn86-manual: FORM FOLDER\n");
        return 2;
    }
    std::ifstream in(arguments[1], std::ios::binary);
    if (!in) {
        fmt::print(stderr, "dyn86-manual: {} cannot be read\n", arguments[1]);
        return 1;
    }
    const std::string form{std::istreambuf_iterator<char>(in), {}}, folder = arguments[2];
    const bool written =
        write(folder + "/dyn86.1", man_page(form, DYN86_VERSION)) && write(folder + "/dyn86.bash", bash_completion()) &&
        write(folder + "/_dyn86", zsh_completion()) && write(folder + "/dyn86.fish", fish_completion());
    return written ? 0 : 1;
}
