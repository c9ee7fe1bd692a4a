/* Measures what design.md, section 10, promises; run by `make bench`.
 *
 *     bench [--dt-top PATH] [--firehose PATH] [a|b|c|d|e|f]...      all by default */
#include "bench/bench.h"

#include <locale.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

double bench_median(double *values, size_t count)
{
    qsort(values, count, sizeof(*values), compare);
    return count % 2 == 1 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

double bench_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

int main(int argc, char **argv)
{
    const char *dt_top = "src/dt-top", *firehose = "tests/bench/firehose";
    bool wanted[6] = {false};
    setlocale(LC_CTYPE, "C.UTF-8");
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--dt-top") == 0 && i + 1 < argc) {
            dt_top = argv[++i];
        } else if (strcmp(argv[i], "--firehose") == 0 && i + 1 < argc) {
            firehose = argv[++i];
        } else if (strlen(argv[i]) == 1 && strchr("abcdef", argv[i][0]) != NULL) {
            wanted[argv[i][0] - 'a'] = true;
        } else {
            fprintf(stderr, "usage: bench [--dt-top PATH] [--firehose PATH] [a|b|c|d|e|f]...\n");
            return 2;
        }
    }
    bool all = memcmp(wanted, (bool[6]){false}, sizeof wanted) == 0;
    if (all || wanted[0])
        bench_decode();
    if (all || wanted[1])
        bench_processes(dt_top, firehose);
    if (all || wanted[2]) {
        bench_frames();
        bench_snapshot();
    }
    if (all || wanted[3])
        bench_detectors();
    if (all || wanted[4])
        bench_beside(dt_top);
    if (all || wanted[5])
        bench_keys(dt_top, firehose);
    return EXIT_SUCCESS;
}
