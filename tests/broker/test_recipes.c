/* The recipes of doc/recipes.md for Mosquitto and for a bridge between two, as they stand there:
 * certificates, configuration and commands. Those for the clouds are in test_recipes_clouds.c,
 * RabbitMQ's in test_rabbitmq.c. */
#include <check.h>
#include <signal.h>
#include <stdio.h>

#include "broker/recipe.h"
#include "broker/support.h"

Suite *recipes_suite(void);
TCase *recipes_clouds_case(void); /* test_recipes_clouds.c */

static const char mosquitto[] = "Mosquitto with TLS, passwords and an ACL";
static const char bridge[] = "A bridge from edge to cloud";
static const char payload[] = "{\"temperature\":21.5}", reading[] = "\"value\":21.5";
static const char unknown_ca[] = "wrong certificate: unknown CA \"Home CA\"";

static struct server server, edge;
static struct publisher publisher;
static int plain; /* the port without TLS that the sensor uses */

START_TEST(no_command_is_left_out)
{
    static const struct {
        const char *title;
        unsigned commands;
    } sections[] = {
        {mosquitto, 4},      {"AWS IoT Core", 2}, {"Azure IoT Hub (SAS token)", 1},
        {"HiveMQ Cloud", 1}, {"EMQX", 2},         {"RabbitMQ's MQTT plug-in", 2},
        {bridge, 3},
    };
    unsigned sum = 0;

    for (size_t i = 0; i < sizeof(sections) / sizeof(*sections); i++) {
        ck_assert_msg(recipe_count(sections[i].title) == sections[i].commands,
                      "\"%s\" shows %u commands", sections[i].title,
                      recipe_count(sections[i].title));
        sum += sections[i].commands;
    }
    ck_assert_uint_eq(recipe_count(""), sum);
}
END_TEST

static void set_password(const char *flags, const char *user, const char *password)
{
    char command[128];

    snprintf(command, sizeof(command), "mosquitto_passwd %s passwords %s %s", flags, user,
             password);
    recipe_run(command);
}

static void setup(void)
{
    recipe_open();
    recipe_write(".mqtt-password", "s3cret\n");
    recipe_swap("/etc/mosquitto/", "%s/", recipe_home());
    recipe_swap("listener 8883", "# on a port of the test's");
    recipe_run(recipe_change(recipe_block(mosquitto, "openssl req -x509"), "pi4", "localhost"));
    set_password("-b -c", "me", "s3cret");
    set_password("-b", "edge", "3dge");
    set_password("-b", "sensor", "0");
}

static void teardown(void)
{
    publisher_close(&publisher);
    server_stop(&server);
    recipe_close();
}

/* The host of the document is that of the test, in commands and configurations. */
static void name_host(const char *host, int port)
{
    char word[64];

    snprintf(word, sizeof(word), "-h %s -p 8883", host);
    recipe_swap(word, "-h localhost -p %d", port);
    snprintf(word, sizeof(word), "-h %s", host);
    recipe_swap(word, "-h localhost -p %d", port);
    snprintf(word, sizeof(word), "%s:8883", host);
    recipe_swap(word, "localhost:%d", port);
    recipe_swap(host, "localhost:%d", port);
}

/* The broker of the document, with these lines more in its configuration and its ACL, and a sensor
 * that has spoken there. */
static void serve(const char *lines, const char *rights)
{
    char text[1024];

    snprintf(text, sizeof(text), "%s%s\nuser sensor\ntopic write plant/#\n",
             recipe_block(mosquitto, "user me"), rights);
    recipe_write("acl", text);
    plain = closed_port();
    snprintf(text, sizeof(text), "%s%s\nlistener %d 127.0.0.1\n",
             recipe_block(mosquitto, "listener 8883"), lines, plain);
    server_start(&server, text);
    publisher_open_user(&publisher, plain, "sensor", "0");
    publish(&publisher, "plant/boiler", payload, true);
}

START_TEST(mosquitto_with_a_password)
{
    serve("", "");
    name_host("pi4", server.port);
    const char *command = recipe_command(mosquitto, 0);
    recipe_expect(command, reading);
    recipe_expect_trouble(recipe_change(command, "--cafile ca.crt", ""), unknown_ca);
    recipe_expect_trouble(recipe_change(command, "--pw-file ~/.mqtt-password", ""),
                          "not authorised: the broker wants a user name and password (-u, -P)");
    recipe_expect_trouble(recipe_change(command, "@localhost", "@127.0.0.1"),
                          "it is for localhost, localhost.local, 192.168.1.20, not for 127.0.0.1");
}
END_TEST

