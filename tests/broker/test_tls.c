#include <check.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "broker/certificates.h"
#include "broker/support.h"
#include "sim/sim.h"

Suite *tls_suite(void);

static char directory[32];
static char by_name[] = "localhost", by_number[] = "127.0.0.1";
static struct server server;
static struct watch watch;
static char paths[8][64];

/* The path of a file here; good until seven more were asked for. */
static char *here(const char *name)
{
    static unsigned next;
    char *path = paths[next++ % 8];

    ck_assert_int_lt(snprintf(path, sizeof(paths[0]), "%s/%s", directory, name), 64);
    return path;
}

static void make_certificates(void)
{
    struct authority *ours = authority_new("Test CA", directory, "ca.crt");
    struct authority *other = authority_new("Other CA", directory, "other-ca.crt");
    const char *local = "DNS:localhost,IP:127.0.0.1";

    certificate_write(ours, "localhost", local, -1, 10, directory, "good");
    certificate_write(ours, "pi4", "DNS:pi4.example,DNS:pi4", -1, 10, directory, "elsewhere");
    certificate_write(ours, "localhost", local, -20, -10, directory, "expired");
    certificate_write(ours, "localhost", local, 10, 20, directory, "early");
    certificate_write(other, "localhost", local, -1, 10, directory, "foreign");
    certificate_write(NULL, "localhost", local, -1, 10, directory, "self");
    certificate_write(ours, "dt-top", NULL, -1, 10, directory, "client");
    certificate_write(other, "dt-top", NULL, -1, 10, directory, "stranger");
    authority_link(ours, directory, "ca.crt");
    authority_free(ours);
    authority_free(other);
}

