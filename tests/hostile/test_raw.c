/* What no real broker passes on: topics that are no topics, and broken packets. */
#include "hostile/suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broker/fakebroker.h"
#include "core/xalloc.h"
#include "hostile/program.h"
#include "hostile/screen.h"

struct packet {
    uint8_t *bytes;
    size_t size;
};

static struct packet publish_packet(const char *topic, size_t topic_len, const char *payload,
                                    size_t bytes)
{
    size_t rest = 2 + topic_len + bytes, at = 1;
    struct packet packet = {xmalloc(rest + 6), 0};
    packet.bytes[0] = 0x30;
    for (size_t left = rest; at == 1 || left > 0; left >>= 7)
        packet.bytes[at++] = (uint8_t)((left & 0x7F) | (left > 0x7F ? 0x80 : 0));
    packet.bytes[at++] = (uint8_t)(topic_len >> 8);
    packet.bytes[at++] = (uint8_t)topic_len;
    memcpy(packet.bytes + at, topic, topic_len);
    memcpy(packet.bytes + at + topic_len, payload, bytes);
    packet.size = at + topic_len + bytes;
    return packet;
}

/* The broker sends the bystander's reading, then this, then holds the line. */
static void withstand(const char *who, const struct packet *hostile, const struct attack *attack)
{
    static const char reading[] = "{\"sensor_id\":\"BYSTANDER\",\"value\":7777,\"unit\":\"C\"}";
    struct packet good =
        publish_packet(BYSTANDER_TOPIC, strlen(BYSTANDER_TOPIC), reading, sizeof reading - 1);
    const struct fake_step script[] = {
        {.act = FAKE_CONNACK},
        {.act = FAKE_SUBACK, .codes = {0, 0}},
        {.act = FAKE_SEND, .bytes = good.bytes, .size = good.size},
        {.act = FAKE_SEND, .bytes = hostile->bytes, .size = hostile->size},
        {.act = FAKE_HOLD},
        {.act = FAKE_CLOSE}};
    struct fake *fake = fake_start(script);
    struct vt *vt = screen_start(fake_port(fake), "C.UTF-8");
    MUST(vt_wait_text(vt, "BYSTANDER/temperature", 5000), "%s: nothing of the bystander", who);
    MUST(vt_wait_text(vt, " 7777 ", 2000), "%s: the bystander was touched", who);
    screen_check(vt, who);
    screen_is_alive(vt, who);
    screen_check(vt, who);
    screen_quit(vt, who);
    if (attack)
        screen_never_wrote(vt, attack);
    vt_free(vt);
    fake_stop(fake);
    free(good.bytes);
}

static void withstand_all(const struct attacks *attacks)
{
    for (size_t i = 0; i < attacks->count; i++) {
        const struct attack *attack = &attacks->list[i];
        if (!attack->raw)
            continue;
        struct packet packet =
            publish_packet(attack->topic, attack->topic_len, attack->payload, attack->bytes);
        withstand(attack->id, &packet, attack);
        free(packet.bytes);
    }
}

START_TEST(own_topics)
{
    struct attacks attacks = {0};
    attacks_own_raw(&attacks);
    withstand_all(&attacks);
    attacks_fini(&attacks);
}
END_TEST

START_TEST(corpus)
{
    struct attacks attacks = {0};
    if (attacks_corpus(&attacks))
        withstand_all(&attacks);
    attacks_fini(&attacks);
}
END_TEST

static const struct {
    const char *who, *bytes;
    size_t size;
} packets[] = {
    {"a length without an end", "\x30\xFF\xFF\xFF\xFF\xFF", 6},
    {"a topic longer than its packet",
     "\x30\x04\xFF\xFF"
     "ab",
     6},
    {"a packet of no kind", "\x00\x00", 2},
    {"268 MB announced",
     "\x30\xFF\xFF\xFF\x7F\x00\x01"
     "a",
     8},
    {"an answer to nothing", "\x40\x02\x12\x34", 4},
    {"a second CONNACK", "\x20\x02\x00\x05", 4},
    {"QoS 3",
     "\x36\x07\x00\x01"
     "a\x00\x01"
     "17",
     9},
};

START_TEST(broken_packets)
{
    uint8_t bytes[16];
    memcpy(bytes, packets[_i].bytes, packets[_i].size);
    struct packet packet = {bytes, packets[_i].size};
    withstand(packets[_i].who, &packet, NULL);
}
END_TEST

TCase *hostile_raw_case(void)
{
    TCase *tcase = tcase_create("raw");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, own_topics);
    tcase_add_test(tcase, corpus);
    tcase_add_loop_test(tcase, broken_packets, 0, (int)(sizeof packets / sizeof *packets));
    return tcase;
}
