/* JSON documents of any bytes: what the quick reader reads, cJSON reads as well, to the same tree.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/json_scan.h"
#include "core/payload_quick.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition)
        abort();
}

static bool same_text(const char *one, const char *other)
{
    return one && other ? strcmp(one, other) == 0 : one == other;
}

static void check_same(const cJSON *mine, const cJSON *other)
{
    for (; mine && other; mine = mine->next, other = other->next) {
        require(mine->type == other->type && mine->valueint == other->valueint);
        require(memcmp(&mine->valuedouble, &other->valuedouble, sizeof(double)) == 0);
        require(same_text(mine->string, other->string));
        require(same_text(mine->valuestring, other->valuestring));
        check_same(mine->child, other->child);
    }
    require(!mine && !other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data, *end = NULL;
    struct arena memory = {0};
    struct json_scan scan;
    if (!json_scan(text, size, 32, &scan) || !scan.plain)
        return 0;
    cJSON *mine = quick_read(&memory, text, size);
    if (mine) {
        cJSON *other = cJSON_ParseWithLengthOpts(text, size, &end, false);
        require(other && end == text + size);
        check_same(mine, other);
        cJSON_Delete(other);
    }
    arena_fini(&memory);
    return 0;
}
