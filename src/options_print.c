#include "options.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "options_table.h"

static bool is(const struct spec *spec, const char *name)
{
    return strcmp(spec->name, name) == 0;
}

void options_print_help(void)
{
    puts("dt-top: htop for MQTT sensors\n\n"
         "  dt-top --demo                 a private broker with simulated sensors\n"
         "  dt-top -h HOST -t 'plant/#'   the sensors on a broker\n"
         "  dt-top --replay FILE          a recording");
    const struct spec *spec;
    for (size_t i = 0; (spec = options_spec(i)) != NULL; i++) {
        if (spec->kind == KIND_SECTION) {
            printf("\n%s\n", spec->help);
            continue;
        }
        char left[64];
        const char *argument = spec->argument ? spec->argument : "";
        if (spec->letter)
            snprintf(left, sizeof left, "-%c, --%s %s", spec->letter, spec->name, argument);
        else
            snprintf(left, sizeof left, "    --%s %s", spec->name, argument);
        printf("  %-34s %s\n", left, spec->help);
    }
    puts("\nExit status: 0 done, 1 failed, 2 usage, 3 --until did not come true. Keys: press ? on "
         "the screen, or see dt-top(1).");
}

/* The words of a field, as a configuration file has them. "" if nothing is set. */
static void field_words(const struct options *options, const struct spec *spec, char *out,
                        size_t size)
{
    static const char *const own[][2] = {
        {"protocol-version", "311"}, {"format", "text"},    {"detector", "auto"},
        {"max-series", "100000"},    {"span", "auto"},      {"columns", "all"},
        {"trend", "blocks"},         {"trend-scale", "own"}};
    const void *field = (const char *)options + spec->at;
    const char *text;
    out[0] = '\0';
    switch (spec->kind) {
    case KIND_FLAG:
        snprintf(out, size, "%s", *(const bool *)field ? "yes" : "no");
        break;
    case KIND_TEXT:
        text = *(char *const *)field;
        snprintf(out, size, "%s", text ? text : "");
        break;
    case KIND_INT:
        snprintf(out, size, "%d", *(const int *)field);
        break;
    case KIND_NUMBER:
        snprintf(out, size, "%g", *(const double *)field);
        break;
    case KIND_SECONDS:
        snprintf(out, size, "%g", (double)*(const timestamp *)field / (double)TIMESTAMP_SECOND);
        break;
    case KIND_BYTES:
        snprintf(out, size, "%zu", *(const size_t *)field);
        break;
    default:
        for (size_t i = 0; i < sizeof own / sizeof *own; i++)
            if (is(spec, own[i][0]))
                snprintf(out, size, "%s", own[i][1]);
    }
}

static void print_line(const char *name, const char *value, const char *source)
{
    printf("%-2s%s = %-*s ; %s\n", *value ? "" : "; ", name, (int)(28 - strlen(name)), value,
           source);
}

static void print_limit(const char *name, double value)
{
    if (!isnan(value))
        printf("%s = %g\n", name, value);
}

static void print_limits(const struct limit_rule *rule)
{
    const struct limit_settings *settings = &rule->settings;
    char words[LIMITS_TEXT];
    printf("\n[limits %s]\n", rule->name);
    for (size_t i = 0; i < rule->pattern_count; i++)
        printf("series = %s\n", rule->patterns[i]);
    print_limit("min", settings->limits.min);
    print_limit("max", settings->limits.max);
    struct limits rate = {NAN, NAN, settings->limits.rate, settings->limits.span};
    limits_format(&rate, words);
    if (*words)
        printf("rate = %s\n", words);
    print_limit("threshold", settings->threshold);
    if (settings->mute)
        puts("mute = yes");
}

void options_print(const struct options *options)
{
    char words[512];
    puts("[dt-top]");
    const struct spec *spec;
    for (size_t i = 0; (spec = options_spec(i)) != NULL; i++) {
        if (!spec->name || is(spec, "help") || is(spec, "version") || is(spec, "explain") ||
            is(spec, "print-config"))
            continue;
        bool given = options->given[i].source != NULL;
        const char *source = given ? options->given[i].source : "built in";
        char *const *list = is(spec, "mapping")                            ? options->mapping_files
                            : spec->kind != KIND_LIST                      ? NULL
                            : spec->at == offsetof(struct options, topics) ? options->topics
                                                                           : options->filter_out;
        int count = is(spec, "mapping")                            ? options->mapping_file_count
                    : spec->at == offsetof(struct options, topics) ? options->topic_count
                                                                   : options->filter_out_count;
        for (int j = 0; list && j < count; j++)
            print_line(spec->name, list[j], source);
        if (list)
            continue;
        field_words(options, spec, words, sizeof words);
        print_line(spec->name, given ? options->given[i].value : words, source);
    }
    for (size_t i = 0; i < options->mappings.count; i++)
        printf("; [mapping %s]\n", options->mappings.list[i]->name);
    for (size_t i = 0; i < options->limits.count; i++)
        print_limits(options->limits.list[i]);
}
