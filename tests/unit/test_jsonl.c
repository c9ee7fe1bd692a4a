#include "unit/suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/xalloc.h"
#include "out/jsonl.h"

#define AT INT64_C(1705328625123456) /* 2024-01-15T14:23:45.123456Z */
#define HEAD(type) "{\"type\":\"" type "\",\"time\":\"2024-01-15T14:23:45.123456Z\","
#define NAMES "\"topic\":\"lab/temperature\",\"sensor\":\"TEMP_1\",\"series\":\"temperature\","

static char twin_name[] = "TEMP_1", topic[] = "lab/temperature", name[] = "temperature",
            path[] = "value", unit[] = "Celsius";
static struct twin twin;
static struct series series;
static struct outcome outcome;
static char text[4096];

static void setup(void)
{
    twin = (struct twin){.name = twin_name};
    series = (struct series){.twin = &twin,
                             .topic = topic,
                             .literal_topic = topic,
                             .name = name,
                             .path = path,
                             .unit = unit};
    outcome = (struct outcome){
        .time = AT, .series = &series, .twin = &twin, .topic = topic, .path = path, .unit = unit};
}

/* Runs what writes with a writer on a temporary file and keeps what came out in text. */
#define WRITTEN(writes)                                      \
    do {                                                     \
        FILE *file = tmpfile();                              \
        ck_assert_ptr_nonnull(file);                         \
        struct writer writer;                                \
        writer_init(&writer, fileno(file));                  \
        writes;                                              \
        writer_fini(&writer);                                \
        rewind(file);                                        \
        text[fread(text, 1, sizeof(text) - 1, file)] = '\0'; \
        fclose(file);                                        \
    } while (0)

START_TEST(a_reading)
{
    outcome.type = OUTCOME_READING;
    outcome.value = 22.4;
    outcome.before = (struct window_stats){.count = 50, .mean = 22.1, .stdev = 0.19};
    outcome.verdict = (struct verdict){.z = 1.58, .score = 0.03};
    outcome.state = STATE_OK;
    WRITTEN(jsonl_outcome(&writer, JSONL_READING, &outcome));
    ck_assert_str_eq(text, HEAD("reading") NAMES
                     "\"path\":\"value\",\"value\":22.4,\"unit\":\"Celsius\",\"mean\":22.1,"
                     "\"stdev\":0.19,\"z\":1.58,\"score\":0.03,\"state\":\"ok\"}\n");
}
END_TEST

START_TEST(a_first_reading_knows_nothing_yet)
{
    outcome.type = OUTCOME_READING;
    outcome.value = -3;
    outcome.verdict = (struct verdict){.learning = true, .z = NAN, .score = NAN};
    outcome.state = STATE_LEARNING;
    WRITTEN(jsonl_outcome(&writer, JSONL_READING, &outcome));
    ck_assert_str_eq(text, HEAD("reading") NAMES
                     "\"path\":\"value\",\"value\":-3,\"unit\":\"Celsius\",\"mean\":null,"
                     "\"stdev\":null,\"z\":null,\"score\":null,\"state\":\"learning\"}\n");
}
END_TEST

START_TEST(an_anomaly)
{
    outcome.type = OUTCOME_ANOMALY;
    outcome.value = 28.5;
    outcome.verdict = (struct verdict){.z = 33.7,
                                       .score = 0.81,
                                       .low = 21.5,
                                       .high = 22.7,
                                       .kind = ANOMALY_SPIKE,
                                       .severity = SEVERITY_ALARM,
                                       .reason = "spike: 28.5 \xc2\xb0"
                                                 "C, expected 21.5 to 22.7"};
    WRITTEN(jsonl_outcome(&writer, JSONL_DEFAULT, &outcome));
    ck_assert_str_eq(text, HEAD("anomaly") NAMES
                     "\"kind\":\"spike\",\"severity\":\"alarm\",\"value\":28.5,\"low\":21.5,"
                     "\"high\":22.7,\"score\":0.81,\"z\":33.7,\"reason\":\"spike: 28.5 \xc2\xb0"
                     "C, expected 21.5 to 22.7\"}\n");
}
END_TEST

START_TEST(whose_verdict_it_is)
{
    outcome.type = OUTCOME_ANOMALY;
    outcome.detector = "lab";
    outcome.verdict = (struct verdict){.kind = ANOMALY_SPIKE, .severity = SEVERITY_ALARM};
    WRITTEN(jsonl_outcome(&writer, JSONL_DEFAULT, &outcome));
    ck_assert_ptr_nonnull(strstr(text, "\"reason\":\"\",\"detector\":\"lab\"}\n"));
    outcome.type = OUTCOME_READING;
    outcome.detector = "auto";
    WRITTEN(jsonl_outcome(&writer, JSONL_READING, &outcome));
    ck_assert_ptr_nonnull(strstr(text, ",\"detector\":\"auto\"}\n"));
    struct beside beside[] = {{.type = &detector_lab, .anomalies = 7}, {.type = NULL}};
    series.beside = beside;
    series.anomalies = 2;
    WRITTEN(jsonl_summary(&writer, "auto", &series));
    ck_assert_ptr_nonnull(strstr(text, "\"state\":\"ok\",\"detectors\":{\"auto\":2,\"lab\":7}}\n"));
}
END_TEST