static void setup(void)
{
    snprintf(directory, sizeof(directory), "/tmp/dt-tls-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(directory));
    make_certificates();
}

static void teardown(void)
{
    DIR *open = opendir(directory);
    struct dirent *entry;

    while ((entry = readdir(open)))
        unlink(here(entry->d_name));
    closedir(open);
    rmdir(directory);
}

/* A broker with this certificate and further lines. */
static void serve(const char *stem, const char *extra)
{
    char config[512];

    snprintf(config, sizeof(config), "certfile %s/%s.crt\nkeyfile %s/%s.key\ncafile %s/ca.crt\n%s",
             directory, stem, directory, stem, directory, extra ? extra : "");
    server_start(&server, config);
}

static void aim(char *host)
{
    watch_init(&watch, host, server.port);
    watch.options.tls = (struct tls_options){.on = true, .cafile = here("ca.crt")};
}

static void expect_life(void)
{
    watch_start(&watch);
    watch_state(&watch, CONNECTION_LIVE, 5);
    ck_assert(link_publish(watch.link, "a/b", "1", 1, 0, false));
    watch_messages(&watch, 1, 5);
    watch_stop(&watch);
    server_stop(&server);
}

static void expect_reason(const char *part)
{
    watch_start(&watch);
    watch_reason(&watch, part, 5);
    watch_stop(&watch);
    server_stop(&server);
}

START_TEST(right_ca)
{
    serve("good", NULL);
    aim(_i & 1 ? by_name : by_number);
    watch.options.version = _i & 2 ? 5 : 4;
    expect_life();
}
END_TEST

START_TEST(folder_of_cas)
{
    serve("good", NULL);
    aim(by_name);
    watch.options.tls.cafile = NULL;
    watch.options.tls.capath = directory;
    expect_life();
}
END_TEST

START_TEST(every_version)
{
    static char words[][8] = {"tlsv1.2", "tlsv1.3"};

    serve("good", _i ? "tls_version tlsv1.3\n" : "tls_version tlsv1.2\n");
    aim(by_name);
    watch.options.tls.version = words[_i];
    expect_life();
}
END_TEST

START_TEST(wrong_host)
{
    serve("elsewhere", NULL);
    aim(_i ? by_name : by_number);
    expect_reason(_i ? "it is for pi4.example, pi4, not for localhost: connect by the name"
                     : "it is for pi4.example, pi4, not for 127.0.0.1: connect by the name");
}
END_TEST

START_TEST(insecure_skips_the_name_alone)
{
    struct connection connection;

    serve("elsewhere", NULL);
    aim(_i ? by_name : by_number);
    watch.options.tls.insecure = true;
    watch_start(&watch);
    watch_state(&watch, CONNECTION_LIVE, 5);
    engine_get_connection(watch.engine, &connection);
    ck_assert(connection.insecure);
    watch_stop(&watch);
    watch.options.tls.cafile = here("other-ca.crt");
    expect_reason("unknown CA \"Test CA\"");
}
END_TEST

START_TEST(wrong_certificates)
{
    static const struct {
        const char *stem, *reason;
    } cases[] = {
        {"expired", "wrong certificate: \"localhost\" expired on 20"},
        {"early", "wrong certificate: \"localhost\" holds from 20"},
        {"foreign", "unknown CA \"Other CA\": if you trust it, name its certificate with --cafile"},
        {"self", "unknown CA, \"localhost\" has signed itself: if you trust it, name its"},
    };

    serve(cases[_i].stem, NULL);
    aim(by_name);
    expect_reason(cases[_i].reason);
}
END_TEST

START_TEST(the_system_does_not_know_our_ca)
{
    serve("good", NULL);
    aim(by_name);
    watch.options.tls.cafile = NULL;
    expect_reason("unknown CA \"Test CA\"");
}
END_TEST

START_TEST(client_certificate_missing)
{
    serve("good", _i ? "require_certificate true\ntls_version tlsv1.3\n"
                     : "require_certificate true\ntls_version tlsv1.2\n");
    aim(by_name);
    expect_reason("the broker wants a client certificate: name yours with --cert and --key");
}
END_TEST

START_TEST(client_certificate_accepted)
{
    serve("good", "require_certificate true\n");
    aim(by_name);
    watch.options.tls.cert = here("client.crt");
    watch.options.tls.key = here("client.key");
    expect_life();
}
END_TEST

START_TEST(client_certificate_of_a_stranger)
{
    serve("good", "require_certificate true\n");
    aim(by_name);
    watch.options.tls.cert = here("stranger.crt");
    watch.options.tls.key = here("stranger.key");
    expect_reason("the broker does not accept our client certificate");
}
END_TEST

static void serve_psk(void)
{
    char config[128];
    FILE *file = fopen(here("psk"), "w");

    fprintf(file, "me:00112233445566778899aabbccddeeff\n");
    fclose(file);
    snprintf(config, sizeof(config), "psk_hint here\npsk_file %s\nuse_identity_as_username true\n",
             here("psk"));
    server_start(&server, config);
}

static void aim_psk(char *identity, char *key)
{
    watch_init(&watch, by_name, server.port);
    watch.options.tls = (struct tls_options){.on = true, .psk = key, .psk_identity = identity};
}

START_TEST(shared_key)
{
    static char identity[] = "me", key[] = "00112233445566778899AABBccddeeff";

    serve_psk();
    aim_psk(identity, key);
    expect_life();
}
END_TEST

START_TEST(wrong_shared_key)
{
    static char me[] = "me", you[] = "you", key[] = "00112233445566778899aabbccddeeff",
                bad[] = "00";

    serve_psk();
    aim_psk(_i ? me : you, _i ? bad : key);
    expect_reason("the broker does not know the identity ");
}
END_TEST

START_TEST(tls_to_a_port_without)
{
    server_start(&server, NULL);
    aim(by_number);
    expect_reason("hung up in the TLS handshake: is this the broker's TLS port");
}
END_TEST

START_TEST(no_tls_to_a_port_with)
{
    serve("good", NULL);
    watch_init(&watch, by_number, server.port);
    expect_reason("does it want TLS");
}
END_TEST

START_TEST(nobody_listens)
{
    server_start(&server, NULL);
    server_end(&server, SIGKILL);
    aim(by_name);
    expect_reason("connection refused");
}
END_TEST

START_TEST(comes_back)
{
    serve("good", NULL);
    aim(by_name);
    watch_start(&watch);
    watch_state(&watch, CONNECTION_LIVE, 5);
    server_end(&server, _i ? SIGTERM : SIGKILL);
    watch_event(&watch, "connection lost: the broker closed the connection", 5);
    server_restart(&server);
    watch_state(&watch, CONNECTION_LIVE, 5);
    watch_stop(&watch);
    server_stop(&server);
}
END_TEST

/* More than one record holds, and than one burst takes. */
START_TEST(a_flood_arrives_whole)
{
    struct publisher publisher;
    char extra[64];
    const unsigned count = 10000;
    int plain = closed_port();

    snprintf(extra, sizeof(extra), "listener %d 127.0.0.1\n", plain);
    serve("good", extra);
    aim(by_name);
    watch_start(&watch);
    watch_state(&watch, CONNECTION_LIVE, 5);
    publisher_open(&publisher, by_number, plain);
    for (unsigned i = 0; i < count; i++)
        publish_bytes(&publisher, "a/b", "{\"value\":22.4}", 14, 0, false);
    publisher_flush(&publisher);
    watch_messages(&watch, count, 20);
    publisher_close(&publisher);
    watch_stop(&watch);
    server_stop(&server);
}
END_TEST

START_TEST(simulated_sensors_speak_it_too)
{
    char id[SIM_ID], error[160];

    serve("good", "require_certificate true\n");
    aim(by_name);
    watch.options.tls.cert = here("client.crt");
    watch.options.tls.key = here("client.key");
    struct sim *sim = sim_start(
        &(struct sim_options){
            .host = by_name, .port = server.port, .tls = watch.options.tls, .seed = 1},
        error, sizeof(error));
    watch_start(&watch);
    watch_state(&watch, CONNECTION_LIVE, 5);
    sim_spawn(sim, SIM_TEMPERATURE, id);
    watch_messages(&watch, 3, 5);
    sim_stop(sim);
    watch_stop(&watch);
    server_stop(&server);
}
END_TEST

static bool sim_has_trouble(void *context)
{
    struct sim_status status;

    sim_get_status(context, &status);
    return strstr(status.trouble, "unknown CA") != NULL;
}

START_TEST(simulated_sensors_check_as_well)
{
    char id[SIM_ID], error[160];

    serve("foreign", NULL);
    struct sim *sim = sim_start(&(struct sim_options){.host = by_name,
                                                      .port = server.port,
                                                      .tls = {.on = true, .cafile = here("ca.crt")},
                                                      .seed = 1},
                                error, sizeof(error));
    sim_spawn(sim, SIM_TEMPERATURE, id);
    ck_assert(wait_for(sim_has_trouble, sim, 5));
    sim_stop(sim);
    server_stop(&server);
}
END_TEST

static void expect_wrong(struct tls_options options, const char *part)
{
    char error[256] = "";

    ck_assert(!tls_check(&options, by_name, error, sizeof(error)));
    ck_assert_msg(strstr(error, part) != NULL, "\"%s\" does not say \"%s\"", error, part);
}

START_TEST(wrong_options)
{
    static char psk[] = "00", odd[] = "0", not_hex[] = "0g", me[] = "me", old[] = "ssl3";
    struct tls_options both = {.cert = here("good.crt"), .key = here("client.key")};

    expect_wrong((struct tls_options){.cafile = here("none")}, "none: No such file");
    expect_wrong((struct tls_options){.cafile = here("good.key")}, "holds no certificate in PEM");
    expect_wrong((struct tls_options){.capath = here("ca.crt")}, "--cafile");
    expect_wrong((struct tls_options){.cert = here("good.crt")}, "--cert and --key go together");
    expect_wrong(both, "is not the key of --cert");
    both.key = here("good.crt");
    expect_wrong(both, "holds no private key");
    expect_wrong((struct tls_options){.version = old}, "expected tlsv1.3");
    expect_wrong((struct tls_options){.psk = psk}, "--psk needs --psk-identity");
    expect_wrong((struct tls_options){.psk = odd, .psk_identity = me}, "hexadecimal");
    expect_wrong((struct tls_options){.psk = not_hex, .psk_identity = me}, "hexadecimal");
    expect_wrong((struct tls_options){.psk = psk, .psk_identity = me, .cafile = here("ca.crt")},
                 "--psk takes the place of");
}
END_TEST

Suite *tls_suite(void)
{
    Suite *suite = suite_create("tls");
    TCase *accepted = tcase_create("accepted");
    TCase *refused = tcase_create("refused");

    tcase_add_checked_fixture(accepted, setup, teardown);
    tcase_set_timeout(accepted, 30);
    tcase_add_loop_test(accepted, right_ca, 0, 4);
    tcase_add_test(accepted, folder_of_cas);
    tcase_add_loop_test(accepted, every_version, 0, 2);
    tcase_add_loop_test(accepted, insecure_skips_the_name_alone, 0, 2);
    tcase_add_test(accepted, client_certificate_accepted);
    tcase_add_test(accepted, shared_key);
    tcase_add_loop_test(accepted, comes_back, 0, 2);
    tcase_add_test(accepted, a_flood_arrives_whole);
    tcase_add_test(accepted, simulated_sensors_speak_it_too);
    suite_add_tcase(suite, accepted);

    tcase_add_checked_fixture(refused, setup, teardown);
    tcase_set_timeout(refused, 30);
    tcase_add_loop_test(refused, wrong_host, 0, 2);
    tcase_add_loop_test(refused, wrong_certificates, 0, 4);
    tcase_add_test(refused, the_system_does_not_know_our_ca);
    tcase_add_loop_test(refused, client_certificate_missing, 0, 2);
    tcase_add_test(refused, client_certificate_of_a_stranger);
    tcase_add_loop_test(refused, wrong_shared_key, 0, 2);
    tcase_add_test(refused, tls_to_a_port_without);
    tcase_add_test(refused, no_tls_to_a_port_with);
    tcase_add_test(refused, nobody_listens);
    tcase_add_test(refused, simulated_sensors_check_as_well);
    tcase_add_test(refused, wrong_options);
    suite_add_tcase(suite, refused);
    return suite;
}
