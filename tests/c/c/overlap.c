/* What is written may not lie over anything else of its call: it is noticed, and all memory is left as it was. */

#include <stdint.h>
#include <string.h>

#include "check.h"
#include "errors.h"
#include "xobito.h"

/* What a call is given, and where it is told to write: any of it over any other. */
typedef union {
    xobito_text_message_t text;
    xobito_account_t account;
    xobito_stream_t stream;
    xobito_request_t request;
    xobito_problem_t problem;
    xobito_entry_t entry;
    xobito_enqueued_t enqueued;
    xobito_outbox_config_t config;
    xobito_contact_t contact;
    xobito_host_t host;
    size_t length;
    char chars[512];
    unsigned char bytes[512];
} shared_t;

static shared_t shared, before;

/* The call is refused, and changes nothing of what is shared. */
#define CHECK_OVERLAP(call)                                                                                            \
    do {                                                                                                               \
        before = shared;                                                                                               \
        CHECK((call) == XOBITO_ERROR_OVERLAP);                                                                         \
        CHECK(memcmp(&shared, &before, sizeof shared) == 0);                                                           \
        shared = before;                                                                                               \
    } while (0)

static xobito_text_t text(const char *literal)
{
    xobito_text_t made;

    made.data = literal;
    made.length = strlen(literal);
    return made;
}

static xobito_text_message_t message(void)
{
    xobito_text_message_t made;

    memset(&made, 0, sizeof made);
    made.to = text("+14155551234");
    made.body = text("Freezer 3 is open");
    return made;
}

static void share_text(void)
{
    memset(&shared, 0xA5, sizeof shared);
    shared.text = message();
}

static void share_account(void)
{
    memset(&shared, 0xA5, sizeof shared);
    shared.account.host = text("localhost:8443");
    shared.account.subdomain = text("acme");
    shared.account.token = text("apitk_0123");
}

static void a_message_is_not_written_over(void)
{
    xobito_text_message_t outside = message();
    xobito_stream_t stream;
    xobito_request_t request;
    xobito_problem_t problem;
    unsigned char buffer[128];
    size_t length = 7;

    share_text();
    problem.error = 0;
    CHECK_OVERLAP(xobito_text_encode(&shared.text, shared.bytes, sizeof shared.bytes, &request, &problem));
    CHECK(problem.error == XOBITO_ERROR_OVERLAP);
    CHECK_OVERLAP(xobito_text_encode(&shared.text, shared.bytes + sizeof shared.text - 1, 100, &request, NULL));
    CHECK_OVERLAP(xobito_text_encode(&shared.text, buffer, sizeof buffer, &shared.request, &problem));
    CHECK_OVERLAP(xobito_text_encode(&shared.text, buffer, sizeof buffer, &request, &shared.problem));
    CHECK_OVERLAP(xobito_text_begin(&shared.stream, &shared.text, &request, &problem));
    CHECK_OVERLAP(xobito_text_begin(&stream, &shared.text, &shared.request, &problem));
    CHECK_OVERLAP(xobito_text_begin(&stream, &shared.text, &request, &shared.problem));
    CHECK(xobito_text_encode(&shared.text, shared.bytes + sizeof shared.text, 100, &request, NULL) == 0);

    /* The second piece would be made of pointers that are JSON by then. */
    share_text();
    CHECK(xobito_text_begin(&stream, &shared.text, &request, &problem) == 0);
    CHECK_OVERLAP(xobito_text_next(&stream, &shared.text, shared.bytes, 32, &length));
    CHECK_OVERLAP(xobito_text_next(&stream, &shared.text, buffer, 32, &shared.length));
    CHECK(length == 7);
    CHECK(xobito_text_next(&stream, &shared.text, buffer, 32, &length) == XOBITO_STATUS_MORE && length == 32);

    memset(&shared, 0, sizeof shared);
    outside.contact = &shared.contact;
    CHECK_OVERLAP(xobito_text_encode(&outside, shared.bytes, sizeof shared.bytes, &request, &problem));
    CHECK_OVERLAP(xobito_text_encode(&outside, buffer, sizeof buffer, &shared.request, &problem));
}

