// Makes a failing episode small: fewer programs, slices and instructions, then plainer values.
#include "src/verify/lockstep.h"

#include <algorithm>
#include <utility>

namespace dyn86::verify {
namespace {

using Fails = std::function<bool(const Episode&)>;

/// Bounds the time; every step that is reached leaves an episode that fails.
constexpr unsigned most_tries = 4000;

class Shrinker {
public:
    Shrinker(Episode episode, const Fails& fails) : best_(std::move(episode)), fails_(fails) {}

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
        if (changed == best_ || ++tries_ > most_tries || !fails_(changed)) return false;
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
    const Fails& fails_;
    unsigned tries_ = 0;
};

}  // namespace

Episode shrink(const Episode& episode, const Fails& fails) {
    return Shrinker(episode, fails).run();
}

}  // namespace dyn86::verify
