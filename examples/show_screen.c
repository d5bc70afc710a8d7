/* show_screen FOLDER PROGRAM [ARGUMENTS]: runs a DOS program without a window, then prints its screen. */
#include <dyn86_c.h>

#include <stdio.h>

int main(int count, char** words) {
    if (count < 3) {
        fprintf(stderr, "show_screen FOLDER PROGRAM [ARGUMENTS]\n");
        return 2;
    }
    dyn86_config config;
    dyn86_config_init(&config);
    config.folder = words[1];
    char text[16384];
    dyn86_machine* machine = dyn86_create(&config, text, sizeof text);
    if (!machine || dyn86_start_program(machine, words[2], count > 3 ? words[3] : "") != 0) {
        fprintf(stderr, "show_screen: %s\n", machine ? dyn86_error(machine) : text);
        dyn86_destroy(machine);
        return 1;
    }
    const uint64_t ten_seconds = 10000000000u;
    const int why = dyn86_run(machine, ten_seconds);
    dyn86_screen_text(machine, text, sizeof text);
    fputs(text, stdout);
    const int errorlevel = why == DYN86_ENDED ? dyn86_errorlevel(machine) : 124;
    dyn86_destroy(machine);
    return errorlevel;
}
