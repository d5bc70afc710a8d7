# shellcheck shell=bash disable=SC2034
# Sourced by the commands in tools/: what they need from Debian, and how the tree is built.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
tool=tools/$(basename "$0")

# What building and running dyn86 needs, what its tests need besides, and what the long tests and tools/bench add.
build_packages=(g++ cmake ninja-build nasm libfmt-dev libcli11-dev nlohmann-json3-dev libsdl2-dev zlib1g-dev libzydis-dev
                libtomlplusplus-dev)
test_packages=(gdb libgtest-dev libbenchmark-dev valgrind bcc elks-libc dosfstools)
long_packages=(libx11-dev xvfb xdotool tmux)
bench_packages=(python3 nasm bcc libbenchmark-dev valgrind)

say() { printf '%s: %s\n' "$tool" "$*" >&2; }

# Status 125 is what dyn86 itself uses when the emulator, not the program, has failed.
fail() {
    say "$@"
    exit 125
}

# Names of those packages that are not installed, one a line.
missing_packages() {
    local package installed
    installed=$'\n'$(dpkg-query --show --showformat='${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true)$'\n'
    for package; do
        [[ $installed == *$'\n'"installed $package"$'\n'* ]] || printf '%s\n' "$package"
    done
}

as_root() {
    if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
}

# Installs what is missing of the named packages; silent and quick when nothing is.
require_packages() {
    local log missing
    command -v dpkg-query >/dev/null || return 0 # not Debian: the build says what it misses
    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]})) || return 0
    if ((EUID != 0)) && ! command -v sudo >/dev/null; then
        fail "not root and no sudo; as root: apt-get install ${missing[*]}"
    fi
    say "installing ${missing[*]}"
    log=$(mktemp)
    # A package list that cannot be refreshed is not fatal by itself: the old one may do.
    apt_get update </dev/null >"$log" 2>&1 || true
    if ! apt_get install --no-install-recommends "${missing[@]}" </dev/null >>"$log" 2>&1; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        fail "cannot install ${missing[*]}; as root: apt-get install ${missing[*]}"
    fi
    rm -f "$log"
}

# is_configured PRESET VARIABLE=VALUE...: is the build folder there, of this tree, and with these values?
is_configured() {
    local folder=$root/build/$1 setting
    [[ -f $folder/build.ninja ]] || return 1
    grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$folder/CMakeCache.txt" || return 1
    for setting in "${@:2}"; do
        grep -qx "${setting%%=*}:[A-Z]*=${setting#*=}" "$folder/CMakeCache.txt" || return 1
    done
}

# logged COMMAND...: silent on success; on failure all it said, on stderr. Stdin is the program's that is run in the end.
logged() {
    local log
    log=$(mktemp)
    if ! "$@" </dev/null >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        return 1
    fi
    rm -f "$log"
}

# configure PRESET VARIABLE=VALUE...: only when needed; ninja itself reconfigures when a CMakeLists.txt has changed.
configure() {
    local preset=$1 settings=("${@:2}") launcher=()
    is_configured "$preset" "${settings[@]}" && return 0
    if [[ ! -f $root/build/$preset/CMakeCache.txt ]] && command -v ccache >/dev/null; then
        launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
    fi
    if [[ -f $root/build/$preset/CMakeCache.txt ]] &&
        ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$root/build/$preset/CMakeCache.txt"; then
        launcher+=(--fresh) # the tree has been moved or copied
    fi
    (cd "$root" && logged cmake --preset "$preset" "${launcher[@]}" "${settings[@]/#/-D}") || fail "cmake failed"
}

# build PRESET TARGET...: silent unless it fails; with ninja's progress if `show_progress` is set and someone is watching.
show_progress=
build() {
    local command=(ninja -C "$root/build/$1" -j "$(nproc)")
    if [[ -n $show_progress && -t 2 ]]; then
        "${command[@]}" "${@:2}" >&2 || fail "the build failed"
    else
        logged "${command[@]}" --quiet "${@:2}" || fail "the build failed"
    fi
}

# Until `unlock`, only this command works in the build folders.
lock() {
    mkdir -p "$root/build"
    exec {lock_fd}>"$root/build/.lock"
    flock "$lock_fd"
}
unlock() { exec {lock_fd}>&-; }
