#include "core/payload_json.h"

#include <cbor.h>
#include <math.h>
#include <string.h>

#include "core/arena.h"
#include "core/payload.h"

/* CBOR (RFC 8949) becomes the document that the same values would be in JSON. Only a map with text
 * keys at the root, whose first byte begins no UTF-8 text, counts: other bytes may be anything.
 * libcbor's streaming decoder tells one token a call, so that depth and memory stay in our hands.
 */

#define INDEFINITE SIZE_MAX
#define MOST_ITEMS 8192

enum token_type {
    TOKEN_NONE,
    TOKEN_ITEM,
    TOKEN_TEXT,
    TOKEN_ARRAY,
    TOKEN_MAP,
    TOKEN_TAG,
    TOKEN_BREAK
};

struct token {
    enum token_type type;
    cJSON *item;      /* ITEM */
    const char *text; /* TEXT */
    size_t size;      /* TEXT: bytes; ARRAY, MAP: elements, or INDEFINITE */
};

struct reader {
    const unsigned char *at;
    size_t left;
    size_t items;
    struct token token;
    struct decoding *decoding;
};

static void set_item(void *context, cJSON *item)
{
    ((struct reader *)context)->token = (struct token){.type = TOKEN_ITEM, .item = item};
}

static void set_size(void *context, enum token_type type, size_t size)
{
    ((struct reader *)context)->token = (struct token){.type = type, .size = size};
}

static void on_u8(void *context, uint8_t value)
{
    set_item(context, cJSON_CreateNumber(value));
}

static void on_u16(void *context, uint16_t value)
{
    set_item(context, cJSON_CreateNumber(value));
}

static void on_u32(void *context, uint32_t value)
{
    set_item(context, cJSON_CreateNumber(value));
}

static void on_u64(void *context, uint64_t value)
{
    set_item(context, cJSON_CreateNumber((double)value));
}

/* A negative integer n travels as -1 - n. */
static void on_n8(void *context, uint8_t value)
{
    set_item(context, cJSON_CreateNumber(-1.0 - value));
}

static void on_n16(void *context, uint16_t value)
{
    set_item(context, cJSON_CreateNumber(-1.0 - value));
}

static void on_n32(void *context, uint32_t value)
{
    set_item(context, cJSON_CreateNumber(-1.0 - value));
}

static void on_n64(void *context, uint64_t value)
{
    set_item(context, cJSON_CreateNumber(-1.0 - (double)value));
}

static void on_float(void *context, float value)
{
    set_item(context, isfinite(value) ? cJSON_CreateNumber((double)value) : cJSON_CreateNull());
}

static void on_double(void *context, double value)
{
    set_item(context, isfinite(value) ? cJSON_CreateNumber(value) : cJSON_CreateNull());
}

static void on_null(void *context)
{
    set_item(context, cJSON_CreateNull());
}

static void on_bool(void *context, bool value)
{
    set_item(context, cJSON_CreateBool(value));
}

static void on_bytes(void *context, cbor_data data, size_t size)
{
    (void)data, (void)size; /* no quantity, and no words */
    set_item(context, cJSON_CreateNull());
}

static void on_text(void *context, cbor_data data, size_t size)
{
    ((struct reader *)context)->token =
        (struct token){.type = TOKEN_TEXT, .text = (const char *)data, .size = size};
}

static void on_array(void *context, size_t size)
{
    set_size(context, TOKEN_ARRAY, size);
}

static void on_map(void *context, size_t size)
{
    set_size(context, TOKEN_MAP, size);
}

static void on_open_array(void *context)
{
    set_size(context, TOKEN_ARRAY, INDEFINITE);
}

static void on_open_map(void *context)
{
    set_size(context, TOKEN_MAP, INDEFINITE);
}

static void on_tag(void *context, uint64_t value)
{
    (void)value;
    set_size(context, TOKEN_TAG, 0);
}

static void on_break(void *context)
{
    set_size(context, TOKEN_BREAK, 0);
}