static void an_account_is_not_written_over(void)
{
    const char *name = NULL;
    char buffer[256];
    size_t length = 7;

    share_account();
    CHECK_OVERLAP(xobito_headers(&shared.account, XOBITO_ENDPOINT_SEND, shared.chars, sizeof shared.chars, &length));
    CHECK_OVERLAP(xobito_headers(&shared.account, XOBITO_ENDPOINT_SEND, buffer, sizeof buffer, &shared.length));
    CHECK_OVERLAP(xobito_header(&shared.account, XOBITO_ENDPOINT_SEND, 0, &name, shared.chars, 99, &length));
    CHECK_OVERLAP(xobito_header(&shared.account, XOBITO_ENDPOINT_SEND, 0, (const char **)(void *)shared.chars, buffer,
                                sizeof buffer, &length));
    CHECK_OVERLAP(xobito_host(&shared.account, &shared.host));
    CHECK_OVERLAP(xobito_account_check(&shared.account, &shared.problem));
    CHECK(length == 7 && name == NULL);
    CHECK(xobito_account_check(&shared.account, NULL) == 0);

    /* A number, a token: they are not even wiped. */
    memcpy(shared.chars + 64, "+14155551234", 13);
    CHECK_OVERLAP(xobito_phone_check(text(shared.chars + 64), (xobito_problem_t *)(void *)(shared.chars + 64)));
    memcpy(shared.chars + 300, "apitk_0123", 11);
    shared.account.token.data = shared.chars + 300;
    CHECK_OVERLAP(xobito_headers(&shared.account, XOBITO_ENDPOINT_SEND, shared.chars + 200, 200, &length));
}

static void results_do_not_lie_over_each_other(void)
{
    xobito_text_message_t outside = message();
    xobito_account_t account;
    xobito_stream_t stream;
    xobito_request_t request;
    xobito_problem_t problem;
    unsigned char buffer[128];
    char chars[128];

    memset(&shared, 0xA5, sizeof shared);
    CHECK_OVERLAP(xobito_text_encode(&outside, buffer, sizeof buffer, &shared.request, &shared.problem));
    CHECK_OVERLAP(xobito_text_encode(&outside, shared.bytes, sizeof shared.bytes, &shared.request, &problem));
    CHECK_OVERLAP(xobito_text_encode(&outside, shared.bytes, sizeof shared.bytes, &request, &shared.problem));
    CHECK_OVERLAP(xobito_phone_query_encode(outside.to, buffer, sizeof buffer, &shared.request, &shared.problem));
    CHECK_OVERLAP(xobito_text_begin(&shared.stream, &outside, &shared.request, &problem));
    CHECK_OVERLAP(xobito_text_begin(&stream, &outside, &shared.request, &shared.problem));
    CHECK_OVERLAP(xobito_text_begin(&shared.stream, &outside, &request, &shared.problem));

    memset(&shared, 0xA5, sizeof shared);
    CHECK(xobito_text_begin(&shared.stream, &outside, &request, NULL) == 0);
    CHECK_OVERLAP(xobito_text_next(&shared.stream, &outside, buffer, 32, &shared.length));
    CHECK_OVERLAP(xobito_text_next(&shared.stream, &outside, shared.bytes + 8, 32, &request.body_length));
    CHECK_OVERLAP(xobito_text_next(&stream, &outside, shared.bytes, 32, &shared.length));

    account.host = text("localhost:8443");
    account.subdomain = text("acme");
    account.token = text("apitk_0123");
    CHECK_OVERLAP(xobito_header(&account, XOBITO_ENDPOINT_SEND, 0, (const char **)(void *)shared.chars, shared.chars, 64,
                                &request.body_length));
    CHECK_OVERLAP(xobito_header(&account, XOBITO_ENDPOINT_SEND, 0, (const char **)(void *)shared.chars, chars,
                                sizeof chars, &shared.length));
}

