"""What can run a guest program here: dyn86's two engines, the host processor itself, and the emulators that are installed."""

import os
import re
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
CHECKSUM = re.compile(rb"\b([a-z][a-z0-9]* [0-9A-F]{8})\b")
TIME_LIMIT = 120  # seconds for one run
BOCHS_SHARE = Path("/usr/share/bochs")


class RunFailed(Exception):
    """A run that did not end well; the message says which and how."""


@dataclass
class Run:
    """One process from start to end."""

    cpu: float  # user + system seconds
    wall: float
    rss_kib: int
    checksum: str  # "name XXXXXXXX" as the guest printed it, or empty


def checksum_in(output: bytes) -> str:
    found = CHECKSUM.search(output)
    return found.group(1).decode() if found else ""


def measured(measure: Path, work: Path, command: list, runs: int = 1, env: dict | None = None) -> list[Run]:
    """Runs `command` under bench/measure; the checksum is that of the last run."""
    output = work / "output"
    words = [str(word) for word in (measure, runs, output, *command)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, **(env or {})},
                               start_new_session=True)
    try:
        lines, errors = process.communicate(timeout=TIME_LIMIT * runs)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise RunFailed(f"{command[0]}: longer than {TIME_LIMIT} s") from None
    if process.returncode:
        raise RunFailed(errors.decode(errors="replace").strip() or f"{command[0]}: status {process.returncode}")
    checksum = checksum_in(output.read_bytes())
    fields = (line.split() for line in lines.decode().splitlines())
    return [Run(float(cpu), float(wall), int(rss), checksum) for cpu, wall, rss, _status in fields]


def version_of(*command: str) -> str:
    """The first line with a number of what a command says of itself."""
    run = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    lines = [line.strip() for line in (run.stdout + run.stderr).splitlines() if re.search(r"\d\.\d", line)]
    return lines[0].strip("= ") if lines else "?"


class Direct:
    """An engine that is a command with the program's file at its end."""

    def __init__(self, measure: Path, work: Path, command: list, version: str = ""):
        self.measure, self.work, self.command, self.version = measure, work, command, version

    def run(self, com: Path) -> Run:
        return self.runs(com, 1)[0]

    def runs(self, com: Path, count: int) -> list[Run]:
        return measured(self.measure, self.work, [*self.command, com], count)


class Booter:
    """An emulator that boots the program from a floppy image of our own."""

    def __init__(self, measure: Path, work: Path):
        self.measure, self.work = measure, work
        self.image = work / "boot.img"

    def run(self, com: Path) -> Run:
        return self.runs(com, 1)[0]

    def runs(self, com: Path, count: int) -> list[Run]:
        subprocess.run(["nasm", "-f", "bin", f'-DPROGRAM="{com}"', "-o", self.image, HERE / "peers" / "boot.asm"], check=True)
        return measured(self.measure, self.work, self.command(), count)


class Qemu(Booter):
    """qemu-system-i386 without KVM."""

    version = property(lambda self: version_of("qemu-system-i386", "--version"))

    def command(self) -> list:
        return ["qemu-system-i386", "-accel", "tcg", "-display", "none", "-monitor", "none", "-serial", "none", "-net", "none",
                "-debugcon", "stdio", "-device", "isa-debug-exit,iobase=0xf4,iosize=1", "-boot", "a",
                "-drive", f"if=floppy,format=raw,file={self.image}"]


class Bochs(Booter):
    """Debian's Bochs, which has its debugger compiled in: it is told to go on."""

    version = property(lambda self: version_of("bochs", "--help"))

    def command(self) -> list:
        settings, commands = self.work / "bochsrc", self.work / "bochs.rc"
        text = (HERE / "peers" / "bochsrc").read_text()
        settings.write_text(text.replace("@IMAGE@", str(self.image)).replace("@SHARE@", str(BOCHS_SHARE)))
        commands.write_text("c\nq\n")
        return ["bochs", "-q", "-f", settings, "-rc", commands]


