/* dt-top in batch mode, its output in a file, and what must hold of any output. */
#ifndef DT_TESTS_HOSTILE_PROGRAM_H
#define DT_TESTS_HOSTILE_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "broker/support.h"
#include "hostile/attacks.h"

#define BYSTANDER_TOPIC "digital_twin/lab/sensor/BYSTANDER/temperature"

struct program {
    pid_t pid;
    int output; /* a file without a name */
};

/* Runs "dt-top --batch" with these arguments more (NULL ends them) and this LC_ALL. */
void program_start(struct program *program, const char *locale, const char *const *arguments);

/* Asks it to end unless it does so by itself; fails unless it does within 20 s with status 0. */
void program_end(struct program *program, bool ask);

/* All that it has written so far, to be freed. */
char *program_output(const struct program *program, size_t *len);
bool program_said(const struct program *program, const char *text);
void program_close(struct program *program);

/* Resident memory of a process in bytes. */
size_t resident(pid_t pid);

/* Fails unless the bytes are UTF-8 that no terminal can be harmed with: line ends are the only
 * controls, nothing changes the direction of text. */
void assert_harmless(const char *text, size_t len);

/* The bystander's next reading. */
void bystander(struct publisher *publisher, int value);

#endif
