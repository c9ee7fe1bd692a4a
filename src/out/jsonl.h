/* JSON lines for programs (design.md, section 7): one object a line, keys fixed for good. Text
 * passed in is sanitised already; here it is only quoted. */
#ifndef DT_OUT_JSONL_H
#define DT_OUT_JSONL_H

#include "engine.h"
#include "out/writer.h"

/* Bits of --only. */
enum jsonl_type {
    JSONL_READING = 1 << 0,
    JSONL_ANOMALY = 1 << 1,
    JSONL_PRESENCE = 1 << 2,
    JSONL_MALFORMED = 1 << 3,
    JSONL_SUMMARY = 1 << 4,
    JSONL_STATUS = 1 << 5,
};
#define JSONL_DEFAULT (~(unsigned)JSONL_READING)

/* "reading,anomaly" to bits; 0 and error for a name that is none. */
unsigned jsonl_parse_types(const char *text, char *error, size_t size);

/* One line for an outcome, if its type is wanted. */
void jsonl_outcome(struct writer *writer, unsigned types, const struct outcome *outcome);

/* One line a series; mean, min, max and stdev are those of all its readings. detector: whose
 * anomalies count, for series that others judge beside it. */
void jsonl_summary(struct writer *writer, const char *detector, const struct series *series);

/* dropped: the readings that found no room in the fleet. */
void jsonl_status(struct writer *writer, timestamp now, bool connected,
                  const struct fleet_totals *totals);

#endif
