#include "ui/input.h"

#include <stdio.h>
#include <string.h>

#include "core/text.h"
#include "ui/keys.h"

#define CTRL(letter) ((letter) - 'A' + 1)

void input_begin(struct input *input, const char *text, const struct input_history *history)
{
    *input = (struct input){.history = history};
    snprintf(input->text, sizeof input->text, "%s", text);
    input->len = input->cursor = strlen(input->text);
}

/* Bytes of the character at this place, with the marks that stand on it; 0 at the end. */
static size_t step_at(const struct input *input, size_t at)
{
    size_t end = at;
    while (end < input->len) {
        uint32_t code;
        size_t len = text_decode(input->text + end, input->len - end, &code);
        if (len == 0)
            len = 1;
        else if (end > at && text_columns(code) != 0)
            break;
        end += len;
    }
    return end - at;
}

/* The start of the character before this place. */
static size_t before(const struct input *input, size_t at)
{
    size_t start = 0;
    for (size_t i = 0; i < at; i += step_at(input, i))
        start = i;
    return start;
}

static bool cut(struct input *input, size_t from, size_t to)
{
    if (from >= to)
        return false;
    memmove(input->text + from, input->text + to, input->len - to + 1);
    input->len -= to - from;
    input->cursor = from;
    return true;
}

/* To the start of the word that the cursor is in or behind. */
static size_t word_start(const struct input *input)
{
    size_t at = input->cursor;
    while (at > 0 && input->text[at - 1] == ' ')
        at--;
    while (at > 0 && input->text[at - 1] != ' ')
        at--;
    return at;
}

static bool insert(struct input *input, uint32_t code)
{
    char bytes[4];
    int columns = code < KEY_SPECIAL ? text_columns(code) : -1;
    if (columns < 0 || (columns == 0 && input->cursor == 0)) /* a mark needs a character */
        return false;
    size_t len = text_encode(bytes, code);
    if (input->len + len >= sizeof input->text)
        return false;
    memmove(input->text + input->cursor + len, input->text + input->cursor,
            input->len - input->cursor + 1);
    memcpy(input->text + input->cursor, bytes, len);
    input->len += len;
    input->cursor += len;
    return true;
}

/* Through the history: 1 towards older lines, -1 towards what was being typed. */
static bool leaf(struct input *input, int step)
{
    const struct input_history *history = input->history;
    unsigned most = history ? history->count : 0;
    if ((step > 0 && input->back == most) || (step < 0 && input->back == 0))
        return false;
    if (input->back == 0)
        memcpy(input->draft, input->text, sizeof input->draft);
    input->back += (unsigned)step;
    const char *line = input->back == 0 ? input->draft : history->lines[most - input->back];
    snprintf(input->text, sizeof input->text, "%s", line);
    input->len = input->cursor = strlen(input->text);
    return true;
}

bool input_key(struct input *input, uint32_t key)
{
    switch (key) {
    case KEY_ARROW_LEFT:
    case CTRL('B'):
        input->cursor = before(input, input->cursor);
        return false;
    case KEY_ARROW_RIGHT:
    case CTRL('F'):
        input->cursor += step_at(input, input->cursor);
        return false;
    case KEY_HOME_:
    case CTRL('A'):
        input->cursor = 0;
        return false;
    case KEY_END_:
    case CTRL('E'):
        input->cursor = input->len;
        return false;
    case KEY_ARROW_UP:
        return leaf(input, 1);
    case KEY_ARROW_DOWN:
        return leaf(input, -1);
    case KEY_BACKSPACE_:
    case CTRL('H'):
        return cut(input, before(input, input->cursor), input->cursor);
    case KEY_DELETE_:
    case CTRL('D'):
        return cut(input, input->cursor, input->cursor + step_at(input, input->cursor));
    case CTRL('K'):
        return cut(input, input->cursor, input->len);
    case CTRL('U'):
        return cut(input, 0, input->cursor);
    case CTRL('W'):
        return cut(input, word_start(input), input->cursor);
    default:
        return insert(input, key);
    }
}

void input_remember(struct input_history *history, const char *line)
{
    unsigned same = 0;
    if (!*line)
        return;
    while (same < history->count && strcmp(history->lines[same], line) != 0)
        same++;
    if (same == history->count && history->count < INPUT_LINES)
        history->count++;
    else if (same == history->count)
        same = 0; /* full: the oldest goes */
    memmove(history->lines[same], history->lines[same + 1],
            (history->count - 1 - same) * sizeof history->lines[0]);
    snprintf(history->lines[history->count - 1], sizeof history->lines[0], "%s", line);
}
