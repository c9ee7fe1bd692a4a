#include "explain.h"

#include "app.h"
#include "core/explanation.h"
#include "core/payload.h"
#include "core/xalloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *read_all(FILE *file, size_t *bytes)
{
    size_t room = PAYLOAD_MAX_BYTES + 2;
    char *all = xmalloc(room);
    *bytes = fread(all, 1, room - 1, file);
    all[*bytes] = '\0';
    return all;
}

int explain(const struct options *options)
{
    struct listing lines = {0};
    size_t bytes = strlen(options->explain_payload);
    if (strcmp(options->explain_payload, "-") == 0 && isatty(STDIN_FILENO))
        fputs("dt-top: the payload is read from standard input; ^D ends it\n", stderr);
    char *payload = strcmp(options->explain_payload, "-") == 0 ? read_all(stdin, &bytes)
                                                               : xstrdup(options->explain_payload);
    struct message message = {.topic = options->explain_topic,
                              .payload = payload,
                              .bytes = bytes,
                              .arrival = app_clock()};
    bool whole = explanation_write(&options->mappings, &message, 1, &lines);
    for (size_t i = 0; i < lines.count; i++)
        puts(lines.lines[i]);
    listing_fini(&lines);
    free(payload);
    return whole ? EXIT_DONE : EXIT_FAILED;
}
