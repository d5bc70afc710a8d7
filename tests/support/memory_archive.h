// An archive in memory, for round trips of `serialize` in tests.
#pragma once

#include "src/base/archive.h"
#include "src/base/bus.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace dyn86::test {

/// The sequence of fields that a `serialize` names.
struct Recording {
    struct Field {
        std::string name;
        i64 integer = 0;
        std::vector<u8> bytes;
        friend bool operator==(const Field&, const Field&) = default;
    };
    std::vector<Field> fields;
    friend bool operator==(const Recording&, const Recording&) = default;
};

/// Writes a chip's state into a Recording.
class Recorder final : public Archive {
public:
    Recording recording;

protected:
    void integer(std::string_view name, i64& value) override { add({std::string(name), value, {}}); }
    void bytes(std::string_view name, std::vector<u8>& value) override { add({std::string(name), 0, value}); }
    void begin_list(std::string_view name, std::size_t count) override { add({std::string(name), i64(count), {}}); }
    void end_list() override { add({"end", 0, {}}); }

private:
    void add(Recording::Field field) { recording.fields.push_back(std::move(field)); }
};

/// Reads a Recording back, insisting on the names and the order in which it was written.
class Player final : public Archive {
public:
    explicit Player(const Recording& recording) : recording_(recording) {}
    [[nodiscard]] bool at_end() const { return next_ == recording_.fields.size(); }

protected:
    void integer(std::string_view name, i64& value) override { value = take(name).integer; }
    void bytes(std::string_view name, std::vector<u8>& value) override { value = take(name).bytes; }
    void begin_list(std::string_view name, std::size_t count) override { EXPECT_EQ(take(name).integer, i64(count)); }
    void end_list() override { take("end"); }

private:
    const Recording::Field& take(std::string_view name) {
        static const Recording::Field missing;
        EXPECT_LT(next_, recording_.fields.size()) << name;
        if (next_ >= recording_.fields.size()) return missing;
        EXPECT_EQ(recording_.fields[next_].name, name);
        return recording_.fields[next_++];
    }

    const Recording& recording_;
    std::size_t next_ = 0;
};

template <typename Chip>
Recording save(Chip& chip) {
    Recorder recorder;
    chip.serialize(recorder);
    return recorder.recording;
}

template <typename Chip>
void load(Chip& chip, const Recording& recording) {
    Player player{recording};
    chip.serialize(player);
    EXPECT_TRUE(player.at_end());
}

/// A pin that remembers its level and how often it rose.
class ProbePin final : public Pin {
public:
    bool level = false;
    int rises = 0;
    void set_level(bool high) override {
        rises += high && !level ? 1 : 0;
        level = high;
    }
};

}  // namespace dyn86::test
