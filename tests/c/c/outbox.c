/* The outbox: an alert goes its way through poll and settle, and every mistake is answered. */

#include <stdint.h>
#include <string.h>

#include "check.h"
#include "errors.h"
#include "xobito.h"

static const char sent[] = "{\"status\":\"success\",\"data\":{\"message_id\":\"wamid.A\"}}";
static const char delivered[] = "{\"status\":\"success\",\"data\":{\"delivery_status\":\"delivered\"}}";

static xobito_outbox_small_t small;
static xobito_outbox_large_t large;
static unsigned char body[600];

static xobito_text_t text(const char *literal)
{
    xobito_text_t made;

    made.data = literal;
    made.length = strlen(literal);
    return made;
}

static xobito_entry_t entry(void)
{
    xobito_text_message_t message;
    xobito_entry_t made;

    memset(&message, 0, sizeof message);
    memset(&made, 0, sizeof made);
    message.to = made.recipient = text("+14155551234");
    message.body = text("Freezer 3 is open");
    CHECK(xobito_text_encode(&message, body, sizeof body, &made.request, NULL) == 0);
    made.duplicates = XOBITO_DUPLICATES_AT_LEAST_ONCE;
    return made;
}

/* Reads an answer into a reader that is ready to be settled. */
static void answered(xobito_reader_t *reader, uint16_t status, const char *answer)
{
    CHECK(xobito_reader_status(reader, status) == 0);
    CHECK(xobito_reader_feed(reader, (const uint8_t *)answer, strlen(answer)) >= 0);
    CHECK(xobito_reader_finish(reader, NULL) == 0);
}

