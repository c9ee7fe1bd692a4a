#include "options.h"

#include "core/nearest.h"
#include "core/topic.h"
#include "core/window.h"
#include "core/xalloc.h"
#include "source/url.h"
#include "ui/theme_file.h"
#include "options_table.h"
#include "options_values.h"
#include "out/jsonl.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AT(field) offsetof(struct options, field)

static const struct spec specs[] = {
    {NULL, 0, KIND_SECTION, 0, 0, 0, NULL, "Broker (letters as in mosquitto_sub)"},
    {"host", 'h', KIND_TEXT, AT(host), 0, 0, "HOST",
     "broker, or path of a unix socket (localhost)"},
    {"port", 'p', KIND_INT, AT(port), 1, 65535, "PORT", "its port (1883, or 8883 with TLS)"},
    {"url", 'L', KIND_TEXT, AT(url), 0, 0, "URL",
     "mqtt[s]://[user[:password]@]host[:port][/topic], unix://path"},
    {"topic", 't', KIND_LIST, AT(topics), 0, 0, "FILTER", "subscribe; repeatable (digital_twin/#)"},
    {"filter-out", 'T', KIND_LIST, AT(filter_out), 0, 0, "FILTER",
     "leave these messages out; repeatable"},
    {"qos", 'q', KIND_INT, AT(qos), 0, 2, "N", "QoS to subscribe with (0)"},
    {"username", 'u', KIND_TEXT, AT(username), 0, 0, "NAME", "user name"},
    {"pw", 'P', KIND_TEXT, AT(password), 0, 0, "PASSWORD",
     "password; -: ask; better: DT_TOP_PASSWORD"},
    {"pw-file", 0, KIND_TEXT, AT(pw_file), 0, 0, "FILE", "password in a file of mode 0600"},
    {"id", 'i', KIND_TEXT, AT(id), 0, 0, "ID", "client id (dt-top- and six random characters)"},
    {"id-prefix", 'I', KIND_TEXT, AT(id_prefix), 0, 0, "PREFIX", "the same after this prefix"},
    {"disable-clean-session", 'c', KIND_FLAG, AT(keep_session), 0, 0, NULL,
     "the broker keeps the session while we are away; needs -i"},
    {"keepalive", 'k', KIND_INT, AT(keepalive), 5, 65535, "SECONDS", "keepalive (60)"},
    {"protocol-version", 'V', KIND_OWN, 0, 0, 0, "VERSION", "311 or 5 (311)"},
    {"will-topic", 0, KIND_TEXT, AT(will_topic), 0, 0, "TOPIC", "last will: where it is published"},
    {"will-payload", 0, KIND_TEXT, AT(will_payload), 0, 0, "TEXT", "what it says (nothing)"},
    {"will-qos", 0, KIND_INT, AT(will_qos), 0, 2, "N", "with this QoS (0)"},
    {"will-retain", 0, KIND_FLAG, AT(will_retain), 0, 0, NULL, "retained"},
    {NULL, 0, KIND_SECTION, 0, 0, 0, NULL,
     "TLS (on with mqtts://, port 8883, --cafile, --capath, --cert or --psk)"},
    {"cafile", 0, KIND_TEXT, AT(tls.cafile), 0, 0, "FILE", "trust these CAs (the system's)"},
    {"capath", 0, KIND_TEXT, AT(tls.capath), 0, 0, "DIR", "trust the CAs in this folder"},
    {"cert", 0, KIND_TEXT, AT(tls.cert), 0, 0, "FILE", "our certificate, if the broker wants one"},
    {"key", 0, KIND_TEXT, AT(tls.key), 0, 0, "FILE", "its private key"},
    {"tls-version", 0, KIND_TEXT, AT(tls.version), 0, 0, "VERSION",
     "tlsv1.3, tlsv1.2 or tlsv1.1, or newer (tlsv1.2)"},
    {"tls-alpn", 0, KIND_TEXT, AT(tls.alpn), 0, 0, "NAME", "ask for this protocol"},
    {"insecure", 0, KIND_FLAG, AT(tls.insecure), 0, 0, NULL,
     "don't check the name in the broker's certificate"},
    {"psk", 0, KIND_TEXT, AT(tls.psk), 0, 0, "HEX", "shared key in place of certificates"},
    {"psk-identity", 0, KIND_TEXT, AT(tls.psk_identity), 0, 0, "NAME", "the key's name"},
    {NULL, 0, KIND_SECTION, 0, 0, 0, NULL, "Simulator"},
    {"demo", 0, KIND_OWN, 0, 0, 0, "[N]", "a private broker and N simulated sensors (6)"},
    {"sim", 0, KIND_OWN, 0, 0, 0, "N", "N simulated sensors on the broker above"},
    {"place", 0, KIND_TEXT, AT(place), 0, 0, "NAME", "they publish below digital_twin/NAME (lab)"},
    {"period", 0, KIND_SECONDS, AT(period), 0.01, 86400, "SECONDS", "between their readings (2)"},
    {"seed", 0, KIND_OWN, 0, 0, 0, "N", "same seed, same values"},
    {"readonly", 0, KIND_FLAG, AT(readonly), 0, 0, NULL, "never publish anything"},
    {NULL, 0, KIND_SECTION, 0, 0, 0, NULL, "Recordings"},
    {"replay", 0, KIND_TEXT, AT(replay), 0, 0, "FILE",
     "play lines of `mosquitto_sub -F %j` or a .csv"},
    {"speed", 0, KIND_OWN, 0, 0, 0, "X|max", "so much faster than recorded (1; --batch: max)"},
    {NULL, 0, KIND_SECTION, 0, 0, 0, NULL, "Without a screen"},
    {"batch", 'b', KIND_FLAG, AT(batch), 0, 0, NULL, "print instead of drawing"},
    {"format", 0, KIND_OWN, 0, 0, 0, "text|jsonl|csv",
     "a table now and then, JSON lines, or readings as CSV (text)"},
    {"only", 0, KIND_OWN, 0, 0, 0, "TYPES", "JSON lines of these types (all but reading)"},
    {"interval", 0, KIND_SECONDS, AT(interval), 0.1, 86400, "SECONDS", "between tables (2)"},
    {"count", 'C', KIND_OWN, 0, 0, 0, "N", "end after N messages"},
    {"timeout", 'W', KIND_SECONDS, AT(timeout), 0.001, 1e9, "SECONDS", "end after this time"},
    {"until", 0, KIND_OWN, AT(until), 0, 0, "EXPR",
     "end with status 0 once a series matches, else with 3"},
    {NULL, 0, KIND_SECTION, 0, 0, 0, NULL, "Detection"},
    {"detector", 0, KIND_OWN, 0, 0, 0, "NAME",
     "auto, lab or robust; several (a,b): the others beside (auto)"},
    {"threshold", 0, KIND_NUMBER, AT(threshold), 0.1, 1000, "Z",
     "lab, robust: |z| above this is an anomaly (3)"},
    {"window", 0, KIND_INT, AT(window), 3, WINDOW_MAX, "N",
     "readings that mean, deviation and z are of (50)"},
    {"min-samples", 0, KIND_INT, AT(min_samples), 3, WINDOW_MAX, "N",
     "lab, robust: from the N-th reading on (10)"},
    {NULL, 0, KIND_SECTION, 0, 0, 0, NULL, "Decoding"},
    {"mapping", 0, KIND_OWN, 0, 0, 0, "FILE|NAME", "sections [mapping NAME] of a file; repeatable"},
    {"explain", 0, KIND_OWN, AT(explain_topic), 0, 0, "TOPIC PAYLOAD",
     "how this message is decoded, and why (PAYLOAD -: read it)"},
    {NULL, 0, KIND_SECTION, 0, 0, 0, NULL, "Else"},
    {"filter", 0, KIND_OWN, AT(filter), 0, 0, "EXPR",
     "show only such series: 'temp z>3 age>5m state=lost !pump'"},
    {"max-series", 0, KIND_OWN, AT(max_series), 0, 0, "N",
     "series at most; more are counted as dropped (100000)"},
    {"memory", 0, KIND_BYTES, AT(memory), 1 << 20, 1e15, "BYTES",
     "for series and their history (256M)"},
    {"ascii", 0, KIND_FLAG, AT(ascii), 0, 0, NULL, "draw with ASCII characters only"},
    {"no-color", 0, KIND_FLAG, AT(no_color), 0, 0, NULL, "no colours; so does NO_COLOR"},
    {"span", 0, KIND_OWN, 0, 0, 0, "1m|5m|1h|24h", "of sparklines and chart (auto: up to 5m)"},
    {"trend", 0, KIND_OWN, 0, 0, 0, "blocks|braille|ascii",
     "what sparklines are drawn with (blocks)"},
    {"trend-scale", 0, KIND_OWN, 0, 0, 0, "own|kind", "of each, or of series of one kind (own)"},
    {"columns", 0, KIND_OWN, 0, 0, 0, "NAMES", "of the table, in this order, with commas (all)"},
    {"bell", 0, KIND_FLAG, AT(bell), 0, 0, NULL, "ring on a new alarm, at most once a second"},
    {"slow", 0, KIND_FLAG, AT(slow), 0, 0, NULL, "for a slow line: a frame a second, keys at once"},
    {"theme", 0, KIND_TEXT, AT(theme), 0, 0, "NAME|FILE",
     "dark, light, high-contrast, colour-blind, mono (dark)"},
    {"config", 0, KIND_TEXT, AT(config), 0, 0, "FILE", "instead of ~/.config/dt-top/config.ini"},
    {"profile", 0, KIND_TEXT, AT(profile), 0, 0, "NAME", "with what [profile NAME] in it says"},
    {"print-config", 0, KIND_FLAG, AT(print_config), 0, 0, NULL,
     "what is in force, and where it comes from"},
    {"help", 0, KIND_FLAG, AT(help), 0, 0, NULL, "this text"},
    {"version", 0, KIND_FLAG, AT(show_version), 0, 0, NULL, "the version"},
};

