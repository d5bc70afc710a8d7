// deny mdwe|filter|mremap COMMAND [ARGUMENT...]: runs a command on a host that allows less. mdwe: memory is not made
// executable, by the kernel's own rule (Linux 6.3, inherited by exec; status 77 where it is unknown); filter: the same
// by a seccomp filter that refuses mprotect() with PROT_EXEC, on any kernel; mremap: refused likewise, as under
// valgrind.
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <string_view>

namespace {

constexpr int status_unknown = 77;
// Of Linux 6.3; Debian 12's headers are older.
constexpr int pr_set_mdwe = 65, pr_mdwe_refuse_exec_gain = 1;

bool refuse_gain() {
    return prctl(pr_set_mdwe, pr_mdwe_refuse_exec_gain, 0, 0, 0) == 0;
}

/// Refuses `call` if its argument 2 has one of these bits.
bool install_filter(unsigned call, unsigned bits) {
    std::array<sock_filter, 6> program = {{
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[2])),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bits, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    }};
    const sock_fprog filter = {.len = program.size(), .filter = program.data()};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

bool deny(std::string_view what) {
    if (what == "mdwe") return refuse_gain();
    if (what == "filter") return install_filter(SYS_mprotect, PROT_EXEC);
    return what == "mremap" && install_filter(SYS_mremap, ~0u);  // argument 2 is the new size
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) return 2;
    if (!deny(argv[1])) return status_unknown;
    execvp(argv[2], argv + 2);
    std::perror(argv[2]);
    return 127;
}
