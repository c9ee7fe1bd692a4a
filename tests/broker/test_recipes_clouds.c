/* The recipes of doc/recipes.md for brokers in the cloud, against one that demands the same: each
 * command as it stands there brings the reading, and is refused in words of its own when it leaves
 * out what is demanded. What the clouds demand is as their makers document it. */
#include <check.h>
#include <stdio.h>

#include "broker/certificates.h"
#include "broker/cloud.h"
#include "broker/recipe.h"

TCase *recipes_clouds_case(void);

#define MESSAGES .messages = {{"plant/boiler", "{\"temperature\":21.5}"}}

static const char reading[] = "\"value\":21.5";
static const char hung_up[] = "took the TLS handshake, then hung up: does it let this client id";
static struct cloud *cloud;

/* Two CAs: system.pem everybody knows, clients.crt the broker alone. */
static void setup(void)
{
    recipe_open();
    const char *home = recipe_home();
    struct authority *known = authority_new("Known CA", home, "system.pem");
    struct authority *clients = authority_new("Clients' CA", home, "clients.crt");
    struct authority *own = authority_new("Own CA", home, "own-ca.crt");

    certificate_write(known, "localhost", "DNS:localhost", -1, 10, home, "cloud");
    certificate_write(own, "server", "DNS:server", -1, 10, home, "own");
    certificate_write(clients, "thing", NULL, -1, 10, home, "device");
    recipe_run("mv device.crt device.pem.crt; mv device.key private.pem.key");
    authority_free(known);
    authority_free(clients);
    authority_free(own);
}

static void teardown(void)
{
    cloud_stop(cloud);
    recipe_close();
}

static void serve(struct cloud_rules *rules)
{
    rules->directory = recipe_home();
    cloud = cloud_start(rules);
}

START_TEST(aws)
{
    static const char title[] = "AWS IoT Core";
    static struct cloud_rules rules = {.clients = "clients.crt",
                                       .name = "localhost",
                                       .id = "dt-top-*",
                                       .granted = {"plant/*"},
                                       .no_qos2 = true,
                                       MESSAGES};

    rules.protocol = _i ? "x-amzn-mqtt-ca" : NULL;
    serve(&rules);
    recipe_swap("ENDPOINT:443", "localhost:%d", cloud_port(cloud));
    recipe_swap("ENDPOINT", "localhost:%d", cloud_port(cloud));
    const char *command = recipe_command(title, (unsigned)_i);
    recipe_expect(command, reading);
    recipe_expect_trouble(
        recipe_change(command, "--cert device.pem.crt --key private.pem.key", ""),
        "the broker wants a client certificate: name yours with --cert and --key");
    if (_i) {
        recipe_expect_trouble(recipe_change(command, "--tls-alpn x-amzn-mqtt-ca", ""), hung_up);
        recipe_expect_trouble(recipe_change(command, "amzn-mqtt-ca", "other"),
                              "the broker does not know the protocol that --tls-alpn names");
    } else {
        recipe_expect_trouble(recipe_change(command, "dt-top -L", "dt-top -i other -L"), hung_up);
        recipe_expect_trouble(
            recipe_change(command, "/plant/#", "/#"),
            "the broker hung up when asked for #: may this client read it (and with QoS 0)?");
        recipe_expect_trouble(
            recipe_change(command, "dt-top", "dt-top -q 2"),
            "no answer to the subscription: does the broker know QoS 2? try -q 1");
    }
}
END_TEST

START_TEST(azure)
{
    static const char title[] = "Azure IoT Hub (SAS token)",
                      commands[] = "devices/boiler7/messages/devicebound/#",
                      twin[] = "$iothub/twin/PATCH/properties/desired/#",
                      token[] =
                          "SharedAccessSignature sr=hub1.azure-devices.net%2Fdevices%2Fboiler7"
                          "&sig=q8%2Fx%2BYz0%3D&se=1795000000";
    static struct cloud_rules rules = {
        .name = "localhost",
        .old = true,
        .id = "boiler7",
        .user = "hub1.azure-devices.net/boiler7/?api-version=2021-04-12",
        .password = token,
        .refusal = 5,
        .granted = {commands, twin},
        .messages = {{"devices/boiler7/messages/devicebound/"
                      "%24.mid=1&%24.to=%2Fdevices%2Fboiler7%2Fmessages%2FdeviceBound",
                      "{\"temperature\":21.5}"},
                     {"$iothub/twin/PATCH/properties/desired/?$version=2",
                      "{\"interval\":30.25,\"$version\":2}"}}};
    char line[256];

    serve(&rules);
    snprintf(line, sizeof(line), "%s\n", token);
    recipe_write("token", line);
    recipe_swap("mqtts://HUB.azure-devices.net", "mqtts://localhost:%d", cloud_port(cloud));
    recipe_swap("HUB", "hub1");
    recipe_swap("DEVICE", "boiler7");
    const char *command = recipe_command(title, 0);
    recipe_expect(command, reading);
    recipe_expect(command, "\"value\":30.25");
    recipe_expect_trouble(recipe_change(command, "-i boiler7", "-i boiler8"), "not authorised");
    recipe_expect_trouble(recipe_change(command, "?api-version=2021-04-12", ""), "not authorised");
    recipe_expect_trouble(recipe_change(command, "--pw-file token", "-P expired"),
                          "not authorised");
    recipe_expect_trouble(recipe_change(command, "-V 311", "-V 5"),
                          "the broker does not speak MQTT 5: try -V 311");
    recipe_expect_trouble(
        recipe_change(command, commands, "#"),
        "the broker hung up when asked for # $iothub/twin/PATCH/properties/desired/#: may this "
        "client read it (and with QoS 1)?");
}
END_TEST

