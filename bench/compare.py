#!/usr/bin/env python3
"""Measures dyn86 beside the host processor and other emulators; tools/bench builds what it needs and calls it.

One repetition of a guest takes (cpu(3N) - cpu(N)) / 2N, so that starting, loading and the first translation drop out; N is
chosen so that the difference is about --seconds. Every round runs all engines in turn; the speed relative to `native` is
taken within a round, and the median of the rounds is given. All checksums must be those of `native`.
"""

import argparse
import json
import math
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import engines

GUESTS = engines.HERE / "guests"
APART = {"smc"}  # self-modifying code: shown, but in no mean
TIMES_SLOWER = {"native": 1, "jit": 1, "dosbox": 20, "qemu": 20}  # first guesses of N; 60 for the rest


class Guests:
    """Builds guest programs with a number of repetitions, each once."""

    def __init__(self, folder: Path, work: Path):
        self.work = work
        self.sources = {path.stem: path for path in sorted(folder.iterdir()) if path.suffix in (".asm", ".c")}
        for part in ("crt", "hello"):
            self.sources.pop(part, None)
        builders = (folder / "build", folder / "build.sh", folder.parent / "build.sh", GUESTS / "build")
        self.builder = next(path for path in builders if path.exists())

    def com(self, name: str, repetitions: int) -> Path:
        out = self.work / str(repetitions) / f"{name}.com"
        if not out.exists():
            out.parent.mkdir(exist_ok=True)
            subprocess.run([self.builder, self.sources[name], str(repetitions), out], check=True)
        return out


def seconds_a_repetition(guests, engine, name, count, want):
    """-> (seconds, N to go on with). `want` gives the right checksum for N repetitions."""
    while True:
        once, thrice = engine.run(guests.com(name, count)), engine.run(guests.com(name, 3 * count))
        for run, repetitions in ((once, count), (thrice, 3 * count)):
            if run.checksum != want(repetitions):
                raise engines.RunFailed(f"{name}, {repetitions} repetitions: {run.checksum!r}, not {want(repetitions)!r}")
        slope = thrice.cpu - once.cpu
        if slope > options.seconds / 2 or count >= 1 << 26:
            return slope / (2 * count), count
        count = math.ceil(count * min(16, 1.2 * options.seconds / max(slope, options.seconds / 20)))


class Checksums:
    """The checksums as the host processor computes them."""

    def __init__(self, guests, native, name):
        self.guests, self.native, self.name, self.known = guests, native, name, {}

    def __call__(self, repetitions):
        if repetitions not in self.known:
            self.known[repetitions] = self.native.run(self.guests.com(self.name, repetitions)).checksum
        return self.known[repetitions]


def measure_guest(guests, chosen, name):
    """-> {engine: {seconds, speed, low, high}} of one guest; an engine that fails has `error` instead."""
    want = Checksums(guests, chosen["native"], name)
    native_once, _ = seconds_a_repetition(guests, chosen["native"], name, 16, want)
    counts = {engine: max(1, round(options.seconds / (2 * native_once * TIMES_SLOWER.get(engine, 60)))) for engine in chosen}
    seconds = {engine: [] for engine in chosen}
    errors = {}
    for _round in range(options.rounds):
        for engine in chosen:
            if engine in errors:
                continue
            try:
                once, counts[engine] = seconds_a_repetition(guests, chosen[engine], name, counts[engine], want)
                seconds[engine].append(once)
            except engines.RunFailed as failure:
                errors[engine] = str(failure)
    result = {engine: {"error": message} for engine, message in errors.items()}
    for engine in chosen.keys() - errors.keys():
        speeds = [native / own for native, own in zip(seconds["native"], seconds[engine])]
        result[engine] = {"seconds": statistics.median(seconds[engine]), "speed": statistics.median(speeds),
                          "low": min(speeds), "high": max(speeds)}
    return result


def geomean(results, engine):
    """Over all guests but those in APART; None unless every one has a figure."""
    speeds = [row[engine].get("speed") for name, row in results.items() if name not in APART]
    return math.exp(statistics.fmean(map(math.log, speeds))) if speeds and all(speeds) else None


