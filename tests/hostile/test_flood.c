/* Too much at once: many sensors, many messages, presence that flaps; and the same numbers in every
 * locale. */
#include "hostile/suites.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hostile/program.h"
#include "hostile/screen.h"

#define BUDGET ((size_t)16 << 20) /* of --memory */
#define FITTING 5000              /* sensors that find room in it */

/* One that fits in the budget, and one ten times as large, as in the shared corpus. */
static const struct size {
    int sensors, messages, flaps;
} sizes[] = {{FITTING, 20000, 2000}, {50000, 100000, 2000}};
#define SIZES ((int)(sizeof sizes / sizeof *sizes))

static void flood(struct publisher *publisher, const struct size *size)
{
    char topic[80], payload[80];
    for (int i = 0; i < size->sensors; i++) {
        snprintf(topic, sizeof topic, "digital_twin/lab/sensor/FLOOD_%05d/temperature", i);
        int len =
            snprintf(payload, sizeof payload, "{\"sensor_id\":\"FLOOD_%05d\",\"value\":%d}", i, i);
        publish_bytes(publisher, topic, payload, (size_t)len, 0, false);
    }
    for (int i = 0; i < size->messages; i++) {
        int len = snprintf(payload, sizeof payload, "%.2f", 20 + i % 100 / 100.0);
        publish_bytes(publisher, "plant/burst/temp", payload, (size_t)len, 0, false);
    }
    for (int i = 0; i < size->flaps; i++) {
        int len = snprintf(payload, sizeof payload, "{\"sensor_id\":\"FLAP\",\"status\":\"%s\"}",
                           i % 2 ? "online" : "offline");
        publish_bytes(publisher, "digital_twin/lab/sensor/status", payload, (size_t)len, 0, false);
    }
    publisher_flush(publisher);
}

static bool said_last(void *context)
{
    return program_said(context, "LAST");
}

/* Every message is counted and none invented. */
START_TEST(floods_are_counted)
{
    struct server server;
    struct publisher publisher;
    struct program program;
    const struct size *size = &sizes[_i];
    int all = size->sensors + size->messages + size->flaps;
    char port[8], text[80];
    size_t len;
    server_start(&server, "set_tcp_nodelay true\n");
    publisher_open(&publisher, "127.0.0.1", server.port);
    snprintf(port, sizeof port, "%d", server.port);
    const char *arguments[] = {"--format", "jsonl", "-h",     "127.0.0.1",       "-p", port,
                               "-t",       "#",     "--only", "presence,status", NULL};
    program_start(&program, "C", arguments);
    int early = 0;
    do {
        snprintf(text, sizeof text, "{\"sensor_id\":\"EARLY%d\",\"status\":\"online\"}", early++);
        publish(&publisher, "digital_twin/lab/sensor/status", text, false);
    } while (!program_said(&program, "EARLY"));
    flood(&publisher, size);
    publish(&publisher, "digital_twin/lab/sensor/status",
            "{\"sensor_id\":\"LAST\",\"status\":\"online\"}", false);
    MUST(wait_for(said_last, &program, 60), "the last message is not heard");
    program_end(&program, true);
    char *output = program_output(&program, &len);
    char *first = strstr(output, "EARLY"), *status = strstr(output, "\"messages\":");
    ck_assert_ptr_nonnull(status);
    int missed = (int)strtol(first + 5, NULL, 10);
    ck_assert_int_eq(strtol(status + 11, NULL, 10), all + early - missed + 1);
    MUST(strstr(output, "\"dropped\":0,"), "something was dropped: %s", status);
    free(output);
    program_close(&program);
    publisher_close(&publisher);
    server_stop(&server);
}
END_TEST

/* What a sanitizer keeps for itself is not the program's. */
static bool is_sanitized(void)
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return true;
#else
    return false;
#endif
}

