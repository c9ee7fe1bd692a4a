#include "screen/stage.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "ui/keys.h"
#include "ui/term.h"

struct stage {
    struct term *term;
    struct canvas canvas;
    uint32_t last_key;
    unsigned keys;
};

static volatile sig_atomic_t winch;

static void on_winch(int number)
{
    winch = number;
}

static void draw_stage(struct stage *stage)
{
    struct canvas *canvas = &stage->canvas;
    int width, height;
    term_size(stage->term, &width, &height);
    canvas_resize(canvas, width, height);
    canvas_format(canvas, 0, 0, width, STYLE_NORMAL, "key %x of %u, %dx%d", stage->last_key,
                  stage->keys, width, height);
    canvas_text(canvas, 0, 1, width, STYLE_NORMAL, "● ◐ ○ ! = s ▁▇ ⣿ │ σ");
    canvas_text(canvas, 0, 2, width, STYLE_NORMAL, "漢字 e\xCC\x81 over");
    canvas_text(canvas, 0, 3, 5, STYLE_ALARM, "alarm");
    canvas_text(canvas, 6, 3, 6, STYLE_ACCENT, "accent");
    canvas_text(canvas, 13, 3, 5, STYLE_ALARM | STYLE_REVERSE, "▂▂");
    canvas_text(canvas, 0, 4, width, STYLE_NORMAL, "selected");
    canvas_mark(canvas, (struct rect){0, 4, width, 1}, STYLE_SELECTED);
    canvas_fill(canvas, (struct rect){0, 5, 20, 1}, STYLE_DIM, 0x2500);
    canvas_fill(canvas, (struct rect){20, 5, 20, 1}, STYLE_DIM, '=');
    canvas_text(canvas, 20, 3, 4, STYLE_SPARK, "here");
    canvas_text(canvas, 28, 3, 5, STYLE_SPARK, "there");
    canvas_put(canvas, width - 1, height - 1, STYLE_GOOD, '$'); /* the corner that could scroll */
    term_show(stage->term, canvas);
}

/* Returns false when the program is to end. */
static bool act(struct stage *stage, uint32_t key)
{
    char byte;
    switch (key) {
    case 'q':
        return false;
    case 'S':
        raise(SIGSEGV);
        break;
    case 'A':
        abort();
    case 'X':
        exit(3);
    case KEY_CTRL_L:
        term_redraw(stage->term);
        break;
    case KEY_CTRL_Z:
        term_suspend(stage->term);
        puts("suspended");
        fflush(stdout);
        if (read(STDIN_FILENO, &byte, 1) == 1)
            term_resume(stage->term);
        break;
    default:
        break;
    }
    return true;
}

static bool take_keys(struct stage *stage)
{
    uint32_t key;
    while ((key = term_key(stage->term)) != KEY_NONE) {
        if (key == KEY_CLOSED) {
            term_close(stage->term);
            _exit(STAGE_HUNG_UP);
        }
        stage->last_key = key;
        stage->keys++;
        if (!act(stage, key))
            return false;
    }
    return true;
}

int stage_play(void *context)
{
    const struct term_options *options = context;
    struct stage stage = {0};
    char error[200], byte = 0;
    struct sigaction action = {.sa_handler = on_winch};
    sigaction(SIGWINCH, &action, NULL);
    signal(SIGHUP, SIG_IGN);
    puts("before");
    fflush(stdout);
    while (byte != '\n')
        if (read(STDIN_FILENO, &byte, 1) != 1)
            return 1;
    stage.term = term_open(options, error, sizeof error);
    if (!stage.term) {
        puts(error);
        fflush(stdout);
        return STAGE_NO_TERM;
    }
    canvas_init(&stage.canvas, options->ascii);
    do {
        if (winch)
            term_resized(stage.term);
        winch = 0;
        draw_stage(&stage);
        struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
        poll(&input, 1, 50);
    } while (take_keys(&stage));
    term_close(stage.term);
    canvas_fini(&stage.canvas);
    return 0;
}
