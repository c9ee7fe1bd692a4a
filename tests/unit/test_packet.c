#include "unit/suites.h"

#include <check.h>
#include <mosquitto.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "source/packet.h"

#define BYTES(text) text, sizeof(text) - 1

/* On a piece of the heap of its own, so that a sanitizer sees a step beyond it. */
static bool read_copy(const char *bytes, size_t len, int version, struct packet *out)
{
    static unsigned char *copy;

    free(copy);
    copy = malloc(len > 0 ? len : 1);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, bytes, len);
    return packet_read(copy, len, version, out);
}

static const struct {
    int version;
    const char *bytes;
    size_t len;
    const char *topic, *payload;
    bool retain;
} right[] = {
    {4, BYTES("\x30\x05\0\3a/b"), "a/b", "", false},
    {4, BYTES("\x31\x07\0\3a/b42"), "a/b", "42", true},
    {4, BYTES("\x30\x04\0\1a\0"), "a", "\0", false},
    {4, BYTES("\x30\x06\0\2\xc3\xa4\0\0"), "\xc3\xa4", "\0", false},
    {4, BYTES("\x30\x07\0\4a\xf0\x9f\x8c"), NULL, NULL, false},
    {4, BYTES("\x30\x06\0\4\xf0\x9f\x8c\xa1"), "\xf0\x9f\x8c\xa1", "", false},
    {4, BYTES("\x30\x05\0\2+#1"), "+#", "1", false}, /* odd, but not ours to judge */
    {5, BYTES("\x30\x05\0\1a\0001"), "a", "1", false},
    {5,
     BYTES("\x30\x07\0\1a\2\1\1"
           "1"),
     "a", "1", false},
    {5,
     BYTES("\x31\x23\0\1a\x1e\1\0\2\0\0\0\7\3\0\1x\x08\0\1y\x09\0\2\0\xff\x0b\x80\1\x26\0\1k\0\1v"
           "1"),
     "a", "1", true},
    {5, BYTES("\x30\x13\0\1a\x0e\x26\0\1k\0\1v\x26\0\1k\0\1w1"), "a", "1", false},
};

START_TEST(reads_what_is_right)
{
    struct packet packet;
    bool read = read_copy(right[_i].bytes, right[_i].len, right[_i].version, &packet);

    ck_assert_int_eq(read, right[_i].topic != NULL);
    if (!read)
        return;
    ck_assert_str_eq(packet.topic, right[_i].topic);
    ck_assert_int_eq(packet.retain, right[_i].retain);
    ck_assert_uint_eq(packet.size, right[_i].len);
    if (packet.bytes == 0)
        ck_assert_ptr_null(packet.payload);
    else
        ck_assert_mem_eq(packet.payload, right[_i].payload, strlen(right[_i].payload));
}
END_TEST

/* Each of its beginnings is not whole yet, and what follows it is not its own. */
START_TEST(wants_all_of_it_and_no_more)
{
    char longer[128];
    struct packet packet;

    for (size_t len = 0; len < right[_i].len; len++)
        ck_assert(!read_copy(right[_i].bytes, len, right[_i].version, &packet));
    if (!right[_i].topic)
        return;
    memcpy(longer, right[_i].bytes, right[_i].len);
    memcpy(longer + right[_i].len, BYTES("\x30\x04\0\1z1"));
    ck_assert(read_copy(longer, right[_i].len + 6, right[_i].version, &packet));
    ck_assert_uint_eq(packet.size, right[_i].len);
}
END_TEST