#define SPECS (sizeof specs / sizeof *specs)
_Static_assert(SPECS <= OPTIONS_MOST, "options.h knows how many rows there are");
#define FIRST_LONG 256 /* getopt's value of an option is FIRST_LONG + its spec */

const struct spec *options_spec(size_t i)
{
    return i < SPECS ? &specs[i] : NULL;
}

void options_init(struct options *options)
{
    *options = (struct options){
        .host = xstrdup("localhost"),
        .keepalive = 60,
        .version = 4,
        .place = xstrdup("lab"),
        .period = 2 * TIMESTAMP_SECOND,
        .interval = 2 * TIMESTAMP_SECOND,
        .speed = -1,
        .only = JSONL_DEFAULT,
        .detector = xstrdup("auto"),
        .threshold = 3,
        .window = WINDOW_DEFAULT,
        .min_samples = 10,
        .memory = (size_t)256 << 20,
        .max_series = 100000,
        .theme = xstrdup("dark"),
    };
    columns_init(&options->columns);
}

static void clear_list(char ***list, int *count)
{
    for (int i = 0; i < *count; i++)
        free((*list)[i]);
    free(*list);
    *list = NULL;
    *count = 0;
}

/* Where the password was, zeroes: it must not linger in freed memory. */
static void forget_password(char *password)
{
    if (password)
        explicit_bzero(password, strlen(password));
    free(password);
}

