// Memory for host code: written through one mapping, executed through another; none is ever both. [DESIGN part I]
#pragma once

#include "src/base/result.h"
#include "src/base/types.h"

#include <cstddef>
#include <memory>

namespace dyn86::jit {

/// One shared mapping, duplicated. Addresses within code are relative, so that code may be assembled at its
/// writable address and run at its executable one. Allocation only grows; reset() forgets everything.
class CodeBuffer {
public:
    /// `executable_at`: reserved address space (of `bytes`) that the executable mapping replaces.
    static Result<std::unique_ptr<CodeBuffer>> create(std::size_t bytes, u8* executable_at);
    ~CodeBuffer();
    CodeBuffer(const CodeBuffer&) = delete;
    CodeBuffer& operator=(const CodeBuffer&) = delete;

    [[nodiscard]] const u8* executable(const u8* writable) const { return executable_ + (writable - writable_); }
    [[nodiscard]] u8* writable(const u8* executable) const { return writable_ + (executable - executable_); }

    // Hot code and cold code grow apart, so that what runs stays dense.
    [[nodiscard]] u8* hot() const { return hot_; }
    [[nodiscard]] u8* cold() const { return cold_; }
    /// Room for one more block of any size that the emitter may produce?
    [[nodiscard]] bool is_full() const;
    /// The block that was assembled at hot() and cold() ends here.
    void commit(u8* hot_end, u8* cold_end);
    /// What was committed so far (the thunks) survives every reset().
    void keep() { kept_ = hot_; }
    void reset();
    [[nodiscard]] std::size_t used() const { return std::size_t(hot_ - kept_) + std::size_t(cold_ - cold_start()); }

private:
    CodeBuffer() = default;
    bool map_twice(u8* executable_at);
    /// The same by a file in memory, for where the kernel or what stands in for it does not duplicate mappings
    /// (valgrind, some sandboxes). Second choice: perf takes no names for code in files.
    bool map_file_twice(u8* executable_at);
    [[nodiscard]] u8* cold_start() const { return writable_ + bytes_ / 2; }

    std::size_t bytes_ = 0;
    u8* writable_ = nullptr;
    const u8* executable_ = nullptr;
    u8 *hot_ = nullptr, *cold_ = nullptr, *kept_ = nullptr;
};

}  // namespace dyn86::jit
