// A file of 8086 code as text: nasm source that assembles to the same bytes, or JSON.
#pragma once

#include "src/listing/flow.h"

#include <optional>
#include <string>
#include <vector>

namespace dyn86::listing {

struct Line {
    u32 address = 0;  // origin + offset in the loaded bytes; of an .EXE's header and tail: offset in the file
    std::vector<u8> bytes;
    std::string label;
    std::string text;  // an instruction or a data directive
    std::string note;  // what the bytes mean when `text` cannot say it
    bool is_code = false;
};

/// Addresses as in Line; the end is the first one left out.
struct AddressRange {
    u32 start = 0, end = 0;
};

/// Without a range: everything in the file, instructions as far as flow leads to them and data otherwise. With one:
/// that stretch alone, as instructions.
[[nodiscard]] Result<std::vector<Line>> list(const CodeFile& file, const std::optional<AddressRange>& range);

/// nasm source; `name` is for the heading.
[[nodiscard]] std::string to_source(const CodeFile& file, const std::vector<Line>& lines, const std::string& name);
/// {"file":..,"kind":..,"origin":..,"lines":[{"address":..,"bytes":"..","code":..,"text":..,"label":..,"note":..}]}
[[nodiscard]] std::string to_json(const CodeFile& file, const std::vector<Line>& lines, const std::string& name);

}  // namespace dyn86::listing
