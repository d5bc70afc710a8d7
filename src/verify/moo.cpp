#include "src/verify/moo.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <filesystem>
#include <memory>
#include <string_view>
#include <utility>

namespace dyn86::verify {
namespace {

/// More than ten times the largest published file; a gzip bomb stops here.
constexpr std::size_t largest_file = std::size_t{1} << 30;

struct Chunk;

/// A bounded little-endian reader that remembers the first thing that went wrong and where. After a failure every read
/// gives zero, so that callers test once at the end.
class Reader {
public:
    Reader(std::span<const u8> all, std::size_t begin, std::size_t end) : all_(all), at_(begin), end_(end) {}

    [[nodiscard]] bool at_end() const { return at_ >= end_ || failed(); }
    [[nodiscard]] bool failed() const { return !problem_.empty(); }
    [[nodiscard]] std::size_t offset() const { return at_; }
    [[nodiscard]] std::size_t left() const { return end_ - at_; }

    void fail_at(std::size_t offset, std::string problem) {
        if (failed()) return;
        problem_ = std::move(problem);
        problem_offset_ = offset;
    }
    /// Takes over what went wrong in a nested reader.
    void adopt(const Reader& inner) {
        if (inner.failed()) fail_at(inner.problem_offset_, inner.problem_);
    }
    [[nodiscard]] std::unexpected<Error> error(const std::string& name) const {
        return fail(fmt::format("{}: offset {}: {}", name, problem_offset_, problem_));
    }