def cpu_of_threads(pid: int) -> float:
    """CPU seconds so far of a process that still runs, from the scheduler's account of its threads."""
    total = 0
    for account in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        try:
            total += int(account.read_text().split()[0])
        except (OSError, ValueError, IndexError):
            continue  # the thread has ended
    return total / 1e9


class DosBox:
    """DOSBox, counted from a file that its shell makes just before the program: its splash screen spins for 0.6 s."""

    ENVIRONMENT = {"SDL_VIDEODRIVER": "dummy", "SDL_AUDIODRIVER": "dummy"}
    version = property(lambda self: version_of("dosbox", "-version"))

    def __init__(self, measure: Path, work: Path, core: str):
        self.measure, self.work = measure, work
        self.folder = work / f"dosbox-{core}"
        self.folder.mkdir(exist_ok=True)
        self.config = work / f"dosbox-{core}.conf"
        self.config.write_text((HERE / "peers" / "dosbox.conf").read_text().replace("@CORE@", core))

    def command(self, com: Path) -> list:
        shutil.copy(com, self.folder / "GUEST.COM")
        steps = [f"mount c {self.folder}", "c:", "echo x > BEGUN.TXT", "GUEST.COM > OUT.TXT", "exit"]
        return ["dosbox", "-conf", str(self.config), "-noconsole", *(word for step in steps for word in ("-c", step))]

    def runs(self, com: Path, count: int) -> list[Run]:
        """Whole runs, splash screen and all: what a user waits for."""
        return measured(self.measure, self.work, self.command(com), count, self.ENVIRONMENT)

    def run(self, com: Path) -> Run:
        marker, output = self.folder / "BEGUN.TXT", self.folder / "OUT.TXT"
        marker.unlink(missing_ok=True)
        output.unlink(missing_ok=True)
        nothing = subprocess.DEVNULL
        process = subprocess.Popen(self.command(com), stdin=nothing, stdout=nothing, stderr=nothing,
                                   env={**os.environ, **self.ENVIRONMENT})
        start = time.monotonic()
        while not marker.exists() and process.poll() is None and time.monotonic() < start + 30:
            time.sleep(0.002)
        cpu, begun = cpu_of_threads(process.pid), time.monotonic()
        used = self.wait(process)
        text = output.read_bytes() if output.exists() else b""
        return Run(used.ru_utime + used.ru_stime - cpu, time.monotonic() - begun, used.ru_maxrss, checksum_in(text))

    @staticmethod
    def wait(process):
        end = time.monotonic() + TIME_LIMIT
        while time.monotonic() < end:
            pid, _status, used = os.wait4(process.pid, os.WNOHANG)
            if pid:
                process.returncode = 0  # reaped here, not by Popen
                return used
            time.sleep(0.002)
        process.kill()
        process.wait()
        raise RunFailed(f"dosbox: longer than {TIME_LIMIT} s")


def available(build: Path, work: Path) -> dict:
    """The engines that are at hand, by name, in the order of the table's columns."""
    measure, dyn86 = build / "measure", build / "dyn86"
    engines: dict = {"native": Direct(measure, work, [build / "native16"])}
    if dyn86.exists():
        for kind in ("jit", "interpreter"):
            engines[kind] = Direct(measure, work, [dyn86, "--no-conf", "--display=none", f"--engine={kind}"],
                                   version_of(str(dyn86), "--version"))
    if shutil.which("dosbox"):
        engines["dosbox"] = DosBox(measure, work, "dynamic")
        engines["dosbox-normal"] = DosBox(measure, work, "normal")
    if shutil.which("qemu-system-i386"):
        engines["qemu"] = Qemu(measure, work)
    if shutil.which("bochs") and all((BOCHS_SHARE / rom).exists() for rom in ("BIOS-bochs-legacy", "VGABIOS-lgpl-latest")):
        engines["bochs"] = Bochs(measure, work)
    return engines
