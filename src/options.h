/* The command line and the environment: one table of options, letters as in mosquitto_sub. */
#ifndef DT_OPTIONS_H
#define DT_OPTIONS_H

#include "core/limit_rules.h"
#include "core/mapping.h"
#include "core/timestamp.h"
#include "source/tls.h"
#include "ui/columns.h"
#include "ui/trend.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where a value comes from; what comes later wins. */
enum layer { LAYER_BUILT_IN, LAYER_FILE, LAYER_PROFILE, LAYER_ENVIRONMENT, LAYER_COMMAND_LINE };

#define OPTIONS_MOST 128 /* rows of the table */

enum batch_format { BATCH_TABLE, BATCH_JSONL, BATCH_CSV };

/* Every string is owned. */
struct options {
    char *host;
    int port; /* 0: not given, then it is the usual one */
    char *url;
    char **topics, **filter_out;
    int topic_count, filter_out_count;
    int qos, keepalive, version, will_qos;
    char *username;
    char *password; /* "-": to be asked for at the terminal */
    char *pw_file;  /* the last one given of this and password counts */
    char *id, *id_prefix;
    char *will_topic, *will_payload;
    struct tls_options tls; /* but for `on`: the address has a say in that */

    bool keep_session, will_retain;
    bool demo, sim;
    int sim_count;
    char *place;
    timestamp period;
    uint64_t seed;
    bool has_seed; /* else by chance */
    bool readonly;

    char *replay;
    double speed; /* 0 = max */

    bool batch;
    enum batch_format format;
    unsigned only;
    timestamp interval;
    uint64_t count;    /* -C, 0 = none */
    timestamp timeout; /* -W, 0 = none */
    char *until;       /* a query (core/query.h), as filter; NULL: none */
    char *filter;

    char *detector;
    double threshold;
    int window, min_samples;
    size_t memory;

    bool ascii, no_color, slow, bell;
    timestamp span; /* of sparklines and chart; 0: as long as the session */
    struct trend trend;
    struct columns columns;
    char *theme; /* a name, or a file */
    char *config, *profile;
    char **mapping_files;
    int mapping_file_count;
    struct mappings mappings;
    struct limit_rules limits;
    uint32_t max_series;

    char *explain_topic, *explain_payload; /* payload "-": standard input */
    bool print_config;
    bool help, show_version;

    /* What is being applied just now, and of each row of the table what was: where it came from,
     * and the words. NULL: built in. */
    enum layer layer;
    char source[256];
    struct {
        enum layer layer;
        char *source, *value;
    } given[OPTIONS_MOST];
};

void options_init(struct options *options);
void options_fini(struct options *options);

/* Environment and command line over what is there. false: error says what is wrong. A password in
 * argv, be it within a URL, is overwritten; so is a shared key. */
bool options_parse(struct options *options, int argc, char **argv, char *error, size_t size);

/* One option by its long name, as the configuration file gives it. */
bool options_set(struct options *options, const char *name, const char *value, char *error,
                 size_t size);

void options_print_help(void);

/* What is in force, as a configuration file whose comments say where each value comes from. */
void options_print(const struct options *options);

#endif