/* Strings in pieces are nobody's habit on small devices: they are not taken. */
static void on_pieces(void *context)
{
    set_size(context, TOKEN_NONE, 0);
}

static const struct cbor_callbacks callbacks = {
    .uint8 = on_u8,
    .uint16 = on_u16,
    .uint32 = on_u32,
    .uint64 = on_u64,
    .negint8 = on_n8,
    .negint16 = on_n16,
    .negint32 = on_n32,
    .negint64 = on_n64,
    .byte_string = on_bytes,
    .byte_string_start = on_pieces,
    .string = on_text,
    .string_start = on_pieces,
    .array_start = on_array,
    .indef_array_start = on_open_array,
    .map_start = on_map,
    .indef_map_start = on_open_map,
    .tag = on_tag,
    .float2 = on_float,
    .float4 = on_float,
    .float8 = on_double,
    .undefined = on_null,
    .null = on_null,
    .boolean = on_bool,
    .indef_break = on_break,
};

static bool next(struct reader *reader)
{
    do {
        reader->token = (struct token){.type = TOKEN_NONE};
        if (++reader->items > MOST_ITEMS)
            return false;
        struct cbor_decoder_result result =
            cbor_stream_decode(reader->at, reader->left, &callbacks, reader);
        if (result.status != CBOR_DECODER_FINISHED || result.read > reader->left) {
            cJSON_Delete(reader->token.item);
            return false;
        }
        reader->at += result.read;
        reader->left -= result.read;
    } while (reader->token.type == TOKEN_TAG);
    return reader->token.type != TOKEN_NONE;
}

/* A copy of the token's text; cut at a NUL, which no name or word of a sensor has. */
static char *text_of(struct reader *reader)
{
    return arena_text(&reader->decoding->batch->arena, reader->token.text, reader->token.size);
}

/* The value that the token begins; NULL if it is damaged, too deep, or of no use. */
static cJSON *read_value(struct reader *reader, unsigned depth)
{
    struct token token = reader->token;
    if (token.type == TOKEN_ITEM)
        return token.item;
    if (token.type == TOKEN_TEXT)
        return cJSON_CreateString(text_of(reader));
    if ((token.type != TOKEN_ARRAY && token.type != TOKEN_MAP) || depth == PAYLOAD_MAX_DEPTH)
        return NULL;
    bool map = token.type == TOKEN_MAP;
    cJSON *out = map ? cJSON_CreateObject() : cJSON_CreateArray();
    for (size_t i = 0; i < token.size; i++) {
        const char *key = NULL;
        if (!next(reader))
            goto bad;
        if (reader->token.type == TOKEN_BREAK && token.size == INDEFINITE)
            return out;
        if (map) {
            if (reader->token.type != TOKEN_TEXT) {
                cJSON_Delete(reader->token.item);
                goto bad;
            }
            key = text_of(reader);
            if (!next(reader))
                goto bad;
        }
        cJSON *value = read_value(reader, depth + 1);
        if (!value)
            goto bad;
        if (map)
            cJSON_AddItemToObject(out, key, value);
        else
            cJSON_AddItemToArray(out, value);
    }
    return out;
bad:
    cJSON_Delete(out);
    return NULL;
}

bool decode_cbor(struct decoding *decoding)
{
    struct reader reader = {
        .at = decoding->message->payload, .left = decoding->message->bytes, .decoding = decoding};
    unsigned char first = *reader.at;
    if ((first < 0xA1 || first > 0xBF) && first != 0xD9) /* a map of some, or a tag in front */
        return false;
    if (!next(&reader))
        return false;
    if (reader.token.type != TOKEN_MAP) {
        cJSON_Delete(reader.token.item);
        return false;
    }
    cJSON *root = read_value(&reader, 0);
    bool whole = root && reader.left == 0 && root->child;
    if (whole) {
        decoding_trace(decoding, "decoder", "", "CBOR, as the JSON that it stands for");
        json_tell(decoding, root);
    }
    cJSON_Delete(root);
    return whole;
}
