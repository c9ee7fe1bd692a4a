/* Hostile messages between readings of a bystander, which also mark where each one's lines begin.
 */
#include "hostile/suites.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/payload.h"
#include "core/text.h"
#include "core/timestamp.h"
#include "hostile/program.h"
#include "hostile/attacks.h"

#define FIRST 1000 /* the bystander's readings count on from here */
#define NAMES 300

static struct server server;
static struct publisher publisher;
static struct attacks attacks;
static char port[8];

static void setup(void)
{
    server_start(&server, "set_tcp_nodelay true\n");
    publisher_open(&publisher, "127.0.0.1", server.port);
    snprintf(port, sizeof port, "%d", server.port);
}

static void teardown(void)
{
    publisher_close(&publisher);
    server_stop(&server);
    attacks_fini(&attacks);
}

/* What the lines between two of the bystander's readings told of. */
struct told {
    const struct attack *attack;
    int readings, malformed;
    char names[NAMES][1200]; /* sensor and series, each once */
    int name_count;
};

static const char *text_of(const cJSON *line, const char *key)
{
    const cJSON *text = cJSON_GetObjectItemCaseSensitive(line, key);
    return cJSON_IsString(text) ? text->valuestring : "";
}

static double number_of(const cJSON *line, const char *key)
{
    const cJSON *number = cJSON_GetObjectItemCaseSensitive(line, key);
    return cJSON_IsNumber(number) ? number->valuedouble : NAN;
}

static void take_name(struct told *told, const char *sensor, const char *series)
{
    char name[1200];
    snprintf(name, sizeof name, "%s\n%s", sensor, series);
    for (int i = 0; i < told->name_count; i++)
        if (strcmp(told->names[i], name) == 0)
            return;
    MUST(told->name_count < NAMES, "too many names");
    snprintf(told->names[told->name_count++], sizeof *told->names, "%s", name);
}

static timestamp tomorrow(void)
{
    return ((timestamp)time(NULL) + 86400) * TIMESTAMP_SECOND;
}

static void take_reading(struct told *told, const cJSON *line)
{
    const char *sensor = text_of(line, "sensor"), *series = text_of(line, "series");
    const char *when_text = text_of(line, "time");
    timestamp when = TIMESTAMP_NONE;
    MUST(sensor[0] && series[0], "%s: a reading without a name", told->attack->id);
    MUST(isfinite(number_of(line, "value")), "%s: no finite value", told->attack->id);
    MUST(timestamp_parse(when_text, strlen(when_text), &when), "time %s", when_text);
    MUST(when_text[0] == '2' && when < tomorrow(), "%s: time %s", told->attack->id, when_text);
    for (size_t i = 0; i < lookalike_count && (told->attack->checks & NO_ALIAS); i++)
        MUST(strcmp(sensor, lookalikes[i].sensor) != 0 || strcmp(series, lookalikes[i].series) != 0,
             "%s is taken for %s", told->attack->id, sensor);
    told->readings++;
    take_name(told, sensor, series);
}

static void take_line(struct told *told, const cJSON *line)
{
    const char *type = text_of(line, "type");
    if (strcmp(type, "reading") == 0)
        take_reading(told, line);
    else if (strcmp(type, "malformed") == 0)
        told->malformed++;
    else if (strcmp(type, "presence") == 0 && strcmp(text_of(line, "by"), "status") == 0)
        MUST(!(told->attack->checks & NO_PRESENCE), "%s: presence of %s", told->attack->id,
             text_of(line, "sensor"));
}

static void judge(const struct told *told)
{
    const struct attack *attack = told->attack;
    if (attack->checks & NO_SERIES)
        MUST(told->readings == 0, "%s: %d readings", attack->id, told->readings);
    if (attack->checks & CAPPED)
        MUST(told->readings <= PAYLOAD_MAX_SERIES && told->malformed > 0,
             "%s: %d readings, and nothing of the rest", attack->id, told->readings);
    if (attack->series != NOT_SAID)
        MUST(told->name_count == attack->series, "%s: %d series, not %d", attack->id,
             told->name_count, attack->series);
    if (attack->malformed != NOT_SAID)
        MUST(told->malformed == attack->malformed, "%s: %d malformed, not %d", attack->id,
             told->malformed, attack->malformed);
}

/* The bystander went up by one at each reading; nothing but its own readings is in its statistics.
 */
static void judge_summary(const cJSON *line, int first, int last)
{
    double mean = number_of(line, "mean"), least = number_of(line, "min");
    double most = number_of(line, "max"), stdev = number_of(line, "stdev");
    MUST(isfinite(mean) && isfinite(least) && isfinite(most) && isfinite(stdev),
         "statistics of %s/%s: %s", text_of(line, "sensor"), text_of(line, "series"),
         cJSON_PrintUnformatted(line));
    MUST(least <= mean && mean <= most && stdev >= 0, "%s", cJSON_PrintUnformatted(line));
    if (strcmp(text_of(line, "sensor"), "BYSTANDER") != 0)
        return;
    ck_assert_double_eq(number_of(line, "count"), last - first + 1);
    ck_assert_double_eq(most, last);
    ck_assert_double_eq_tol(mean, (least + most) / 2, 1e-9);
    ck_assert_double_eq(number_of(line, "anomalies"), 0);
}

