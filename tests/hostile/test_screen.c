/* Hostile messages on the screen: sixteen at a time, so that all of them are in sight. */
#include "hostile/suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hostile/program.h"
#include "hostile/screen.h"

#define GROUP 16

static void send(struct publisher *publisher, const struct attack *attacks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!attacks[i].raw) {
            publish_bytes(publisher, attacks[i].topic, attacks[i].payload, attacks[i].bytes, 1,
                          attacks[i].retain);
            publisher_flush(publisher);
        }
}

static bool all_raw(const struct attack *attacks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!attacks[i].raw)
            return false;
    return true;
}

static void show(const struct attack *attacks, size_t count)
{
    if (all_raw(attacks, count))
        return;
    struct server server;
    struct publisher publisher;
    server_start(&server, "set_tcp_nodelay true\n");
    publisher_open(&publisher, "127.0.0.1", server.port);
    struct vt *vt = screen_start(server.port, "C.UTF-8");
    MUST(vt_wait_text(vt, "nothing has come", 5000), "no connection");
    bystander(&publisher, 1000);
    MUST(vt_wait_text(vt, "BYSTANDER/temperature", 5000), "nothing of the bystander");
    send(&publisher, attacks, count);
    bystander(&publisher, 7777);
    /* Selected since it was alone, so that its card stays in sight. */
    MUST(vt_wait_text(vt, "max  7777", 5000), "%s ...: the bystander is not heard", attacks->id);
    screen_check(vt, attacks->id);
    screen_is_alive(vt, attacks->id);
    vt_type(vt, "G"); /* chart and card of another one */
    vt_wait_gone(vt, "max  7777", 1000);
    screen_check(vt, attacks->id);
    vt_resize(vt, 80, 24);
    MUST(vt_wait_row(vt, 23, "F10", 2000), "%s ...: no keys in the last row", attacks->id);
    screen_check(vt, attacks->id);
    screen_quit(vt, attacks->id);
    for (size_t i = 0; i < count; i++)
        screen_never_wrote(vt, &attacks[i]);
    vt_free(vt);
    publisher_close(&publisher);
    server_stop(&server);
}

static void show_all(const struct attacks *attacks)
{
    for (size_t i = 0; i < attacks->count; i += GROUP)
        show(attacks->list + i, attacks->count - i < GROUP ? attacks->count - i : GROUP);
}

START_TEST(own_messages)
{
    struct attacks attacks = {0};
    attacks_own(&attacks);
    show_all(&attacks);
    attacks_fini(&attacks);
}
END_TEST

START_TEST(corpus)
{
    struct attacks attacks = {0};
    if (attacks_corpus(&attacks))
        show_all(&attacks);
    attacks_fini(&attacks);
}
END_TEST

TCase *hostile_screen_case(void)
{
    TCase *tcase = tcase_create("screen");
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, own_messages);
    tcase_add_test(tcase, corpus);
    return tcase;
}
