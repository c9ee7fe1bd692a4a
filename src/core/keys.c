#include "core/keys.h"

#include <stdlib.h>
#include <string.h>

#include "core/unitword.h"
#include "core/words.h"
#include "core/xalloc.h"

#define LONGEST_KEY 39 /* longer ones hold data; also what the memory keeps */
#define SLOTS 512      /* of the memory; a power of two */

/* A key without case and separators, and its last word: "lastSeen" is "lastseen" and "seen". */
struct spelling {
    char all[LONGEST_KEY + 1];
    size_t len;
    size_t last;    /* where its last word begins in all */
    size_t last_in; /* and in the key itself */
};

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter_or_digit(char c)
{
    return is_upper(c) || (c >= 'a' && c <= 'z') || is_digit(c) || (c & 0x80);
}

/* Does a word begin at text[i]? Behind a separator, at the capital in "lastSeen", and at the last
 * capital of a run: "BSSId" is BSS and Id. */
static bool word_begins(const char *text, size_t len, size_t i)
{
    if (i == 0 || !is_letter_or_digit(text[i - 1]))
        return true;
    if (!is_upper(text[i]))
        return is_digit(text[i - 1]) && !is_digit(text[i]); /* "esp8266id" */
    if (!is_upper(text[i - 1]))
        return true;
    return i + 1 < len && !is_upper(text[i + 1]) && is_letter_or_digit(text[i + 1]);
}

static void spell(const char *text, size_t len, struct spelling *out)
{
    *out = (struct spelling){.len = 0};
    for (size_t i = 0; i < len; i++) {
        if (!is_letter_or_digit(text[i]))
            continue;
        if (word_begins(text, len, i)) {
            out->last = out->len;
            out->last_in = i;
        }
        out->all[out->len++] = is_upper(text[i]) ? (char)(text[i] | 0x20) : text[i];
    }
}

/* Whole keys, as struct spelling has them. The first list that holds a key decides. */
static const struct {
    enum key_class class;
    const char *keys;
} whole_keys[] = {
    {KEY_VALUE, "value|val|v"},
    {KEY_UNIT, "unit|units|u|uom|unitofmeasurement|unitofmeas"},
    {KEY_TIME, "ts|timestamp|tst|datetime|utctime|timeutc|epoch|unixtime|utc|dateutc|eventtime|"
               "tsms|timems|sampletime|measurementtime|measuretime|messagetime|isotime|localtime|"
               "time8601|timeiso|epochtime"},
    {KEY_TIME_MAYBE, "t|time|dt"},
    {KEY_SEEN, "lastseen|lastupdate|lastupdated|updated|updatedat|receivedat|createdat|publishedat|"
               "measuredat|recordedat|reportedat|sampledat|observedat|sentat|collectedat|date|"
               "lastreport|lastcontact|readat|rxtime|receivetime|receivedtime"},
    {KEY_SENSOR, "sensorid"},
    {KEY_DEVICE, "deviceid|devid|nodeid|thingid|stationid|assetid|machineid|equipmentid|unitid|"
                 "probeid|device|sensor|node|station|hostname|host|devicename|sensorname|nodename|"
                 "friendlyname|thingname|thing|clientid"},
    {KEY_NAME, "name"},
    {KEY_ID, "id|uid|uuid|mac|macaddress|macaddr|eui|serial|serialno|serialnumber|serialnr|sn|imei|"
             "sid|address|addr|deveui|deviceeui|sensormac|devicemac"},
    {KEY_REFERENCE, "from|to|idx|channel|src|dst|source|destination|sender|receiver|gateway|topic|"
                    "parent|endpoint|ssid|bssid|ip|port|tid"},
    {KEY_MODEL, "model"},
    {KEY_LABEL, "firmware|fw|fwversion|version|ver|hardware|hw|sw|software|manufacturer|vendor|"
                "brand|modelid|product|build|bver|location|room|place|area|zone|site|floor|"
                "building|description|label|title"},
    {KEY_KIND, "type|kind|quantity|metric|parameter|variable|property|measurement|measurand|"
               "sensortype|devicetype|datatype|deviceclass"},
    {KEY_OPAQUE, "data|raw|hex|payload|sign|signature|hash|crc|checksum|token|key|cmdline|nonce|"
                 "code|bytes64|base64"},
    {KEY_META, "metadata|meta|deviceinfo|tags|labels|origin|gatewayinfo|deviceinformation"},
    {KEY_STATUS, "status|state|availability|connection"},
    {KEY_ONLINE, "online|connected|alive"},
    {KEY_COMMAND, "command|cmd"},
};

