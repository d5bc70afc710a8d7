"""What tools/bench measured, as text, as Markdown and as a plot. Knows nothing of how it was measured."""

import math
import statistics

PEERS = ("dosbox", "dosbox-normal", "qemu", "bochs")  # emulators that are not dyn86
MEAN, MEAN_WITHOUT = "geomean", "without smc"
APART = {"smc"}  # self-modifying code, whose ratios have a scale of their own: means with it and without


def others(figures) -> list:
    """The engines but native, in the order of the columns."""
    return [name for name in figures["engines"] if name != "native"]


def geomean(guests: dict, engine: str, skipped=frozenset()):
    """Of the speeds relative to native; None unless every guest has one."""
    speeds = [row[engine].get("speed") for name, row in guests.items() if name not in skipped]
    return math.exp(statistics.fmean(map(math.log, speeds))) if speeds and all(speeds) else None


def best_peer(row: dict):
    """-> (name, speed) of the fastest emulator that is not dyn86, or None."""
    speeds = [(row[name]["speed"], name) for name in PEERS if "speed" in row.get(name, {})]
    return max(speeds)[::-1] if speeds else None


def spread(guests: dict, engine: str):
    """How much the slowest round takes more than the fastest: (median, worst) over the guests, as factors."""
    factors = [max(row[engine]["rounds"]) / min(row[engine]["rounds"]) for row in guests.values() if row[engine].get("rounds")]
    return (statistics.median(factors), max(factors)) if factors else None


def number(value, width=0) -> str:
    text = "-" if value is None else f"{value:.3f}" if value < 0.1 else f"{value:.2f}"
    return f"{text:>{width}}"


def speed_rows(figures):
    """-> rows of text: heading, a guest each, the means."""
    guests, names = figures["guests"], others(figures)
    yield ["", "native us", *names, "best peer", "jit / it"]
    for guest, row in sorted(guests.items()):
        peer = best_peer(row)
        jit = row.get("jit", {}).get("speed")
        cells = [number(row[name]["speed"]) if "speed" in row[name] else "failed" for name in names]
        yield [guest, f"{row['native']['seconds'] * 1e6:.2f}", *cells, peer[0] if peer else "-",
               number(jit / peer[1] if jit and peer else None)]
    for title, skipped in ((MEAN, frozenset()), (MEAN_WITHOUT, APART)):
        if skipped and not skipped & guests.keys():
            continue
        yield [title, "", *(number(geomean(guests, name, skipped)) for name in names), "", ""]


def aligned(rows) -> str:
    rows = list(rows)
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(width) if i == 0 else cell.rjust(width)
                               for i, (cell, width) in enumerate(zip(row, widths))).rstrip() for row in rows)


def ratios(figures):
    """The figures that have targets: lines of text."""
    guests = figures["guests"]
    jit = geomean(guests, "jit") if "jit" in figures["engines"] else None
    if jit:
        worst = min(guests, key=lambda name: guests[name]["jit"]["speed"])
        yield f"jit / native: {jit:.2f} (geomean), worst {guests[worst]['jit']['speed']:.2f} ({worst})"
        for peer in PEERS:
            other = geomean(guests, peer) if peer in figures["engines"] else None
            if other:
                yield f"jit / {peer}: {jit / other:.1f} (geomean)"
        against = {name: row["jit"]["speed"] / best_peer(row)[1] for name, row in guests.items() if best_peer(row)}
        if against:
            worst = min(against, key=against.get)
            yield f"jit / best peer of each guest: worst {against[worst]:.2f} ({worst}, {best_peer(guests[worst])[0]})"
    if all("instructions" in row and "seconds" in row["interpreter"] for row in guests.values()):
        rates = {name: row["instructions"] / row["interpreter"]["seconds"] / 1e6 for name, row in guests.items()}
        mean = math.exp(statistics.fmean(map(math.log, rates.values())))
        yield (f"interpreter: {mean:.0f} million guest instructions a second (geomean), "
               + ", ".join(f"{name} {rate:.0f}" for name, rate in sorted(rates.items())))


def noise(figures):
    """How far the rounds were apart: lines of text."""
    found = {name: spread(figures["guests"], name) for name in figures["engines"]}
    cells = [f"{name} {factors[0]:.2f} ({factors[1]:.2f})" for name, factors in found.items() if factors]
    yield "slowest round / fastest, median of the guests (worst guest): " + ", ".join(cells)
    host = figures["host"]
    yield f"load {host['load_before']:.1f} before, {host['load_after']:.1f} after, on {host['processors']} processors"


