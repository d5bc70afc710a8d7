// measure RUNS OUTPUT COMMAND [ARGUMENT...] runs a command so often, its stdin empty and its stdout in the file OUTPUT,
// and prints a line for each run: CPU seconds (user + system, of the whole process tree it waited for), wall seconds,
// peak resident KiB, wait status. A program of its own because a child's peak is never below that of the process that
// started it: linked statically it is smaller than anything it measures.
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace {

double seconds(const timeval& time) {
    return double(time.tv_sec) + double(time.tv_usec) / 1e6;
}

double wall_now() {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return double(time.tv_sec) + double(time.tv_nsec) / 1e9;
}

bool run_once(const char* output, char** command) {
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    const double start = wall_now();
    pid_t child = 0;
    const bool started = posix_spawnp(&child, command[0], &files, nullptr, command, environ) == 0;
    posix_spawn_file_actions_destroy(&files);
    int status = 0;
    rusage use{};
    if (!started || wait4(child, &status, 0, &use) != child) return false;
    std::printf("%.6f %.6f %ld %d\n", seconds(use.ru_utime) + seconds(use.ru_stime), wall_now() - start, use.ru_maxrss,
                status);
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 4) {
        std::fputs("usage: measure RUNS OUTPUT COMMAND [ARGUMENT...]\n", stderr);
        return 2;
    }
    for (long runs = std::strtol(argv[1], nullptr, 10); runs > 0; --runs) {
        if (run_once(argv[2], argv + 3)) continue;
        std::perror(argv[3]);
        return 127;
    }
}
