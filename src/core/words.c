#include "core/words.h"

#define LONGEST_LEVEL_WORD 13

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* Compares byte by byte up to the end of the listed word, because a foreign one may hold anything,
 * '|' and NUL too. */
bool words_in(const char *list, const char *word, size_t len)
{
    while (len > 0 && *list) {
        size_t i = 0;
        while (i < len && list[i] != '|' && list[i] != '\0' && lower(list[i]) == lower(word[i]))
            i++;
        if (i == len && (list[i] == '|' || list[i] == '\0'))
            return true;
        list += i;
        while (*list != '\0' && *list++ != '|')
            ;
    }
    return false;
}

int words_state(const char *word, size_t len)
{
    if (words_in("on|true|open", word, len))
        return 1;
    return words_in("off|false|closed", word, len) ? 0 : -1;
}

bool words_gap(const char *word, size_t len)
{
    return words_in("nan|-nan|+nan|null|none|nil|unavailable|unknown|undefined|n/a|na|-|--|---|"
                    "inf|+inf|-inf|infinity|+infinity|-infinity",
                    word, len);
}

enum status words_presence(const char *word, size_t len, bool loose)
{
    if (words_in("online|ready|connected|alive|available|reachable", word, len))
        return STATUS_ONLINE;
    if (words_in("offline|lost|disconnected|not connected|connection lost|not available|dead|"
                 "unavailable|unreachable|not reachable",
                 word, len))
        return STATUS_OFFLINE;
    if (loose && words_in("true|1|2|on|yes|up", word, len))
        return STATUS_ONLINE;
    if (loose && words_in("false|0|off|no|down", word, len))
        return STATUS_OFFLINE;
    return STATUS_UNKNOWN;
}

enum level_class words_level(const char *level, size_t len)
{
    static const struct {
        enum level_class class;
        const char *words;
    } classes[] = {
        {LEVEL_VERB,
         "tele|stat|status|state|telemetry|data|up|uplink|event|events|evt|update|"
         "updates|result|report|reports|message|messages|msg|raw|json|attributes|"
         "publish|properties|post|shadow|accepted|values|fields|readings|rpc|tx|rx|get|info|"
         "senml|measurement|measurements|payload|fmt"},
        {LEVEL_COLLECTION, "sensor|sensors|device|devices|thing|things|node|nodes"},
        {LEVEL_COMPONENT, "binary_sensor|text_sensor|switch|light|climate|cover|fan|number|select|"
                          "lock|valve|button"},
        {LEVEL_COMMAND, "cmnd|cmd|command|commands|control|set|request"},
        {LEVEL_MARK, "ndata|ddata"},
        {LEVEL_BIRTH, "nbirth|dbirth"},
        {LEVEL_DEATH, "ndeath|ddeath"},
    };
    for (size_t i = 0; i < len; i++) /* no word above is long or has digits, most names do */
        if (i == LONGEST_LEVEL_WORD || (level[i] >= '0' && level[i] <= '9'))
            return LEVEL_NAME;
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (words_in(classes[i].words, level, len))
            return classes[i].class;
    return LEVEL_NAME;
}

bool words_presence_level(const char *level, size_t len, bool *loose)
{
    *loose =
        words_in("lwt|will|availability|available|online|connected|connection|alive", level, len);
    return *loose || words_in("status|state|$state", level, len);
}
