#include "unit/suites.h"

#include <stdlib.h>
#include <string.h>

#include "ui/clipboard.h"

static void expect(const char *text, bool in_tmux, const char *bytes)
{
    size_t len;
    char *got = clipboard_sequence(text, in_tmux, &len);
    ck_assert_str_eq(got, bytes);
    ck_assert_uint_eq(len, strlen(bytes));
    free(got);
}

START_TEST(base64_of_any_length)
{
    expect("", false, "\033]52;c;\a");
    expect("f", false, "\033]52;c;Zg==\a");
    expect("fo", false, "\033]52;c;Zm8=\a");
    expect("foo", false, "\033]52;c;Zm9v\a");
    expect("foob", false, "\033]52;c;Zm9vYg==\a");
    expect("\xC2\xB0?>", false, "\033]52;c;wrA/Pg==\a");
}
END_TEST

START_TEST(through_tmux)
{
    expect("foo", true, "\033Ptmux;\033\033]52;c;Zm9v\a\033\\");
}
END_TEST

START_TEST(too_much_is_cut_between_characters)
{
    static char text[3 * CLIPBOARD_MOST + 1];
    size_t len;
    for (size_t i = 0; i + 3 < sizeof text; i += 3)
        memcpy(text + i, "\xE6\xBA\xAB", 3);
    char *got = clipboard_sequence(text, false, &len);
    /* 1365 characters of 3 bytes are 5460 digits without a filler. */
    ck_assert_uint_eq(len, strlen("\033]52;c;\a") + 4 * (CLIPBOARD_MOST / 3));
    ck_assert_ptr_null(strchr(got, '='));
    free(got);
}
END_TEST

Suite *clipboard_suite(void)
{
    Suite *suite = suite_create("clipboard");
    TCase *tests = tcase_create("clipboard");
    tcase_add_test(tests, base64_of_any_length);
    tcase_add_test(tests, through_tmux);
    tcase_add_test(tests, too_much_is_cut_between_characters);
    suite_add_tcase(suite, tests);
    return suite;
}
