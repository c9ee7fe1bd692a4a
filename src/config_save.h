/* Writes single keys into the user's own configuration file. Main thread. */
#ifndef DT_CONFIG_SAVE_H
#define DT_CONFIG_SAVE_H

#include <stdbool.h>
#include <stddef.h>

struct config_entry {
    const char *key, *value;
};

/* Sets the keys in section [dt-top] of a file, which need not exist; every other line stays as it
 * is. The file is replaced in one step: whoever reads it finds the old or the new one, whole.
 * false: error says why, and nothing has changed. */
bool config_save(const char *path, const struct config_entry *entries, size_t count, char *error,
                 size_t size);

#endif
