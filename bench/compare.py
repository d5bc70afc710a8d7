#!/usr/bin/env python3
"""Measures dyn86 beside the host processor and other emulators; tools/bench builds what it needs and calls it.

One repetition of a guest takes (cpu(3N) - cpu(N)) / 2N, so that starting, loading and the first translation drop out; N is
chosen so that the difference is about --seconds. Every round runs all engines in turn; the speed relative to `native` is
taken within a round, and the median of the rounds is given. All checksums must be those of `native`. Then HELLO.COM is
timed from exec to exit.
"""

import argparse
import json
import math
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import engines
import figures

GUESTS = engines.HERE / "guests"
ROOT = engines.HERE.parent
RECORD = {"json": ROOT / "docs" / "benchmark.json", "svg": ROOT / "docs" / "images" / "benchmark.svg",
          "text": ROOT / "docs" / "performance.md"}
BEGIN, END = "<!-- tools/bench --record writes from here -->", "<!-- to here -->"
TIMES_SLOWER = {"native": 1, "jit": 1, "dosbox": 20, "qemu": 20}  # first guesses of N; 60 for the rest
SLOW_TO_START = {"dosbox-normal", "bochs"}  # so that fewer rounds have to do
STARTUP_RUNS = {"native": 51, "jit": 51, "interpreter": 51}  # 5 for the rest


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
    """-> {engine: {seconds, rounds, speed, low, high}} of one guest; an engine that fails has `error` instead."""
    want = Checksums(guests, chosen["native"], name)
    native_once, _ = seconds_a_repetition(guests, chosen["native"], name, 16, want)
    counts = {engine: max(1, round(options.seconds / (2 * native_once * TIMES_SLOWER.get(engine, 60)))) for engine in chosen}
    seconds = {engine: {} for engine in chosen}
    errors = {}
    for turn in range(options.rounds):
        for engine in chosen:
            if engine in errors or (engine in SLOW_TO_START and turn >= options.slow_rounds):
                continue
            try:
                seconds[engine][turn], counts[engine] = seconds_a_repetition(guests, chosen[engine], name, counts[engine], want)
            except engines.RunFailed as failure:
                errors[engine] = str(failure)
    result = {engine: {"error": message} for engine, message in errors.items()}
    for engine in chosen.keys() - errors.keys():
        speeds = [seconds["native"][turn] / own for turn, own in seconds[engine].items()]
        rounds = list(seconds[engine].values())
        result[engine] = {"seconds": statistics.median(rounds), "rounds": rounds, "speed": statistics.median(speeds),
                          "low": min(speeds), "high": max(speeds)}
    return result


def instructions(name, guests, dyn86, work):
    """Guest instructions of one repetition, as the interpreter counts them."""
    counts = []
    for repetitions in (2, 6):
        status = work / "status.json"
        subprocess.run([dyn86, "--no-conf", "--display=none", "--engine=interpreter", f"--status-file={status}",
                        guests.com(name, repetitions)],
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
        counts.append(json.loads(status.read_text())["instructions"])
    return (counts[1] - counts[0]) / 4


def smoke(guests, chosen):
    """Every guest once on each engine: checksums only. -> number of wrong ones."""
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
    for name, engine in chosen.items():
        try:
            runs = engine.runs(hello, STARTUP_RUNS.get(name, 5))
        except engines.RunFailed as failure:
            print(f"hello.com on {name}: {failure}", file=sys.stderr)
            continue
        result[name] = {key: statistics.median(getattr(run, key) for run in runs) for key in ("cpu", "wall", "rss_kib")}
        result[name]["fastest"] = min(run.wall for run in runs)
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


def host_facts():
    models = [line.split(":", 1)[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return {"processor": models[0] if models else platform.processor(), "processors": os.cpu_count(),
            "system": f"{platform.system()} {platform.release()}", "load_before": os.getloadavg()[0]}


def probe(command):
    """The JSON that a small program prints; None when it says that there is nothing to measure."""
    run = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    return json.loads(run.stdout) if run.returncode == 0 else None


def measure_all(guests, chosen, build, work):
    found = {"host": host_facts(), "engines": list(chosen), "guest_folder": guests.builder.parent.name,
             "versions": {name: engine.version for name, engine in chosen.items() if engine.version},
             "native16": probe([build / "native16", "--probe"]), "kvm": probe([build / "kvm_probe"])}
    if not options.startup:
        found["guests"] = compare(guests, chosen, build, work)
    if not options.only:
        found["startup"] = startup(chosen, work)
    found["host"]["load_after"] = os.getloadavg()[0]
    return found


def record(found):
    """Puts figures, plot and table where README.md and docs/performance.md show them."""
    RECORD["json"].write_text(json.dumps(found, indent=1) + "\n")
    RECORD["svg"].write_text(figures.svg(found))
    document = RECORD["text"].read_text()
    before, rest = document.split(BEGIN, 1)
    _old, after = rest.split(END, 1)
    RECORD["text"].write_text(f"{before}{BEGIN}\n\n```text\n{figures.text(found)}\n```\n\n{END}{after}")


def parse():
    parser = argparse.ArgumentParser(prog="tools/bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--guests", type=Path, default=GUESTS, help="a folder of other guests (build.sh there or above is used)")
    parser.add_argument("--only", help="these guests, separated by commas")
    parser.add_argument("--engines", help="these engines, separated by commas (default: all at hand)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--slow-rounds", type=int, default=3, help="rounds of those that take long to start (Bochs, DOSBox's interpreter)")
    parser.add_argument("--seconds", type=float, default=0.25, help="CPU time that each figure stands on")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    parser.add_argument("--svg", type=Path, help="write the plot to this file too")
    parser.add_argument("--record", action="store_true", help="put table and plot into the documentation")
    parser.add_argument("--from-json", type=Path, help="measure nothing: take the figures from an earlier --json")
    parser.add_argument("--smoke", action="store_true", help="compare checksums only, in some seconds")
    parser.add_argument("--startup", action="store_true", help="measure HELLO.COM from exec to exit alone")
    return parser.parse_args()


def main():
    work = Path(tempfile.mkdtemp(prefix="dyn86-bench-"))
    try:
        build = options.build.resolve()
        if options.from_json:
            found = json.loads(options.from_json.read_text())
        else:
            chosen = chosen_engines(build, work)
            guests = Guests(options.guests.resolve(), work)
            if options.smoke:
                sys.exit(1 if smoke(guests, chosen) else 0)
            found = measure_all(guests, chosen, build, work)
        print(figures.text(found))
        if options.json:
            options.json.write_text(json.dumps(found, indent=1) + "\n")
        if options.svg:
            options.svg.write_text(figures.svg(found))
        if options.record:
            record(found)
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    options = parse()
    main()
