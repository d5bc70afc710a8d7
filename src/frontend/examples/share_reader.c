/* Prints the text screen of a machine started with `dyn86 --share=NAME`: cc -I . share_reader.c */
#include "src/frontend/dyn86_share.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

static const void* map(const char* name, const char* file, size_t size) {
    char path[4096];
    const char* runtime = getenv("XDG_RUNTIME_DIR");
    snprintf(path, sizeof path, "%s/dyn86/%s/%s", runtime ? runtime : "", name, file);
    const int fd = open(path, O_RDONLY);
    void* const mapped = fd < 0 ? MAP_FAILED : mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
    if (mapped != MAP_FAILED) return mapped;
    perror(path);
    exit(1);
}

int main(int count, char** arguments) {
    if (count != 2) return 2;
    struct dyn86_share header;
    const struct dyn86_share* shared = map(arguments[1], "header", sizeof header);
    const unsigned char* video = map(arguments[1], "video", DYN86_SHARE_VIDEO_SIZE);
    if (!dyn86_share_read(shared, &header) || header.mode != DYN86_SHARE_TEXT) return 1;
    for (uint32_t row = 0; row < header.rows; ++row, putchar('\n'))
        for (uint32_t column = 0; column < header.columns; ++column) {
            const unsigned char character = video[dyn86_share_cell(&header, row, column)];
            putchar(character < ' ' || character > '~' ? ' ' : character);
        }
}
