#include "ui/clipboard.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/xalloc.h"

/* RFC 4648. out holds 4 * (len + 2) / 3 + 1 bytes. */
static void base64(const char *text, size_t len, char *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < len; i += 3) {
        uint32_t bits = 0;
        for (size_t j = 0; j < 3; j++)
            bits = bits << 8 | (i + j < len ? (unsigned char)text[i + j] : 0);
        for (size_t j = 0; j < 4; j++)
            *out++ = i + j > len ? '=' : digits[bits >> (18 - 6 * j) & 63];
    }
    *out = '\0';
}

/* Not in the middle of a character. */
static size_t cut(const char *text)
{
    size_t len = strlen(text);
    if (len <= CLIPBOARD_MOST)
        return len;
    for (len = CLIPBOARD_MOST; len > 0 && ((unsigned char)text[len] & 0xC0) == 0x80;)
        len--;
    return len;
}

char *clipboard_sequence(const char *text, bool in_tmux, size_t *len)
{
    size_t bytes = cut(text), size = 4 * (bytes + 2) / 3 + 64;
    char *encoded = xcalloc(1, size), *out = xcalloc(1, size);
    base64(text, bytes, encoded);
    /* tmux takes off the outer wrapping and halves each Esc within. */
    int written = snprintf(out, size, "%s\033]52;c;%s\a%s", in_tmux ? "\033Ptmux;\033" : "",
                           encoded, in_tmux ? "\033\\" : "");
    *len = written > 0 ? (size_t)written : 0;
    free(encoded);
    return out;
}