START_TEST(hivemq)
{
    static struct cloud_rules rules = {
        .name = "localhost", .user = "me", .password = "s3cret", .refusal = 5, MESSAGES};

    serve(&rules);
    recipe_write(".hivemq", "s3cret\n");
    recipe_swap("USER", "me");
    recipe_swap("CLUSTER.s1.eu.hivemq.cloud", "localhost:%d", cloud_port(cloud));
    const char *command = recipe_command("HiveMQ Cloud", 0);
    recipe_expect(command, reading);
    recipe_expect_trouble(recipe_change(command, "@localhost", "@127.0.0.1"),
                          "the broker has no certificate for 127.0.0.1: connect by another name");
    recipe_expect_trouble(recipe_change(command, "mqtts://", "mqtt://"),
                          "does it want TLS (mqtts://)?");
    recipe_expect_trouble(recipe_change(command, "--pw-file ~/.hivemq", ""), "not authorised");
    recipe_expect_trouble(recipe_change(command, "dt-top", "SSL_CERT_FILE=none dt-top"),
                          "wrong certificate: unknown CA \"Known CA\": if you trust it, name its");
}
END_TEST

START_TEST(emqx_cloud)
{
    static struct cloud_rules rules = {
        .name = "localhost", .user = "me", .password = "s3cret", .refusal = 5, MESSAGES};

    serve(&rules);
    recipe_write(".emqx", "s3cret\n");
    recipe_swap("USER", "me");
    recipe_swap("ADDRESS.emqxsl.com", "localhost:%d", cloud_port(cloud));
    const char *command = recipe_command("EMQX", 0);
    recipe_expect(command, reading);
    recipe_expect_trouble(recipe_change(command, "--pw-file ~/.emqx", ""), "not authorised");
    command = recipe_change(command, "dt-top", "SSL_CERT_FILE=none dt-top");
    recipe_expect_trouble(command, "wrong certificate: unknown CA \"Known CA\"");
    recipe_expect(recipe_change(command, "--pw-file", "--cafile system.pem --pw-file"), reading);
}
END_TEST

/* Its rules refuse # and, since some release, +/# as well. */
START_TEST(emqx)
{
    static struct cloud_rules rules = {
        .user = "me", .password = "s3cret", .refusal = 5, .filter_refusal = 0x80, MESSAGES};

    recipe_run("mv own.crt cloud.crt; mv own.key cloud.key");
    rules.denied[0] = "#";
    rules.denied[1] = _i ? "+/#" : NULL;
    serve(&rules);
    recipe_swap("USER", "me");
    recipe_swap("HOST", "localhost:%d", cloud_port(cloud));
    recipe_swap("/etc/emqx/certs/cacert.pem", "own-ca.crt");
    recipe_write(".emqx", "s3cret\n");
    const char *command = recipe_command("EMQX", 1);
    recipe_expect(command, reading);
    recipe_expect_said("INSECURE: the name in the broker's certificate is not checked");
    recipe_expect_trouble(recipe_change(command, "--insecure", ""),
                          "it is for server, not for localhost: connect by the name it holds");
    recipe_expect_trouble(recipe_change(command, "--cafile own-ca.crt", ""),
                          "wrong certificate: unknown CA \"Own CA\"");
    recipe_expect_trouble(recipe_change(command, "/plant/#'", "' -t '#'"),
                          "subscription to # refused");
    command = recipe_change(command, "/plant/#'", "' -t '+/#'");
    if (_i)
        recipe_expect_trouble(command, "subscription to +/# refused");
    else
        recipe_expect(command, reading);
}
END_TEST

TCase *recipes_clouds_case(void)
{
    TCase *tcase = tcase_create("clouds");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, aws, 0, 2);
    tcase_add_test(tcase, azure);
    tcase_add_test(tcase, hivemq);
    tcase_add_test(tcase, emqx_cloud);
    tcase_add_loop_test(tcase, emqx, 0, 2);
    return tcase;
}
