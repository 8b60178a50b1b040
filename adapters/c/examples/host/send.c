/* Sends an alert with libcurl and follows it until it is delivered.
 *
 *     send HOST SUBDOMAIN RECIPIENT TEXT [CA_FILE]
 *
 * The token is in the environment, in XOBITO_TOKEN: arguments can be seen by everybody on the machine.
 */

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "xobito.h"

/* One exchange: what curl's callbacks need. */
struct exchange {
    CURL *curl;
    xobito_reader_t *reader;
    int has_status;
};

static xobito_text_t text(const char *string)
{
    xobito_text_t made = { string, strlen(string) };
    return made;
}

/* Tells the reader the status, before the first byte of the body. */
static void tell_status(struct exchange *exchange)
{
    long status = 0;

    if (!exchange->has_status && curl_easy_getinfo(exchange->curl, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK &&
        status > 0) {
        xobito_reader_status(exchange->reader, (uint16_t)status);
        exchange->has_status = 1;
    }
}

static size_t on_header(char *line, size_t size, size_t count, void *user)
{
    static const char name[] = "Retry-After:";
    struct exchange *exchange = user;
    size_t length = size * count;

    if (length > sizeof name - 1 && strncasecmp(line, name, sizeof name - 1) == 0) {
        xobito_text_t value = { line + sizeof name - 1, length - (sizeof name - 1) };
        xobito_reader_retry_after(exchange->reader, value);
    }
    return length;
}

static size_t on_body(char *chunk, size_t size, size_t count, void *user)
{
    struct exchange *exchange = user;

    tell_status(exchange);
    xobito_reader_feed(exchange->reader, (const uint8_t *)chunk, size * count);
    return size * count;
}

/* What curl's failures are called here. */
static int32_t cause_of(CURLcode failure)
{
    switch (failure) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return XOBITO_CAUSE_DNS;
    case CURLE_COULDNT_CONNECT:
        return XOBITO_CAUSE_CONNECT;
    case CURLE_SSL_CONNECT_ERROR:
        return XOBITO_CAUSE_TLS;
    case CURLE_PEER_FAILED_VERIFICATION:
        return XOBITO_CAUSE_CERTIFICATE;
    case CURLE_OPERATION_TIMEDOUT:
        return XOBITO_CAUSE_TIMED_OUT;
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
        return XOBITO_CAUSE_MALFORMED_HTTP;
    default:
        return XOBITO_CAUSE_CONNECTION_LOST;
    }
}

/* The API's headers, as curl wants them. */
static struct curl_slist *headers(const xobito_account_t *account, int32_t endpoint)
{
    struct curl_slist *list = NULL;
    const char *name;
    char value[XOBITO_TOKEN_MAX + 16], line[XOBITO_TOKEN_MAX + 64];
    size_t index, length;

    for (index = 0; xobito_header(account, endpoint, index, &name, value, sizeof value, &length) == 0; index++) {
        snprintf(line, sizeof line, "%s: %s", name, value);
        list = curl_slist_append(list, line);
    }
    xobito_wipe((uint8_t *)value, sizeof value);
    xobito_wipe((uint8_t *)line, sizeof line);
    return list;
}

/* Makes one request and reads its answer; what became of it is in the reader afterwards. */
static int make(const xobito_account_t *account, int32_t endpoint, xobito_text_t message_id,
                const xobito_request_t *request, const char *ca_file, xobito_reader_t *reader,
                xobito_outcome_t *outcome)
{
    struct exchange exchange = { curl_easy_init(), reader, 0 };
    struct curl_slist *list = headers(account, endpoint);
    CURL *curl = exchange.curl;
    CURLcode failure;
    char url[512];
    size_t length;
    double before_request = 0;
    int32_t status;

    if (curl == NULL || list == NULL ||
        xobito_url(account, endpoint, message_id, url, sizeof url, &length) != XOBITO_STATUS_OK) {
        fprintf(stderr, "no memory, or the URL is too long\n");
        curl_slist_free_all(list);
        curl_easy_cleanup(curl);
        return -1;
    }
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 30L);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &exchange);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &exchange);
    if (ca_file != NULL) {
        curl_easy_setopt(curl, CURLOPT_CAINFO, ca_file);
    }
    if (request != NULL) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)request->body_length);
    }
    failure = curl_easy_perform(curl);
    tell_status(&exchange);
    if (failure == CURLE_OK) {
        status = xobito_reader_finish(reader, outcome);
    } else {
        /* Until the connection stood and TLS was set up, no byte of the request has left. */
        curl_easy_getinfo(curl, CURLINFO_PRETRANSFER_TIME, &before_request);
        status = xobito_reader_fail(reader, cause_of(failure), before_request > 0, outcome);
    }
    curl_slist_free_all(list);
    curl_easy_cleanup(curl);
    return status;
}

