/* Messages become the core's bytes, at once and in pieces of any size; answers become the core's outcomes, in chunks
   of any size. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vectors.h"

static void check_problem(const xobito_problem_t *problem, const expected_t *expected)
{
    char name[64];
    size_t length = 0;

    CHECK(problem->error == expected->error);
    CHECK(problem->minimum == expected->minimum);
    CHECK(problem->maximum == expected->maximum);
    CHECK(problem->actual == expected->actual);
    CHECK(problem->position == expected->position);
    CHECK(xobito_field_name(problem->field, problem->index, name, sizeof name, &length) == 0);
    CHECK(length == strlen(name) && strcmp(name, expected->field) == 0);
}

static void check_request(int32_t status, const xobito_request_t *request, const expected_t *expected)
{
    CHECK(status == (expected->warning == 0 ? XOBITO_STATUS_OK : XOBITO_STATUS_WARNING_BODY_LENGTH));
    CHECK(request->endpoint == expected->endpoint);
    CHECK(request->body_length == expected->length);
    CHECK(request->warning_characters == expected->warning);
}

static void check_bytes(const unsigned char *bytes, const expected_t *expected)
{
    CHECK(memcmp(bytes, expected->body, expected->length) == 0);
}

#define ENCODES(kind, type, argument)                                                                                \
    static void encodes_##kind(const type *message, const expected_t *expected)                                      \
    {                                                                                                                \
        xobito_request_t request;                                                                                    \
        xobito_problem_t problem;                                                                                    \
        size_t capacity = expected->length;                                                                          \
        unsigned char *buffer = exactly(capacity);                                                                   \
        int32_t status = xobito_##kind##_encode(argument, buffer, capacity, &request, &problem);                     \
                                                                                                                     \
        if (expected->error != 0) {                                                                                  \
            CHECK(status == expected->error);                                                                        \
            check_problem(&problem, expected);                                                                       \
            CHECK(xobito_##kind##_encode(argument, NULL, 0, &request, NULL) == expected->error);                     \
            free(buffer);                                                                                            \
            return;                                                                                                  \
        }                                                                                                            \
        check_request(status, &request, expected);                                                                   \
        CHECK(request.body == buffer && problem.error == 0 && problem.field == XOBITO_FIELD_NONE);                   \
        check_bytes(buffer, expected);                                                                               \
        free(buffer);                                                                                                \
        buffer = exactly(capacity - 1);                                                                              \
        status = xobito_##kind##_encode(argument, buffer, capacity - 1, &request, &problem);                         \
        CHECK(status == XOBITO_ERROR_BUFFER_TOO_SMALL && problem.error == status);                                   \
        CHECK(problem.maximum == capacity - 1 && problem.actual == capacity);                                        \
        status = xobito_##kind##_encode(argument, NULL, 0, &request, &problem);                                      \
        CHECK(status == XOBITO_ERROR_BUFFER_TOO_SMALL && problem.actual == capacity);                                \
        free(buffer);                                                                                                \
    }

#define PIECES(kind, type)                                                                                           \
    static void pieces_##kind(const type *message, const expected_t *expected, size_t size)                          \
    {                                                                                                                \
        xobito_stream_t *stream = exactly(sizeof *stream);                                                           \
        xobito_request_t request;                                                                                    \
        xobito_problem_t problem;                                                                                    \
        unsigned char *whole = exactly(expected->length);                                                            \
        size_t reached = 0, length = 0;                                                                              \
        int32_t status = xobito_##kind##_begin(stream, message, &request, &problem);                                 \
                                                                                                                     \
        if (expected->error != 0) {                                                                                  \
            CHECK(status == expected->error);                                                                        \
            check_problem(&problem, expected);                                                                       \
            free(whole);                                                                                             \
            free(stream);                                                                                            \
            return;                                                                                                  \
        }                                                                                                            \
        check_request(status, &request, expected);                                                                   \
        CHECK(request.body == NULL && problem.error == 0);                                                           \
        for (;;) {                                                                                                   \
            unsigned char *piece = exactly(size);                                                                    \
                                                                                                                     \
            status = xobito_##kind##_next(stream, message, piece, size, &length);                                    \
            if (status != XOBITO_STATUS_MORE || length > expected->length - reached) {                               \
                free(piece);                                                                                         \
                break;                                                                                               \
            }                                                                                                        \
            memcpy(whole + reached, piece, length);                                                                  \
            reached += length;                                                                                       \
            CHECK(length == size || reached == expected->length);                                                    \
            free(piece);                                                                                             \
        }                                                                                                            \
        CHECK(status == XOBITO_STATUS_OK && length == 0 && reached == expected->length);                             \
        check_bytes(whole, expected);                                                                                \
        free(whole);                                                                                                 \
        free(stream);                                                                                                \
    }

#define KIND(kind)                                                                                                   \
    ENCODES(kind, xobito_##kind##_message_t, message)                                                                \
    PIECES(kind, xobito_##kind##_message_t)                                                                          \
    void check_##kind(const xobito_##kind##_message_t *message, const expected_t *expected)                          \
    {                                                                                                                \
        encodes_##kind(message, expected);                                                                           \
        if (expected->length < 2000) {                                                                               \
            pieces_##kind(message, expected, 1);                                                                     \
            pieces_##kind(message, expected, 7);                                                                     \
        }                                                                                                            \
        pieces_##kind(message, expected, 512);                                                                       \
        pieces_##kind(message, expected, expected->length + 1);                                                      \
    }

KIND(text)
KIND(button)
KIND(url)
KIND(template)
KIND(media)
ENCODES(phone_query, xobito_text_t, *message)

void check_phone_query(const xobito_text_t *number, const expected_t *expected)
{
    encodes_phone_query(number, expected);
    CHECK(expected->length <= XOBITO_PHONE_QUERY_BODY_MAX);
}

/* What an outcome says, in the words that the Rust side uses. */
typedef struct {
    char text[4096];
    size_t length;
} told_t;