void options_fini(struct options *options)
{
    free(options->host);
    forget_password(options->url);
    free(options->username);
    forget_password(options->password);
    free(options->pw_file);
    free(options->id);
    free(options->id_prefix);
    free(options->will_topic);
    free(options->will_payload);
    tls_options_fini(&options->tls);
    free(options->place);
    free(options->replay);
    free(options->detector);
    free(options->until);
    free(options->filter);
    free(options->theme);
    free(options->config);
    free(options->profile);
    free(options->explain_topic);
    free(options->explain_payload);
    mappings_fini(&options->mappings);
    limit_rules_fini(&options->limits);
    clear_list(&options->mapping_files, &options->mapping_file_count);
    for (size_t i = 0; i < OPTIONS_MOST; i++) {
        free(options->given[i].source);
        free(options->given[i].value);
    }
    clear_list(&options->topics, &options->topic_count);
    clear_list(&options->filter_out, &options->filter_out_count);
}

static void forget_text(char **text)
{
    forget_password(*text);
    *text = NULL;
}

static bool is(const struct spec *spec, const char *name)
{
    return strcmp(spec->name, name) == 0;
}

static bool set_list(struct options *options, const struct spec *spec, const char *value,
                     char *error, size_t size)
{
    char why[160];
    if (!topic_filter_valid(value, why, sizeof why)) {
        snprintf(error, size, "--%s '%s': %s", spec->name, value, why);
        return false;
    }
    bool topics = spec->at == AT(topics);
    char ***list = topics ? &options->topics : &options->filter_out;
    int *count = topics ? &options->topic_count : &options->filter_out_count;
    if (options->given[spec - specs].layer != options->layer)
        clear_list(list, count); /* a list replaces that of the layer below */
    *list = xrealloc(*list, (size_t)(*count + 1) * sizeof **list);
    (*list)[(*count)++] = xstrdup(value);
    return true;
}

