/* A C program of the ordinary kind, for bcc's library: counts characters, words and lines of a file into another one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(argc, argv)
int argc;
char **argv;
{
    FILE *in, *out;
    int c, inside = 0;
    long characters = 0, words = 0, lines = 0;
    char *copy;

    if (argc != 3) {
        fprintf(stderr, "usage: words IN OUT\n");
        exit(2);
    }
    in = fopen(argv[1], "r");
    if (!in) {
        fprintf(stderr, "no %s\n", argv[1]);
        exit(1);
    }
    while ((c = getc(in)) != EOF) {
        ++characters;
        if (c == '\n') ++lines;
        if (c == ' ' || c == '\n' || c == '\t') inside = 0;
        else if (!inside) { inside = 1; ++words; }
    }
    fclose(in);
    out = fopen(argv[2], "w");
    fprintf(out, "%ld %ld %ld\n", lines, words, characters);
    fclose(out);
    copy = malloc(100);
    strcpy(copy, argv[1]);
    printf("%s: %ld words\n", copy, words);
    free(copy);
    return (int)words;
}