START_TEST(floods)
{
    struct server server;
    struct publisher publisher;
    const struct size *size = &sizes[_i];
    char text[80];
    server_start(&server, "set_tcp_nodelay true\n");
    publisher_open(&publisher, "127.0.0.1", server.port);
    struct vt *vt =
        screen_start_with(server.port, "C.UTF-8", (const char *const[]){"--memory", "16M", NULL});
    MUST(vt_wait_text(vt, "nothing has come", 5000), "no connection");
    bystander(&publisher, 1000);
    MUST(vt_wait_text(vt, "BYSTANDER/temperature", 5000), "nothing of the bystander");
    flood(&publisher, size);
    screen_is_alive(vt, "floods");
    bystander(&publisher, 7777);
    MUST(vt_wait_text(vt, "max  7777", 45000), "the bystander is not heard");
    snprintf(text, sizeof text, "%d series", size->sensors + 2);
    if (size->sensors == FITTING)
        MUST(vt_wait_text(vt, text, 5000), "no '%s'", text);
    else
        MUST(vt_wait_gone(vt, " 0 dropped", 5000), "what found no room is not told");
    screen_check(vt, "floods");
    screen_is_alive(vt, "floods");
    size_t used = resident(vt_pid(vt));
    MUST(is_sanitized() || used < BUDGET + ((size_t)32 << 20), "%zu MB are used", used >> 20);
    screen_quit(vt, "floods");
    vt_free(vt);
    publisher_close(&publisher);
    server_stop(&server);
}
END_TEST

static const char *const locales[] = {"C", "C.UTF-8", "de_DE.UTF-8"};

static bool is_installed(const char *locale)
{
    const char *before = setlocale(LC_NUMERIC, NULL);
    char *kept = before ? strdup(before) : NULL;
    bool there = setlocale(LC_NUMERIC, locale) != NULL;
    setlocale(LC_NUMERIC, kept ? kept : "C");
    free(kept);
    if (!there)
        printf("locale %s is not installed here: not tested\n", locale);
    return there;
}

static const char *const numbers[] = {
    "21.5", "1234567.25", "-0.125", "1e-3", "{\"value\":17.75}", "{\"a\":\"3.5 V\",\"b\":\"1,5\"}"};

static void publish_numbers(struct publisher *publisher)
{
    char topic[40];
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        snprintf(topic, sizeof topic, "numbers/n%zu/level", i);
        publish(publisher, topic, numbers[i], true);
    }
}

/* The lines of a replay, the same bytes whatever the locale. */
START_TEST(locales_in_batch_mode)
{
    char *first = NULL, path[512];
    snprintf(path, sizeof path, "%s/tests/data/lab.jsonl", getenv("DT_SOURCE"));
    const char *arguments[] = {"--format", "jsonl", "--only",  "reading,anomaly,summary",
                               "--replay", path,    "--speed", "max",
                               NULL};
    for (size_t i = 0; i < sizeof locales / sizeof *locales; i++) {
        struct program program;
        size_t len;
        if (!is_installed(locales[i]))
            continue;
        program_start(&program, locales[i], arguments);
        program_end(&program, false);
        char *output = program_output(&program, &len);
        program_close(&program);
        MUST(strstr(output, "\"value\":"), "no readings in locale %s", locales[i]);
        if (first)
            ck_assert_str_eq(output, first);
        else
            first = strdup(output);
        free(output);
    }
    free(first);
}
END_TEST

START_TEST(locales_on_the_screen)
{
    struct server server;
    struct publisher publisher;
    server_start(&server, NULL);
    publisher_open(&publisher, "127.0.0.1", server.port);
    publish_numbers(&publisher);
    for (size_t i = 0; i < sizeof locales / sizeof *locales; i++) {
        if (!is_installed(locales[i]))
            continue;
        struct vt *vt = screen_start(server.port, locales[i]);
        MUST(vt_wait_text(vt, " 21.5 ", 5000), "no 21.5 in locale %s", locales[i]);
        MUST(vt_wait_text(vt, " 17.75 ", 1000), "no 17.75 in locale %s", locales[i]);
        MUST(vt_wait_text(vt, "-0.125 ", 1000), "no -0.125 in locale %s", locales[i]);
        vt_type(vt, "q");
        ck_assert_int_eq(vt_exit_status(vt, 5000), 0);
        vt_free(vt);
    }
    publisher_close(&publisher);
    server_stop(&server);
}
END_TEST

TCase *hostile_flood_case(void)
{
    TCase *tcase = tcase_create("flood");
    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, floods, 0, SIZES);
    tcase_add_loop_test(tcase, floods_are_counted, 0, SIZES);
    tcase_add_test(tcase, locales_in_batch_mode);
    tcase_add_test(tcase, locales_on_the_screen);
    return tcase;
}
