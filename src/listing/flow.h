// Which bytes of a file are instructions.
#pragma once

#include "cpu/insn.h"
#include "src/listing/code_file.h"

#include <map>
#include <span>

namespace dyn86::listing {

/// Instructions found, by their offset in the loaded bytes; they never overlap.
class Flow {
public:
    explicit Flow(const CodeFile& file) : file_(file), used_(file.loaded) {}

    /// Goes wherever execution can be seen to go from the file's entries: both ways at branches, into calls and behind
    /// them; not through registers and tables, and not behind INT 20h and what else ends a DOS program.
    void follow_entries();
    /// Takes [start, end) as one instruction after the other.
    void sweep(u32 start, u32 end);

    [[nodiscard]] const std::map<u32, Insn>& instructions() const { return instructions_; }
    /// Where something jumps to, and the entries, with their names.
    [[nodiscard]] const std::map<u32, std::string>& labels() const { return labels_; }
    [[nodiscard]] std::span<const u8> bytes() const {
        return std::span(file_.bytes).subspan(file_.header, file_.loaded);
    }
    /// Nothing when it is outside the loaded bytes.
    [[nodiscard]] std::optional<u32> offset_of(SegOff at) const;
    /// The offset that a near target of the instruction at `offset` lies at, when nothing wraps on the way.
    [[nodiscard]] std::optional<u32> target_of(u32 offset, const Insn& insn) const;

private:
    void follow(SegOff at);
    /// Decodes and takes the instruction there, if its bytes are free.
    const Insn* take(u32 offset, u16 ip);
    void note_targets(u32 offset, u16 segment, const Insn& insn);
    void label(u32 offset, const std::string& name = {});

    const CodeFile& file_;
    std::vector<bool> used_;
    std::map<u32, Insn> instructions_;
    std::map<u32, std::string> labels_;
    std::vector<SegOff> waiting_;
};

}  // namespace dyn86::listing
