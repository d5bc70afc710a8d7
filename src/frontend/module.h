// Libraries that cost start time live in shared objects of our own, opened when they are needed.
#pragma once

#include "src/dyn86.h"

#include <string>

namespace dyn86::frontend {

/// An opened `<name>.so`, from beside the executable or from ../lib/dyn86 (installed). Stays open until the end:
/// libraries like SDL do not unload cleanly.
class Module {
public:
    static Result<Module> open(const std::string& name);
    /// A function or object that the module exports; null when it does not.
    [[nodiscard]] void* symbol(const char* name) const;

private:
    explicit Module(void* handle) : handle_(handle) {}
    void* handle_;
};

}  // namespace dyn86::frontend