START_TEST(presence_by_status_and_by_cadence)
{
    outcome.type = OUTCOME_PRESENCE;
    outcome.status = STATUS_OFFLINE;
    WRITTEN(jsonl_outcome(&writer, JSONL_DEFAULT, &outcome));
    ck_assert_str_eq(
        text, HEAD("presence") "\"sensor\":\"TEMP_1\",\"status\":\"offline\",\"by\":\"status\"}\n");
    outcome.status = STATUS_ONLINE;
    outcome.by_cadence = true;
    WRITTEN(jsonl_outcome(&writer, JSONL_DEFAULT, &outcome));
    ck_assert_str_eq(
        text, HEAD("presence") "\"sensor\":\"TEMP_1\",\"status\":\"online\",\"by\":\"cadence\"}\n");
}
END_TEST

START_TEST(a_malformed_message)
{
    outcome.type = OUTCOME_MALFORMED;
    outcome.bytes = 17;
    outcome.reason = "not JSON: \"{\"";
    WRITTEN(jsonl_outcome(&writer, JSONL_DEFAULT, &outcome));
    ck_assert_str_eq(text, HEAD("malformed") "\"topic\":\"lab/temperature\",\"bytes\":17,"
                                             "\"reason\":\"not JSON: \\\"{\\\"\"}\n");
}
END_TEST

START_TEST(a_summary_of_all_readings)
{
    series.verdict.learning = true;
    WRITTEN(jsonl_summary(&writer, "auto", &series));
    ck_assert_str_eq(text, "{\"type\":\"summary\"," NAMES
                           "\"count\":0,\"mean\":null,\"min\":null,\"max\":null,\"stdev\":null,"
                           "\"anomalies\":0,\"state\":\"learning\"}\n");
    for (int i = 1; i <= 5; i++)
        lifetime_add(&series.lifetime, i * 2);
    series.count = 120;
    series.anomalies = 2;
    WRITTEN(jsonl_summary(&writer, "auto", &series));
    ck_assert_ptr_nonnull(strstr(text, ",\"count\":120,\"mean\":6,\"min\":2,\"max\":10,"
                                       "\"stdev\":3.16227766016837"));
    ck_assert_ptr_nonnull(strstr(text, ",\"anomalies\":2,\"state\":\""));
}
END_TEST

START_TEST(the_status)
{
    struct fleet_totals totals = {
        .messages = 7, .readings = 6, .malformed = 1, .overflow = 3, .series = 2};
    WRITTEN(jsonl_status(&writer, AT, true, &totals));
    ck_assert_str_eq(
        text, HEAD("status") "\"connected\":true,\"messages\":7,\"readings\":6,\"malformed\":1,"
                             "\"dropped\":3,\"series\":2}\n");
    WRITTEN(jsonl_status(&writer, TIMESTAMP_NONE, false, &totals));
    ck_assert_ptr_nonnull(strstr(text, "\"time\":null,\"connected\":false,\"messages\":7"));
}
END_TEST

START_TEST(hostile_names_stay_one_line_of_valid_json)
{
    char bad[] = "a\"b\\\x1b[2J\n\xff";
    outcome.unit = NULL;
    twin.name = bad;
    outcome.type = OUTCOME_READING;
    WRITTEN(jsonl_outcome(&writer, JSONL_READING, &outcome));
    ck_assert_ptr_nonnull(
        strstr(text, "\"sensor\":\"a\\\"b\\\\\\u001b[2J\\u000a\xef\xbf\xbd\",\"series\""));
    ck_assert_ptr_nonnull(strstr(text, "\"unit\":\"\""));
    ck_assert_ptr_eq(strchr(text, '\n'), text + strlen(text) - 1);
}
END_TEST

START_TEST(only_what_is_wanted)
{
    outcome.type = OUTCOME_READING;
    WRITTEN(jsonl_outcome(&writer, JSONL_DEFAULT, &outcome));
    ck_assert_str_eq(text, "");
    outcome.type = OUTCOME_PRESENCE;
    WRITTEN(jsonl_outcome(&writer, JSONL_READING | JSONL_ANOMALY, &outcome));
    ck_assert_str_eq(text, "");
}
END_TEST

START_TEST(names_of_types)
{
    char error[256] = "";
    ck_assert_uint_eq(jsonl_parse_types("reading", error, sizeof(error)), JSONL_READING);
    ck_assert_uint_eq(jsonl_parse_types("status,anomaly", error, sizeof(error)),
                      JSONL_STATUS | JSONL_ANOMALY);
    ck_assert_uint_eq(jsonl_parse_types("reading,anomaly,presence,malformed,summary,status", error,
                                        sizeof(error)),
                      0x3f);
    ck_assert_str_eq(error, "");
    static const char *const wrong[] = {"readings", "", "reading,", ",reading", "READING", "all"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        ck_assert_uint_eq(jsonl_parse_types(wrong[i], error, sizeof(error)), 0);
        ck_assert_ptr_nonnull(strstr(error, "summary and status"));
    }
    jsonl_parse_types("reading,\x1bwrong", error, sizeof(error));
    ck_assert_ptr_null(strchr(error, 0x1b));
}
END_TEST

Suite *jsonl_suite(void)
{
    Suite *suite = suite_create("jsonl");
    TCase *tests = tcase_create("jsonl");
    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, a_reading);
    tcase_add_test(tests, a_first_reading_knows_nothing_yet);
    tcase_add_test(tests, an_anomaly);
    tcase_add_test(tests, whose_verdict_it_is);
    tcase_add_test(tests, presence_by_status_and_by_cadence);
    tcase_add_test(tests, a_malformed_message);
    tcase_add_test(tests, a_summary_of_all_readings);
    tcase_add_test(tests, the_status);
    tcase_add_test(tests, hostile_names_stay_one_line_of_valid_json);
    tcase_add_test(tests, only_what_is_wanted);
    tcase_add_test(tests, names_of_types);
    suite_add_tcase(suite, tests);
    return suite;
}