def startup_rows(figures):
    yield ["hello.com, exec to exit", "cpu ms", "wall ms", "fastest", "peak MiB"]
    for name, run in figures["startup"].items():
        yield [name, f"{run['cpu'] * 1e3:.2f}", f"{run['wall'] * 1e3:.2f}", f"{run['fastest'] * 1e3:.2f}",
               f"{run['rss_kib'] / 1024:.1f}"]


def method(figures):
    """How the yardstick was taken: lines of text."""
    native, kvm, host = figures["native16"], figures["kvm"], figures["host"]
    yield f"{host['processor']}, {host['system']}"
    yield (f"native: the program's own bytes in 16-bit segments (LDT) of a process, CS based at {native['cs_base']:#x}; a turn of "
           f"dec/jnz takes {native['turn_ns']:.2f} ns, in 64-bit code {native['host_turn_ns']:.2f} ns")
    if kvm is None:
        yield "KVM: there is none here"
    else:
        what = "the processor's own real mode" if kvm["turn_ns"] < 20 else "an instruction emulator in the kernel, no yardstick"
        yield f"KVM: such a turn takes {kvm['turn_ns']:.2f} ns: {what}"


def text(figures) -> str:
    parts = ["\n".join(method(figures))]
    if "guests" in figures:
        parts += ["speed relative to native, medians of rounds (higher is faster)\n" + aligned(speed_rows(figures)),
                  "\n".join(ratios(figures)), "\n".join(noise(figures))]
    if "startup" in figures:
        parts.append(aligned(startup_rows(figures)))
    parts.append("\n".join(f"{name}: {version}" for name, version in figures["versions"].items()))
    return "\n\n".join(parts)


# --- the plot

COLOURS = {"jit": "#c0392b", "interpreter": "#e59866", "dosbox": "#2471a3", "dosbox-normal": "#85c1e9", "qemu": "#1e8449",
           "bochs": "#7d6608"}
LEFT, RIGHT, TOP, ROW, BOTTOM, WIDTH = 110, 20, 58, 24, 34, 760


def svg(figures) -> str:
    """Speeds relative to native on a logarithmic axis: a row for each guest, a dot for each engine, its rounds as a line."""
    guests, names = figures["guests"], others(figures)
    rows = [*sorted(guests), MEAN]
    points = [row[name] for row in guests.values() for name in names if "speed" in row[name]]
    low = math.floor(math.log10(min(point["low"] for point in points)))
    high = math.log10(max(1.0, *(point["high"] for point in points))) + 0.1

    def x(speed):
        return LEFT + (WIDTH - LEFT - RIGHT) * (math.log10(speed) - low) / (high - low)

    height = TOP + ROW * len(rows) + BOTTOM
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="12">',
           f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
           f'<text x="{LEFT}" y="18" font-size="14">Speed relative to the processor running the same bytes (1 = native)</text>']
    for i, name in enumerate(names):
        at = LEFT + i * 105
        out += [f'<circle cx="{at + 5}" cy="36" r="4" fill="{COLOURS.get(name, "#555")}"/>', f'<text x="{at + 14}" y="40">{name}</text>']
    for tick in (base * 10.0 ** power for power in range(low, 3) for base in (1, 2, 5)):
        if not 10.0 ** low <= tick <= 10 ** high:
            continue
        is_native = tick == 1
        out += [f'<line x1="{x(tick):.1f}" x2="{x(tick):.1f}" y1="{TOP - 6}" y2="{height - BOTTOM + 4}" '
                f'stroke="{"#333" if is_native else "#ddd"}" stroke-width="{1.5 if is_native else 1}"/>',
                f'<text x="{x(tick):.1f}" y="{height - BOTTOM + 20}" text-anchor="middle">{tick:g}</text>']
    for i, guest in enumerate(rows):
        y = TOP + ROW * i + ROW / 2
        weight = ' font-weight="bold"' if guest == MEAN else ""
        out.append(f'<text x="{LEFT - 10}" y="{y + 4}" text-anchor="end"{weight}>{guest}</text>')
        for name in names:
            out += dots(guests, guest, name, x, y)
    return "\n".join([*out, "</svg>", ""])


def dots(guests, guest, name, x, y):
    colour = COLOURS.get(name, "#555")
    if guest == MEAN:
        speed = geomean(guests, name)
        return [f'<rect x="{x(speed) - 5:.1f}" y="{y - 5}" width="10" height="10" fill="{colour}"/>'] if speed else []
    cell = guests[guest][name]
    if "speed" not in cell:
        return []
    return [f'<line x1="{x(cell["low"]):.1f}" x2="{x(cell["high"]):.1f}" y1="{y}" y2="{y}" stroke="{colour}" stroke-width="2"/>',
            f'<circle cx="{x(cell["speed"]):.1f}" cy="{y}" r="4" fill="{colour}"/>']
