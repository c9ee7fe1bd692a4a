/* The simulator: sensors that behave like the lab's publisher, each an MQTT session of its own with
 * its own client id, retained status and last will. One thread runs them all. Readings are sent
 * with QoS 0 and not retained, presence with QoS 1 and retained. The functions here may be called
 * from the main thread; but for sim_stop() they never wait for the network. */
#ifndef DT_SIM_SIM_H
#define DT_SIM_SIM_H

#include "core/timestamp.h"
#include "sim/fault.h"
#include "source/tls.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sim_kind {
    SIM_TEMPERATURE,
    SIM_HUMIDITY,
    SIM_PRESSURE,
    SIM_VIBRATION,
    SIM_LEVEL,
    SIM_DOOR,
    SIM_KINDS,
};

enum sim_end {
    SIM_END_GRACEFUL, /* status offline, DISCONNECT */
    SIM_END_CRASH,    /* socket closed: the broker sends the will */
};

#define SIM_ID 32 /* bytes of a sensor id, NUL included */

struct sim_options {
    const char *host; /* or the path of a unix socket, then port is 0 */
    int port;
    const char *username, *password;
    struct tls_options tls;
    int keepalive;
    int version;
    const char *place;     /* topics: digital_twin/<place>/sensor/<id>/<quantity>; NULL = lab */
    const char *tag;       /* ends each id: keeps two programs on one broker apart; up to 8 letters
                              and digits, NULL or "" for none (a private broker needs none) */
    timestamp period;      /* between readings; 0 = 2 s */
    timestamp spike_every; /* mean time between spikes into random sensors; 0 = never. The first
                              comes within 15 s, or when a sensor has sent its first 12 readings */
    uint64_t seed;
};

struct sim_status {
    bool running;     /* false: toggled off, all sensors silent and offline */
    uint32_t sensors; /* spawned and not killed */
    uint32_t connected;
    uint64_t published; /* readings */
    char trouble[160];  /* why sensors are not connected; "" if all is well */
};

struct sim;

/* Starts the thread; copies the options. NULL: error says why (no descriptor or no thread left). */
struct sim *sim_start(const struct sim_options *options, char *error, size_t size);

/* Ends all sensors gracefully and the thread, within 1 s, and frees. A thread that hangs in a name
 * look-up is left behind after 0.3 s (the link has waited for it before us, 0.5 s long) and frees
 * itself when it comes out. NULL is fine. */
void sim_stop(struct sim *sim);

/* A new sensor of this kind; its id (unique in this run), SIM_<KIND>_<number>[_<tag>], is written
 * to id at once. Where all were toggled off, this turns all of them on: whoever spawns a sensor
 * wants to see one. */
void sim_spawn(struct sim *sim, enum sim_kind kind, char id[SIM_ID]);

/* false: no sensor of this id. */
bool sim_kill(struct sim *sim, const char *id, enum sim_end how);

/* A fault of this kind begins with the next reading of the sensor and ends by itself after some
 * minutes. *kind: FAULT_NONE for the next one in turn, which is written there; a door has only
 * stuck and silent. NULL or "" for the id picks a random sensor that is online and not a door.
 * false: no such sensor. */
bool sim_inject(struct sim *sim, const char *id, enum fault_kind *kind);

/* May the sensor have such a fault? true for one that is not known, and for FAULT_NONE. */
bool sim_suits(struct sim *sim, const char *id, enum fault_kind kind);

/* All sensors off (graceful) or on again. */
void sim_toggle(struct sim *sim);

/* Spawned and not killed. */
bool sim_has(struct sim *sim, const char *id);
void sim_get_status(struct sim *sim, struct sim_status *out);

const char *sim_kind_name(enum sim_kind kind); /* "temperature", ... = the topic's quantity */

#endif