static void explain(const char *what, const xobito_outcome_t *outcome)
{
    xobito_text_t word = { "", 0 };

    xobito_cause_word(outcome->cause, &word);
    fprintf(stderr, "%s: %.*s (HTTP %u)", what, (int)word.length, word.data, outcome->http_status);
    if (outcome->message.text.data != NULL) {
        fprintf(stderr, ": %.*s", (int)outcome->message.text.length, outcome->message.text.data);
    }
    if (outcome->retry == XOBITO_RETRY_AFTER) {
        fprintf(stderr, "; again in %u s", outcome->retry_after_s);
    }
    fprintf(stderr, "\n");
}

/* Asks after a message until it is delivered, has failed, or ten seconds have passed. */
static int follow(const xobito_account_t *account, xobito_text_t id, const char *ca_file)
{
    static const char *const words[] = { "", "pending", "sent", "delivered", "read", "failed", "other" };
    xobito_reader_t reader;
    xobito_outcome_t outcome;
    xobito_delivery_t delivery;
    int query;

    for (query = 0; query < 20; query++) {
        struct timespec half_a_second = { 0, 500000000 };

        xobito_reader_for_status(&reader);
        if (make(account, XOBITO_ENDPOINT_STATUS, id, NULL, ca_file, &reader, &outcome) != XOBITO_STATUS_OK) {
            return EXIT_FAILURE;
        }
        if (xobito_reader_delivery(&reader, &delivery) != XOBITO_STATUS_OK) {
            explain("the status", &outcome);
            return EXIT_FAILURE;
        }
        printf("%s\n", words[delivery.state]);
        if (delivery.state == XOBITO_DELIVERY_STATE_DELIVERED || delivery.state == XOBITO_DELIVERY_STATE_READ) {
            return EXIT_SUCCESS;
        }
        if (delivery.state == XOBITO_DELIVERY_STATE_FAILED) {
            return EXIT_FAILURE;
        }
        nanosleep(&half_a_second, NULL);
    }
    fprintf(stderr, "still under way\n");
    return EXIT_FAILURE;
}

int main(int count, char **arguments)
{
    const char *token = getenv("XOBITO_TOKEN");
    const char *ca_file = count > 5 ? arguments[5] : NULL;
    xobito_account_t account;
    xobito_text_message_t message = { { NULL, 0 }, { NULL, 0 }, NULL };
    xobito_request_t request;
    xobito_problem_t problem;
    xobito_reader_t reader;
    xobito_outcome_t outcome;
    xobito_accepted_t accepted;
    uint8_t body[4096];
    char id[XOBITO_MESSAGE_ID_MAX + 1];
    char field[32];
    size_t length;

    if (count < 5 || token == NULL) {
        fprintf(stderr, "usage: XOBITO_TOKEN=... send HOST SUBDOMAIN RECIPIENT TEXT [CA_FILE]\n");
        return 2;
    }
    account.host = text(arguments[1]);
    account.subdomain = text(arguments[2]);
    account.token = text(token);
    message.to = text(arguments[3]);
    message.body = text(arguments[4]);

    if (xobito_account_check(&account, &problem) < 0) {
        fprintf(stderr, "%s: see position %zu\n", xobito_strerror(problem.error), problem.position);
        return 2;
    }
    if (xobito_text_encode(&message, body, sizeof body, &request, &problem) < 0) {
        fprintf(stderr, "%s", xobito_strerror(problem.error));
        if (xobito_field_name(problem.field, problem.index, field, sizeof field, &length) == XOBITO_STATUS_OK) {
            fprintf(stderr, ": %s (%zu, at most %zu)", field, problem.actual, problem.maximum);
        }
        fprintf(stderr, "\n");
        return 2;
    }

    curl_global_init(CURL_GLOBAL_DEFAULT);
    xobito_reader_for_message(&reader);
    if (make(&account, request.endpoint, text(""), &request, ca_file, &reader, &outcome) != XOBITO_STATUS_OK) {
        return EXIT_FAILURE;
    }
    if (xobito_reader_accepted(&reader, &accepted) != XOBITO_STATUS_OK) {
        explain("the message", &outcome);
        return EXIT_FAILURE;
    }
    /* The id lies in the reader, which is needed for the next answer. */
    if (!accepted.can_be_followed) {
        printf("accepted\n");
        return EXIT_SUCCESS;
    }
    memcpy(id, accepted.message_id.text.data, accepted.message_id.text.length);
    id[accepted.message_id.text.length] = 0;
    printf("accepted as %s\n", id);
    return follow(&account, text(id), ca_file);
}
