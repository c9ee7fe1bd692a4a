/* The directory of a private broker: 0700, in the user's runtime or temporary folder, held by a
 * lock for as long as its owner lives. A directory whose lock is free was left by a dead run. Main
 * thread. */
#ifndef DT_SOURCE_BROKER_DIR_H
#define DT_SOURCE_BROKER_DIR_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define BROKER_SOCKET "broker.sock"
#define BROKER_CONFIG "mosquitto.conf"
#define BROKER_LOG "log"

struct broker_dir {
    char path[96]; /* with "/broker.sock" it fits into a socket address */
    int lock;      /* a locked descriptor that closes on exec */
};

/* Makes one. As root it goes to this user (uid and gid), in a folder that this user may reach; else
 * both are ignored. false: error says why and what to do. */
bool broker_dir_make(struct broker_dir *dir, uid_t uid, gid_t gid, char *error, size_t size);

/* Removes it with all that is in it. */
void broker_dir_remove(struct broker_dir *dir);

/* The same from a signal handler: the files that we know of, and the directory if none is left. */
void broker_dir_remove_now(const struct broker_dir *dir);

/* Removes what dead runs of ours left; as root also directories that belong to uid. */
void broker_dir_sweep(uid_t uid);

#endif