static bool set_text(struct options *options, const struct spec *spec, const char *value)
{
    char **field = (char **)((char *)options + spec->at);
    forget_password(*field);
    *field = xstrdup(value);
    if (is(spec, "pw"))
        forget_text(&options->pw_file);
    if (is(spec, "pw-file"))
        forget_text(&options->password);
    /* The broker named last is the one: a host of the command line over a URL of the file. */
    if (is(spec, "host"))
        forget_text(&options->url);
    return true;
}

static bool set_flag(struct options *options, const struct spec *spec, const char *value,
                     char *error, size_t size)
{
    bool *field = (bool *)((char *)options + spec->at);
    *field = !value || strcmp(value, "true") == 0 || strcmp(value, "yes") == 0 ||
             strcmp(value, "on") == 0 || strcmp(value, "1") == 0;
    return *field || strcmp(value, "false") == 0 || strcmp(value, "no") == 0 ||
           strcmp(value, "off") == 0 || strcmp(value, "0") == 0 ||
           values_fail(error, size, spec, value, "yes or no");
}

static bool set_value(struct options *options, const struct spec *spec, const char *value,
                      char *error, size_t size)
{
    void *field = (char *)options + spec->at;
    double number;
    char range[80];
    switch (spec->kind) {
    case KIND_FLAG:
        return set_flag(options, spec, value, error, size);
    case KIND_TEXT:
        return set_text(options, spec, value);
    case KIND_LIST:
        return set_list(options, spec, value, error, size);
    case KIND_INT:
        snprintf(range, sizeof range, "a whole number from %g to %g", spec->low, spec->high);
        if (!values_whole(value, spec->low, spec->high, &number))
            return values_fail(error, size, spec, value, range);
        *(int *)field = (int)number;
        return true;
    case KIND_NUMBER:
    case KIND_SECONDS:
        snprintf(range, sizeof range, "a number from %g to %g", spec->low, spec->high);
        if (!values_number(value, &number) || number < spec->low || number > spec->high)
            return values_fail(error, size, spec, value, range);
        if (spec->kind == KIND_NUMBER)
            *(double *)field = number;
        else
            *(timestamp *)field = (timestamp)llround(number * (double)TIMESTAMP_SECOND);
        return true;
    case KIND_BYTES:
        if (!values_bytes(value, &number) || number < spec->low || number > spec->high)
            return values_fail(error, size, spec, value, "bytes, at least 1M, as in 64M or 1G");
        *(size_t *)field = (size_t)number;
        return true;
    default:
        return values_set(options, spec, value, error, size);
    }
}

