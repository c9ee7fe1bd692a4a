#include "source/recording.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/text.h"
#include "core/xalloc.h"
#include "source/capture.h"
#include "source/lines.h"

#define LOOK_LINES 20 /* a capture whose first lines were damaged is still one */

enum format { FORMAT_CAPTURE, FORMAT_CSV };

struct recording {
    int fd;
    enum format format;
    struct lines lines;
    struct capture capture;
    struct csv_columns columns;
    timestamp written;
    char name[TEXT_NAME_BYTES]; /* to show */
    char *series;               /* what a CSV of one series is named after, as the path has it */
    char *again;                /* the line that told the format, to be given once more */
    size_t again_len;
    uint64_t damaged[LOOK_LINES]; /* lines before it that told none */
    int damaged_count, damaged_given;
};

static bool is_blank(const char *line)
{
    return line[strspn(line, " \t\r")] == '\0';
}

static bool looks_like_capture(const char *line)
{
    return line[strspn(line, " \t")] == '{';
}

/* Reads up to the first line that tells the format. 0 if none of the first ones does; else -1 with
 * an error in words, or 1. */
static int find_format(struct recording *recording, char *error, size_t size)
{
    char *line;
    size_t len;
    while (recording->damaged_count < LOOK_LINES) {
        enum lines_result result = lines_next(&recording->lines, &line, &len);
        if (result == LINES_END && recording->damaged_count == 0) {
            snprintf(error, size, "%s is empty: there is nothing to replay", recording->name);
            return -1;
        }
        if (result == LINES_FAILED) {
            snprintf(error, size, "cannot read %s: %s", recording->name, strerror(errno));
            return -1;
        }
        if (result == LINES_END || result == LINES_STOPPED)
            return 0;
        if (result == LINES_LINE && looks_like_capture(line)) {
            recording->format = FORMAT_CAPTURE;
            recording->again = line;
            recording->again_len = len;
            return 1;
        }
        if (result == LINES_LINE && csv_read_header(line, len, &recording->columns)) {
            recording->format = FORMAT_CSV;
            return 1;
        }
        if (result == LINES_TOO_LONG || len > 0)
            recording->damaged[recording->damaged_count++] = recording->lines.number;
    }
    return 0;
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL && slash[1] != '\0' ? slash + 1 : path;
}

static bool is_standard_input(const char *path)
{
    return strcmp(path, "-") == 0;
}

static void take_names(struct recording *recording, const char *path)
{
    const char *base = is_standard_input(path) ? "standard input" : last_part(path);
    size_t len = strlen(base);
    text_name(recording->name, base, len);
    recording->series = xstrdup(base);
    if (len > 4 && strcasecmp(base + len - 4, ".csv") == 0)
        recording->series[len - 4] = '\0';
}

/* false: error says why this is nothing to read from. */
static bool open_file(struct recording *recording, const char *path, char *error, size_t size)
{
    struct stat status;
    char shown[TEXT_NAME_BYTES];
    text_sanitise(shown, sizeof(shown), path, strlen(path), TEXT_NAME_COLUMNS);
    recording->fd = is_standard_input(path) ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                                            : open(path, O_RDONLY | O_CLOEXEC);
    if (recording->fd < 0 || fstat(recording->fd, &status) != 0) {
        snprintf(error, size, "cannot open %s: %s", shown, strerror(errno));
        return false;
    }
    if (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode)) {
        snprintf(error, size, "cannot replay %s: it is %s", shown,
                 S_ISDIR(status.st_mode) ? "a directory" : "not a file");
        return false;
    }
    recording->written = (timestamp)status.st_mtime * TIMESTAMP_SECOND;
    return true;
}

struct recording *recording_open(const char *path, int wake, char *error, size_t size)
{
    struct recording *recording = xcalloc(1, sizeof(*recording));
    recording->fd = -1;
    take_names(recording, path);
    if (!open_file(recording, path, error, size))
        goto fail;
    lines_init(&recording->lines, recording->fd, wake);
    int found = find_format(recording, error, size);
    if (found == 0)
        snprintf(error, size,
                 "%s is no recording: it holds neither lines of mosquitto_sub -F %%j or %%J nor a "
                 "CSV header with timestamp and value",
                 recording->name);
    if (found <= 0)
        goto fail;
    return recording;
fail:
    recording_close(recording);
    return NULL;
}

void recording_close(struct recording *recording)
{
    if (recording == NULL)
        return;
    lines_fini(&recording->lines);
    capture_fini(&recording->capture);
    if (recording->fd >= 0)
        close(recording->fd);
    free(recording->series);
    free(recording);
}

const char *recording_name(const struct recording *recording)
{
    return recording->name;
}

timestamp recording_written(const struct recording *recording)
{
    return recording->written;
}

static enum recording_result read_capture(struct recording *recording, const char *line, size_t len,
                                          struct recording_entry *out)
{
    return capture_read(&recording->capture, line, len, &out->message, out->problem,
                        sizeof(out->problem))
               ? RECORDING_MESSAGE
               : RECORDING_BAD;
}

static enum recording_result read_csv(struct recording *recording, char *line, size_t len,
                                      struct recording_entry *out)
{
    if (!csv_read_row(&recording->columns, line, len, &out->row, out->problem,
                      sizeof(out->problem)))
        return RECORDING_BAD;
    out->message = (struct message){
        .topic = out->row.sensor != NULL ? out->row.sensor : recording->series,
        .payload = line,
        .bytes = len,
        .arrival = timestamp_plausible(out->row.time) ? out->row.time : TIMESTAMP_NONE,
    };
    return out->row.empty ? RECORDING_CLOCK : RECORDING_MESSAGE;
}

/* The next line that is not blank; mosquitto_sub -F %J leaves blank ones where a payload is no
 * JSON. */
static enum lines_result next_line(struct recording *recording, char **line, size_t *len)
{
    if (recording->again != NULL) {
        *line = recording->again;
        *len = recording->again_len;
        recording->again = NULL;
        return LINES_LINE;
    }
    enum lines_result result;
    do {
        result = lines_next(&recording->lines, line, len);
    } while (result == LINES_LINE && is_blank(*line) && strlen(*line) == *len);
    return result;
}

enum recording_result recording_next(struct recording *recording, struct recording_entry *out)
{
    char *line;
    size_t len;
    if (recording->damaged_given < recording->damaged_count) {
        out->line = recording->damaged[recording->damaged_given++];
        snprintf(out->problem, sizeof(out->problem), "neither JSON nor a CSV header");
        return RECORDING_BAD;
    }
    enum lines_result result = next_line(recording, &line, &len);
    out->line = recording->lines.number;
    switch (result) {
    case LINES_LINE:
        return recording->format == FORMAT_CSV ? read_csv(recording, line, len, out)
                                               : read_capture(recording, line, len, out);
    case LINES_TOO_LONG:
        snprintf(out->problem, sizeof(out->problem), "longer than %zu MB", LINES_MAX_BYTES >> 20);
        return RECORDING_BAD;
    case LINES_END:
        return RECORDING_END;
    case LINES_STOPPED:
        return RECORDING_STOPPED;
    case LINES_FAILED:
        break;
    }
    snprintf(out->problem, sizeof(out->problem), "cannot be read: %s", strerror(errno));
    return RECORDING_FAILED;
}

void recording_decode(struct recording *recording, const struct recording_entry *entry,
                      struct decoder *decoder, struct batch *batch)
{
    if (recording->format == FORMAT_CSV)
        csv_add(&entry->row, recording->series, &entry->message, batch);
    else
        decoder_decode(decoder, &entry->message, batch);
}
