/* What a machine started with --share shows to other processes. C11, and all of it: include this and read.

   Its folder is $XDG_RUNTIME_DIR/dyn86/NAME, or /tmp/dyn86-UID/NAME without that variable, and holds:

     header   struct dyn86_share, rewritten once per frame
     video    64 KiB: guest memory B0000-BFFFF itself, where the screen lies
     control  a stream socket: one line "type KEYS" (as --type has them) or "quit", answered by "ok" or "error WHY"
     lock     locked (fcntl, whole file) while the machine runs

   Map header and video read-only. Reading never holds up the machine. `sequence` guards the header alone: it is odd
   while the machine writes, so dyn86_share_read() tries again. Cells change under the reader, as under a real beam. */
#ifndef DYN86_SHARE_H
#define DYN86_SHARE_H

#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DYN86_SHARE_MAGIC "dyn86sh"
#define DYN86_SHARE_ABI 1u /* changes when the meaning or place of a field does; new fields are added at the end */
#define DYN86_SHARE_VIDEO_SIZE 0x10000u
#define DYN86_SHARE_ROWS 256u /* dirty_rows has this many bits */

enum dyn86_share_mode {
    DYN86_SHARE_OFF = 0, /* the adapter shows nothing */
    DYN86_SHARE_TEXT = 1,
    DYN86_SHARE_GRAPHICS_320 = 2, /* two bits a dot */
    DYN86_SHARE_GRAPHICS_640 = 3,
    DYN86_SHARE_GRAPHICS_720 = 4 /* Hercules */
};
enum dyn86_share_adapter { DYN86_SHARE_MDA = 0, DYN86_SHARE_CGA = 1, DYN86_SHARE_HERCULES = 2 };

struct dyn86_share {
    char magic[8];     /* DYN86_SHARE_MAGIC */
    uint32_t abi;      /* DYN86_SHARE_ABI */
    uint32_t size;     /* of this structure as the machine knows it */
    uint32_t sequence; /* grows by 2 with each update */
    uint32_t pid;      /* of the machine */
    uint32_t ended;    /* 1: this is its last word */
    uint32_t mode;     /* enum dyn86_share_mode */
    uint32_t adapter;  /* enum dyn86_share_adapter */
    uint32_t code_page;
    uint64_t frame;        /* pictures the guest's beam has drawn */
    uint64_t instructions; /* executed */
    uint32_t columns, rows;
    uint32_t glyph_height; /* scan lines of a row */
    uint32_t banks;        /* graphics: parts of the memory that scan lines alternate between */
    uint32_t memory;       /* where the adapter's memory begins in `video`, and its size, a power of two: */
    uint32_t memory_size;  /* addresses wrap within */
    uint32_t start;        /* of the first cell: words into the memory */
    uint32_t cursor_row, cursor_column;
    uint8_t cursor_visible, cursor_top, cursor_bottom; /* scan lines */
    uint8_t blink;                                     /* attribute bit 7: blink (1) or bright background (0) */
    uint8_t palette[4];                                /* graphics: value of a dot to IRGB */
    uint8_t border;                                    /* IRGB */
    uint8_t reserved[3];
    uint32_t dirty_rows[DYN86_SHARE_ROWS / 32]; /* bit row % 32 of word row / 32: changed since the update before */
    char title[64];                             /* the program, UTF-8, ends with 0 */
};

/* A consistent copy. 0 when it is none of ours, or the machine writes all the time. */
static inline int dyn86_share_read(const struct dyn86_share* shared, struct dyn86_share* copy) {
    for (int attempt = 0; attempt < 1000; ++attempt) {
        const uint32_t before = __atomic_load_n(&shared->sequence, __ATOMIC_ACQUIRE);
        memcpy(copy, shared, sizeof *copy);
        __atomic_thread_fence(__ATOMIC_ACQUIRE);
        const uint32_t after = __atomic_load_n(&shared->sequence, __ATOMIC_RELAXED);
        if (before % 2 == 0 && before == after)
            return memcmp(copy->magic, DYN86_SHARE_MAGIC, 8) == 0 && copy->abi == DYN86_SHARE_ABI;
    }
    return 0;
}

/* Offset in `video` of a text cell's character; its attribute follows. */
static inline uint32_t dyn86_share_cell(const struct dyn86_share* header, uint32_t row, uint32_t column) {
    const uint32_t word = header->start + row * header->columns + column;
    return (header->memory + (word * 2 & (header->memory_size - 1))) & (DYN86_SHARE_VIDEO_SIZE - 1);
}

#ifdef __cplusplus
}
#endif
#endif
