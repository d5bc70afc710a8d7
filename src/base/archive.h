// Save states: one `serialize` for both directions. Fields are named, so that a reader of a later version can skip or
// default.
#pragma once

#include "src/base/ticks.h"
#include "src/base/types.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace dyn86 {

/// One direction of a save state. Devices call `ar("name", field)`; whether that reads or writes is the archive's
/// matter.
class Archive {
public:
    virtual ~Archive() = default;

    template <typename T>
    requires std::is_integral_v<T> || std::is_enum_v<T>
    void operator()(std::string_view name, T& value) {
        i64 wide = static_cast<i64>(value);
        integer(name, wide);
        value = static_cast<T>(wide);
    }
    void operator()(std::string_view name, Ticks& value) { integer(name, value.count); }
    void operator()(std::string_view name, std::vector<u8>& value) { bytes(name, value); }
    void operator()(std::string_view name, std::string& value) {
        std::vector<u8> wide(value.begin(), value.end());
        bytes(name, wide);
        value.assign(wide.begin(), wide.end());
    }
    /// A part that has its own `serialize`: a list of one record.
    template <typename T>
    requires requires(T& part, Archive& ar) { part.serialize(ar); }
    void operator()(std::string_view name, T& part) {
        begin_list(name, 1);
        part.serialize(*this);
        end_list();
    }
    template <typename T, std::size_t N>
    void operator()(std::string_view name, std::array<T, N>& values) {
        begin_list(name, N);
        for (T& value : values) (*this)("", value);
        end_list();
    }

    /// Records, as many as there are; a reader believes no number beyond `most`.
    template <typename T>
    requires requires(T& part, Archive& ar) { part.serialize(ar); }
    void operator()(std::string_view name, std::vector<T>& parts, std::size_t most = 0x1'0000) {
        begin_list(name, parts.size() + 1);
        std::size_t count = parts.size();
        (*this)("count", count);
        parts.resize(std::min(count, most));
        for (T& part : parts) (*this)("", part);
        end_list();
    }

protected:
    virtual void integer(std::string_view name, i64& value) = 0;
    virtual void bytes(std::string_view name, std::vector<u8>& value) = 0;
    virtual void begin_list(std::string_view name, std::size_t count) = 0;
    virtual void end_list() = 0;
};

}  // namespace dyn86
