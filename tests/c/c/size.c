/* One program for each feature, so that the linker tells what it costs: `cargo xtask c-sizes`. Nobody runs them. */

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(WITH_CJSON)
#include "cJSON.h"
#elif defined(WITH_JSMN)
#include "jsmn.h"
#else
#include "xobito.h"
#endif

/* What the compiler must not know, and what it must not leave out. */
volatile const char *volatile input = "input";
volatile size_t volatile_length = 5;
volatile uintptr_t sink;
static uint8_t buffer[1024];

#if defined(WITH_CJSON)

#ifdef TEXT
static int build(void)
{
    cJSON *request = cJSON_CreateObject();

    if (request == NULL || cJSON_AddStringToObject(request, "phone_number", (const char *)input) == NULL ||
        cJSON_AddStringToObject(request, "message_body", (const char *)input) == NULL ||
        cJSON_AddStringToObject(request, "message_type", "text") == NULL ||
        !cJSON_PrintPreallocated(request, (char *)buffer, sizeof buffer, 0)) {
        cJSON_Delete(request);
        return 1;
    }
    cJSON_Delete(request);
    return 0;
}
#endif

#ifdef READER
static int read_answer(void)
{
    cJSON *answer = cJSON_ParseWithLength((const char *)input, volatile_length);
    const cJSON *data = cJSON_GetObjectItemCaseSensitive(answer, "data");
    const char *status = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(answer, "status"));
    const char *id = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(data, "message_id"));
    const cJSON *contact = cJSON_GetObjectItemCaseSensitive(data, "contact_id");
    const cJSON *wait = cJSON_GetObjectItemCaseSensitive(answer, "retry_after");
    int accepted = status != NULL && strcmp(status, "success") == 0 && id != NULL && strlen(id) < sizeof buffer;

    if (accepted) {
        strcpy((char *)buffer, id);
        sink = contact != NULL ? (uintptr_t)contact->valueint : 0;
    } else {
        sink = wait != NULL ? (uintptr_t)wait->valueint : 60;
    }
    cJSON_Delete(answer);
    return accepted;
}
#endif

#elif defined(WITH_JSMN)

static int is_key(const char *json, const jsmntok_t *token, const char *key)
{
    size_t length = (size_t)(token->end - token->start);

    return token->type == JSMN_STRING && strlen(key) == length && memcmp(json + token->start, key, length) == 0;
}

static int read_answer(void)
{
    static jsmntok_t tokens[64];
    const char *json = (const char *)input;
    jsmn_parser parser;
    int count, i, accepted = 0, has_id = 0;

    jsmn_init(&parser);
    count = jsmn_parse(&parser, json, volatile_length, tokens, 64);
    for (i = 1; i + 1 < count; i++) {
        const jsmntok_t *value = &tokens[i + 1];
        size_t length = (size_t)(value->end - value->start);

        if (is_key(json, &tokens[i], "status") && value->type == JSMN_STRING && length == 7 &&
            memcmp(json + value->start, "success", 7) == 0) {
            accepted = 1;
        } else if (is_key(json, &tokens[i], "message_id") && value->type == JSMN_STRING && length < sizeof buffer) {
            memcpy(buffer, json + value->start, length);
            has_id = 1;
        } else if ((is_key(json, &tokens[i], "contact_id") || is_key(json, &tokens[i], "retry_after")) &&
                   value->type == JSMN_PRIMITIVE) {
            uint32_t number = 0;
            int at;

            for (at = value->start; at < value->end; at++) {
                number = number * 10 + (uint32_t)(json[at] - '0');
            }
            sink = number;
        }
    }
    return accepted && has_id;
}

#else

#define GIVEN { (const char *)input, volatile_length }

#ifdef TEXT
static void text(void)
{
    xobito_text_message_t message = { GIVEN, GIVEN, NULL };
    xobito_request_t request;

    sink = (uintptr_t)xobito_text_encode(&message, buffer, volatile_length, &request, NULL);
}
#endif