static void say(told_t *told, const char *text, size_t length)
{
    if (length < sizeof told->text - told->length) {
        memcpy(told->text + told->length, text, length);
        told->length += length;
    }
}

static void words(told_t *told, const char *text)
{
    say(told, text, strlen(text));
}

static void number(told_t *told, const char *name, unsigned long long value)
{
    char text[32];

    (void)snprintf(text, sizeof text, "%llu", value);
    words(told, name);
    words(told, text);
}

static void kept(told_t *told, const char *name, const xobito_kept_t *text)
{
    words(told, name);
    if (text->text.data == NULL) {
        CHECK(text->text.length == 0 && text->is_cut == 0);
        words(told, "-");
        return;
    }
    words(told, "'");
    say(told, text->text.data, text->text.length);
    words(told, text->is_cut != 0 ? "'..." : "'");
}

static void maybe(told_t *told, const char *name, int has, unsigned long long value)
{
    if (has) {
        number(told, name, value);
    } else {
        words(told, name);
        words(told, "-");
    }
}

static void tell_answer(told_t *told, const came_t *came, const xobito_reader_t *reader)
{
    static const char *const states[] = { "", "pending", "sent", "delivered", "read", "failed", "other" };
    xobito_accepted_t accepted;
    xobito_delivery_t delivery;
    xobito_validation_t validation;
    int32_t none = XOBITO_ERROR_NOT_THERE;

    if (came->prepare == xobito_reader_for_message) {
        CHECK(xobito_reader_delivery(reader, &delivery) == none);
        CHECK(xobito_reader_validation(reader, &validation) == none);
        CHECK(xobito_reader_accepted(reader, &accepted) == 0);
        kept(told, " id=", &accepted.message_id);
        kept(told, " message=", &accepted.message);
        kept(told, " phone=", &accepted.phone);
        kept(told, " status=", &accepted.status);
        kept(told, " sent_at=", &accepted.sent_at);
        maybe(told, " contact=", accepted.has_contact_id, accepted.contact_id);
        maybe(told, " chat=", accepted.has_chat_id, accepted.chat_id);
        number(told, " follow=", accepted.can_be_followed);
        number(told, " created=", (unsigned long long)accepted.contact_created);
        CHECK((xobito_message_id_check(accepted.message_id.text) == 0) ==
              (accepted.can_be_followed || accepted.message_id.is_cut));
    } else if (came->prepare == xobito_reader_for_status) {
        CHECK(xobito_reader_accepted(reader, &accepted) == none);
        CHECK(xobito_reader_delivery(reader, &delivery) == 0);
        words(told, " state=");
        words(told, states[delivery.state]);
        number(told, " closed=", delivery.window_closed);
        kept(told, " id=", &delivery.message_id);
        kept(told, " error=", &delivery.error);
        kept(told, " updated=", &delivery.last_updated);
    } else {
        CHECK(xobito_reader_accepted(reader, &accepted) == none);
        CHECK(xobito_reader_validation(reader, &validation) == 0);
        number(told, " valid=", (unsigned long long)validation.format_valid);
        kept(told, " phone=", &validation.phone);
        kept(told, " digits=", &validation.phone_digits);
        kept(told, " code=", &validation.country_code);
        kept(told, " country=", &validation.country);
        kept(told, " national=", &validation.national_number);
        kept(told, " e164=", &validation.e164);
        kept(told, " reason=", &validation.reason);
        kept(told, " note=", &validation.note);
    }
}

