#include "hostile/attacks.h"

#include <cjson/cJSON.h>
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/xalloc.h"

const struct lookalike lookalikes[] = {
    {"digital_twin/lab/sensor/TEMP_SENSOR_001/temperature",
     "{\"sensor_id\":\"TEMP_SENSOR_001\",\"value\":21.5,\"unit\":\"Celsius\"}", "TEMP_SENSOR_001",
     "temperature"},
    {"a/b", "21.5", "a", "b"},
    {"plant/line1/temp", "21.5", "plant/line1", "temp"},
};
const size_t lookalike_count = sizeof lookalikes / sizeof *lookalikes;

static char *copy(const char *bytes, size_t len)
{
    char *out = xmalloc(len + 1);
    memcpy(out, bytes, len);
    out[len] = '\0';
    return out;
}

struct attack *attacks_add(struct attacks *attacks, const char *id, const char *topic,
                           size_t topic_len, const char *payload, size_t bytes)
{
    if (attacks->count == attacks->room) {
        attacks->room = attacks->room > 0 ? attacks->room * 2 : 64;
        attacks->list = xrealloc(attacks->list, attacks->room * sizeof *attacks->list);
    }
    struct attack *attack = &attacks->list[attacks->count++];
    *attack = (struct attack){
        .topic = copy(topic, topic_len),
        .topic_len = topic_len,
        .payload = copy(payload, bytes),
        .bytes = bytes,
        .series = NOT_SAID,
        .malformed = NOT_SAID,
    };
    snprintf(attack->id, sizeof attack->id, "%s", id);
    return attack;
}

void attacks_fini(struct attacks *attacks)
{
    for (size_t i = 0; i < attacks->count; i++) {
        free(attacks->list[i].topic);
        free(attacks->list[i].payload);
    }
    free(attacks->list);
    *attacks = (struct attacks){0};
}

static size_t decode_base64(const char *text, char *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned bits = 0, held = 0;
    size_t len = 0;
    for (; *text && *text != '='; text++) {
        const char *digit = strchr(digits, *text);
        MUST(digit != NULL, "not base64: %.20s", text);
        held = held << 6 | (unsigned)(digit - digits);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            out[len++] = (char)(held >> bits & 0xFF);
        }
    }
    out[len] = '\0';
    return len;
}

/* A member as bytes, from its text or from its base64 form. NULL if the attack has neither. */
static char *bytes_of(const cJSON *object, const char *key, const char *key_b64, size_t *len)
{
    const cJSON *text = cJSON_GetObjectItemCaseSensitive(object, key);
    const cJSON *coded = cJSON_GetObjectItemCaseSensitive(object, key_b64);
    if (cJSON_IsString(text)) {
        *len = strlen(text->valuestring);
        return copy(text->valuestring, *len);
    }
    if (!cJSON_IsString(coded))
        return NULL;
    char *out = xmalloc(strlen(coded->valuestring) + 1);
    *len = decode_base64(coded->valuestring, out);
    return out;
}

static unsigned checks_of(const cJSON *object)
{
    static const struct {
        const char *name;
        unsigned bit;
    } names[] = {{"no_series", NO_SERIES},
                 {"no_alias", NO_ALIAS},
                 {"no_presence", NO_PRESENCE},
                 {"series_cap", CAPPED}};
    unsigned checks = 0;
    const cJSON *check;
    cJSON_ArrayForEach(check, cJSON_GetObjectItemCaseSensitive(object, "checks"))
    {
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            if (strcmp(check->valuestring, names[i].name) == 0)
                checks |= names[i].bit;
    }
    return checks;
}

static int number_of(const cJSON *object, const char *key)
{
    const cJSON *number = cJSON_GetObjectItemCaseSensitive(object, key);
    return cJSON_IsNumber(number) ? number->valueint : NOT_SAID;
}

static void take_line(struct attacks *attacks, const char *line)
{
    cJSON *object = cJSON_Parse(line);
    MUST(object != NULL, "a line of the corpus is no JSON: %.60s", line);
    size_t topic_len = 0, bytes = 0;
    char *topic = bytes_of(object, "topic", "topic_b64", &topic_len);
    char *payload = bytes_of(object, "payload", "payload_b64", &bytes);
    if (topic && payload) {
        const cJSON *id = cJSON_GetObjectItemCaseSensitive(object, "id");
        struct attack *attack =
            attacks_add(attacks, id->valuestring, topic, topic_len, payload, bytes);
        const cJSON *delivery = cJSON_GetObjectItemCaseSensitive(object, "delivery");
        attack->retain = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(object, "retain"));
        attack->raw = cJSON_IsString(delivery) && strcmp(delivery->valuestring, "raw-socket") == 0;
        attack->checks = checks_of(object);
        attack->series = number_of(object, "series");
        attack->malformed = number_of(object, "malformed");
    }
    free(topic);
    free(payload);
    cJSON_Delete(object);
}

static bool read_lines(struct attacks *attacks, FILE *file)
{
    char *line = NULL;
    size_t size = 0;
    while (getline(&line, &size, file) > 0)
        take_line(attacks, line);
    free(line);
    return attacks->count > 0;
}

/* Each message on a line of its own, the generated ones written out. NULL without python3. */
static FILE *expand(const char *corpus)
{
    char script[512];
    FILE *out = tmpfile();
    ck_assert_ptr_nonnull(out);
    snprintf(script, sizeof script, "%s/tests/hostile/expand", getenv("DT_SOURCE"));
    pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
        dup2(fileno(out), STDOUT_FILENO);
        execlp("python3", "python3", script, corpus, (char *)NULL);
        _exit(127);
    }
    int status = 0;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        rewind(out);
        return out;
    }
    fclose(out);
    return NULL;
}

bool attacks_corpus(struct attacks *attacks)
{
    char path[512];
    const char *source = getenv("DT_SOURCE");
    if (!source)
        return false;
    snprintf(path, sizeof path, "%s/../shared/payloads/hostile.jsonl", source);
    FILE *plain = fopen(path, "r");
    if (!plain)
        return false;
    FILE *file = expand(path);
    if (!file)
        puts("no python3: the corpus is read without its generated messages");
    bool any = read_lines(attacks, file ? file : plain);
    if (file)
        fclose(file);
    fclose(plain);
    return any;
}
