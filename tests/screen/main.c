/* Runs the tests that look at a terminal emulator's screen. CK_RUN_SUITE=name runs one suite. */
#include <check.h>
#include <locale.h>
#include <stdlib.h>

Suite *term_suite(void);
Suite *screen_suite(void);
Suite *random_keys_suite(void);
Suite *slow_suite(void);
Suite *kinds_suite(void);
Suite *golden_suite(void);
Suite *live_suite(void);
Suite *actions_suite(void);
Suite *scripts_suite(void);
Suite *chart_screen_suite(void);

int main(void)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    SRunner *runner = srunner_create(term_suite());
    srunner_add_suite(runner, screen_suite());
    srunner_add_suite(runner, random_keys_suite());
    srunner_add_suite(runner, slow_suite());
    srunner_add_suite(runner, kinds_suite());
    srunner_add_suite(runner, golden_suite());
    srunner_add_suite(runner, live_suite());
    srunner_add_suite(runner, actions_suite());
    srunner_add_suite(runner, scripts_suite());
    srunner_add_suite(runner, chart_screen_suite());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