static void an_outbox_is_not_written_over(void)
{
    static xobito_outbox_small_t small, copy;
    xobito_text_message_t outside = message();
    xobito_outbox_t *outbox = NULL;
    xobito_enqueued_t enqueued;
    xobito_problem_t problem;
    xobito_reader_t reader;
    xobito_entry_t entry;
    unsigned char body[128];
    size_t count = 7;

    CHECK(xobito_outbox_config_default((xobito_outbox_config_t *)(void *)&small) == 0);
    copy = small;
    CHECK(xobito_outbox_small_init(&small, (const xobito_outbox_config_t *)(const void *)&small, &outbox) ==
          XOBITO_ERROR_OVERLAP);
    CHECK(memcmp(&small, &copy, sizeof small) == 0);
    CHECK(xobito_outbox_config_default(&shared.config) == 0);
    CHECK_OVERLAP(xobito_outbox_small_init(&small, &shared.config, (xobito_outbox_t **)(void *)&shared.config));

    memset(&entry, 0, sizeof entry);
    entry.recipient = outside.to;
    entry.duplicates = XOBITO_DUPLICATES_AT_LEAST_ONCE;
    CHECK(xobito_text_encode(&outside, body, sizeof body, &entry.request, NULL) == 0);
    CHECK(xobito_outbox_small_init(&small, NULL, &outbox) == 0);
    shared.entry = entry;
    CHECK_OVERLAP(xobito_outbox_enqueue(outbox, &shared.entry, 0, &shared.enqueued, &problem));
    CHECK_OVERLAP(xobito_outbox_enqueue(outbox, &shared.entry, 0, &enqueued, &shared.problem));
    CHECK_OVERLAP(xobito_outbox_enqueue(outbox, &entry, 0, &shared.enqueued, &shared.problem));
    shared.request = entry.request;
    entry.template_request = &shared.request;
    CHECK_OVERLAP(xobito_outbox_enqueue(outbox, &entry, 0, &shared.enqueued, &problem));
    entry.template_request = NULL;

    CHECK(xobito_outbox_enqueue(outbox, (const xobito_entry_t *)(const void *)(small.storage + 100), 0, &enqueued,
                                &problem) == XOBITO_ERROR_OVERLAP);
    CHECK(xobito_outbox_enqueue(outbox, &entry, 0, &enqueued, (xobito_problem_t *)(void *)small.storage) ==
          XOBITO_ERROR_OVERLAP);
    CHECK(xobito_outbox_enqueue(outbox, &entry, 0, &enqueued, (xobito_problem_t *)(void *)(small.storage + 100)) ==
          XOBITO_ERROR_OVERLAP);
    CHECK(xobito_outbox_settle(outbox, 1, (const xobito_reader_t *)(const void *)(small.storage + 100), 0) ==
          XOBITO_ERROR_OVERLAP);
    /* It still is an outbox, with nothing in it. */
    CHECK(xobito_outbox_count(outbox, &count) == 0 && count == 0);
    CHECK(xobito_outbox_enqueue(outbox, &entry, 0, &enqueued, &problem) == 0 && enqueued.id == 1);

    CHECK(xobito_reader_for_message(&reader) == 0 && xobito_reader_status(&reader, 200) == 0);
    CHECK(xobito_reader_fail(&reader, XOBITO_CAUSE_DNS, 0, (xobito_outcome_t *)(void *)(reader.storage + 100)) ==
          XOBITO_ERROR_OVERLAP);
    CHECK(xobito_reader_fail(&reader, XOBITO_CAUSE_DNS, 0, NULL) == 0);
    CHECK(xobito_reader_outcome(&reader, (xobito_outcome_t *)(void *)(reader.storage + 100)) == XOBITO_ERROR_OVERLAP);
}

void run_overlaps(void)
{
    a_message_is_not_written_over();
    an_account_is_not_written_over();
    results_do_not_lie_over_each_other();
    an_outbox_is_not_written_over();
}
