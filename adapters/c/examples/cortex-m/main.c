/* Bare metal: builds a request, reads stored answers, and sends an alert through the outbox; prints what came of it.
 *
 * Without a network: where a device would talk to its modem, stored answers stand. It runs on QEMU's mps2-an386 board
 * and ends with 0 if all went as it should. It needs neither a heap nor an operating system.
 */

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "semihosting.h"
#include "xobito.h"

static const xobito_account_t account = {
    XOBITO_LITERAL("dash.xobito.com"),
    XOBITO_LITERAL("acme"),
    XOBITO_LITERAL("apitk_0123456789abcdef"),
};

static const char accepted_answer[] =
    "{\"status\":\"success\",\"message\":\"Message sent successfully\",\"data\":{\"message_id\":\"wamid.HBgLMTQx\","
    "\"contact_id\":451,\"phone\":\"+14155551234\",\"message\":\"Freezer 3: \\u00fc\",\"status\":\"sent\"}}";
static const char delivered_answer[] =
    "{\"status\":\"success\",\"data\":{\"message_id\":\"wamid.HBgLMTQx\",\"delivery_status\":\"delivered\"}}";
static const char refused_answer[] =
    "{\"status\":\"error\",\"message\":\"Validation failed\",\"errors\":{\"message_body\":[\"is required\"]}}";

/* In a device these are static, so that the linker knows what they take. */
static uint8_t body[512];
static xobito_reader_t reader;
static xobito_outbox_small_t storage;

static void print_text(xobito_text_t text)
{
    print_bytes(text.data, text.length);
}

/* As a modem hands it out: in pieces. */
static void read_answer(uint16_t status, const char *answer)
{
    size_t length = strlen(answer);
    size_t at;

    xobito_reader_status(&reader, status);
    for (at = 0; at < length; at += 16) {
        size_t left = length - at;

        xobito_reader_feed(&reader, (const uint8_t *)answer + at, left < 16 ? left : 16);
    }
}

static int build_and_read(xobito_request_t *request)
{
    xobito_text_message_t message = { XOBITO_LITERAL("+14155551234"), XOBITO_LITERAL("Freezer 3 is open"), NULL };
    xobito_outcome_t outcome;
    xobito_accepted_t accepted;
    xobito_field_error_t error;
    char head[384];
    size_t length;

    if (xobito_text_encode(&message, body, sizeof body, request, NULL) != XOBITO_STATUS_OK ||
        xobito_http_head(&account, request->endpoint, message.body, (uint32_t)request->body_length, head, sizeof head,
                         &length) != XOBITO_STATUS_OK) {
        return 1;
    }
    print_bytes(head, length);
    print_bytes((const char *)request->body, request->body_length);
    print("\n");
    xobito_wipe((uint8_t *)head, sizeof head);

    xobito_reader_for_message(&reader);
    read_answer(200, accepted_answer);
    if (xobito_reader_finish(&reader, &outcome) != XOBITO_STATUS_OK ||
        xobito_reader_accepted(&reader, &accepted) != XOBITO_STATUS_OK) {
        return 2;
    }
    print("accepted as ");
    print_text(accepted.message_id.text);
    print("\n");

    xobito_reader_for_message(&reader);
    read_answer(422, refused_answer);
    if (xobito_reader_finish(&reader, &outcome) != XOBITO_STATUS_OK || outcome.cause != XOBITO_CAUSE_VALIDATION ||
        xobito_reader_field_error(&reader, 0, &error) != XOBITO_STATUS_OK) {
        return 3;
    }
    print("refused: ");
    print_text(error.field.text);
    print(" ");
    print_text(error.message.text);
    print("\n");
    return 0;
}

static int send_through_outbox(const xobito_request_t *request)
{
    xobito_outbox_t *outbox;
    xobito_entry_t entry;
    xobito_enqueued_t enqueued;
    xobito_step_t step;
    uint64_t now_ms = 0;
    int steps;

    memset(&entry, 0, sizeof entry);
    entry.request = *request;
    entry.recipient.data = "+14155551234";
    entry.recipient.length = 12;
    entry.duplicates = XOBITO_DUPLICATES_AT_LEAST_ONCE;
    if (xobito_outbox_small_init(&storage, NULL, &outbox) != XOBITO_STATUS_OK ||
        xobito_outbox_enqueue(outbox, &entry, now_ms, &enqueued, NULL) != XOBITO_STATUS_OK) {
        return 4;
    }
    for (steps = 0; steps < 16; steps++) {
        xobito_outbox_poll(outbox, now_ms, 1, &step);
        switch (step.kind) {
        case XOBITO_STEP_KIND_SEND:
            print("sending\n");
            xobito_reader_for_message(&reader);
            read_answer(200, accepted_answer);
            xobito_reader_finish(&reader, NULL);
            xobito_outbox_settle(outbox, step.id, &reader, now_ms);
            break;
        case XOBITO_STEP_KIND_QUERY:
            print("asking after ");
            print(step.message_id);
            print("\n");
            xobito_reader_for_status(&reader);
            read_answer(200, delivered_answer);
            xobito_reader_finish(&reader, NULL);
            xobito_outbox_settle(outbox, step.id, &reader, now_ms);
            break;
        case XOBITO_STEP_KIND_WAIT:
            now_ms = step.until_ms; /* A device sleeps here. */
            break;
        case XOBITO_STEP_KIND_ENDED:
            print(step.ended.end == XOBITO_END_DELIVERED ? "delivered\n" : "not delivered\n");
            return step.ended.end == XOBITO_END_DELIVERED ? 0 : 5;
        default:
            return 6;
        }
    }
    return 7;
}

int main(void)
{
    xobito_request_t request;
    int failure = build_and_read(&request);

    if (failure == 0) {
        failure = send_through_outbox(&request);
    }
    print("flash of the library in this program: ");
    print_number(flash_of_library());
    print(" bytes\n");
    return failure;
}
