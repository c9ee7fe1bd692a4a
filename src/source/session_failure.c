#include "source/session_failure.h"

#include <errno.h>
#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/text.h"
#include "source/link_options.h"

#define QUOTE_COLUMNS 60 /* of a broker's own words */
#define QUOTE_BYTES (4 * QUOTE_COLUMNS)

void failure_tell(struct failure *failure, enum failure_kind kind, const char *format, ...)
{
    va_list args;
    char words[512];

    if (failure->kind != FAILURE_NONE)
        return;
    failure->kind = kind;
    va_start(args, format);
    vsnprintf(words, sizeof(words), format, args);
    va_end(args);
    /* Cuts visibly, and between characters. */
    text_sanitise(failure->words, sizeof(failure->words), words, strlen(words),
                  sizeof(failure->words));
}

void failure_from_errno(struct failure *failure, int error, const char *where, bool live)
{
    switch (error) {
    case 0: /* libmosquitto's way to tell an end in the middle of a packet */
        if (live)
            failure_tell(failure, FAILURE_LOST,
                         "the broker closed the connection in the middle of a packet");
        else
            failure_tell(failure, FAILURE_OTHER,
                         "%s does not speak MQTT: is the port right? does it want TLS (mqtts://)?",
                         where);
        break;
    case ECONNREFUSED:
        failure_tell(failure, FAILURE_ABSENT, "connection refused: is a broker listening on %s?",
                     where);
        break;
    case ENOENT:
        failure_tell(failure, FAILURE_ABSENT, "no socket at %s: is the broker running?", where);
        break;
    case EACCES:
    case EPERM:
        failure_tell(failure, FAILURE_OTHER,
                     "may not open %s: permission denied; check who owns it, or the firewall",
                     where);
        break;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EHOSTDOWN:
    case EADDRNOTAVAIL:
        failure_tell(failure, FAILURE_ROUTE, "no route to %s: check the address and the network",
                     where);
        break;
    case ETIMEDOUT:
        failure_tell(failure, live ? FAILURE_LOST : FAILURE_TIMEOUT,
                     "%s stopped answering: check the network", where);
        break;
    case ECONNRESET:
    case EPIPE:
        if (live)
            failure_tell(failure, FAILURE_LOST, "the broker reset the connection");
        else
            failure_tell(failure, FAILURE_LOST,
                         "%s reset the connection: is this the MQTT port? does it want TLS "
                         "(mqtts://)?",
                         where);
        break;
    case EAGAIN: /* of a unix socket */
        failure_tell(failure, FAILURE_OTHER, "the broker at %s is too busy to answer", where);
        break;
    default:
        failure_tell(failure, FAILURE_OTHER, "%s: %s", where, strerror(error));
    }
}

void failure_no_answer(struct failure *failure, int socket, const char *where)
{
    struct sockaddr_storage peer;
    socklen_t len = sizeof(peer);

    if (getpeername(socket, (struct sockaddr *)&peer, &len) == 0)
        failure_tell(failure, FAILURE_OTHER,
                     "%s takes the connection but does not answer: does the broker hang, or is it "
                     "no MQTT port?",
                     where);
    else
        failure_tell(failure, FAILURE_TIMEOUT,
                     "no answer from %s: check the address, the network and the firewall", where);
}

void failure_from_lookup(struct failure *failure, int code, const char *host)
{
    char shown[QUOTE_BYTES];

    text_sanitise(shown, sizeof(shown), host, strlen(host), QUOTE_COLUMNS);
    switch (code) {
    case EAI_NONAME:
#ifdef EAI_NODATA
    case EAI_NODATA:
#endif
        failure_tell(failure, FAILURE_OTHER, "host %s not found: check the name", shown);
        break;
    case EAI_AGAIN:
        failure_tell(failure, FAILURE_OTHER,
                     "cannot look up host %s just now: check the network and its name server",
                     shown);
        break;
    default:
        failure_tell(failure, FAILURE_OTHER, "cannot look up host %s: %s", shown,
                     gai_strerror(code));
    }
}

