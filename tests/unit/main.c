/* Runs every unit suite. CK_RUN_SUITE=name runs one. */
#include "unit/suites.h"

#include <locale.h>
#include <stdlib.h>

int main(void)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    setenv("CK_DEFAULT_TIMEOUT", "60", 0); /* for machines that have more to do than this */
    SRunner *runner = srunner_create(NULL);
#define ADD_SUITE(name) srunner_add_suite(runner, name##_suite());
    UNIT_SUITES(ADD_SUITE)
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
