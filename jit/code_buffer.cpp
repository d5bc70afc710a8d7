#include "jit/code_buffer.h"

#include "src/base/check.h"

#include <sys/mman.h>
#include <unistd.h>

namespace dyn86::jit {
namespace {

// More than the longest block can take: max_trace instructions of some 100 bytes, and their cold paths.
constexpr std::size_t block_reserve = 16 << 10;

}  // namespace

Result<std::unique_ptr<CodeBuffer>> CodeBuffer::create(std::size_t bytes, u8* executable_at) {
    DYN86_CHECK(bytes >= 4 * block_reserve);
    std::unique_ptr<CodeBuffer> buffer(new CodeBuffer);
    buffer->bytes_ = bytes;
    if (!buffer->map_twice(executable_at) && !buffer->map_file_twice(executable_at))
        return fail_errno("cannot map memory for translated code twice");
    if (mprotect(executable_at, bytes, PROT_READ | PROT_EXEC) != 0)
        return fail_errno("cannot make translated code executable");
    buffer->kept_ = buffer->writable_;
    buffer->reset();
    return buffer;
}

bool CodeBuffer::map_twice(u8* executable_at) {
    void* const writable = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (writable == MAP_FAILED) return false;
    // An old size of 0 duplicates a shared mapping. [mremap(2)]
    if (mremap(writable, 0, bytes_, MREMAP_MAYMOVE | MREMAP_FIXED, executable_at) == MAP_FAILED) {
        munmap(writable, bytes_);
        return false;
    }
    writable_ = static_cast<u8*>(writable);
    executable_ = executable_at;
    return true;
}

bool CodeBuffer::map_file_twice(u8* executable_at) {
    const int file = memfd_create("dyn86-code", MFD_CLOEXEC);
    if (file < 0) return false;
    void* writable = MAP_FAILED;
    if (ftruncate(file, off_t(bytes_)) == 0)
        writable = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (writable != MAP_FAILED) {
        writable_ = static_cast<u8*>(writable);
        if (mmap(executable_at, bytes_, PROT_READ, MAP_SHARED | MAP_FIXED, file, 0) != MAP_FAILED)
            executable_ = executable_at;
    }
    close(file);
    return executable_ != nullptr;
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
