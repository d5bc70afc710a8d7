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


class Direct:
    """An engine that is a command with the program's file at its end."""

    def __init__(self, measure: Path, work: Path, command: list):
        self.measure, self.work, self.command = measure, work, command

    def run(self, com: Path) -> Run:
        return self.runs(com, 1)[0]

    def runs(self, com: Path, count: int) -> list[Run]:
        return measured(self.measure, self.work, [*self.command, com], count)


class Qemu:
    """qemu-system-i386 without KVM, booting the program from a floppy image of our own."""

    COMMAND = ["qemu-system-i386", "-accel", "tcg", "-display", "none", "-monitor", "none", "-serial", "none", "-net", "none",
               "-debugcon", "stdio", "-device", "isa-debug-exit,iobase=0xf4,iosize=1", "-boot", "a", "-drive"]

    def __init__(self, measure: Path, work: Path):
        self.measure, self.work = measure, work

    def run(self, com: Path) -> Run:
        image = self.work / "boot.img"
        subprocess.run(["nasm", "-f", "bin", f'-DPROGRAM="{com}"', "-o", image, HERE / "peers" / "boot.asm"], check=True)
        return measured(self.measure, self.work, [*self.COMMAND, f"if=floppy,format=raw,file={image}"])[0]


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

    def __init__(self, work: Path, core: str):
        self.folder = work / f"dosbox-{core}"
        self.folder.mkdir(exist_ok=True)
        self.config = work / f"dosbox-{core}.conf"
        self.config.write_text((HERE / "peers" / "dosbox.conf").read_text().replace("@CORE@", core))

    def run(self, com: Path) -> Run:
        marker, output = self.folder / "BEGUN.TXT", self.folder / "OUT.TXT"
        marker.unlink(missing_ok=True)
        output.unlink(missing_ok=True)
        shutil.copy(com, self.folder / "GUEST.COM")
        steps = [f"mount c {self.folder}", "c:", "echo x > BEGUN.TXT", "GUEST.COM > OUT.TXT", "exit"]
        command = ["dosbox", "-conf", str(self.config), "-noconsole", *(word for step in steps for word in ("-c", step))]
        env = {**os.environ, "SDL_VIDEODRIVER": "dummy", "SDL_AUDIODRIVER": "dummy"}
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env)
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
            engines[kind] = Direct(measure, work, [dyn86, "--display=none", f"--engine={kind}"])
    if shutil.which("dosbox"):
        engines["dosbox"] = DosBox(work, "dynamic")
        engines["dosbox-normal"] = DosBox(work, "normal")
    if shutil.which("qemu-system-i386"):
        engines["qemu"] = Qemu(measure, work)
    return engines
