/* Runs the tests that throw hostile messages at the whole program. CK_RUN_CASE=name runs a part. */
#include <locale.h>
#include <stdlib.h>

#include "hostile/suites.h"

int main(void)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    Suite *suite = suite_create("hostile");
    suite_add_tcase(suite, hostile_batch_case());
    suite_add_tcase(suite, hostile_screen_case());
    suite_add_tcase(suite, hostile_raw_case());
    suite_add_tcase(suite, hostile_flood_case());
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