#ifdef MESSAGES
static void messages(void)
{
    xobito_button_t button = { GIVEN, GIVEN };
    xobito_text_t number = GIVEN;
    xobito_button_message_t buttons;
    xobito_url_message_t url;
    xobito_template_message_t with_template;
    xobito_media_message_t media;
    xobito_request_t request;

    memset(&buttons, 0, sizeof buttons);
    memset(&url, 0, sizeof url);
    memset(&with_template, 0, sizeof with_template);
    memset(&media, 0, sizeof media);
    buttons.to = url.to = with_template.to = media.to = number;
    buttons.buttons = &button;
    buttons.button_count = volatile_length;
    sink = (uintptr_t)xobito_button_encode(&buttons, buffer, volatile_length, &request, NULL);
    sink = (uintptr_t)xobito_url_encode(&url, buffer, volatile_length, &request, NULL);
    sink = (uintptr_t)xobito_template_encode(&with_template, buffer, volatile_length, &request, NULL);
    sink = (uintptr_t)xobito_media_encode(&media, buffer, volatile_length, &request, NULL);
    sink = (uintptr_t)xobito_phone_query_encode(number, buffer, volatile_length, &request, NULL);
}
#endif

#ifdef HEAD
static void head(void)
{
    xobito_account_t account = { GIVEN, GIVEN, GIVEN };
    xobito_text_t id = GIVEN;
    size_t length;

    sink = (uintptr_t)xobito_url(&account, (int32_t)volatile_length, id, (char *)buffer, volatile_length, &length);
    sink = (uintptr_t)xobito_headers(&account, (int32_t)volatile_length, (char *)buffer, volatile_length, &length);
}
#endif

#ifdef READER
static xobito_reader_t reader;

static void finish(void)
{
    xobito_outcome_t outcome;

    sink = (uintptr_t)xobito_reader_status(&reader, (uint16_t)volatile_length);
    sink = (uintptr_t)xobito_reader_feed(&reader, (const uint8_t *)input, volatile_length);
    sink = (uintptr_t)xobito_reader_finish(&reader, &outcome);
    sink = (uintptr_t)outcome.kind;
}

static void read_answer(void)
{
    xobito_accepted_t accepted;

    sink = (uintptr_t)xobito_reader_for_message(&reader);
    finish();
    sink = (uintptr_t)xobito_reader_accepted(&reader, &accepted);
    sink = accepted.message_id.text.length;
}
#endif

#ifdef STATUS
static void read_status(void)
{
    xobito_delivery_t delivery;

    sink = (uintptr_t)xobito_reader_for_status(&reader);
    finish();
    sink = (uintptr_t)xobito_reader_delivery(&reader, &delivery);
    sink = (uintptr_t)delivery.state;
}
#endif

#ifdef OUTBOX
static xobito_outbox_small_t storage;

static void use_outbox(void)
{
    xobito_outbox_t *outbox;
    xobito_entry_t entry;
    xobito_enqueued_t enqueued;
    xobito_step_t step;

    memset(&entry, 0, sizeof entry);
    entry.request.body = (const uint8_t *)input;
    entry.duplicates = (int32_t)volatile_length;
    sink = (uintptr_t)xobito_outbox_small_init(&storage, NULL, &outbox);
    sink = (uintptr_t)xobito_outbox_enqueue(outbox, &entry, volatile_length, &enqueued, NULL);
    sink = (uintptr_t)xobito_outbox_poll(outbox, volatile_length, 1, &step);
    sink = (uintptr_t)xobito_outbox_settle(outbox, step.id, &reader, volatile_length);
}
#endif

#endif

int main(void)
{
#if defined(WITH_CJSON) || defined(WITH_JSMN)
#ifdef TEXT
    sink = (uintptr_t)build();
#endif
#ifdef READER
    sink = (uintptr_t)read_answer();
#endif
#else
#ifdef TEXT
    text();
#endif
#ifdef MESSAGES
    messages();
#endif
#ifdef HEAD
    head();
#endif
#ifdef READER
    read_answer();
#endif
#ifdef STATUS
    read_status();
#endif
#ifdef OUTBOX
    use_outbox();
#endif
#endif
    return buffer[0];
}
