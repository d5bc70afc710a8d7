// Makes a failing episode small: fewer programs, slices and instructions, then plainer values.
#include "cpu/decode.h"
#include "src/verify/lockstep.h"

#include <algorithm>
#include <utility>

namespace dyn86::verify {
namespace {

/// Bounds the time; every step that is reached leaves an episode that fails.
constexpr unsigned most_tries = 4000;

class Shrinker {
public:
    Shrinker(Episode episode, const Trial& trial) : best_(std::move(episode)), trial_(trial) {}

    Episode run() {
        bool progress = true;
        while (progress && tries_ < most_tries) {
            progress = drop_programs();
            for (std::size_t i = 0; i < best_.programs.size(); ++i) {
                progress |= drop_slices(i);
                progress |= drop_items(i);
                progress |= plainer_slices(i);
                progress |= plainer_registers(i);
            }
        }
        return std::move(best_);
    }

private:
    /// Keeps `changed` if it is something new and still fails.
    bool keep(const Episode& changed) {
        if (changed == best_ || ++tries_ > most_tries || !trial_(changed)) return false;
        best_ = changed;
        return true;
    }
    bool drop_programs() {
        bool progress = false;
        for (std::size_t i = best_.programs.size(); i-- > 0 && best_.programs.size() > 1;) {
            Episode changed = best_;
            changed.programs.erase(changed.programs.begin() + std::ptrdiff_t(i));
            progress |= keep(changed);
        }
        return progress;
    }
    /// Halves first, then single ones, from the end.
    template <typename Size, typename Remove>
    bool drop_chunks(Size size, Remove remove) {
        bool progress = false;
        for (std::size_t chunk = std::max<std::size_t>(size() / 2, 1); chunk > 0; chunk /= 2)
            for (std::size_t first = size(); first > 0;) {
                first = first > chunk ? first - chunk : 0;
                if (first + chunk > size()) continue;
                Episode changed = best_;
                remove(changed, first, chunk);
                progress |= keep(changed);
            }
        return progress;
    }
    bool drop_slices(std::size_t program) {
        return drop_chunks([&] { return best_.programs[program].slices.size(); },
                           [&](Episode& episode, std::size_t first, std::size_t count) {
                               auto& slices = episode.programs[program].slices;
                               const auto begin = slices.begin() + std::ptrdiff_t(first);
                               slices.erase(begin, begin + std::ptrdiff_t(count));
                           });
    }
    bool drop_items(std::size_t program) {
        return drop_chunks([&] { return best_.programs[program].code.size(); },
                           [&](Episode& episode, std::size_t first, std::size_t count) {
                               remove_items(episode.programs[program], first, count);
                           });
    }
    bool plainer_slices(std::size_t program) {
        bool progress = false;
        for (std::size_t i = 0; i < best_.programs[program].slices.size(); ++i) {
            Episode changed = best_;
            changed.programs[program].slices[i].event = Event::None;
            progress |= keep(changed);
            for (const u32 percent : {25u, 50u, 75u, 90u}) {
                changed = best_;
                u32& clocks = changed.programs[program].slices[i].clocks;
                clocks = clocks * percent / 100;
                if (keep(changed)) progress = true;
            }
        }
        return progress;
    }
    bool plainer_registers(std::size_t program) {
        bool progress = false;
        for (std::size_t i = 0; i < 8; ++i) {
            Episode changed = best_;
            changed.programs[program].regs.gpr[i] = i == std::size_t(Reg16::Sp) ? 0x1000 : 0;
            progress |= keep(changed);
        }
        for (const Sreg sreg : {Sreg::Es, Sreg::Ss, Sreg::Ds}) {
            Episode changed = best_;
            changed.programs[program].regs.set(sreg, 0x2000);
            progress |= keep(changed);
        }
        Episode changed = best_;
        changed.programs[program].regs.flags = flag::always_one;
        return keep(changed) || progress;
    }

    Episode best_;
    const Trial& trial_;
    unsigned tries_ = 0;
};

/// Cuts every slice into pieces of at most `clocks`.
Episode sliced(const Episode& episode, u32 clocks) {
    Episode result = episode;
    for (Program& program : result.programs) {
        std::vector<Slice> pieces;
        for (const Slice& slice : program.slices) {
            Slice piece = slice;
            for (u32 left = slice.clocks; left > clocks; left -= clocks) {
                piece.clocks = clocks;
                pieces.push_back(piece);
                piece.event = Event::None;
                piece.clocks = left - clocks;
            }
            pieces.push_back(piece);
        }
        program.slices = pieces;
    }
    return result;
}

/// A program of what stood at CS:IP when the slice with the difference began.
Episode from_there(const Episode& episode, const Mismatch& mismatch, u32 clocks) {
    Program program;
    program.regs = mismatch.start;
    for (std::size_t at = 0; at < mismatch.code.size();) {
        const auto rest = std::span<const u8>(mismatch.code).subspan(at);
        const u16 length = decode(rest, u16(program.regs.ip + at)).length;
        if (length == 0) break;
        program.code.push_back({.bytes = {rest.begin(), rest.begin() + length}});
        at += length;
    }
    program.slices = {{.clocks = clocks}};
    return {.seed = episode.seed, .config = episode.config, .programs = {program}};
}

/// With slack the recompiler needs slices longer than that; one configuration has none.
std::optional<Episode> localise(const Episode& episode, const Trial& trial) {
    for (u32 config = 0; config < lockstep_configs().size(); ++config) {
        if (config != episode.config && lockstep_configs()[config].slack != 0) continue;
        const u32 shortest = lockstep_configs()[config].slack + 30;
        Episode here = episode;
        here.config = config;
        const auto mismatch = trial(sliced(here, shortest));
        if (!mismatch) continue;
        for (const u32 clocks : {shortest, shortest + 200, shortest + 1000}) {
            const Episode candidate = from_there(here, *mismatch, clocks);
            if (trial(candidate)) return candidate;
        }
    }
    return {};
}

}  // namespace

Episode shrink(const Episode& episode, const Trial& trial) {
    const auto local = localise(episode, trial);
    return Shrinker(local ? *local : episode, trial).run();
}

}  // namespace dyn86::verify
