#include "jit/code_buffer.h"

#include "src/base/check.h"

#include <sys/mman.h>

namespace dyn86::jit {
namespace {

// More than the longest block can take: max_trace instructions of some 100 bytes, and their cold paths.
constexpr std::size_t block_reserve = 16 << 10;

}  // namespace

Result<std::unique_ptr<CodeBuffer>> CodeBuffer::create(std::size_t bytes, u8* executable_at) {
    DYN86_CHECK(bytes >= 4 * block_reserve);
    std::unique_ptr<CodeBuffer> buffer(new CodeBuffer);
    void* const writable = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (writable == MAP_FAILED) return fail_errno("cannot map memory for translated code");
    buffer->bytes_ = bytes;
    buffer->writable_ = static_cast<u8*>(writable);
    // An old size of 0 duplicates a shared mapping. [mremap(2)]
    void* const copy = mremap(writable, 0, bytes, MREMAP_MAYMOVE | MREMAP_FIXED, executable_at);
    if (copy == MAP_FAILED) return fail_errno("cannot map translated code a second time");
    buffer->executable_ = static_cast<u8*>(copy);
    if (mprotect(copy, bytes, PROT_READ | PROT_EXEC) != 0) return fail_errno("cannot make translated code executable");
    buffer->kept_ = buffer->writable_;
    buffer->reset();
    return buffer;
}

CodeBuffer::~CodeBuffer() {
    if (writable_ != nullptr) munmap(writable_, bytes_);
    // The executable mapping lies in the arena's reservation and goes with it; until then nothing runs in it.
    if (executable_ != nullptr) mprotect(const_cast<u8*>(executable_), bytes_, PROT_NONE);
}

bool CodeBuffer::is_full() const {
    return hot_ + block_reserve > cold_start() || cold_ + block_reserve > writable_ + bytes_;
}

void CodeBuffer::commit(u8* hot_end, u8* cold_end) {
    DYN86_CHECK(std::size_t(hot_end - hot_) <= block_reserve && std::size_t(cold_end - cold_) <= block_reserve);
    hot_ = hot_end;
    cold_ = cold_end;
}

void CodeBuffer::reset() {
    hot_ = kept_;
    cold_ = cold_start();
}

}  // namespace dyn86::jit
