#include "src/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace dyn86 {
namespace {
struct Context {
    CheckContext print = nullptr;
    const void* subject = nullptr;
};
thread_local Context context;  // per thread: one machine runs on one thread at a time
}  // namespace

void set_check_context(CheckContext print, const void* subject) noexcept { context = {print, subject}; }

void check_failed(const char* condition, const char* file, int line) noexcept {
    std::fprintf(stderr, "dyn86: internal error: %s (%s:%d)\n", condition, file, line);
    if (context.print != nullptr) context.print(context.subject);
    std::abort();
}

}  // namespace dyn86
