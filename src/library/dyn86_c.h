/* dyn86 for programs in C and for whatever can call C: machines, what runs on them, their registers, memory, screen and
 * keyboard. Several machines can run in one process, each in one thread at a time; none prints, exits, or touches
 * signals. Functions that return int give 0, or -1 with a reason in dyn86_error(). Text is UTF-8. */
#ifndef DYN86_C_H
#define DYN86_C_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct dyn86_machine dyn86_machine;

enum { DYN86_JIT, DYN86_INTERPRETER };         /* dyn86_config.engine */
enum { DYN86_MDA, DYN86_CGA, DYN86_HERCULES }; /* .adapter */
enum { DYN86_8086, DYN86_8088 };               /* .cpu */
enum { DYN86_TABLE, DYN86_EXACT };             /* .timing */

/* Null strings: nothing there. dyn86_config_init() first, then what differs. */
typedef struct dyn86_config {
    size_t size; /* of this struct, as the caller knows it */
    int engine, adapter, cpu, timing;
    unsigned memory_kib;
    int64_t cpu_hz;
    const char* folder;     /* a host folder as drive C */
    const char* floppy;     /* a disk image in drive A */
    const char* hard_disk;  /* a disk image as the first hard disk */
    const char* bios;       /* a BIOS instead of dyn86's */
    int read_only;          /* all of these */
    int count_instructions; /* for dyn86_run_instructions() and dyn86_instructions() */
} dyn86_config;

void dyn86_config_init(dyn86_config* config);

/* NULL on failure, with the reason in `error`, which may be NULL. */
dyn86_machine* dyn86_create(const dyn86_config* config, char* error, size_t error_size);
void dyn86_destroy(dyn86_machine* machine);
/* Why the last function failed; never NULL. */
const char* dyn86_error(const dyn86_machine* machine);

/* What to run, once: a program on drive C ("PROG.EXE") with its arguments, or the first bootable disk. A machine on
 * which neither is started executes what its registers point at; interrupts find no handlers there. */
int dyn86_start_program(dyn86_machine* machine, const char* program, const char* arguments);
int dyn86_start_boot(dyn86_machine* machine);

/* Why a run came back. */
enum {
    DYN86_FAILED = -1, /* dyn86_error() */
    DYN86_TIME,        /* so much guest time has passed */
    DYN86_COUNTED,     /* so many instructions have been executed */
    DYN86_PAUSED,      /* dyn86_request_pause() */
    DYN86_STOPPED,     /* dyn86_last_stop() */
    DYN86_MET,         /* the condition holds */
    DYN86_ENDED        /* the program has: dyn86_errorlevel(), dyn86_message() */
};
int dyn86_run(dyn86_machine* machine, uint64_t nanoseconds);
int dyn86_run_instructions(dyn86_machine* machine, uint64_t count);
/* Asks `condition` before, and after every millisecond of guest time, until it is not 0. */
int dyn86_run_until(dyn86_machine* machine, int (*condition)(dyn86_machine* machine, void* user), void* user,
                    uint64_t limit_nanoseconds);
/* One instruction. */
int dyn86_step(dyn86_machine* machine);
/* From a signal handler or another thread. */
void dyn86_request_pause(dyn86_machine* machine);

uint64_t dyn86_now(const dyn86_machine* machine); /* guest time since power-on, in nanoseconds */
uint64_t dyn86_clocks(const dyn86_machine* machine);
uint64_t dyn86_instructions(const dyn86_machine* machine);
int dyn86_errorlevel(const dyn86_machine* machine); /* -1: it has not ended */
const char* dyn86_message(const dyn86_machine* machine);

typedef struct dyn86_registers {
    uint16_t ax, cx, dx, bx, sp, bp, si, di, es, cs, ss, ds, ip, flags;
} dyn86_registers;
void dyn86_get_registers(const dyn86_machine* machine, dyn86_registers* registers);
void dyn86_set_registers(dyn86_machine* machine, const dyn86_registers* registers);
/* Physical addresses. Reading has no side effects; writing forgets translations of what changes, and gives -1 where ROM
 * or a device did not take it. */
void dyn86_read(const dyn86_machine* machine, uint32_t address, void* to, size_t length);
int dyn86_write(dyn86_machine* machine, uint32_t address, const void* from, size_t length);

/* Stops. Code without any runs at full speed. */
enum { DYN86_WRITES, DYN86_READS, DYN86_ACCESSES };
void dyn86_break_at(dyn86_machine* machine, uint32_t address);
void dyn86_watch(dyn86_machine* machine, int kind, uint32_t start, uint32_t length);
/* Called before each INT n, and before each IN and OUT (`value` is what is written, or -1); the machine stops before
 * the instruction when the answer is not 0. NULL: nobody asks. They must not run the machine. */
void dyn86_on_interrupt(dyn86_machine* machine, int (*hook)(dyn86_machine* machine, int number, void* user),
                        void* user);
void dyn86_on_port(dyn86_machine* machine, int (*hook)(dyn86_machine* machine, unsigned port, int value, void* user),
                   void* user);
void dyn86_clear_stops(dyn86_machine* machine); /* breakpoints and watches */

enum { DYN86_AT_BREAKPOINT, DYN86_AT_WATCH, DYN86_AT_INTERRUPT, DYN86_AT_PORT };
typedef struct dyn86_stop {
    int kind;
    uint32_t address; /* of the breakpoint or the byte watched; number of the interrupt or port */
} dyn86_stop;
/* -1: the last run did not stop. */
int dyn86_last_stop(const dyn86_machine* machine, dyn86_stop* stop);

/* A device of the caller's at I/O ports, in place of what was there. A word is two bytes. */
typedef struct dyn86_port_device {
    uint8_t (*in)(void* user, uint16_t port);
    void (*out)(void* user, uint16_t port, uint8_t value);
    void* user;
} dyn86_port_device;
int dyn86_attach_ports(dyn86_machine* machine, uint16_t first, unsigned count, const dyn86_port_device* device);

typedef struct dyn86_screen {
    int is_text; /* 0: graphics, or off */
    unsigned columns, rows;
    int cursor_row, cursor_column; /* -1: not to be seen */
    uint64_t frame;
} dyn86_screen;
void dyn86_get_screen(const dyn86_machine* machine, dyn86_screen* screen);
/* Character and attribute. */
void dyn86_cell(const dyn86_machine* machine, unsigned row, unsigned column, uint8_t cell[2]);
/* The rows as text, a line each; like snprintf. */
size_t dyn86_screen_text(const dyn86_machine* machine, char* to, size_t size);

/* The whole machine, disks apart (docs/save-state.md): `write` gets it at once. Loading wants a machine that was
 * created alike; when it fails the machine is as it was. */
int dyn86_save_state(dyn86_machine* machine, void (*write)(const void* bytes, size_t length, void* user), void* user);
int dyn86_load_state(dyn86_machine* machine, const void* bytes, size_t length);

/* What --type takes: "dir\\r", "<F10>", "<Ctrl+C>". It is typed while the machine runs, as fast as the guest reads;
 * -1 while keys of an earlier call are still unread. */
int dyn86_type(dyn86_machine* machine, const char* keys);
/* One byte of XT scan-code set 1. */
void dyn86_scan_code(dyn86_machine* machine, uint8_t code);

#ifdef __cplusplus
}
#endif
#endif