static void an_alert_is_sent_and_followed_to_its_end(xobito_outbox_t *outbox)
{
    xobito_entry_t made = entry();
    xobito_enqueued_t enqueued;
    xobito_reader_t reader;
    xobito_problem_t problem;
    xobito_step_t step;
    size_t count = 7;

    CHECK(xobito_outbox_poll(outbox, 0, 1, &step) == 0 && step.kind == XOBITO_STEP_KIND_IDLE);
    made.key = 3;
    made.coalesce = XOBITO_COALESCE_KEEP_FIRST;
    CHECK(xobito_outbox_stands_for(outbox, 3, made.recipient, &problem.index) == XOBITO_ERROR_NOT_THERE);
    CHECK(xobito_outbox_enqueue(outbox, &made, 1000, &enqueued, &problem) == 0);
    CHECK(enqueued.stands_for == 1 && enqueued.has_displaced == 0 && problem.error == 0);
    CHECK(xobito_outbox_enqueue(outbox, &made, 1000, &enqueued, NULL) == 0 && enqueued.stands_for == 2);
    CHECK(xobito_outbox_stands_for(outbox, 3, made.recipient, &problem.index) == 0 && problem.index == 2);
    CHECK(xobito_outbox_count(outbox, &count) == 0 && count == 1);

    CHECK(xobito_outbox_poll(outbox, 1000, 1, &step) == 0);
    CHECK(step.kind == XOBITO_STEP_KIND_SEND && step.id == enqueued.id);
    CHECK(step.request.endpoint == XOBITO_ENDPOINT_SEND && step.request.body_length == made.request.body_length);
    CHECK(memcmp(step.request.body, body, step.request.body_length) == 0 && step.request.body != body);
    CHECK(xobito_outbox_poll(outbox, 1500, 1, &step) == 0);
    CHECK(step.kind == XOBITO_STEP_KIND_IN_FLIGHT && step.id == enqueued.id);

    CHECK(xobito_reader_for_message(&reader) == 0);
    CHECK(xobito_outbox_settle(outbox, step.id, &reader, 2000) == XOBITO_ERROR_ORDER);
    CHECK(xobito_reader_fail(&reader, XOBITO_CAUSE_CONNECT, 0, NULL) == 0);
    CHECK(xobito_outbox_settle(outbox, step.id + 1, &reader, 2000) == XOBITO_ERROR_NOT_IN_FLIGHT);
    CHECK(xobito_outbox_settle(outbox, step.id, &reader, 2000) == 0);
    CHECK(xobito_outbox_settle(outbox, step.id, &reader, 2000) == XOBITO_ERROR_NOT_IN_FLIGHT);
    CHECK(xobito_outbox_poll(outbox, 2000, 0, &step) == 0 && step.kind == XOBITO_STEP_KIND_WAIT);
    CHECK(step.until_ms > 2000 && step.until_ms <= 7000);
    CHECK(xobito_outbox_link_up(outbox) == 0);
    CHECK(xobito_outbox_poll(outbox, 8000, 1, &step) == 0 && step.kind == XOBITO_STEP_KIND_SEND);
    CHECK(xobito_outbox_unsend(outbox, step.id) == 0);
    CHECK(xobito_outbox_poll(outbox, 20000, 1, &step) == 0 && step.kind == XOBITO_STEP_KIND_SEND);
    CHECK(xobito_reader_for_message(&reader) == 0);
    answered(&reader, 200, sent);
    CHECK(xobito_outbox_settle(outbox, step.id, &reader, 21000) == 0);
    CHECK(xobito_outbox_poll(outbox, 21000, 1, &step) == 0 && step.kind == XOBITO_STEP_KIND_WAIT);
    CHECK(step.until_ms == 31000);

    CHECK(xobito_outbox_poll(outbox, step.until_ms, 1, &step) == 0 && step.kind == XOBITO_STEP_KIND_QUERY);
    CHECK(strcmp(step.message_id, "wamid.A") == 0);
    CHECK(xobito_outbox_settle(outbox, step.id, &reader, 31000) == XOBITO_ERROR_NOT_IN_FLIGHT);
    CHECK(xobito_reader_for_validation(&reader) == 0);
    answered(&reader, 404, "{}");
    CHECK(xobito_outbox_settle(outbox, step.id, &reader, 31000) == XOBITO_ERROR_VALUE);
    CHECK(xobito_reader_for_status(&reader) == 0);
    answered(&reader, 200, delivered);
    CHECK(xobito_outbox_settle(outbox, step.id, &reader, 31000) == 0);

    CHECK(xobito_outbox_poll(outbox, 31000, 1, &step) == 0 && step.kind == XOBITO_STEP_KIND_ENDED);
    CHECK(step.ended.id == enqueued.id && step.ended.end == XOBITO_END_DELIVERED);
    CHECK(step.ended.has_key && step.ended.key == 3 && step.ended.stands_for == 2 && step.ended.attempts == 2);
    CHECK(strcmp(step.ended.recipient, "+14155551234") == 0 && strcmp(step.ended.message_id, "wamid.A") == 0);
    CHECK(xobito_outbox_poll(outbox, 31000, 1, &step) == 0 && step.kind == XOBITO_STEP_KIND_IDLE);
    CHECK(xobito_outbox_count(outbox, &count) == 0 && count == 0);
}

