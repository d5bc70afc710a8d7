#include "src/frontend/module.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <filesystem>
#include <string_view>

namespace dyn86::frontend {

Result<Module> Module::open(const std::string& name) {
    std::error_code ignored;
    const auto folder = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
    std::string reason = "not there";
    for (const auto& place : {folder, folder.parent_path() / "lib" / "dyn86"}) {
        const auto file = place / (name + ".so");
        if (!std::filesystem::exists(file, ignored)) continue;
        if (void* handle = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL)) return Module(handle);
        reason = ::dlerror();
    }
    return fail(fmt::format("{}.so: {}", name, reason));
}

void* Module::symbol(const char* name) const {
    return ::dlsym(handle_, name);
}

}  // namespace dyn86::frontend