START_TEST(mosquitto_with_a_client_certificate)
{
    const char *request = recipe_block(mosquitto, "openssl req -newkey");

    request = recipe_change(recipe_change(request, "broker", "me"), "pi4", "me");
    recipe_run(recipe_change(request, "-extfile names ", ""));
    serve(recipe_change("cafile /etc/mosquitto/ca.crt\nrequire_certificate true\n"
                        "use_identity_as_username true\n",
                        "/etc/mosquitto", recipe_home()),
          "");
    name_host("pi4", server.port);
    const char *command = recipe_command(mosquitto, 1);
    recipe_expect(command, reading);
    recipe_expect_trouble(recipe_change(command, "--cert me.crt --key me.key", ""),
                          "the broker wants a client certificate: name yours with --cert and "
                          "--key");
}
END_TEST

static void serve_openly(const char *lines)
{
    server_start(&server, lines);
    name_host("pi4", server.port);
}

START_TEST(mosquitto_with_a_shared_key)
{
    char lines[256];

    recipe_write("psk", "boiler:00112233445566778899aabbccddeeff\n");
    plain = closed_port();
    snprintf(lines, sizeof(lines), "psk_hint any\npsk_file %s/psk\nlistener %d 127.0.0.1\n",
             recipe_home(), plain);
    serve_openly(lines);
    recipe_swap("HEXDIGITS", "00112233445566778899aabbccddeeff");
    recipe_swap("NAME", "boiler");
    publisher_open(&publisher, "127.0.0.1", plain);
    publish(&publisher, "plant/boiler", payload, true);
    const char *command = recipe_command(mosquitto, 2);
    recipe_expect(command, reading);
    recipe_expect_trouble(recipe_change(command, "identity boiler", "identity pump"),
                          "the broker does not know the identity pump");
}
END_TEST

START_TEST(mosquitto_with_a_kept_session)
{
    static const char later[] = "{\"temperature\":22.5}";

    serve_openly("");
    publisher_open(&publisher, "127.0.0.1", server.port);
    publish(&publisher, "plant/boiler", payload, true);
    const char *command = recipe_command(mosquitto, 3);
    recipe_expect(command, reading);
    publish(&publisher, "plant/boiler", later, false);
    recipe_expect(command, "\"value\":22.5");
    recipe_expect(recipe_change(command, "-c -i dt-top-office", ""), reading);
}
END_TEST

START_TEST(bridge_between_two)
{
    struct publisher sensor;

    serve("", recipe_block(bridge, "user edge"));
    recipe_run("cp ca.crt system.pem");
    recipe_swap("bridge_capath /etc/ssl/certs", "bridge_cafile %s/ca.crt", recipe_home());
    recipe_swap("PASSWORD", "3dge");
    name_host("CLOUDHOST", server.port);
    server_start(&edge, recipe_block(bridge, "connection cloud"));
    name_host("EDGEHOST", edge.port);
    publisher_open(&sensor, "127.0.0.1", edge.port);
    publish(&sensor, "plant/pump", "{\"flow\":7.25}", true);

    recipe_expect(recipe_command(bridge, 0), "\"value\":7.25");
    recipe_expect(recipe_command(bridge, 1), "\"value\":7.25");
    recipe_expect(recipe_command(bridge, 2), "\"value\":1");
    publisher_close(&sensor);
    server_end(&edge, SIGKILL);
    recipe_expect(recipe_command(bridge, 2), "\"value\":0");
    server_stop(&edge);
}
END_TEST

Suite *recipes_suite(void)
{
    Suite *suite = suite_create("recipes");
    TCase *own = tcase_create("own brokers");

    tcase_add_test(own, no_command_is_left_out);
    suite_add_tcase(suite, own);

    TCase *served = tcase_create("served");
    tcase_add_checked_fixture(served, setup, teardown);
    tcase_set_timeout(served, 60);
    tcase_add_test(served, mosquitto_with_a_password);
    tcase_add_test(served, mosquitto_with_a_client_certificate);
    tcase_add_test(served, mosquitto_with_a_shared_key);
    tcase_add_test(served, mosquitto_with_a_kept_session);
    tcase_add_test(served, bridge_between_two);
    suite_add_tcase(suite, served);
    suite_add_tcase(suite, recipes_clouds_case());
    return suite;
}