static void refusals_are_told(xobito_outbox_t *outbox)
{
    xobito_entry_t made = entry();
    xobito_enqueued_t enqueued;
    xobito_reader_t reader;
    xobito_step_t step;
    uint64_t now = UINT64_C(0x123456789AB);

    CHECK(xobito_outbox_enqueue(outbox, &made, now, &enqueued, NULL) == 0);
    CHECK(xobito_outbox_poll(outbox, now, 1, &step) == 0 && step.kind == XOBITO_STEP_KIND_SEND);
    CHECK(xobito_reader_for_message(&reader) == 0);
    answered(&reader, 403, "{\"status\":\"error\",\"message\":\"no\"}");
    CHECK(xobito_outbox_settle(outbox, step.id, &reader, now) == 0);
    CHECK(xobito_outbox_poll(outbox, now, 1, &step) == 0 && step.kind == XOBITO_STEP_KIND_KIND_REFUSED);
    CHECK(step.endpoint == XOBITO_ENDPOINT_SEND);
    CHECK(xobito_outbox_resume(outbox) == 0);
    CHECK(xobito_outbox_poll(outbox, now + 7000, 1, &step) == 0 && step.kind == XOBITO_STEP_KIND_SEND);
    CHECK(xobito_reader_for_message(&reader) == 0);
    answered(&reader, 401, "{\"status\":\"error\",\"message\":\"no\"}");
    CHECK(xobito_outbox_settle(outbox, step.id, &reader, now + 7000) == 0);
    CHECK(xobito_outbox_poll(outbox, now + 7000, 1, &step) == 0 && step.kind == XOBITO_STEP_KIND_TOKEN_REFUSED);
    CHECK(xobito_outbox_resume(outbox) == 0);
    CHECK(xobito_outbox_poll(outbox, now + 14000, 1, &step) == 0 && step.kind == XOBITO_STEP_KIND_SEND);
    CHECK(xobito_reader_for_message(&reader) == 0);
    answered(&reader, 422, "{\"status\":\"error\",\"message\":\"no\"}");
    CHECK(xobito_outbox_settle(outbox, step.id, &reader, now + 14000) == 0);
    CHECK(xobito_outbox_poll(outbox, now + 14000, 1, &step) == 0 && step.kind == XOBITO_STEP_KIND_ENDED);
    CHECK(step.ended.end == XOBITO_END_FAILED && step.ended.cause == XOBITO_CAUSE_VALIDATION);

    made.time_to_live_ms = 1;
    CHECK(xobito_outbox_enqueue(outbox, &made, now + 30000, &enqueued, NULL) == 0);
    CHECK(xobito_outbox_poll(outbox, now + 30001, 1, &step) == 0 && step.kind == XOBITO_STEP_KIND_ENDED);
    CHECK(step.ended.end == XOBITO_END_EXPIRED && step.ended.has_key == 0 && step.ended.message_id[0] == 0);
    made.time_to_live_ms = UINT64_MAX;
    made.duplicates = XOBITO_DUPLICATES_AT_MOST_ONCE;
    CHECK(xobito_outbox_restored(outbox, now + 30001) == 0);
    CHECK(xobito_outbox_enqueue(outbox, &made, now + 30001, &enqueued, NULL) == 0);
    CHECK(xobito_outbox_poll(outbox, now + 30001, 1, &step) == 0 && step.kind == XOBITO_STEP_KIND_WAIT);
    CHECK(step.until_ms > now + 30001 && step.until_ms < now + 50000);
    CHECK(xobito_outbox_poll(outbox, step.until_ms, 1, &step) == 0 && step.kind == XOBITO_STEP_KIND_SEND);
    CHECK(xobito_reader_for_message(&reader) == 0);
    CHECK(xobito_reader_fail(&reader, XOBITO_CAUSE_TIMED_OUT, 1, NULL) == 0);
    CHECK(xobito_outbox_settle(outbox, step.id, &reader, now + 60000) == 0);
    CHECK(xobito_outbox_poll(outbox, now + 60000, 1, &step) == 0 && step.kind == XOBITO_STEP_KIND_ENDED);
    CHECK(step.ended.end == XOBITO_END_UNKNOWN && step.ended.attempts == 1);
}

