/* The measurements of `make bench`, each printing its own lines. */
#ifndef DT_TESTS_BENCH_BENCH_H
#define DT_TESTS_BENCH_BENCH_H

#include <stddef.h>

/* (a) ns a message of decode and engine, against cJSON alone. */
void bench_decode(void);

/* (b) CPU a message of `dt-top --batch`, against mosquitto_sub, both fed by firehose. */
void bench_processes(const char *dt_top, const char *firehose);

/* (f) how soon a key shows while 50,000 messages a second come. */
void bench_keys(const char *dt_top, const char *firehose);

/* (c) a frame's time and bytes. */
void bench_frames(void);
void bench_snapshot(void);

/* (d) what each detector finds, invents and costs. */
void bench_detectors(void);

/* (e) what dt-top takes of the CPU, of the terminal's line and of the memory, beside htop and btop
 * on terminals like its own. */
void bench_beside(const char *dt_top);

/* The middle of count values, which are sorted in place. */
double bench_median(double *values, size_t count);

/* CPU time of this process in ns: others on the machine count for little. */
double bench_clock(void);

#endif