    std::span<const u8> take(std::size_t length, std::string_view what) {
        if (failed()) return {};
        if (length > left()) {
            fail_at(at_, fmt::format("{} needs {} bytes, {} are left", what, length, left()));
            return {};
        }
        const auto got = all_.subspan(at_, length);
        at_ += length;
        return got;
    }
    u8 byte(std::string_view what) {
        const auto got = take(1, what);
        return got.empty() ? u8{0} : got[0];
    }
    u16 word(std::string_view what) {
        const auto got = take(2, what);
        return got.empty() ? u16{0} : u16(got[0] | got[1] << 8);
    }
    u32 dword(std::string_view what) {
        const u32 low = word(what);
        return low | u32{word(what)} << 16;
    }
    Chunk chunk();
    [[nodiscard]] Reader inside(const Chunk& chunk) const;

private:
    std::span<const u8> all_;
    std::size_t at_, end_;
    std::string problem_;
    std::size_t problem_offset_ = 0;
};

struct Chunk {
    std::string_view id;
    std::size_t begin = 0, end = 0;
};

Chunk Reader::chunk() {
    const auto id = take(4, "a chunk's name");
    const u32 length = dword("a chunk's length");
    const std::size_t begin = at_;
    take(length, "a chunk");
    if (failed()) return {};
    return {{reinterpret_cast<const char*>(id.data()), 4}, begin, at_};
}

Reader Reader::inside(const Chunk& chunk) const {
    return {all_, chunk.begin, chunk.end};
}

/// REGS: which registers follow, in the recorder's order.
void read_registers(Reader in, Registers& regs, u16& seen, Reader& outer) {
    constexpr std::array gprs{Reg16::Ax, Reg16::Bx, Reg16::Cx, Reg16::Dx};
    constexpr std::array sregs{Sreg::Cs, Sreg::Ss, Sreg::Ds, Sreg::Es};
    constexpr std::array pointers{Reg16::Sp, Reg16::Bp, Reg16::Si, Reg16::Di};
    const u16 mask = in.word("REGS");
    for (unsigned bit = 0; bit < 16 && !in.failed(); ++bit) {
        if ((mask >> bit & 1) == 0) continue;
        const u16 value = in.word("REGS");
        if (bit < 4)
            regs.set(gprs[bit], value);
        else if (bit < 8)
            regs.set(sregs[bit - 4], value);
        else if (bit < 12)
            regs.set(pointers[bit - 8], value);
        else if (bit == 12)
            regs.ip = value;
        else if (bit == 13)
            regs.flags = value;
    }
    seen = u16(seen | mask);
    outer.adopt(in);
}

void read_ram(Reader in, std::vector<RamByte>& ram, Reader& outer) {
    const u32 count = in.dword("RAM");
    if (count > in.left() / 5)
        in.fail_at(in.offset(), fmt::format("RAM names {} bytes, more than it holds", count));
    else
        ram.reserve(count);
    for (u32 i = 0; i < count && !in.failed(); ++i) {
        const std::size_t at = in.offset();
        const Linear address = in.dword("RAM");
        if (address > address_mask) in.fail_at(at, fmt::format("RAM address {:X} is above FFFFF", address));
        ram.push_back({address, in.byte("RAM")});
    }
    outer.adopt(in);
}

/// NAME, BYTS and QUEU: a length and as many bytes.
std::span<const u8> read_counted(Reader in, std::string_view what, Reader& outer) {
    const auto got = in.take(in.dword(what), what);
    outer.adopt(in);
    return got;
}

void read_state(Reader in, MooState& state, u16& seen, Reader& outer) {
    while (!in.at_end()) {
        const Chunk part = in.chunk();
        if (part.id == "REGS")
            read_registers(in.inside(part), state.regs, seen, in);
        else if (part.id == "RAM ")
            read_ram(in.inside(part), state.ram, in);
        else if (part.id == "QUEU")
            state.queued = u8(std::min<std::size_t>(read_counted(in.inside(part), "QUEU", in).size(), 0xFF));
    }
    outer.adopt(in);
}

MooTest read_test(Reader in, std::size_t offset, Reader& outer) {
    constexpr u16 all_registers = 0x3FFF;
    MooTest test;
    test.offset = offset;
    in.dword("TEST");  // an index that the published files leave at 0
    u16 initial_seen = 0, final_seen = 0;
    bool has_final = false;
    while (!in.at_end()) {
        const Chunk part = in.chunk();
        if (part.id == "NAME") {
            const auto text = read_counted(in.inside(part), "NAME", in);
            test.name.assign(text.begin(), text.end());
        } else if (part.id == "BYTS") {
            const auto bytes = read_counted(in.inside(part), "BYTS", in);
            test.bytes.assign(bytes.begin(), bytes.end());
        } else if (part.id == "INIT") {
            read_state(in.inside(part), test.initial, initial_seen, in);
            test.final.regs = test.initial.regs;
        } else if (part.id == "FINA") {
            if ((initial_seen & all_registers) != all_registers) in.fail_at(part.begin, "FINA before a complete INIT");
            read_state(in.inside(part), test.final, final_seen, in);
            has_final = true;
        } else if (part.id == "CYCL") {
            Reader cycles = in.inside(part);
            test.cycles = cycles.dword("CYCL");
            in.adopt(cycles);
        }
    }
    if (!has_final) in.fail_at(offset, "a TEST without INIT and FINA");
    outer.adopt(in);
    return test;
}

struct GzClose {
    void operator()(gzFile file) const { gzclose_r(file); }
};

Result<std::vector<u8>> unpack(const std::string& path) {
    errno = 0;
    const std::unique_ptr<gzFile_s, GzClose> file(gzopen(path.c_str(), "rb"));
    if (!file) return fail_errno(path, ErrorKind::NotFound);
    gzbuffer(file.get(), 1 << 17);
    std::vector<u8> bytes;
    std::size_t used = 0;
    for (;;) {
        if (used > largest_file) return fail(fmt::format("{}: unpacks to more than {} bytes", path, largest_file));
        bytes.resize(std::max<std::size_t>(1 << 20, used * 2));
        const int got = gzread(file.get(), bytes.data() + used, unsigned(bytes.size() - used));
        int status = Z_OK;
        const char* const problem = gzerror(file.get(), &status);
        if (got < 0 || (status != Z_OK && status != Z_STREAM_END))
            return fail(fmt::format("{}: offset {}: {}", path, used, problem));
        if (got == 0) break;
        used += std::size_t(got);
    }
    bytes.resize(used);
    return bytes;
}

std::string printable(std::string text) {
    std::ranges::replace_if(
        text, [](unsigned char c) { return c < 0x20 || c > 0x7E; }, '.');
    return text;
}

std::string form_of(const std::string& path) {
    const std::string file = std::filesystem::path(path).filename().string();
    return file.substr(0, file.find(".MOO"));
}

}  // namespace

Result<MooFile> parse_moo(std::span<const u8> bytes, std::string name) {
    MooFile file;
    file.form = form_of(name);
    file.name = std::move(name);
    Reader in(bytes, 0, bytes.size());
    const Chunk header = in.chunk();
    if (in.failed() || header.id != "MOO ") return fail(fmt::format("{}: offset 0: not a MOO file", file.name));
    Reader head = in.inside(header);
    head.take(4, "the MOO header");
    const u32 count = head.dword("the MOO header");
    const auto cpu = head.take(4, "the MOO header");
    file.cpu.assign(cpu.begin(), cpu.end());
    in.adopt(head);
    if (!in.failed() && file.cpu != "8086" && file.cpu != "8088")
        return fail(fmt::format("{}: offset 0: recorded on a CPU that calls itself \"{}\", not on an 8086 or 8088",
                                file.name, printable(file.cpu)));
    while (!in.at_end()) {
        const std::size_t offset = in.offset();
        const Chunk part = in.chunk();
        if (part.id != "TEST") continue;
        file.tests.push_back(read_test(in.inside(part), offset, in));
        file.tests.back().index = u32(file.tests.size() - 1);
    }
    if (file.tests.size() != count)
        in.fail_at(in.offset(), fmt::format("{} tests announced, {} found", count, file.tests.size()));
    if (in.failed()) return in.error(file.name);
    return file;
}

Result<MooFile> read_moo(const std::string& path) {
    auto bytes = unpack(path);
    if (!bytes) return std::unexpected(bytes.error());
    return parse_moo(*bytes, path);
}

Result<std::vector<std::string>> list_moo(const std::string& folder) {
    std::error_code problem;
    std::vector<std::string> files;
    for (std::filesystem::directory_iterator it(folder, problem), end; !problem && it != end; it.increment(problem)) {
        const std::string file = it->path().string();
        if (file.ends_with(".MOO") || file.ends_with(".MOO.gz")) files.push_back(file);
    }
    if (problem) return fail(fmt::format("{}: {}", folder, problem.message()), ErrorKind::NotFound);
    std::ranges::sort(files);
    return files;
}

}  // namespace dyn86::verify
