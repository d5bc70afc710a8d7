#include "src/base/result.h"

#include <cerrno>
#include <system_error>

namespace dyn86 {

std::unexpected<Error> fail_errno(const std::string& what, ErrorKind kind) {
    return fail(what + ": " + std::generic_category().message(errno), kind);
}

}  // namespace dyn86
