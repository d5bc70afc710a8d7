#include "src/base/state_fields.h"

#include <cstring>
#include <optional>

namespace dyn86 {
namespace {

constexpr u8 end_of_list = 0;
constexpr unsigned deepest = 16;

/// Takes numbers and bytes from a chunk, never beyond its end.
class Taker {
public:
    explicit Taker(std::span<const u8> rest) : rest_(rest) {}
    [[nodiscard]] bool is_at_end() const { return rest_.empty(); }
    template <typename T>
    std::optional<T> number() {
        T value = 0;
        if (rest_.size() < sizeof value) return std::nullopt;
        std::memcpy(&value, rest_.data(), sizeof value);
        rest_ = rest_.subspan(sizeof value);
        return value;
    }
    std::optional<std::span<const u8>> bytes(std::size_t count) {
        if (rest_.size() < count) return std::nullopt;
        const auto taken = rest_.first(count);
        rest_ = rest_.subspan(count);
        return taken;
    }

private:
    std::span<const u8> rest_;
};

bool take_list(Taker& from, StateField& list, unsigned depth);

bool take_field(Taker& from, u8 kind, StateField& field, unsigned depth) {
    const auto length = from.number<u8>();
    const auto name = length ? from.bytes(*length) : std::nullopt;
    if (!name) return false;
    field.name.assign(name->begin(), name->end());
    field.kind = StateField::Kind(kind);
    switch (field.kind) {
        case StateField::Kind::Integer: {
            const auto value = from.number<i64>();
            field.integer = value.value_or(0);
            return value.has_value();
        }
        case StateField::Kind::Bytes: {
            const auto count = from.number<u32>();
            const auto bytes = count ? from.bytes(*count) : std::nullopt;
            if (bytes) field.bytes.assign(bytes->begin(), bytes->end());
            return bytes.has_value();
        }
        case StateField::Kind::List: return depth < deepest && take_list(from, field, depth + 1);
    }
    return false;
}

/// Up to the end of the list; the outermost one ends with the chunk.
bool take_list(Taker& from, StateField& list, unsigned depth) {
    for (;;) {
        if (depth == 0 && from.is_at_end()) return true;
        const auto kind = from.number<u8>();
        if (!kind) return false;
        if (*kind == end_of_list) return depth != 0;
        if (!take_field(from, *kind, list.list.emplace_back(), depth)) return false;
    }
}

}  // namespace

Result<StateField> parse_fields(std::span<const u8> chunk) {
    StateField root;
    Taker from(chunk);
    if (!take_list(from, root, 0)) return fail("its fields make no sense");
    return root;
}

// --- writing

template <typename T>
void FieldWriter::put(T value) {
    const auto* const bytes = reinterpret_cast<const u8*>(&value);
    chunk_.insert(chunk_.end(), bytes, bytes + sizeof value);
}

void FieldWriter::begin(StateField::Kind kind, std::string_view name) {
    put(u8(kind));
    put(u8(name.size()));
    chunk_.insert(chunk_.end(), name.begin(), name.end());
}

void FieldWriter::integer(std::string_view name, i64& value) {
    begin(StateField::Kind::Integer, name);
    put(value);
}

void FieldWriter::bytes(std::string_view name, std::vector<u8>& value) {
    begin(StateField::Kind::Bytes, name);
    put(u32(value.size()));
    chunk_.insert(chunk_.end(), value.begin(), value.end());
}

void FieldWriter::begin_list(std::string_view name, std::size_t /*count*/) {
    begin(StateField::Kind::List, name);
}

void FieldWriter::end_list() {
    put(end_of_list);
}

// --- reading

const StateField* FieldReader::find(std::string_view name, StateField::Kind kind) {
    Level& level = levels_.back();
    if (level.list == nullptr) return nullptr;
    const std::vector<StateField>& fields = level.list->list;
    // They stand in the order in which they are asked for, unless the version is another.
    for (std::size_t tried = 0; tried < fields.size(); ++tried) {
        const std::size_t at = (level.next + tried) % fields.size();
        if (fields[at].name != name || (name.empty() && at < level.next)) continue;
        level.next = at + 1;
        return fields[at].kind == kind ? &fields[at] : nullptr;
    }
    return nullptr;
}

void FieldReader::integer(std::string_view name, i64& value) {
    if (const StateField* const field = find(name, StateField::Kind::Integer)) value = field->integer;
}

void FieldReader::bytes(std::string_view name, std::vector<u8>& value) {
    if (const StateField* const field = find(name, StateField::Kind::Bytes)) value = field->bytes;
}

void FieldReader::begin_list(std::string_view name, std::size_t /*count*/) {
    levels_.push_back({find(name, StateField::Kind::List), 0});
}

}  // namespace dyn86
