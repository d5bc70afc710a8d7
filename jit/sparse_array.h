// An array over the whole address space that costs what is touched of it.
#pragma once

#include "src/base/check.h"

#include <cstddef>
#include <cstdlib>
#include <memory>

namespace dyn86::jit {

/// An array of zeros of which only the touched pages cost memory.
template <typename T>
class SparseArray {
public:
    explicit SparseArray(std::size_t size) : data_(static_cast<T*>(std::calloc(size, sizeof(T))), &std::free) {
        DYN86_CHECK(data_ != nullptr);
    }
    T& operator[](std::size_t i) { return data_[i]; }

private:
    std::unique_ptr<T[], decltype(&std::free)> data_;
};

}  // namespace dyn86::jit
