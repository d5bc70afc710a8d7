// layering ROOT: prints every breach of the layers below ROOT; status 1 when there is one.
#include "tests/layering/layering.h"

#include <fmt/format.h>

int main(int argc, char** argv) {
    if (argc != 2) {
        fmt::print(stderr, "usage: layering ROOT\n");
        return 2;
    }
    const auto complaints = dyn86::layering::check_tree(argv[1]);
    for (const auto& complaint : complaints) fmt::print("{}\n", complaint);
    return complaints.empty() ? 0 : 1;
}
