// The named fields of a save state's chunk, and the archives that write and read them. docs/save-state.md
#pragma once

#include "src/base/archive.h"
#include "src/base/result.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dyn86 {

/// A field as it stands in a chunk.
struct StateField {
    enum class Kind : u8 { Integer = 1, Bytes = 2, List = 3 } kind = Kind::List;
    std::string name;  // empty: an element of a list
    i64 integer = 0;
    std::vector<u8> bytes;
    std::vector<StateField> list;
    friend bool operator==(const StateField&, const StateField&) = default;
};

/// The fields of a chunk, as the list of one without a name. The error says what is wrong, not where.
[[nodiscard]] Result<StateField> parse_fields(std::span<const u8> chunk);

class FieldWriter final : public Archive {
public:
    [[nodiscard]] const std::vector<u8>& chunk() const { return chunk_; }

protected:
    void integer(std::string_view name, i64& value) override;
    void bytes(std::string_view name, std::vector<u8>& value) override;
    void begin_list(std::string_view name, std::size_t count) override;
    void end_list() override;

private:
    void begin(StateField::Kind kind, std::string_view name);
    template <typename T>
    void put(T value);

    std::vector<u8> chunk_;
};

/// Fields are found by name, elements of lists by their order. What is not there leaves the value as it is, and what
/// nobody asks for is passed over: so states of earlier and later versions can be read.
class FieldReader final : public Archive {
public:
    /// The fields must outlive the reader.
    explicit FieldReader(const StateField& root) : levels_{{&root, 0}} {}

protected:
    void integer(std::string_view name, i64& value) override;
    void bytes(std::string_view name, std::vector<u8>& value) override;
    void begin_list(std::string_view name, std::size_t count) override;
    void end_list() override { levels_.pop_back(); }

private:
    struct Level {
        const StateField* list = nullptr;  // null: it is not in the state
        std::size_t next = 0;
    };
    [[nodiscard]] const StateField* find(std::string_view name, StateField::Kind kind);

    std::vector<Level> levels_;
};

}  // namespace dyn86