static const struct {
    int version;
    const char *bytes;
    size_t len;
} others[] = {
    {4, BYTES("\x32\x06\0\1a\0\1x")},        /* QoS 1 */
    {4, BYTES("\x34\x06\0\1a\0\1x")},        /* QoS 2 */
    {4, BYTES("\x38\x04\0\1ax")},            /* a duplicate, without QoS */
    {4, BYTES("\xd0\0")},                    /* PINGRESP */
    {4, BYTES("\x90\3\0\1\0")},              /* SUBACK */
    {4, BYTES("\x30\0")},                    /* no topic */
    {4, BYTES("\x30\2\0\0")},                /* an empty one */
    {4, BYTES("\x30\3\0\2a")},               /* one longer than the packet */
    {4, BYTES("\x30\1\0a")},                 /* not even its length */
    {4, BYTES("\x30\x85\0\0\3a/b")},         /* a length longer than it need be */
    {4, BYTES("\x30\x80\x80\x80\x80\1")},    /* longer than may be */
    {4, BYTES("\x30\4\0\2a\0")},             /* NUL in the topic */
    {4, BYTES("\x30\5\0\3\x1b[m")},          /* a control */
    {4, BYTES("\x30\4\0\2\xff\xfe")},        /* not UTF-8 */
    {4, BYTES("\x30\5\0\3\xed\xa0\x80")},    /* half of a pair */
    {4, BYTES("\x30\5\0\3\xef\xbf\xbf")},    /* a non-character */
    {5, BYTES("\x30\3\0\1a")},               /* no length of properties */
    {5, BYTES("\x30\4\0\1a\1")},             /* more of them than there is */
    {5, BYTES("\x30\x06\0\1a\1\x7f\0")},     /* no such property */
    {5, BYTES("\x30\x05\0\1a\1\1")},         /* half of one */
    {5, BYTES("\x30\x08\0\1a\4\1\0\1\0")},   /* twice the same */
    {5, BYTES("\x30\x07\0\1a\3\x23\0\1")},   /* a topic alias */
    {5, BYTES("\x30\x08\0\1a\4\3\0\1\xff")}, /* a content type that is no text */
    {5, BYTES("\x30\x08\0\1a\4\3\0\2x")},    /* a text longer than all of them */
    {5, BYTES("\x30\x08\0\1a\4\x26\0\1k")},  /* a name without its text */
    {5, BYTES("\x30\x07\0\1a\3\x0b\x80\0")}, /* a number longer than it need be */
    {5, BYTES("\x30\x08\0\1a\5\2\0\0\0\7")}, /* the packet ends first */
};

START_TEST(leaves_all_else)
{
    char before[32];
    struct packet packet;

    memcpy(before, others[_i].bytes, others[_i].len);
    ck_assert(!packet_read((unsigned char *)before, others[_i].len, others[_i].version, &packet));
    ck_assert_mem_eq(before, others[_i].bytes, others[_i].len);
}
END_TEST

/* The library would end the connection over a topic; it has to get those, and only those. */
START_TEST(takes_the_topics_that_the_library_takes)
{
    for (uint32_t code = 1; code < 0x120000;
         code += code < 0x3000 || code % 0x800 < 4 ? 1 : 0x1ff) {
        char bytes[8] = "\x30\0\0";
        char *topic = bytes + 4;
        int len = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
        struct packet packet;
        uint32_t rest = code;
        for (int i = len - 1; i > 0; i--, rest >>= 6)
            topic[i] = (char)(0x80 | (rest & 0x3f));
        topic[0] = (char)(len == 1 ? rest : (0xf00U >> len) | rest);
        bytes[1] = (char)(len + 2);
        bytes[3] = (char)len;
        bool fit = mosquitto_validate_utf8(topic, len) == MOSQ_ERR_SUCCESS;
        ck_assert_msg(read_copy(bytes, (size_t)len + 4, 4, &packet) == fit, "U+%04X", code);
    }
}
END_TEST

START_TEST(reads_lengths_of_all_sizes)
{
    static const size_t sizes[] = {124, 125, 16379, 16380, 65000};
    static char bytes[70000];

    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct packet packet;
        size_t at = 1, body = sizes[i] + 3;
        bytes[0] = 0x30;
        for (; body >= 128; body /= 128)
            bytes[at++] = (char)(body % 128 | 128);
        bytes[at++] = (char)body;
        memcpy(bytes + at, "\0\1a", 3);
        ck_assert(!read_copy(bytes, at + 2 + sizes[i], 4, &packet));
        ck_assert(read_copy(bytes, at + 3 + sizes[i], 4, &packet));
        ck_assert_uint_eq(packet.bytes, sizes[i]);
        ck_assert_uint_eq(packet.size, at + 3 + sizes[i]);
    }
}
END_TEST

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

Suite *packet_suite(void)
{
    Suite *suite = suite_create("packet");
    TCase *tests = tcase_create("packet");

    tcase_add_loop_test(tests, reads_what_is_right, 0, COUNT(right));
    tcase_add_loop_test(tests, wants_all_of_it_and_no_more, 0, COUNT(right));
    tcase_add_loop_test(tests, leaves_all_else, 0, COUNT(others));
    tcase_add_test(tests, takes_the_topics_that_the_library_takes);
    tcase_add_test(tests, reads_lengths_of_all_sizes);
    suite_add_tcase(suite, tests);
    return suite;
}
