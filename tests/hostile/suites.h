/* The parts of the hostile suite. */
#ifndef DT_TESTS_HOSTILE_SUITES_H
#define DT_TESTS_HOSTILE_SUITES_H

#include <check.h>

TCase *hostile_batch_case(void);
TCase *hostile_screen_case(void);
TCase *hostile_raw_case(void);
TCase *hostile_flood_case(void);

#endif
