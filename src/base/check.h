// Assertions on what we did wrong. They stay in release builds: a wrong emulator must stop, not go on.
#pragma once

namespace dyn86 {

/// Prints the place and the condition, then what `set_check_context` registered on this thread, and aborts.
[[noreturn]] void check_failed(const char* condition, const char* file, int line) noexcept;

/// A function that prints the state of whatever this thread runs (the machine's registers), called by a failing check.
using CheckContext = void (*)(const void* subject);
void set_check_context(CheckContext print, const void* subject) noexcept;

}  // namespace dyn86

#define DYN86_CHECK(condition) \
    ((condition) ? static_cast<void>(0) : ::dyn86::check_failed(#condition, __FILE__, __LINE__))