/* Last words of keys of several words. */
static const struct {
    enum key_class class;
    const char *words;
} last_words[] = {
    {KEY_REFERENCE, "id|eui|mac|addr|address|serial|serialno|sn|uuid|guid|imei|imsi|iccid|pid|uid|"
                    "idx|ip|ssid|bssid"},
    {KEY_META, "ids"},
    {KEY_CLOCK, "time|at|ts|tst|timestamp|datetime|date|epoch|since|until|expires|seen"},
    {KEY_LABEL, "version|ver|firmware|model|revision|manufacturer"},
    {KEY_OPAQUE, "data|raw|hex|payload|signature|hash|crc|checksum|token"},
};

static enum key_class class_of(const struct spelling *s)
{
    for (size_t i = 0; i < sizeof whole_keys / sizeof *whole_keys; i++)
        if (words_in(whole_keys[i].keys, s->all, s->len))
            return whole_keys[i].class;
    if (s->len > 9 && memcmp(s->all, "timestamp", 9) == 0)
        return KEY_TIME;
    if (s->last > 0) {
        const char *last = s->all + s->last;
        for (size_t i = 0; i < sizeof last_words / sizeof *last_words; i++)
            if (words_in(last_words[i].words, last, s->len - s->last))
                return last_words[i].class;
        if (words_in("unit|units|uom", last, s->len - s->last))
            return KEY_UNIT_OF;
    }
    if (s->len > 4 && memcmp(s->all + s->len - 4, "data", 4) == 0)
        return KEY_OPAQUE; /* servicedata, rawdata */
    return KEY_DATA;
}

struct key keys_classify(const char *text, size_t len)
{
    struct key key = {.class = KEY_DATA, .bytes = (uint32_t)len};
    if (len == 0 || len > LONGEST_KEY)
        return key;
    struct spelling s;
    spell(text, len, &s);
    if (s.len == 0)
        return key;
    if (len > 1 || !is_upper(*text)) /* V and U are voltages; v is a value, u a unit */
        key.class = class_of(&s);
    key.wrapper = words_in("values|data|records|measurements|readings|metrics|sensors|tags|points|"
                           "items|telemetry|params|payload|fields|e|d|samples|channels|series",
                           s.all, s.len);
    key.may_count = words_in("sensor|location|room|place|area|zone|site|floor|data|raw|payload|"
                             "code|thing|presence|u",
                             s.all, s.len);
    if (key.class == KEY_TIME || key.class == KEY_TIME_MAYBE)
        key.utc = strstr(s.all, "utc") != NULL;
    if (key.class == KEY_UNIT_OF)
        key.stem = (uint8_t)(text[s.last_in - 1] == '_' ? s.last_in - 1 : s.last_in);
    key.meta = key.class == KEY_META || words_in("device", s.all, s.len);
    key.own_ids = key.meta && !words_in("metadata|meta|origin|gatewayinfo", s.all, s.len);
    if (key.class == KEY_DATA)
        key.unit = (uint8_t)unitword_suffix(text, len);
    return key;
}

struct slot {
    char text[LONGEST_KEY + 1];
    struct key key;
    uint16_t next; /* the slot of the key that came after this one the last time */
};

struct keys {
    struct slot slots[SLOTS];
    uint16_t last; /* the slot of the key that was asked for last */
};

struct keys *keys_new(void)
{
    struct keys *keys = xcalloc(1, sizeof *keys);
    for (size_t i = 0; i < SLOTS; i++)
        keys->slots[i].key.bytes = UINT32_MAX; /* free: no key is so long */
    return keys;
}

void keys_free(struct keys *keys)
{
    free(keys);
}

/* Ends and length tell nearly all keys apart. */
static size_t slot_of(const char *text, size_t len)
{
    uint64_t mixed = len;
    if (len >= sizeof(uint64_t)) {
        uint64_t head, tail;
        memcpy(&head, text, sizeof head);
        memcpy(&tail, text + len - sizeof tail, sizeof tail);
        mixed ^= head ^ (tail << 1);
    } else {
        for (size_t i = 0; i < len; i++)
            mixed = mixed << 8 | (unsigned char)text[i];
    }
    return (size_t)((mixed * UINT64_C(0x9e3779b97f4a7c15)) >> 55) & (SLOTS - 1);
}

/* Messages of one kind have their keys in one order: the guess from the key before is mostly right
 * and saves looking at this one twice. */
struct key keys_find(struct keys *keys, const char *text)
{
    struct slot *last = &keys->slots[keys->last];
    struct slot *slot = &keys->slots[last->next];
    if (slot->key.bytes != UINT32_MAX && strcmp(slot->text, text) == 0) {
        keys->last = last->next;
        return slot->key;
    }
    size_t len = strlen(text);
    if (len > LONGEST_KEY)
        return keys_classify(text, len);
    last->next = (uint16_t)slot_of(text, len);
    keys->last = last->next;
    slot = &keys->slots[last->next];
    if (strcmp(slot->text, text) != 0 || slot->key.bytes == UINT32_MAX) {
        slot->key = keys_classify(text, len);
        memcpy(slot->text, text, len + 1);
    }
    return slot->key;
}
