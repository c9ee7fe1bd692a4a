#include "core/sys.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"

#define COLUMNS 40 /* of a value */

const char *sys_topic(enum sys_value value)
{
    static const char *const topics[SYS_VALUES] = {
        [SYS_VERSION] = "$SYS/broker/version",
        [SYS_UPTIME] = "$SYS/broker/uptime",
        [SYS_CLIENTS] = "$SYS/broker/clients/connected",
        [SYS_SUBSCRIPTIONS] = "$SYS/broker/subscriptions/count",
        [SYS_RETAINED] = "$SYS/broker/retained messages/count",
        [SYS_DROPPED] = "$SYS/broker/publish/messages/dropped",
        [SYS_MESSAGES_IN] = "$SYS/broker/load/messages/received/1min",
        [SYS_MESSAGES_OUT] = "$SYS/broker/load/messages/sent/1min",
        [SYS_BYTES_IN] = "$SYS/broker/load/bytes/received/1min",
        [SYS_BYTES_OUT] = "$SYS/broker/load/bytes/sent/1min",
    };
    return topics[value];
}

bool sys_take(struct sys *sys, const char *topic, const void *payload, size_t bytes)
{
    for (int i = 0; i < SYS_VALUES; i++) {
        if (strcmp(topic, sys_topic((enum sys_value)i)) != 0)
            continue;
        text_sanitise(sys->text[i], sizeof sys->text[i], payload ? payload : "", bytes, COLUMNS);
        return true;
    }
    return false;
}

double sys_number(const struct sys *sys, enum sys_value value)
{
    const char *text = sys->text[value];
    char *end;
    double number = strtod(text, &end);
    return end != text && isfinite(number) && number >= 0 ? number : -1;
}
