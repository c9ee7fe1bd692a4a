/* Runs the tests that need brokers. CK_RUN_SUITE=name runs one suite. */
#include <check.h>
#include <locale.h>
#include <stdlib.h>

Suite *private_broker_suite(void);
Suite *link_suite(void);
Suite *shortcut_suite(void);
Suite *sim_suite(void);
Suite *scenarios_suite(void);
Suite *filter_suite(void);
Suite *access_suite(void);
Suite *tls_suite(void);
Suite *recipes_suite(void);
Suite *rabbitmq_suite(void);

int main(void)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    SRunner *runner = srunner_create(private_broker_suite());
    srunner_add_suite(runner, link_suite());
    srunner_add_suite(runner, shortcut_suite());
    srunner_add_suite(runner, sim_suite());
    srunner_add_suite(runner, scenarios_suite());
    srunner_add_suite(runner, filter_suite());
    srunner_add_suite(runner, access_suite());
    srunner_add_suite(runner, tls_suite());
    srunner_add_suite(runner, recipes_suite());
    srunner_add_suite(runner, rabbitmq_suite());
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
