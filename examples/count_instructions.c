/* Puts a loop into memory, runs it up to its end, and says what it took on both engines. */
#include <dyn86_c.h>

#include <stdio.h>

static const uint8_t loop[] = {
    0xB9, 0xE8, 0x03, /* mov cx, 1000 */
    0x01, 0xC8,       /* add ax, cx */
    0xE2, 0xFC,       /* loop -4 */
    0x90,             /* nop */
};

static int run_on(int engine) {
    dyn86_config config;
    dyn86_config_init(&config);
    config.engine = engine;
    config.count_instructions = 1;
    char error[256];
    dyn86_machine* machine = dyn86_create(&config, error, sizeof error);
    if (!machine) {
        fprintf(stderr, "count_instructions: %s\n", error);
        return 1;
    }
    dyn86_registers registers = {.cs = 0x1000, .ip = 0x100, .ss = 0x2000, .sp = 0xFFFE};
    dyn86_write(machine, 0x10100, loop, sizeof loop);
    dyn86_set_registers(machine, &registers);
    dyn86_break_at(machine, 0x10100 + sizeof loop - 1);
    const uint64_t clocks = dyn86_clocks(machine), instructions = dyn86_instructions(machine);
    const int why = dyn86_run(machine, 1000000000u);
    dyn86_get_registers(machine, &registers);
    printf("AX=%04X after %llu instructions, %llu clocks\n", registers.ax,
           (unsigned long long)(dyn86_instructions(machine) - instructions),
           (unsigned long long)(dyn86_clocks(machine) - clocks));
    dyn86_destroy(machine);
    return why == DYN86_STOPPED ? 0 : 1;
}

int main(void) {
    return run_on(DYN86_JIT) | run_on(DYN86_INTERPRETER);
}
