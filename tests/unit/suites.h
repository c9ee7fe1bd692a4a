/* Every unit suite, by name: tests/unit/test_NAME.c offers `Suite *NAME_suite(void)`. */
#ifndef DT_TESTS_UNIT_SUITES_H
#define DT_TESTS_UNIT_SUITES_H

#include <check.h>

#define UNIT_SUITES(X) \
    X(timestamp)       \
    X(text)            \
    X(topic)           \
    X(random)          \
    X(query)           \
    X(batch)           \
    X(plain)           \
    X(identity)        \
    X(payload)         \
    X(formats)         \
    X(mapping)         \
    X(limits)          \
    X(unrest)          \
    X(incident)        \
    X(peers)           \
    X(window)          \
    X(history)         \
    X(slab)            \
    X(detector)        \
    X(tail)            \
    X(experts)         \
    X(named)           \
    X(detector_auto)   \
    X(detector_robust) \
    X(cadence)         \
    X(journal)         \
    X(fleet)           \
    X(snapshot)        \
    X(engine)          \
    X(url)             \
    X(backoff)         \
    X(packet)          \
    X(fault)           \
    X(model)           \
    X(writer)          \
    X(jsonl)           \
    X(table)           \
    X(capture)         \
    X(csv)             \
    X(replay)          \
    X(canvas)          \
    X(glyph)           \
    X(theme)           \
    X(keys)            \
    X(input)           \
    X(asking)          \
    X(rows)            \
    X(tree)            \
    X(sideways)        \
    X(traffic)         \
    X(mouse)           \
    X(format)          \
    X(chart_window)    \
    X(ui_chart)        \
    X(plot)            \
    X(snapshot_chart)  \
    X(spark)           \
    X(statistics)      \
    X(chart)           \
    X(layout)          \
    X(clipboard)       \
    X(setup)           \
    X(pace)            \
    X(sizes)           \
    X(views)           \
    X(ui)              \
    X(rules)           \
    X(events)          \
    X(card)            \
    X(help)            \
    X(actions)         \
    X(password)        \
    X(options)         \
    X(config)          \
    X(forecast)        \
    X(sys)             \
    X(listing)         \
    X(csv_lines)

#define DECLARE_SUITE(name) Suite *name##_suite(void);
UNIT_SUITES(DECLARE_SUITE)
#undef DECLARE_SUITE

#endif
