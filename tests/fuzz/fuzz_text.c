/* Whatever comes in, what goes out is safe for every sink. The first byte chooses the columns, the
 * second the size of the buffer, the rest is the text. */
#include <locale.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition)
        abort();
}

static bool is_bidi_or_invisible(uint32_t code)
{
    return code == 0xAD || code == 0x61C || (code >= 0x200B && code <= 0x200F) ||
           (code >= 0x2028 && code <= 0x202E) || (code >= 0x2060 && code <= 0x206F) ||
           (code >= 0xFE00 && code <= 0xFE0F) || code == 0xFEFF ||
           (code >= 0xE0000 && code <= 0xE0FFF);
}

static void check_safe(const char *text)
{
    size_t len = strlen(text);
    int columns_before = -1;
    require(text_is_utf8(text, len));
    for (size_t at = 0; at < len;) {
        uint32_t code;
        at += text_decode(text + at, len - at, &code);
        int columns = text_columns(code);
        require(code >= 0x20 && !(code >= 0x7F && code <= 0x9F));
        require(!is_bidi_or_invisible(code) && columns >= 0);
        require(columns > 0 || columns_before > 0); /* one mark, on a base */
        columns_before = columns;
    }
}

static void check_sanitise(const char *in, size_t len, size_t room, unsigned columns)
{
    char *out = malloc(room), *again = malloc(room);
    require(out && again);
    bool same = text_sanitise(out, room, in, len, columns);
    require(memchr(out, '\0', room) != NULL);
    require(!same || (strlen(out) == len && memcmp(out, in, len) == 0));
    check_safe(out);
    require(text_width(out) <= columns);
    require(text_sanitise(again, room, out, strlen(out), columns));
    require(strcmp(out, again) == 0);
    free(out);
    free(again);
}

static void check_name(const char *in, size_t len)
{
    char *out = malloc(TEXT_NAME_BYTES);
    require(out != NULL);
    text_name(out, in, len);
    require(memchr(out, '\0', TEXT_NAME_BYTES) != NULL);
    check_safe(out);
    require(text_width(out) <= TEXT_NAME_COLUMNS);
    free(out);
}

static void check_plain(const char *in, size_t len)
{
    bool plain = true;
    for (size_t i = 0; i < len; i++)
        plain = plain && in[i] >= 0x20 && in[i] <= 0x7E;
    require(text_is_plain(in, len) == plain);
    require(!plain || text_is_utf8(in, len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    setlocale(LC_CTYPE, "C.UTF-8");
    const char *in = (const char *)data + 2;
    size_t len = size - 2;
    check_sanitise(in, len, (size_t)data[1] + 1, data[0]);
    check_sanitise(in, len, len * 3 + 1, data[0]);
    check_name(in, len);
    check_plain(in, len);
    return 0;
}