def instructions(name, guests, dyn86, work):
    """Guest instructions of one repetition, as the interpreter counts them."""
    counts = []
    for repetitions in (2, 6):
        status = work / "status.json"
        subprocess.run([dyn86, "--display=none", "--engine=interpreter", f"--status-file={status}", guests.com(name, repetitions)],
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
        counts.append(json.loads(status.read_text())["instructions"])
    return (counts[1] - counts[0]) / 4


def table(results, names):
    """Speed relative to native, one guest a line."""
    yield f"{'':10}{'native us':>10}" + "".join(f"{name:>15}" for name in names if name != "native")
    for guest in sorted(results, key=lambda guest: (guest in APART, guest)):
        row = results[guest]
        if guest in APART:
            yield from means(results, names)
        cells = (f"{row[name]['speed']:15.3f}" if "speed" in row[name] else f"{'failed':>15}" for name in names if name != "native")
        yield f"{guest:10}{row['native']['seconds'] * 1e6:10.2f}" + "".join(cells)
    if not APART & results.keys():
        yield from means(results, names)


def means(results, names):
    values = [geomean(results, name) for name in names if name != "native"]
    yield f"{'geomean':10}{'':10}" + "".join(f"{'-':>15}" if value is None else f"{value:15.3f}" for value in values)


def smoke(guests, chosen):
    """Every guest once on dyn86's engines and the processor: checksums only. -> number of wrong ones."""
    wrong = 0
    for name in guests.sources:
        want = Checksums(guests, chosen["native"], name)(3)
        for engine in chosen:
            try:
                got = chosen[engine].run(guests.com(name, 3)).checksum
            except engines.RunFailed as failure:
                got = str(failure)
            if got != want or not want:
                print(f"{name} on {engine}: {got!r}, not {want!r}")
                wrong += 1
    print(f"bench: {len(guests.sources)} guests on {', '.join(chosen)}: {wrong} wrong checksums")
    return wrong


def startup(chosen, work):
    """HELLO.COM from exec to exit, headless: medians."""
    hello = work / "hello.com"
    subprocess.run([GUESTS / "build", GUESTS / "hello.asm", "1", hello], check=True)
    result = {}
    print(f"{'hello.com':15}{'cpu ms':>10}{'wall ms':>10}{'peak MiB':>10}   (medians of {options.runs})")
    for name, engine in chosen.items():
        if isinstance(engine, engines.Direct):
            runs = engine.runs(hello, options.runs)
            cpu, wall, rss = (statistics.median(getattr(run, key) for run in runs) for key in ("cpu", "wall", "rss_kib"))
            result[name] = {"cpu": cpu, "wall": wall, "rss_kib": rss}
            print(f"{name:15}{cpu * 1e3:10.2f}{wall * 1e3:10.2f}{rss / 1024:10.1f}")
    return result


def compare(guests, chosen, build, work):
    wanted = options.only.split(",") if options.only else list(guests.sources)
    results = {}
    for name in wanted:
        results[name] = measure_guest(guests, chosen, name)
        if "interpreter" in chosen:
            results[name]["instructions"] = instructions(name, guests, build / "dyn86", work)
        for engine in chosen:
            if "error" in results[name][engine]:
                print(f"{name} on {engine}: {results[name][engine]['error']}", file=sys.stderr)
        print(f"measured {name}", file=sys.stderr)
    print("\n".join(table(results, list(chosen))))
    if {"jit", "interpreter"} <= chosen.keys():
        jit, interpreter = geomean(results, "jit"), geomean(results, "interpreter")
        if jit and interpreter:
            print(f"\njit / interpreter: {jit / interpreter:.1f}")
        rates = [row["instructions"] / row["interpreter"]["seconds"] / 1e6 for row in results.values() if "seconds" in row["interpreter"]]
        print("interpreter, million guest instructions a second: " + " ".join(f"{rate:.0f}" for rate in rates))
    return results


def chosen_engines(build, work):
    at_hand = engines.available(build, work)
    names = options.engines.split(",") if options.engines else list(at_hand)
    if options.smoke and not options.engines:
        names = [name for name in ("native", "jit", "interpreter") if name in at_hand]
    missing = [name for name in names if name not in at_hand]
    if missing:
        sys.exit(f"bench: not at hand: {', '.join(missing)} (there are {', '.join(at_hand)})")
    return {name: at_hand[name] for name in ["native", *(name for name in names if name != "native")]}


def parse():
    parser = argparse.ArgumentParser(prog="tools/bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--guests", type=Path, default=GUESTS, help="a folder of other guests (build.sh there or above is used)")
    parser.add_argument("--only", help="these guests, separated by commas")
    parser.add_argument("--engines", help="these engines, separated by commas (default: all at hand)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.25, help="CPU time that each figure stands on")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    parser.add_argument("--smoke", action="store_true", help="compare checksums only, in some seconds")
    parser.add_argument("--startup", action="store_true", help="measure HELLO.COM from exec to exit instead")
    parser.add_argument("--runs", type=int, default=51, help="of --startup")
    return parser.parse_args()


def main():
    work = Path(tempfile.mkdtemp(prefix="dyn86-bench-"))
    try:
        build = options.build.resolve()
        chosen = chosen_engines(build, work)
        guests = Guests(options.guests.resolve(), work)
        if options.smoke:
            sys.exit(1 if smoke(guests, chosen) else 0)
        probe = json.loads(subprocess.run([build / "native16", "--probe"], check=True, capture_output=True).stdout)
        figures = {"native16": probe}
        print(f"native: CS based at {probe['cs_base']:#x}; a turn of dec/jnz takes {probe['turn_ns']:.2f} ns,"
              f" {probe['host_turn_ns']:.2f} ns in 64-bit code")
        if options.startup:
            figures["startup"] = startup(chosen, work)
        else:
            figures["guests"] = compare(guests, chosen, build, work)
        if options.json:
            options.json.write_text(json.dumps(figures, indent=1) + "\n")
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    options = parse()
    main()