void failure_from_tls(struct failure *failure, const char *words)
{
    if (*words)
        failure_tell(failure, FAILURE_OTHER, "%s", words);
}

void failure_from_library(struct failure *failure, int code, int error, const char *where,
                          bool live)
{
    switch (code) {
    case MOSQ_ERR_ERRNO:
        failure_from_errno(failure, error, where, live);
        break;
    case MOSQ_ERR_CONN_LOST:
    case MOSQ_ERR_NO_CONN:
        if (live)
            failure_tell(failure, FAILURE_LOST, "the broker closed the connection");
        else
            failure_tell(failure, FAILURE_LOST,
                         "%s closed the connection at once: is this the MQTT port? does it want "
                         "TLS (mqtts://)?",
                         where);
        break;
    case MOSQ_ERR_KEEPALIVE:
        failure_tell(failure, FAILURE_OTHER,
                     "no answer to a ping: the broker or the network hangs");
        break;
    case MOSQ_ERR_PROTOCOL:
    case MOSQ_ERR_MALFORMED_PACKET:
    case MOSQ_ERR_MALFORMED_UTF8:
    case MOSQ_ERR_DUPLICATE_PROPERTY:
    case MOSQ_ERR_TOPIC_ALIAS_INVALID:
        if (live)
            failure_tell(failure, FAILURE_OTHER,
                         "protocol error: the broker sent what is not valid MQTT (%s)",
                         mosquitto_strerror(code));
        else
            failure_tell(failure, FAILURE_OTHER, "%s does not speak MQTT: is the port right?",
                         where);
        break;
    case MOSQ_ERR_INVAL:
        failure_tell(failure, FAILURE_OTHER,
                     "a setting of the connection is not valid: check -k, -u, -P, -i and -t");
        break;
    default:
        failure_tell(failure, FAILURE_OTHER, "%s: %s", where, mosquitto_strerror(code));
    }
}

/* The codes of 3.1.1, which old brokers also answer to MQTT 5, as those of MQTT 5. */
static int connack_code(int code)
{
    static const int codes[] = {0,
                                MQTT_RC_UNSUPPORTED_PROTOCOL_VERSION,
                                MQTT_RC_CLIENTID_NOT_VALID,
                                MQTT_RC_SERVER_UNAVAILABLE,
                                MQTT_RC_BAD_USERNAME_OR_PASSWORD,
                                MQTT_RC_NOT_AUTHORIZED};

    if (code < 0 || (size_t)code >= sizeof(codes) / sizeof(codes[0]))
        return code;
    return codes[code];
}

void failure_from_connack(struct failure *failure, int version, int code, const char *reason,
                          const char *id)
{
    char quote[QUOTE_BYTES + 8] = "";

    if (reason && *reason) {
        char words[QUOTE_BYTES];
        text_sanitise(words, sizeof(words), reason, strlen(reason), QUOTE_COLUMNS);
        snprintf(quote, sizeof(quote), " (\"%s\")", words);
    }
    switch (connack_code(code)) {
    case MQTT_RC_UNSUPPORTED_PROTOCOL_VERSION:
        failure_tell(failure, FAILURE_OTHER, "the broker does not speak MQTT %s: try -V %s%s",
                     version == MQTT_PROTOCOL_V5 ? "5" : "3.1.1",
                     version == MQTT_PROTOCOL_V5 ? "311" : "5", quote);
        break;
    case MQTT_RC_CLIENTID_NOT_VALID:
        failure_tell(failure, FAILURE_OTHER,
                     "the broker rejected the client id %s: give another one with -i%s", id, quote);
        break;
    case MQTT_RC_SERVER_UNAVAILABLE:
    case MQTT_RC_SERVER_BUSY:
        failure_tell(failure, FAILURE_OTHER, "the broker is up but takes nobody in just now%s",
                     quote);
        break;
    case MQTT_RC_BAD_USERNAME_OR_PASSWORD:
        failure_tell(failure, FAILURE_OTHER, "bad user name or password: check -u and -P%s", quote);
        break;
    case MQTT_RC_NOT_AUTHORIZED:
        failure_tell(failure, FAILURE_OTHER,
                     "not authorised: the broker wants a user name and password (-u, -P) or does "
                     "not let this one in%s",
                     quote);
        break;
    default:
        failure_tell(failure, FAILURE_OTHER, "the broker refused the session: %s%s",
                     failure_reason(code), quote);
    }
}