static void what_was_handed_out_is_put_back_once(xobito_outbox_t *outbox)
{
    xobito_entry_t made = entry();
    xobito_enqueued_t enqueued;
    xobito_reader_t reader;
    xobito_step_t step;

    CHECK(xobito_outbox_unsend(outbox, 0) == XOBITO_ERROR_NOT_IN_FLIGHT);
    CHECK(xobito_outbox_enqueue(outbox, &made, 0, &enqueued, NULL) == 0);
    CHECK(xobito_outbox_unsend(outbox, enqueued.id) == XOBITO_ERROR_NOT_IN_FLIGHT);
    CHECK(xobito_outbox_poll(outbox, 0, 1, &step) == 0 && step.kind == XOBITO_STEP_KIND_SEND);
    CHECK(xobito_outbox_unsend(outbox, enqueued.id + 1) == XOBITO_ERROR_NOT_IN_FLIGHT);
    CHECK(xobito_outbox_unsend(outbox, 0) == XOBITO_ERROR_NOT_IN_FLIGHT);
    CHECK(xobito_outbox_poll(outbox, 0, 1, &step) == 0 && step.kind == XOBITO_STEP_KIND_IN_FLIGHT);
    CHECK(xobito_outbox_unsend(outbox, enqueued.id) == 0);
    CHECK(xobito_outbox_unsend(outbox, enqueued.id) == XOBITO_ERROR_NOT_IN_FLIGHT);

    /* Nothing was sent, so the recipient's gap did not begin: it waits as after a failed link. */
    CHECK(xobito_outbox_poll(outbox, 0, 1, &step) == 0 && step.kind == XOBITO_STEP_KIND_WAIT);
    CHECK(step.until_ms == 2000);
    CHECK(xobito_outbox_poll(outbox, 2000, 1, &step) == 0 && step.kind == XOBITO_STEP_KIND_SEND);
    CHECK(step.id == enqueued.id);
    CHECK(xobito_reader_for_message(&reader) == 0);
    answered(&reader, 200, sent);
    CHECK(xobito_outbox_settle(outbox, enqueued.id + 1, &reader, 2000) == XOBITO_ERROR_NOT_IN_FLIGHT);
    CHECK(xobito_outbox_settle(outbox, enqueued.id, &reader, 2000) == 0);
    CHECK(xobito_outbox_unsend(outbox, enqueued.id) == XOBITO_ERROR_NOT_IN_FLIGHT);

    CHECK(xobito_outbox_poll(outbox, 12000, 1, &step) == 0 && step.kind == XOBITO_STEP_KIND_QUERY);
    CHECK(xobito_outbox_settle(outbox, enqueued.id, &reader, 12000) == XOBITO_ERROR_NOT_IN_FLIGHT);
    CHECK(xobito_outbox_unsend(outbox, enqueued.id) == 0);
    CHECK(xobito_outbox_unsend(outbox, enqueued.id) == XOBITO_ERROR_NOT_IN_FLIGHT);
    CHECK(xobito_outbox_poll(outbox, 12000, 1, &step) == 0 && step.kind == XOBITO_STEP_KIND_QUERY);
    CHECK(xobito_reader_for_status(&reader) == 0);
    answered(&reader, 200, delivered);
    CHECK(xobito_outbox_settle(outbox, enqueued.id, &reader, 12000) == 0);
    CHECK(xobito_outbox_unsend(outbox, enqueued.id) == XOBITO_ERROR_NOT_IN_FLIGHT);
    CHECK(xobito_outbox_poll(outbox, 12000, 1, &step) == 0 && step.ended.end == XOBITO_END_DELIVERED);
    CHECK(step.ended.attempts == 1);

    /* A try that may have arrived has begun it. */
    CHECK(xobito_outbox_enqueue(outbox, &made, 20000, &enqueued, NULL) == 0);
    CHECK(xobito_outbox_poll(outbox, 20000, 1, &step) == 0 && step.kind == XOBITO_STEP_KIND_SEND);
    CHECK(xobito_reader_for_message(&reader) == 0);
    CHECK(xobito_reader_fail(&reader, XOBITO_CAUSE_TIMED_OUT, 1, NULL) == 0);
    CHECK(xobito_outbox_settle(outbox, enqueued.id, &reader, 20000) == 0);
    CHECK(xobito_outbox_poll(outbox, 60000, 1, &step) == 0 && step.kind == XOBITO_STEP_KIND_SEND);
    CHECK(xobito_outbox_unsend(outbox, enqueued.id) == 0);
    CHECK(xobito_outbox_poll(outbox, 60000, 1, &step) == 0 && step.kind == XOBITO_STEP_KIND_WAIT);
    CHECK(step.until_ms == 66000);
}

