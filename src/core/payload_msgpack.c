#include "core/payload_json.h"

#include <math.h>
#include <msgpack/unpack.h>
#include <msgpack/unpack_define.h>
#include <string.h>

#include "core/payload.h"
#include "core/text.h"

/* MessagePack becomes the document that the same values would be in JSON. Nothing in the bytes says
 * that they are MessagePack, so all of them have to be one map with text keys, which begins as no
 * text in UTF-8 and no map in CBOR does; random bytes are that less than once in 100,000 times.
 *
 * The library's parser for language bindings makes no objects of its own: it calls the functions
 * below, so that depth and memory stay in our hands. It is headers alone; nothing is linked. */

#define MOST_ITEMS 8192

struct reader {
    struct decoding *decoding;
    size_t items;
};

typedef cJSON *object;

#define msgpack_unpack_struct(name) struct reader##name
#define msgpack_unpack_func(type, name) static type reader##name
#define msgpack_unpack_callback(name) on##name
#define msgpack_unpack_object object
#define msgpack_unpack_user struct reader

struct reader_context;
static void reader_init(struct reader_context *context);
static object reader_data(struct reader_context *context);
static int reader_execute(struct reader_context *context, const char *data, size_t len,
                          size_t *offset);

/* Each returns 0, or -1 to end it all. */
static int give(struct reader *reader, object item, object *out)
{
    *out = item;
    return item && ++reader->items <= MOST_ITEMS ? 0 : -1;
}

static int give_number(struct reader *reader, double number, object *out)
{
    return give(reader, isfinite(number) ? cJSON_CreateNumber(number) : cJSON_CreateNull(), out);
}

static object on_root(struct reader *reader)
{
    (void)reader;
    return NULL;
}

#define NUMBER(name, type)                                                \
    static int on_##name(struct reader *reader, type number, object *out) \
    {                                                                     \
        return give_number(reader, (double)number, out);                  \
    }

NUMBER(uint8, uint8_t)
NUMBER(uint16, uint16_t)
NUMBER(uint32, uint32_t)
NUMBER(uint64, uint64_t)
NUMBER(int8, int8_t)
NUMBER(int16, int16_t)
NUMBER(int32, int32_t)
NUMBER(int64, int64_t)
NUMBER(float, float)
NUMBER(double, double)

static int on_nil(struct reader *reader, object *out)
{
    return give(reader, cJSON_CreateNull(), out);
}

static int on_true(struct reader *reader, object *out)
{
    return give(reader, cJSON_CreateTrue(), out);
}

static int on_false(struct reader *reader, object *out)
{
    return give(reader, cJSON_CreateFalse(), out);
}

/* How many are announced means nothing until they come. */
static int on_array(struct reader *reader, unsigned count, object *out)
{
    (void)count;
    return give(reader, cJSON_CreateArray(), out);
}

static int on_array_item(struct reader *reader, object *array, object item)
{
    (void)reader;
    return cJSON_AddItemToArray(*array, item) ? 0 : -1;
}

static int on_map(struct reader *reader, unsigned count, object *out)
{
    (void)count;
    return give(reader, cJSON_CreateObject(), out);
}

static int on_map_item(struct reader *reader, object *map, object key, object value)
{
    (void)reader;
    if (!json_is_filled(key) || (unsigned char)key->valuestring[0] < ' ')
        return -1;
    return cJSON_AddItemToObject(*map, key->valuestring, value) ? 0 : -1;
}

/* Cut at a NUL, which no name or word of a sensor has. */
static int on_str(struct reader *reader, const char *base, const char *text, unsigned len,
                  object *out)
{
    (void)base;
    if (!text_is_utf8(text, len))
        return -1;
    return give(reader, cJSON_CreateString(arena_text(reader->decoding->scratch, text, len)), out);
}

/* Bytes and types of one's own are no quantity, and no words. */
static int on_bin(struct reader *reader, const char *base, const char *bytes, unsigned len,
                  object *out)
{
    (void)base, (void)bytes, (void)len;
    return give(reader, cJSON_CreateNull(), out);
}

static int on_ext(struct reader *reader, const char *base, const char *bytes, unsigned len,
                  object *out)
{
    return on_bin(reader, base, bytes, len, out);
}

#include <msgpack/unpack_template.h>

static bool begins_map(unsigned char first)
{
    return (first > 0x80 && first <= 0x8F) || first == 0xDE || first == 0xDF;
}

bool decode_msgpack(struct decoding *decoding)
{
    const char *bytes = decoding->message->payload;
    size_t len = decoding->message->bytes, read = 0;
    struct reader_context context;
    if (!begins_map((unsigned char)*bytes))
        return false;
    json_use_memory(decoding);
    reader_init(&context);
    context.user = (struct reader){.decoding = decoding};
    bool whole = reader_execute(&context, bytes, len, &read) == 1 && read == len;
    json_use_memory(NULL);
    const cJSON *root = whole ? reader_data(&context) : NULL;
    whole = json_is(root, cJSON_Object) && root->child;
    if (whole) {
        decoding_trace(decoding, "decoder", "", "MessagePack, as the JSON that it stands for");
        json_tell(decoding, root);
    }
    json_done(decoding);
    return whole;
}
