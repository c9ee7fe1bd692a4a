/* One simulated sensor: its model, its schedule and its own MQTT session with a last will. Every
 * function here runs on the sim thread and none of them waits, but for the name look-up inside a
 * connect. Times are of the monotonic clock. */
#ifndef DT_SIM_SENSOR_H
#define DT_SIM_SENSOR_H

#include "sim/model.h"
#include "sim/sim.h"

struct mosquitto;

#define SENSOR_NEVER INT64_MAX

enum sensor_state {
    SENSOR_OFF,        /* no session, and none wanted */
    SENSOR_WAITING,    /* for the next attempt to connect */
    SENSOR_CONNECTING, /* until the broker's CONNACK */
    SENSOR_ONLINE,
    SENSOR_LEAVING, /* has said offline, waits for the PUBACK */
};

/* The sim reads what it likes; it writes only inject and doomed. */
struct sensor {
    char id[SIM_ID];
    enum sim_kind kind;
    enum sensor_state state;
    enum fault_kind inject; /* begins with the next reading */
    bool doomed;            /* killed: can go once it is off */
    uint64_t readings;      /* sent, ever */
    timestamp due;     /* when sensor_work() has something to do; SENSOR_NEVER if only on events */
    int fd;            /* to poll, -1 for none */
    short events;      /* to poll for */
    char trouble[160]; /* why it is not connected; "" if it is, or never tried */

    const struct sim_options *options;
    struct model model;
    struct random random; /* of the waits between attempts */
    struct mosquitto *client;
    struct tls *tls; /* of all sensors; NULL: in the clear */
    char client_id[SIM_ID + 16];
    char *reading_topic, *status_topic;
    bool wanted;       /* back to WAITING after LEAVING */
    bool shaking;      /* the TLS handshake has begun */
    double phase;      /* where in the period its readings lie, 0 to 1 */
    timestamp reading; /* when the next one is planned */
    timestamp online_since;
    unsigned since_connect; /* readings */
    timestamp upkeep;       /* when the library wants to look at its keepalive */
    timestamp deadline;     /* CONNECTING, LEAVING: patience ends. WAITING: the next attempt */
    unsigned attempts;      /* failed ones in a row */
    int connack;            /* the broker's answer; -1 before it */
    int reason;             /* of the broker's MQTT 5 DISCONNECT; 0 if none came */
    int farewell;           /* message id of the offline status */
    bool acknowledged;      /* it has arrived */
};

/* A sensor that is off. options (strings and all) and tls must outlive it; number is its place
 * among the sensors of this run and seeds it together with options->seed. */
struct sensor *sensor_new(const struct sim_options *options, struct tls *tls, enum sim_kind kind,
                          const char *id, uint32_t number);

/* Closes the socket of a session without a word, as a crash would. NULL is fine. */
void sensor_free(struct sensor *sensor);

/* On: connects at its next work. Off: says offline (retained, QoS 1), waits at most 500 ms for the
 * PUBACK, then sends DISCONNECT. */
void sensor_switch(struct sensor *sensor, bool on, timestamp now);

/* Off without a word: the broker publishes the will. */
void sensor_crash(struct sensor *sensor);

/* Does what the poll's answer (0 for none) and the time ask for. */
void sensor_work(struct sensor *sensor, short revents, timestamp now);

#endif
