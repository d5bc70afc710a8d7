#include "src/frontend/listing.h"

#include "src/frontend/module.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <numeric>
#include <span>
#include <string_view>
#include <utility>

namespace dyn86::frontend {
namespace {

constexpr std::size_t guest_width = 40;

/// Guest instructions executed in it, if each time all were.
u64 work_in(const TranslatedBlock& block) {
    return block.hits * block.lines.size();
}

std::string_view state_text(TranslatedBlock::State state) {
    switch (state) {
        case TranslatedBlock::State::Valid: return "";
        case TranslatedBlock::State::Invalidated: return ", invalidated";
        case TranslatedBlock::State::Flushed: return ", flushed";
    }
    return "";
}

bool is_in(u64 address, u64 start, std::span<const u8> bytes) {
    return address >= start && address < start + bytes.size();
}

/// One block's text, two columns.
class BlockText {
public:
    using Entries = std::map<u64, SegOff>;  // blocks by the address of their code
    BlockText(const TranslatedBlock& block, const ListingApi& api, const Entries& entries)
        : block_(block), entries_(entries) {
        for (std::size_t at = 0; at < block.code.size();) {
            Line line;
            line.offset = u32(at);
            api.read(block.code.data() + at, block.code.size() - at, block.address + at, &line.host);
            at += line.host.length;
            if (line.host.is_jump && is_in(line.host.target, block.address, block.code))
                labels_[u32(line.host.target - block.address)] = {};
            lines_.push_back(line);
        }
        unsigned count = 0;
        for (auto& [offset, name] : labels_) name = fmt::format("L{}", ++count);
    }

    [[nodiscard]] std::string text(u64 all_work) {
        const double share = all_work == 0 ? 0 : 100.0 * double(work_in(block_)) / double(all_work);
        text_ = fmt::format(
            "{:04X}:{:04X} ran {} times ({:.1f} %): {} guest instructions, {} host instructions in {} bytes, {} bytes "
            "out of line{}\n",
            block_.head.segment, block_.head.offset, block_.hits, share, block_.lines.size(), lines_.size(),
            block_.code.size(), block_.cold.size(), state_text(block_.state));
        auto host = lines_.begin();
        const auto host_before = [&](std::size_t end) {
            const auto first = host;
            host = std::find_if(host, lines_.end(), [&](const Line& line) { return line.offset >= end; });
            return std::span(first, host);
        };
        for (std::size_t i = 0; i < block_.lines.size(); ++i) {
            const auto& line = block_.lines[i];
            if (i == 0) add("", host_before(line.host_offset));
            const bool is_last = i + 1 == block_.lines.size();
            add(fmt::format("{:04X}  {}", line.ip, line.text),
                host_before(is_last ? block_.code.size() : block_.lines[i + 1].host_offset));
        }
        return text_ + '\n';
    }

private:
    struct Line {
        u32 offset = 0;
        HostLine host;
    };
    /// A guest instruction, if any, beside the host's for it.
    void add(std::string guest, std::span<const Line> host) {
        for (const Line& line : host) {
            if (const auto label = labels_.find(line.offset); label != labels_.end()) add_row("", label->second + ":");
            add_row(std::exchange(guest, ""), "  " + host_text(line.host));
        }
        if (!guest.empty()) add_row(guest, "");
    }
    void add_row(const std::string& guest, const std::string& host) {
        text_ +=
            host.empty() ? fmt::format("    {}\n", guest) : fmt::format("    {:{}} {}\n", guest, guest_width, host);
    }
    [[nodiscard]] std::string host_text(const HostLine& line) const {
        if (!line.is_jump) return line.text.data();
        return fmt::format("{} {}", line.text.data(), target_text(line.target));
    }
    /// Out of line, code runs straight into its way out; where it does not, the jump has been linked.
    [[nodiscard]] std::string target_text(u64 target) const {
        if (is_in(target, block_.address, block_.code)) return labels_.at(u32(target - block_.address));
        if (const auto entry = entries_.find(target); entry != entries_.end())
            return fmt::format("to {:04X}:{:04X}", entry->second.segment, entry->second.offset);
        const auto way = std::ranges::lower_bound(block_.ways_out, target, {}, &TranslatedBlock::WayOut::address);
        if (is_in(target, block_.cold_address, block_.cold) && way != block_.ways_out.end()) return way->text;
        return "out";
    }

    const TranslatedBlock& block_;
    const Entries& entries_;
    std::vector<Line> lines_;
    std::map<u32, std::string> labels_;
    std::string text_;
};

}  // namespace

Result<Listing> Listing::open() {
    const auto module = Module::open("dyn86-zydis");
    if (!module) return std::unexpected(module.error());
    const auto* api = static_cast<const ListingApi*>(module->symbol("dyn86_listing_api"));
    if (!api || api->version != ListingApi::current_version) return fail("dyn86-zydis.so: of another version");
    return Listing(*api);
}

std::string Listing::text(std::vector<TranslatedBlock> blocks) const {
    std::ranges::stable_sort(blocks, std::greater{}, work_in);
    const auto sum = [&](auto&& of) {
        return std::transform_reduce(blocks.begin(), blocks.end(), u64{0}, std::plus{}, of);
    };
    const u64 work = sum(work_in);
    std::string text = fmt::format(
        "{} blocks, {} guest instructions, {} bytes of host code and {} out of line; {} guest instructions executed in "
        "them\nat most (a block may be left early). By this the blocks are ordered, and the shares given.\n\n",
        blocks.size(), sum([](const auto& block) { return u64{block.lines.size()}; }),
        sum([](const auto& block) { return u64{block.code.size()}; }),
        sum([](const auto& block) { return u64{block.cold.size()}; }), work);
    BlockText::Entries entries;
    for (const TranslatedBlock& block : blocks)
        if (block.address != 0) entries[block.address] = block.head;
    for (const TranslatedBlock& block : blocks) text += BlockText(block, *api_, entries).text(work);
    return text;
}

}  // namespace dyn86::frontend
