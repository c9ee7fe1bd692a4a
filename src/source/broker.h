/* A private mosquitto: a child on a unix socket in a 0700 directory of its own. On Linux nothing of
 * it survives this process, however that ends: the kernel kills the child with us, and a directory
 * that we could not remove goes at the next start. (Elsewhere there is no such signal: a kill -9 of
 * us leaves the child.) Main thread, before any other thread starts; the child lives as long as the
 * thread that started it. */
#ifndef DT_SOURCE_BROKER_H
#define DT_SOURCE_BROKER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct broker;

/* Starts one and waits until it accepts connections. NULL: error says why and what to do (no
 * mosquitto binary: which package to install). Sweeps directories that dead runs left. */
struct broker *broker_start(char *error, size_t size);

/* The same with the mosquitto found in one of these folders ("/a:/b") alone. */
struct broker *broker_start_from(const char *folders, char *error, size_t size);

/* Path of its unix socket. */
const char *broker_socket(const struct broker *broker);
pid_t broker_pid(const struct broker *broker);

/* Has it died? (Reaps it.) */
bool broker_dead(struct broker *broker);

/* Ends the child and removes the directory. NULL is fine. */
void broker_stop(struct broker *broker);

/* The same, as far as a signal handler may, for the broker that was started last and not stopped,
 * and for one that is just being started; frees nothing. For a process that ends at once. */
void broker_end_now(void);

#endif