static bool set_spec(struct options *options, const struct spec *spec, const char *value,
                     char *error, size_t size)
{
    size_t i = (size_t)(spec - specs);
    if (!set_value(options, spec, value, error, size))
        return false;
    free(options->given[i].source);
    free(options->given[i].value);
    options->given[i].layer = options->layer;
    options->given[i].source = xstrdup(options->source);
    bool secret = is(spec, "pw") || is(spec, "psk") || (is(spec, "url") && strchr(value, '@'));
    options->given[i].value = xstrdup(secret ? "(hidden)" : value ? value : "yes");
    return true;
}

static const struct spec *find_spec(const char *name)
{
    for (size_t i = 0; i < SPECS; i++)
        if (specs[i].name && strcmp(specs[i].name, name) == 0)
            return &specs[i];
    return NULL;
}

static bool is_for_the_command_line(const struct spec *spec)
{
    return is(spec, "config") || is(spec, "profile") || is(spec, "help") || is(spec, "version") ||
           is(spec, "explain") || is(spec, "print-config");
}

bool options_set(struct options *options, const char *name, const char *value, char *error,
                 size_t size)
{
    const struct spec *spec = find_spec(name);
    if (!spec || is_for_the_command_line(spec)) {
        struct nearest nearest = {.word = name};
        for (size_t i = 0; i < SPECS; i++)
            if (specs[i].name && !is_for_the_command_line(&specs[i]))
                nearest_try(&nearest, specs[i].name);
        snprintf(error, size, "unknown key '%s'", name);
        nearest_say(&nearest, error, size);
        return false;
    }
    return set_spec(options, spec, value, error, size);
}

static void build_getopt(struct option *longs, char *letters)
{
    *letters++ = ':';
    for (size_t i = 0; i < SPECS; i++) {
        if (!specs[i].name)
            continue;
        int argument = is(&specs[i], "demo")        ? optional_argument
                       : specs[i].kind == KIND_FLAG ? no_argument
                                                    : required_argument;
        *longs++ = (struct option){specs[i].name, argument, NULL, FIRST_LONG + (int)i};
        if (!specs[i].letter)
            continue;
        *letters++ = (char)specs[i].letter;
        if (argument == required_argument)
            *letters++ = ':';
    }
    *letters = '\0';
    *longs = (struct option){0};
}

static const struct spec *spec_of(int got)
{
    if (got >= FIRST_LONG)
        return &specs[got - FIRST_LONG];
    for (size_t i = 0; i < SPECS; i++)
        if (specs[i].letter == got)
            return &specs[i];
    return NULL;
}

/* `--demo 12` as well as `--demo=12`: getopt knows only the second form of an optional argument. */
static const char *demo_count(int argc, char **argv)
{
    if (optarg)
        return optarg;
    if (optind < argc && argv[optind][0] >= '0' && argv[optind][0] <= '9')
        return argv[optind++];
    return "6";
}

/* `--explain TOPIC PAYLOAD`: the second word, where there is one. */
static void take_payload(struct options *options, int argc, char **argv)
{
    free(options->explain_payload);
    options->explain_payload = xstrdup(optind < argc ? argv[optind++] : "-");
}

static bool say_unknown(char *error, size_t size, const char *word)
{
    struct nearest nearest = {.word = word + strspn(word, "-")};
    for (size_t i = 0; i < SPECS; i++)
        if (specs[i].name)
            nearest_try(&nearest, specs[i].name);
    if (nearest.best)
        snprintf(error, size, "unknown option %s, did you mean --%s? see dt-top --help", word,
                 nearest.best);
    else
        snprintf(error, size, "unknown option %s; see dt-top --help", word);
    return false;
}

static bool say_usage(char *error, size_t size, int got, char **argv)
{
    const char *word = argv[optind - 1];
    if (optopt > 0 && optopt < FIRST_LONG && got == '?')
        snprintf(error, size, "unknown option -%c; see dt-top --help", optopt);
    else if (got == ':')
        snprintf(error, size, "%s needs a value; see dt-top --help", word);
    else
        return say_unknown(error, size, word);
    return false;
}