static void what_does_not_fit_is_refused(void)
{
    static const unsigned char no_object[] = "[]";
    xobito_outbox_config_t config;
    xobito_outbox_t *outbox = NULL;
    xobito_entry_t made = entry();
    xobito_request_t other;
    xobito_enqueued_t enqueued;
    xobito_problem_t problem;
    xobito_step_t step;
    unsigned int i;

    CHECK(sizeof small == XOBITO_OUTBOX_SMALL_SIZE && sizeof large == XOBITO_OUTBOX_LARGE_SIZE);
    CHECK(xobito_outbox_config_default(NULL) == XOBITO_ERROR_NULL);
    CHECK(xobito_outbox_config_default(&config) == 0);
    CHECK(config.per_minute == XOBITO_REQUESTS_PER_MINUTE && config.recipient_gap_ms == 6000);
    CHECK(config.queries == 12 && config.time_to_live_ms == 86400000);
    config.burst = config.per_minute;
    CHECK(xobito_outbox_small_init(&small, &config, &outbox) == XOBITO_ERROR_VALUE && outbox == NULL);
    config.burst = 5;
    config.queries = 256;
    CHECK(xobito_outbox_small_init(&small, &config, &outbox) == XOBITO_ERROR_VALUE);
    config.queries = 0;
    config.when_full = 2;
    CHECK(xobito_outbox_small_init(&small, &config, &outbox) == XOBITO_ERROR_VALUE);
    config.when_full = XOBITO_WHEN_FULL_DROP_LOWEST;
    CHECK(xobito_outbox_small_init(NULL, &config, &outbox) == XOBITO_ERROR_NULL);
    CHECK(xobito_outbox_small_init(&small, &config, NULL) == XOBITO_ERROR_NULL);
    CHECK(xobito_outbox_small_init((xobito_outbox_small_t *)(void *)((char *)&small + 4), &config, &outbox) ==
          XOBITO_ERROR_ALIGNMENT);
    CHECK(xobito_outbox_small_init(&small, &config, (xobito_outbox_t **)(void *)&small) == XOBITO_ERROR_OVERLAP);

    outbox = (xobito_outbox_t *)(void *)&large;
    CHECK(xobito_outbox_poll(outbox, 0, 0, &step) == XOBITO_ERROR_ORDER);
    CHECK(xobito_outbox_poll(NULL, 0, 0, &step) == XOBITO_ERROR_NULL);
    CHECK(xobito_outbox_enqueue(outbox, &made, 0, &enqueued, NULL) == XOBITO_ERROR_ORDER);
    CHECK(xobito_outbox_count(outbox, &made.request.body_length) == XOBITO_ERROR_ORDER);
    CHECK(xobito_outbox_resume(NULL) == XOBITO_ERROR_NULL && xobito_outbox_link_up(NULL) == XOBITO_ERROR_NULL);
    CHECK(xobito_outbox_unsend(NULL, 1) == XOBITO_ERROR_NULL && xobito_outbox_restored(NULL, 0) == XOBITO_ERROR_NULL);

    CHECK(xobito_outbox_small_init(&small, &config, &outbox) == 0);
    CHECK((void *)outbox == (void *)&small);
    CHECK(xobito_outbox_poll(outbox, 0, 0, (xobito_step_t *)(void *)&small) == XOBITO_ERROR_OVERLAP);
    CHECK(xobito_outbox_poll(outbox, 0, 0, NULL) == XOBITO_ERROR_NULL);
    CHECK(xobito_outbox_stands_for(outbox, 1, text("x"), &problem.index) == XOBITO_ERROR_PHONE);
    CHECK(xobito_outbox_settle(outbox, 1, NULL, 0) == XOBITO_ERROR_NULL);
    CHECK(xobito_outbox_enqueue(outbox, NULL, 0, &enqueued, &problem) == XOBITO_ERROR_NULL);
    CHECK(xobito_outbox_enqueue(outbox, &made, 0, NULL, &problem) == XOBITO_ERROR_NULL);
    made.duplicates = 0;
    CHECK(xobito_outbox_enqueue(outbox, &made, 0, &enqueued, &problem) == XOBITO_ERROR_VALUE);
    made = entry();
    made.priority = 3;
    CHECK(xobito_outbox_enqueue(outbox, &made, 0, &enqueued, &problem) == XOBITO_ERROR_VALUE);
    made = entry();
    made.coalesce = 3;
    CHECK(xobito_outbox_enqueue(outbox, &made, 0, &enqueued, &problem) == XOBITO_ERROR_VALUE);
    made = entry();
    made.recipient = text("0041");
    CHECK(xobito_outbox_enqueue(outbox, &made, 0, &enqueued, &problem) == XOBITO_ERROR_PHONE);
    made = entry();
    made.request.endpoint = XOBITO_ENDPOINT_VALIDATE;
    CHECK(xobito_outbox_enqueue(outbox, &made, 0, &enqueued, &problem) == XOBITO_ERROR_VALUE);
    made = entry();
    made.request.body = no_object;
    made.request.body_length = 2;
    CHECK(xobito_outbox_enqueue(outbox, &made, 0, &enqueued, &problem) == XOBITO_ERROR_NOT_AN_OBJECT);
    made = entry();
    other = made.request;
    made.template_request = &other;
    CHECK(xobito_outbox_enqueue(outbox, &made, 0, &enqueued, &problem) == XOBITO_ERROR_NOT_A_TEMPLATE);
    other.endpoint = XOBITO_ENDPOINT_TEMPLATE;
    CHECK(xobito_outbox_enqueue(outbox, &made, 0, &enqueued, &problem) == 0);
    made.is_template_first = 1;
    CHECK(xobito_outbox_enqueue(outbox, &made, 0, &enqueued, &problem) == 0);
    memset(body, ' ', sizeof body);
    body[0] = '{';
    body[XOBITO_OUTBOX_SMALL_BYTES] = '}';
    made = entry();
    memset(body + 1, ' ', XOBITO_OUTBOX_SMALL_BYTES);
    body[XOBITO_OUTBOX_SMALL_BYTES] = '}';
    made.request.body_length = XOBITO_OUTBOX_SMALL_BYTES + 1;
    CHECK(xobito_outbox_enqueue(outbox, &made, 0, &enqueued, &problem) == XOBITO_ERROR_BUFFER_TOO_SMALL);
    CHECK(problem.maximum == XOBITO_OUTBOX_SMALL_BYTES && problem.actual == XOBITO_OUTBOX_SMALL_BYTES + 1);
    made = entry();
    for (i = 2; i < XOBITO_OUTBOX_SMALL_SLOTS; i++) {
        CHECK(xobito_outbox_enqueue(outbox, &made, 0, &enqueued, &problem) == 0);
    }
    CHECK(xobito_outbox_enqueue(outbox, &made, 0, &enqueued, &problem) == XOBITO_ERROR_FULL);
    CHECK(problem.maximum == XOBITO_OUTBOX_SMALL_SLOTS);
    made.priority = XOBITO_PRIORITY_URGENT;
    CHECK(xobito_outbox_enqueue(outbox, &made, 0, &enqueued, &problem) == 0);
    CHECK(enqueued.has_displaced && enqueued.displaced.id == 1 && enqueued.displaced.end == XOBITO_END_DROPPED);
}

void run_outbox(void)
{
    xobito_outbox_t *outbox = NULL;

    what_does_not_fit_is_refused();
    CHECK(xobito_outbox_small_init(&small, NULL, &outbox) == 0);
    an_alert_is_sent_and_followed_to_its_end(outbox);
    CHECK(xobito_outbox_large_init(&large, NULL, &outbox) == 0);
    an_alert_is_sent_and_followed_to_its_end(outbox);
    CHECK(xobito_outbox_large_init(&large, NULL, &outbox) == 0);
    refusals_are_told(outbox);
    CHECK(xobito_outbox_small_init(&small, NULL, &outbox) == 0);
    what_was_handed_out_is_put_back_once(outbox);
}