/* Reads all lines. The bystander's reading FIRST + n comes before the n-th attack's. */
static void judge_lines(char *output)
{
    static struct told told;
    int first = 0, last = 0;
    told = (struct told){.attack = NULL};
    for (char *at = strtok(output, "\n"); at; at = strtok(NULL, "\n")) {
        cJSON *line = cJSON_Parse(at);
        MUST(line != NULL, "no JSON: %.80s", at);
        bool own = strcmp(text_of(line, "sensor"), "BYSTANDER") == 0;
        if (strcmp(text_of(line, "type"), "summary") == 0) {
            judge_summary(line, first, last);
        } else if (own && strcmp(text_of(line, "type"), "reading") == 0) {
            int value = (int)number_of(line, "value");
            MUST(last == 0 || value == last + 1, "the bystander went from %d to %d", last, value);
            if (told.attack)
                judge(&told);
            first = first ? first : value;
            last = value;
            size_t next = (size_t)(value - FIRST);
            told = (struct told){
                .attack = value >= FIRST && next < attacks.count ? &attacks.list[next] : NULL};
        } else if (told.attack) {
            take_line(&told, line);
        } else if (own) {
            ck_assert_str_eq(text_of(line, "by"), "cadence");
        }
        cJSON_Delete(line);
    }
    ck_assert_int_eq(last, FIRST + (int)attacks.count);
}

static bool said_early(struct program *lines)
{
    return program_said(lines, "early/bird");
}

static bool said_last(void *context)
{
    char text[40];
    snprintf(text, sizeof text, "\"value\":%d,", FIRST + (int)attacks.count);
    return program_said(context, text);
}

static void send_attacks(void)
{
    for (size_t i = 0; i < attacks.count; i++) {
        const struct attack *attack = &attacks.list[i];
        bystander(&publisher, FIRST + (int)i);
        if (attack->raw)
            continue;
        publish_bytes(&publisher, attack->topic, attack->payload, attack->bytes, 1, attack->retain);
        publisher_flush(&publisher);
    }
    bystander(&publisher, FIRST + (int)attacks.count);
}

/* Plays all attacks to a program that is there already and waits until it has heard the last. */
static void play(struct program *lines)
{
    do
        publish(&publisher, "early/bird", "1", false);
    while (!said_early(lines));
    for (size_t i = 0; i < lookalike_count; i++)
        publish(&publisher, lookalikes[i].topic, lookalikes[i].payload, false);
    send_attacks();
    MUST(wait_for(said_last, lines, 30), "not all of it arrived");
}

/* The state of each row of a text table begins below its title, whatever is in front of it. */
static void judge_table(char *output)
{
    int column = -1;
    for (char *at = strtok(output, "\n"); at; at = strtok(NULL, "\n")) {
        char *title = strstr(at, "STATE");
        if (strncmp(at, "TWIN/SERIES", 11) == 0 && title) {
            column = (int)(title - at);
            continue;
        }
        if (column < 0 || strncmp(at, "dt-top", 6) == 0)
            continue;
        char *state = strrchr(at, ' ');
        MUST(state != NULL, "no table row: %s", at);
        *state = '\0';
        MUST((int)text_width(at) + 1 == column, "the state is in column %d, not %d: %s",
             (int)text_width(at) + 1, column, at);
    }
    ck_assert_int_gt(column, 0);
}

static void play_both(void)
{
    const char *lines_arguments[] = {
        "--format",   "jsonl",     "--only", "reading,anomaly,presence,malformed,summary,status",
        "-h",         "127.0.0.1", "-p",     port,
        "-t",         "#",         "-t",     "$internal/#",
        "--detector", "lab",       NULL};
    const char *table_arguments[] = {"-h", "127.0.0.1", "-p", port, "-t", "#", NULL};
    struct program lines, table;
    size_t len;
    program_start(&table, "C.UTF-8", table_arguments);
    program_start(&lines, "C.UTF-8", lines_arguments);
    play(&lines);
    program_end(&lines, true);
    program_end(&table, true);
    char *output = program_output(&lines, &len);
    assert_harmless(output, len);
    ck_assert_uint_eq(strlen(output), len);
    judge_lines(output);
    free(output);
    output = program_output(&table, &len);
    assert_harmless(output, len);
    judge_table(output);
    free(output);
    program_close(&lines);
    program_close(&table);
}

START_TEST(own_messages)
{
    attacks_own(&attacks);
    play_both();
}
END_TEST

START_TEST(corpus)
{
    if (attacks_corpus(&attacks))
        play_both();
    else
        puts("no shared corpus here: our own messages alone");
}
END_TEST

TCase *hostile_batch_case(void)
{
    TCase *tcase = tcase_create("batch");
    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, own_messages);
    tcase_add_test(tcase, corpus);
    return tcase;
}