static void tell(told_t *told, const came_t *came, const xobito_reader_t *reader, const xobito_outcome_t *outcome)
{
    xobito_text_t cause;
    xobito_field_error_t error;
    xobito_accepted_t accepted;
    size_t index;

    number(told, "retry=", (unsigned long long)outcome->retry);
    number(told, " after=", outcome->retry_after_s);
    CHECK(xobito_cause_word(outcome->cause, &cause) == 0);
    words(told, " cause=");
    say(told, cause.data, cause.length);
    number(told, " kind=", (unsigned long long)outcome->kind);
    if (outcome->kind == XOBITO_OUTCOME_KIND_ACCEPTED) {
        tell_answer(told, came, reader);
        return;
    }
    CHECK(xobito_reader_accepted(reader, &accepted) == XOBITO_ERROR_NOT_THERE);
    if (outcome->kind == XOBITO_OUTCOME_KIND_NOT_SENT) {
        return;
    }
    number(told, " http=", outcome->http_status);
    if (outcome->kind == XOBITO_OUTCOME_KIND_REJECTED) {
        number(told, " stated=", outcome->is_wait_stated);
        kept(told, " message=", &outcome->message);
        number(told, " omitted=", outcome->field_errors_omitted);
        for (index = 0; index < outcome->field_errors; index++) {
            CHECK(xobito_reader_field_error(reader, index, &error) == 0);
            kept(told, " (", &error.field);
            kept(told, ": ", &error.message);
            words(told, ")");
        }
    }
    CHECK(xobito_reader_field_error(reader, outcome->field_errors, &error) == XOBITO_ERROR_NOT_THERE);
}

static void in_chunks(const came_t *came, size_t size)
{
    static told_t told;
    xobito_reader_t *reader = exactly(sizeof *reader);
    xobito_outcome_t outcome, again;
    size_t at;

    told.length = 0;
    CHECK(came->prepare(reader) == 0);
    if (came->status >= 0) {
        CHECK(xobito_reader_status(reader, 103) == 0);
        CHECK(xobito_reader_status(reader, (uint16_t)came->status) == 0);
    }
    if (came->retry_after.data != NULL) {
        CHECK(xobito_reader_retry_after(reader, came->retry_after) >= 0);
    }
    for (at = 0; at < came->length; at += size) {
        size_t left = came->length - at;
        size_t length = left < size ? left : size;
        unsigned char *chunk = exactly(length);

        memcpy(chunk, came->body + at, length);
        CHECK(xobito_reader_feed(reader, chunk, length) >= 0);
        free(chunk);
    }
    if (came->cause != 0) {
        CHECK(xobito_reader_fail(reader, came->cause, came->left, &outcome) == 0);
    } else {
        CHECK(xobito_reader_finish(reader, &outcome) == 0);
    }
    tell(&told, came, reader, &outcome);
    CHECK(told.length == came->told_length && memcmp(told.text, came->told, told.length) == 0);
    if (told.length != came->told_length || memcmp(told.text, came->told, told.length) != 0) {
        printf("C:    %.*s\nRust: %.*s\n", (int)told.length, told.text, (int)came->told_length,
               (const char *)came->told);
    }
    CHECK(xobito_reader_outcome(reader, &again) == 0);
    CHECK(again.kind == outcome.kind && again.message.text.data == outcome.message.text.data);
    free(reader);
}

void check_answer(const came_t *came)
{
    in_chunks(came, 1);
    in_chunks(came, 5);
    in_chunks(came, 4096);
}
