/* Plays a recording through the same decoder and engine as live messages, with the recorded time as
 * the clock, on a thread of its own. Reads the lines of `mosquitto_sub -F %j` and `%J`, and CSV
 * with a header (timestamp,value or timestamp,sensor_id,value[,unit]). */
#ifndef DT_SOURCE_REPLAY_H
#define DT_SOURCE_REPLAY_H

#include "core/mapping.h"
#include "engine.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct replay_options {
    const char *path;
    double speed;  /* 1 = as recorded; 0 = as fast as the CPU allows */
    char **topics; /* only messages that match one; none: all */
    int topic_count;
    char **filter_out;
    int filter_out_count;
    const struct mappings *mappings; /* NULL, or they live longer */
    uint64_t count;                  /* end after so many messages; 0: at the end of the file */
};

struct replay;

/* Opens the file, looks at its first lines and starts the thread; copies the options. NULL: error
 * says why. on_burst as in link.h; on_end runs on the replay thread when the file is through (not
 * after replay_stop()); lines that were not understood are then told in the connection's reason.
 * Both may be NULL. */
struct replay *replay_start(const struct replay_options *options, struct engine *engine,
                            void (*on_burst)(void *context, uint64_t messages),
                            void (*on_end)(void *context), void *context, char *error, size_t size);

/* Did the file fail in the middle, or was none of its lines understood? The connection's reason
 * says what is wrong. Tells once on_end has run; any thread, until replay_stop(). */
bool replay_failed(const struct replay *replay);

/* Ends the thread (in the middle, if need be), waits for it and frees. NULL is fine. */
void replay_stop(struct replay *replay);

#endif
