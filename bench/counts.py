#!/usr/bin/env python3
"""Counts the host instructions that one repetition of each guest takes, under valgrind, and compares them with those
recorded in bench/counts.json. Unlike times they are the same in every run and on any load, so a change that makes
generated code or the interpreter longer is seen at once: a count beyond the tolerance fails. `tools/bench --counts
--record` puts the present ones there.

A repetition takes (count(3N) - count(N)) / 2N. The guests boot from a floppy image, since valgrind 3.19 does not know
openat2(2), by which DOS opens files; no feature of the host's processor is used, so that all hosts count the same.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
RECORDED = HERE / "counts.json"
# By engine: compilers and C libraries differ in what is compiled, not in what is translated.
TOLERANCE = {"jit": 0.01, "interpreter": 0.05}
REPETITIONS = 8
VALGRIND = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--smc-check=all"]
DYN86 = ["--no-conf", "--display=none", "--date=fixed:1990-01-01", "--host-features=-bmi2,-logic-a,-shift-a,-popcnt",
         "--dump-screen=-", "--boot"]
CHECKSUM = re.compile(r"\b[a-z][a-z0-9]* [0-9A-F]{8}")  # textout has more behind it


def fail(message):
    sys.exit(f"counts: {message}")


def image_of(name, repetitions, work):
    source = next(path for path in (HERE / "guests").glob(f"{name}.*"))
    com, image = work / f"{name}-{repetitions}.com", work / f"{name}-{repetitions}.img"
    subprocess.run([HERE / "guests" / "build", source, str(repetitions), com], check=True)
    subprocess.run(["nasm", "-DSCREEN", "-f", "bin", f'-DPROGRAM="{com}"', "-o", image, HERE / "peers" / "boot.asm"], check=True)
    return image


def count_run(dyn86, engine, image):
    """-> (instructions, checksum)"""
    run = subprocess.run([*VALGRIND, dyn86, f"--engine={engine}", *DYN86, image], capture_output=True, text=True, check=False)
    counted, checksum = re.search(r"Collected : (\d+)", run.stderr), CHECKSUM.search(run.stdout)
    if not counted or not checksum or "no recompiler" in run.stderr:
        fail(f"{image.stem} on {engine} does not run under valgrind:\n{run.stdout}{run.stderr}")
    return int(counted.group(1)), checksum.group(0)


def count_guest(dyn86, engine, name, work):
    once, first = count_run(dyn86, engine, image_of(name, REPETITIONS, work))
    thrice, second = count_run(dyn86, engine, image_of(name, 3 * REPETITIONS, work))
    return {"instructions": round((thrice - once) / (2 * REPETITIONS)), "checksums": [first, second]}


def changes(recorded, counts):
    """-> (lines about what differs by more than the tolerance, how many of these must not be)"""
    lines, wrong = [], 0
    for key, now in sorted(counts.items()):
        before = recorded.get(key)
        if before is None:
            lines.append(f"{key}: {now['instructions']}, and nothing is recorded")
            wrong += 1
            continue
        if before["checksums"] != now["checksums"]:
            lines.append(f"{key}: checksums {now['checksums']}, not {before['checksums']}")
            wrong += 1
        ratio = now["instructions"] / before["instructions"] - 1
        tolerance = TOLERANCE[key.split("/")[1]]
        if abs(ratio) > tolerance:
            lines.append(f"{key}: {before['instructions']} -> {now['instructions']} host instructions a repetition ({ratio:+.1%})")
            wrong += ratio > tolerance
    return lines, wrong


def main():
    parser = argparse.ArgumentParser(prog="tools/bench --counts", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--record", action="store_true", help="make the present counts the recorded ones")
    parser.add_argument("--only", help="these guests, separated by commas")
    parser.add_argument("--engines", default="jit,interpreter")
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    recorded = json.loads(RECORDED.read_text()) if RECORDED.exists() else {}
    names = options.only.split(",") if options.only else sorted(
        path.stem for path in (HERE / "guests").iterdir() if path.suffix in (".asm", ".c") and path.stem not in ("crt", "hello"))
    work = Path(tempfile.mkdtemp(prefix="dyn86-counts-"))
    try:
        pairs = [(name, engine) for engine in options.engines.split(",") for name in names]
        with ThreadPoolExecutor(options.jobs) as pool:
            found = list(pool.map(lambda pair: count_guest(options.build.resolve() / "dyn86", pair[1], pair[0], work), pairs))
        counts = {f"{name}/{engine}": count for (name, engine), count in zip(pairs, found)}
    finally:
        shutil.rmtree(work)
    lines, wrong = changes(recorded, counts)
    print("\n".join(lines or [f"{len(counts)} counts as recorded"]))
    if options.record:
        merged = {**recorded, **counts}
        RECORDED.write_text("{\n" + ",\n".join(f" {json.dumps(key)}: {json.dumps(merged[key])}" for key in sorted(merged)) + "\n}\n")
    elif lines:
        print("tools/bench --counts --record makes the present counts the recorded ones")
        sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
