#include "app.h"
#include "config.h"
#include "core/text.h"
#include "core/xalloc.h"
#include "explain.h"
#include "password.h"

#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int fail(int status, const char *why)
{
    char safe[1024]; /* words of the command line and of files are in it */
    text_sanitise(safe, sizeof safe, why, strlen(why), UINT_MAX);
    fprintf(stderr, "dt-top: %s\n", safe);
    return status;
}

/* Only LC_CTYPE: a decimal comma would change how numbers are read. Widths of characters must be
 * known even where the locale has none; the screen then keeps to ASCII. */
static void set_locale(struct options *options)
{
    setlocale(LC_CTYPE, "");
    if (strcmp(nl_langinfo(CODESET), "UTF-8") == 0)
        return;
    options->ascii = true;
    if (!setlocale(LC_CTYPE, "C.UTF-8"))
        setlocale(LC_CTYPE, "en_US.UTF-8");
}

/* --config and --profile must be known before the command line is applied over what the file says.
 */
static void look_ahead(int argc, char **argv, const char *name, char **field)
{
    const size_t shortest = 5; /* getopt takes "--con" for "--config" */
    for (int i = 1; i < argc && argv[i]; i++) {
        size_t len = strcspn(argv[i], "=");
        const char *value = NULL;
        if (len < shortest || strncmp(argv[i], name, len) != 0)
            continue;
        value = argv[i][len] == '=' ? argv[i] + len + 1 : i + 1 < argc ? argv[i + 1] : NULL;
        if (value) {
            free(*field);
            *field = xstrdup(value);
        }
    }
}

static bool gather(struct options *options, int argc, char **argv, char *error, size_t size)
{
    look_ahead(argc, argv, "--config", &options->config);
    look_ahead(argc, argv, "--profile", &options->profile);
    if (!config_load(options, error, size))
        return false;
    config_environment(options);
    return options_parse(options, argc, argv, error, size) &&
           config_load_mappings(options, error, size);
}

/* Not before the command line has been read: --help asks for no password. */
static bool find_password(struct options *options, char *error, size_t size)
{
    if (options->demo || options->replay)
        return true;
    if (options->pw_file)
        return password_read(options->pw_file, &options->password, error, size);
    if (options->password && strcmp(options->password, "-") == 0)
        return password_ask(options->username, &options->password, error, size);
    return true;
}

int main(int argc, char **argv)
{
    struct options options;
    char error[512] = "";
    int status;
    options_init(&options);
    set_locale(&options);
    /* The C library looks the local zone up anew at each call while TZ is not set: 2 us a reading.
     */
    setenv("TZ", ":/etc/localtime", 0);
    if (!gather(&options, argc, argv, error, sizeof error)) {
        status = fail(EXIT_USAGE, error);
    } else if (options.help) {
        options_print_help();
        status = EXIT_DONE;
    } else if (options.show_version) {
        puts("dt-top " PACKAGE_VERSION);
        status = EXIT_DONE;
    } else if (options.print_config) {
        options_print(&options);
        status = EXIT_DONE;
    } else if (options.explain_topic) {
        status = explain(&options);
    } else if (!find_password(&options, error, sizeof error)) {
        status = fail(EXIT_FAILED, error);
    } else if (options.batch) {
        status = app_run_batch(&options);
    } else {
        status = app_run_screen(&options);
    }
    options_fini(&options);
    return status;
}
