/* Units as people write them. Pure; any thread. */
#ifndef DT_CORE_UNIT_H
#define DT_CORE_UNIT_H

/* "Celsius" to "°C", "percent" to "%", whatever the case; an unknown unit as it is. Returns its
 * argument or a constant, never NULL ("" for NULL). */
const char *unit_symbol(const char *unit);

#endif