void failure_from_subscribing(struct failure *failure, int code, int error,
                              const struct link_options *options)
{
    bool reset = code == MOSQ_ERR_ERRNO && (error == ECONNRESET || error == EPIPE);

    if (code != MOSQ_ERR_CONN_LOST && !reset)
        return;
    char *filters = link_options_filters(options), shown[QUOTE_BYTES];
    text_sanitise(shown, sizeof(shown), filters, strlen(filters), QUOTE_COLUMNS);
    free(filters);
    failure_tell(failure, FAILURE_LOST,
                 "the broker hung up when asked for %s: may this client read it (and with QoS %d)?",
                 shown, options->qos);
}

void failure_from_disconnect(struct failure *failure, int code, const char *id)
{
    if (code == MQTT_RC_SESSION_TAKEN_OVER)
        failure_tell(failure, FAILURE_OTHER,
                     "session taken over: another client uses the id %s; give one of your own "
                     "with -i",
                     id);
    else
        failure_tell(failure, code == MQTT_RC_SERVER_SHUTTING_DOWN ? FAILURE_LOST : FAILURE_OTHER,
                     "the broker ended the session: %s", failure_reason(code));
}

const char *failure_reason(int code)
{
    switch (code) {
    case MQTT_RC_UNSPECIFIED:
        return "refused, no reason given";
    case MQTT_RC_MALFORMED_PACKET:
        return "it could not read what we sent";
    case MQTT_RC_PROTOCOL_ERROR:
        return "protocol error";
    case MQTT_RC_NOT_AUTHORIZED:
        return "not authorised";
    case MQTT_RC_SERVER_BUSY:
        return "it is busy";
    case MQTT_RC_BANNED:
        return "this client is banned";
    case MQTT_RC_SERVER_SHUTTING_DOWN:
        return "it is shutting down";
    case MQTT_RC_BAD_AUTHENTICATION_METHOD:
        return "bad authentication method";
    case MQTT_RC_KEEP_ALIVE_TIMEOUT:
        return "it did not hear from us in time (keepalive)";
    case MQTT_RC_TOPIC_FILTER_INVALID:
        return "filter not accepted";
    case MQTT_RC_TOPIC_NAME_INVALID:
        return "topic not accepted";
    case MQTT_RC_RECEIVE_MAXIMUM_EXCEEDED:
    case MQTT_RC_MESSAGE_RATE_TOO_HIGH:
        return "too many messages";
    case MQTT_RC_PACKET_TOO_LARGE:
        return "packet too large";
    case MQTT_RC_QUOTA_EXCEEDED:
        return "quota exceeded";
    case MQTT_RC_ADMINISTRATIVE_ACTION:
        return "an administrator closed it";
    case MQTT_RC_QOS_NOT_SUPPORTED:
        return "QoS not supported; try -q 0";
    case MQTT_RC_USE_ANOTHER_SERVER:
    case MQTT_RC_SERVER_MOVED:
        return "it names another broker to use";
    case MQTT_RC_SHARED_SUBS_NOT_SUPPORTED:
        return "no shared subscriptions";
    case MQTT_RC_CONNECTION_RATE_EXCEEDED:
        return "too many connections";
    case MQTT_RC_MAXIMUM_CONNECT_TIME:
        return "longest connection time reached";
    case MQTT_RC_WILDCARD_SUBS_NOT_SUPPORTED:
        return "no wildcards in filters";
    default:
        return "an unknown reason code";
    }
}