/* Out of the process list: stars in place of a secret, or of the password within a URL. */
static void hide(char *word, bool url)
{
    char *start = word, *end = word + strlen(word);

    if (url) {
        start = strstr(word, "://");
        end = start ? strchr(start + 3, '/') : NULL;
        end = start ? memrchr(start, '@', end ? (size_t)(end - start) : strlen(start)) : NULL;
        start = end ? memchr(start + 3, ':', (size_t)(end - start - 3)) : NULL;
        if (!start)
            return;
        start++;
    }
    memset(start, '*', (size_t)(end - start));
}

/* Somebody asked for it just now: what a file says may be meant for other runs. */
static bool asked_for(const struct options *options, const char *name)
{
    for (size_t i = 0; i < SPECS; i++)
        if (specs[i].name && is(&specs[i], name))
            return options->given[i].source && options->given[i].layer == LAYER_COMMAND_LINE;
    return false;
}

/* Words that can be checked before anything is started. */
static bool make_sense(const struct options *options, char *error, size_t size)
{
    struct url url;
    struct theme theme;
    if (options->url && !url_parse(options->url, &url, error, size))
        return false;
    return !asked_for(options, "theme") || theme_load(&theme, options->theme, error, size);
}

/* What goes together, and what does not; as mosquitto_sub has it. */
static bool agree(const struct options *options, char *error, size_t size)
{
    const char *wrong = NULL;
    if (options->id && options->id_prefix)
        wrong = "-i and -I: give one of them";
    else if (options->keep_session && !options->id)
        wrong = "-c needs -i: the broker keeps a session under a client id";
    else if (!options->will_topic && (options->will_payload || options->will_retain))
        wrong = "--will-payload and --will-retain need --will-topic";
    else if (options->will_topic && strpbrk(options->will_topic, "+#"))
        wrong = "--will-topic: a message goes to one topic, without + and #";
    else if (options->readonly && (options->sim || options->demo))
        wrong = "--readonly forbids --sim and --demo: simulated sensors are published";
    else if (options->replay && (options->sim || options->demo))
        wrong = "--replay plays a recording: there is no broker for --sim or --demo";
    else if (options->format == BATCH_CSV && options->only != JSONL_DEFAULT &&
             options->only != JSONL_READING)
        wrong = "--format csv holds readings and nothing else: leave --only away";
    else if (strpbrk(options->place, "+#") || !*options->place)
        wrong = "--place: a name for a topic, without + and #";
    else if (options->until && !options->batch)
        wrong = "--until ends a run without a screen: it needs --batch";
    else if (options->will_topic && options->readonly)
        wrong = "--readonly forbids --will-topic: a last will is published";
    if (wrong)
        snprintf(error, size, "%s", wrong);
    return !wrong;
}

bool options_parse(struct options *options, int argc, char **argv, char *error, size_t size)
{
    struct option longs[SPECS + 1];
    char letters[2 * SPECS + 2];
    build_getopt(longs, letters);
    options->layer = LAYER_COMMAND_LINE;
    snprintf(options->source, sizeof options->source, "command line");
    optind = 0;
    opterr = 0;
    int got;
    while ((got = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
        const struct spec *spec = got == '?' || got == ':' ? NULL : spec_of(got);
        if (!spec)
            return say_usage(error, size, got, argv);
        const char *value = is(spec, "demo") ? demo_count(argc, argv) : optarg;
        if (!set_spec(options, spec, value, error, size))
            return false;
        if (is(spec, "explain"))
            take_payload(options, argc, argv);
        if (is(spec, "pw") || is(spec, "psk") || is(spec, "url"))
            hide(optarg, is(spec, "url"));
    }
    if (optind < argc) {
        snprintf(error, size, "unexpected word '%s'; see dt-top --help", argv[optind]);
        return false;
    }
    return agree(options, error, size) && make_sense(options, error, size);
}
