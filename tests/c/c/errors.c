/* Every function, and every error that it can answer. */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "errors.h"
#include "xobito.h"

static xobito_text_t text(const char *literal)
{
    xobito_text_t made;

    made.data = literal;
    made.length = strlen(literal);
    return made;
}

static xobito_account_t account(void)
{
    xobito_account_t made;

    made.host = text("localhost:8443");
    made.subdomain = text("acme");
    made.token = text("apitk_0123");
    return made;
}

static const xobito_text_t none = { NULL, 0 };

static void a_text_is_looked_at_before_it_is_read(void)
{
    xobito_problem_t problem;
    xobito_text_t number = { NULL, 12 };

    CHECK(xobito_phone_check(number, NULL) == XOBITO_ERROR_NULL);
    number.data = "+14155551234";
    CHECK(xobito_phone_check(number, NULL) == XOBITO_STATUS_OK);
    number.length = SIZE_MAX / 2 + 1;
    CHECK(xobito_phone_check(number, NULL) == XOBITO_ERROR_LENGTH);
    number.data = (const char *)(UINTPTR_MAX - 3);
    number.length = 12;
    CHECK(xobito_phone_check(number, NULL) == XOBITO_ERROR_LENGTH);
    CHECK(xobito_phone_check(text("+1415\xff"), &problem) == XOBITO_ERROR_UTF8);
    CHECK(problem.error == XOBITO_ERROR_UTF8 && problem.field == XOBITO_FIELD_PHONE_NUMBER);
    CHECK(xobito_phone_check(none, NULL) == XOBITO_ERROR_PHONE);
    CHECK(xobito_phone_check(text("+1415555"), &problem) == XOBITO_ERROR_PHONE);
    CHECK(problem.minimum == 8 && problem.maximum == 15 && problem.actual == 7);
    CHECK(xobito_phone_check(text("+1415x551234"), &problem) == XOBITO_ERROR_PHONE && problem.position == 5);
    CHECK(xobito_phone_check(text("+0415551234"), &problem) == XOBITO_ERROR_PHONE && problem.position == 1);
    CHECK(xobito_phone_check(number, (xobito_problem_t *)(void *)((char *)&problem + 1)) == XOBITO_ERROR_ALIGNMENT);
}

static void an_account_is_checked_part_by_part(void)
{
    xobito_account_t made = account();
    xobito_problem_t problem;
    xobito_host_t host;

    CHECK(xobito_account_check(&made, NULL) == XOBITO_STATUS_OK);
    CHECK(xobito_account_check(&made, &problem) == XOBITO_STATUS_OK && problem.error == 0);
    CHECK(xobito_account_check(NULL, &problem) == XOBITO_ERROR_NULL && problem.error == XOBITO_ERROR_NULL);
    CHECK(xobito_account_check((const xobito_account_t *)(const void *)((char *)&made + 1), NULL) ==
          XOBITO_ERROR_ALIGNMENT);
    CHECK(xobito_host(&made, &host) == 0 && host.port == 8443);
    CHECK(host.name.length == 9 && memcmp(host.name.data, "localhost", 9) == 0);
    CHECK(xobito_host(NULL, &host) == XOBITO_ERROR_NULL && xobito_host(&made, NULL) == XOBITO_ERROR_NULL);
    made.host = text("dash.xobito.com");
    CHECK(xobito_host(&made, &host) == 0 && host.port == 443);
    made.host = text("https://dash.xobito.com");
    CHECK(xobito_account_check(&made, &problem) == XOBITO_ERROR_HOST && problem.position == 6);
    CHECK(xobito_host(&made, &host) == XOBITO_ERROR_HOST);
    made.host = text("d\xc3(");
    CHECK(xobito_account_check(&made, NULL) == XOBITO_ERROR_HOST);
    made.host.data = NULL;
    CHECK(xobito_account_check(&made, NULL) == XOBITO_ERROR_NULL);
    made = account();
    made.subdomain = text("a/b");
    CHECK(xobito_account_check(&made, &problem) == XOBITO_ERROR_SUBDOMAIN && problem.position == 1);
    CHECK(problem.maximum == XOBITO_SUBDOMAIN_MAX);
    made = account();
    made.token = text("secret\r\nX: y");
    CHECK(xobito_account_check(&made, &problem) == XOBITO_ERROR_TOKEN && problem.position == 6);
    made.token = none;
    CHECK(xobito_account_check(&made, &problem) == XOBITO_ERROR_TOKEN && problem.maximum == XOBITO_TOKEN_MAX);
}

static void ids_are_checked(void)
{
    char id[XOBITO_MESSAGE_ID_MAX + 2];

    memset(id, 'x', sizeof id);
    id[sizeof id - 1] = 0;
    CHECK(xobito_message_id_check(text(id)) == XOBITO_ERROR_MESSAGE_ID);
    CHECK(xobito_message_id_check(text(id + 1)) == XOBITO_STATUS_OK);
    CHECK(xobito_message_id_check(text("..")) == XOBITO_ERROR_MESSAGE_ID);
    CHECK(xobito_message_id_check(text("\xff")) == XOBITO_ERROR_UTF8);
    CHECK(xobito_message_id_check(none) == XOBITO_ERROR_MESSAGE_ID);
}

static void memory_is_wiped(void)
{
    unsigned char memory[4] = { 1, 2, 3, 4 };

    CHECK(xobito_wipe(memory, 3) == 0);
    CHECK(memory[0] == 0 && memory[1] == 0 && memory[2] == 0 && memory[3] == 4);
    CHECK(xobito_wipe(NULL, 0) == 0 && xobito_wipe(NULL, 1) == XOBITO_ERROR_NULL);
    CHECK(xobito_wipe(memory, SIZE_MAX) == XOBITO_ERROR_LENGTH);
}

static void a_head_is_text_for_any_client(void)
{
    static const char whole[] = "GET /api/v1/acme/messages/wamid.a%3D%3D/status HTTP/1.1\r\nHost: localhost:8443\r\n"
                                "Authorization: Bearer apitk_0123\r\nAccept: application/json\r\n\r\n";
    static const char lines[] = "Authorization: Bearer apitk_0123\r\nAccept: application/json\r\n"
                                "Content-Type: application/json\r\n";
    xobito_account_t made = account();
    xobito_text_t id = text("wamid.a==");
    char buffer[256];
    const char *name = NULL;
    size_t length = 0;

    CHECK(strcmp(xobito_method(XOBITO_ENDPOINT_STATUS), "GET") == 0);
    CHECK(strcmp(xobito_method(XOBITO_ENDPOINT_SEND), "POST") == 0);
    CHECK(xobito_method(0) == NULL && xobito_method(6) == NULL);

    CHECK(xobito_path(&made, XOBITO_ENDPOINT_TEMPLATE, none, buffer, sizeof buffer, &length) == 0);
    CHECK(strcmp(buffer, "/api/v1/acme/messages/template") == 0 && length == strlen(buffer));
    CHECK(xobito_path(&made, XOBITO_ENDPOINT_MEDIA, none, buffer, length + 1, &length) == XOBITO_ERROR_BUFFER_TOO_SMALL ||
          strcmp(buffer, "/api/v1/acme/messages/media") == 0);
    CHECK(xobito_path(&made, XOBITO_ENDPOINT_VALIDATE, none, buffer, sizeof buffer, &length) == 0);
    CHECK(strcmp(buffer, "/api/v1/acme/phone/validate") == 0);
    CHECK(xobito_path(&made, XOBITO_ENDPOINT_SEND, none, NULL, 0, &length) == XOBITO_ERROR_BUFFER_TOO_SMALL);
    CHECK(length == strlen("/api/v1/acme/messages/send"));
    CHECK(xobito_path(&made, XOBITO_ENDPOINT_SEND, none, buffer, length, &length) == XOBITO_ERROR_BUFFER_TOO_SMALL);
    CHECK(xobito_path(&made, XOBITO_ENDPOINT_SEND, none, buffer, length + 1, &length) == 0);
    CHECK(xobito_path(&made, XOBITO_ENDPOINT_STATUS, none, buffer, sizeof buffer, &length) == XOBITO_ERROR_MESSAGE_ID);
    CHECK(length == 0 && buffer[0] == 0);
    CHECK(xobito_path(&made, 0, none, buffer, sizeof buffer, &length) == XOBITO_ERROR_VALUE);
    CHECK(xobito_path(&made, XOBITO_ENDPOINT_SEND, none, buffer, sizeof buffer, NULL) == XOBITO_ERROR_NULL);
    CHECK(xobito_path(&made, XOBITO_ENDPOINT_SEND, none, NULL, 1, &length) == XOBITO_ERROR_NULL);
    CHECK(xobito_path(NULL, XOBITO_ENDPOINT_SEND, none, buffer, sizeof buffer, &length) == XOBITO_ERROR_NULL);
    CHECK(xobito_path(&made, XOBITO_ENDPOINT_SEND, none, (char *)&length, sizeof length, &length) ==
          XOBITO_ERROR_OVERLAP);

    CHECK(xobito_url(&made, XOBITO_ENDPOINT_STATUS, id, buffer, sizeof buffer, &length) == 0);
    CHECK(strcmp(buffer, "https://localhost:8443/api/v1/acme/messages/wamid.a%3D%3D/status") == 0);
    CHECK(xobito_url(&made, XOBITO_ENDPOINT_STATUS, none, buffer, sizeof buffer, &length) == XOBITO_ERROR_MESSAGE_ID);

    CHECK(xobito_headers(&made, XOBITO_ENDPOINT_SEND, buffer, sizeof buffer, &length) == 0);
    CHECK(strcmp(buffer, lines) == 0);
    memset(buffer, 'x', sizeof buffer);
    CHECK(xobito_headers(&made, XOBITO_ENDPOINT_SEND, buffer, 40, &length) == XOBITO_ERROR_BUFFER_TOO_SMALL);
    CHECK(length == strlen(lines) && buffer[0] == 0 && buffer[39] == 0 && buffer[40] == 'x');
    CHECK(xobito_headers(&made, 9, buffer, sizeof buffer, &length) == XOBITO_ERROR_VALUE);

    CHECK(xobito_http_head(&made, XOBITO_ENDPOINT_STATUS, id, 7, buffer, sizeof buffer, &length) == 0);
    CHECK(strcmp(buffer, whole) == 0 && length == strlen(whole));
    CHECK(xobito_http_head(&made, XOBITO_ENDPOINT_SEND, none, 4294967295u, buffer, sizeof buffer, &length) == 0);
    CHECK(strstr(buffer, "\r\nContent-Length: 4294967295\r\n\r\n") != NULL);

    CHECK(xobito_header(&made, XOBITO_ENDPOINT_SEND, 0, &name, buffer, sizeof buffer, &length) == 0);
    CHECK(strcmp(name, "Authorization") == 0 && strcmp(buffer, "Bearer apitk_0123") == 0);
    CHECK(xobito_header(&made, XOBITO_ENDPOINT_SEND, 1, &name, buffer, sizeof buffer, &length) == 0);
    CHECK(strcmp(name, "Accept") == 0 && strcmp(buffer, "application/json") == 0);
    CHECK(xobito_header(&made, XOBITO_ENDPOINT_SEND, 2, &name, buffer, sizeof buffer, &length) == 0);
    CHECK(strcmp(name, "Content-Type") == 0 && strcmp(buffer, "application/json") == 0);
    CHECK(xobito_header(&made, XOBITO_ENDPOINT_SEND, 3, &name, buffer, sizeof buffer, &length) == XOBITO_ERROR_NOT_THERE);
    CHECK(xobito_header(&made, XOBITO_ENDPOINT_STATUS, 2, &name, buffer, sizeof buffer, &length) ==
          XOBITO_ERROR_NOT_THERE);
    CHECK(xobito_header(&made, 0, 0, &name, buffer, sizeof buffer, &length) == XOBITO_ERROR_VALUE);
    CHECK(xobito_header(&made, XOBITO_ENDPOINT_SEND, 0, NULL, buffer, sizeof buffer, &length) == XOBITO_ERROR_NULL);

    /* The token may not lie where the head goes. */
    memcpy(buffer, "apitk_0123", 10);
    made.token.data = buffer;
    CHECK(xobito_headers(&made, XOBITO_ENDPOINT_SEND, buffer, sizeof buffer, &length) == XOBITO_ERROR_OVERLAP);
}

static void names_and_words_are_told(void)
{
    xobito_text_t word;
    char name[32];
    size_t length;
    int32_t error;

    CHECK(xobito_field_name(XOBITO_FIELD_BUTTON_TITLE, 2, name, sizeof name, &length) == 0);
    CHECK(strcmp(name, "buttons.2.title") == 0 && length == 15);
    CHECK(xobito_field_name(XOBITO_FIELD_BUTTON_TITLE, 2, name, 15, &length) == XOBITO_ERROR_BUFFER_TOO_SMALL);
    CHECK(xobito_field_name(XOBITO_FIELD_NONE, 0, name, sizeof name, &length) == XOBITO_ERROR_VALUE);
    CHECK(xobito_field_name(XOBITO_FIELD_OTHER, 0, name, sizeof name, &length) == XOBITO_ERROR_VALUE);
    CHECK(xobito_cause_word(XOBITO_CAUSE_WINDOW_CLOSED, &word) == 0);
    CHECK(word.length == 13 && memcmp(word.data, "window-closed", 13) == 0);
    CHECK(xobito_cause_word(XOBITO_CAUSE_UNDELIVERABLE, &word) == 0 && word.length == 13);
    CHECK(xobito_cause_word(XOBITO_CAUSE_NONE, &word) == 0 && word.length == 0);
    CHECK(xobito_cause_word(XOBITO_CAUSE_OTHER, &word) == XOBITO_ERROR_VALUE);
    CHECK(xobito_cause_word(XOBITO_CAUSE_DNS, NULL) == XOBITO_ERROR_NULL);
    for (error = -1; error >= XOBITO_ERROR_IDS_EXHAUSTED; error--) {
        int32_t other;

        for (other = 1; other > error; other--) {
            CHECK(strcmp(xobito_strerror(error), xobito_strerror(other)) != 0);
        }
    }
    CHECK(strcmp(xobito_strerror(0), "no error") == 0);
    CHECK(strcmp(xobito_strerror(INT32_MIN), xobito_strerror(XOBITO_ERROR_IDS_EXHAUSTED - 1)) == 0);
    CHECK(strstr(xobito_strerror(XOBITO_STATUS_WARNING_BODY_LENGTH), "Meta") != NULL);
}

static void what_a_description_points_to_is_looked_at(void)
{
    static const uint64_t ids[] = { 1 };
    xobito_text_t names[XOBITO_GROUPS_MAX + 1];
    xobito_button_t buttons[4];
    xobito_text_t values[11];
    xobito_contact_t contact;
    xobito_text_message_t message;
    xobito_button_message_t with_buttons;
    xobito_url_message_t with_url;
    xobito_template_message_t template_message;
    xobito_media_message_t media;
    xobito_request_t request;
    xobito_problem_t problem;
    unsigned char buffer[512];
    size_t i;

    memset(&contact, 0, sizeof contact);
    memset(&message, 0, sizeof message);
    memset(&with_buttons, 0, sizeof with_buttons);
    memset(&with_url, 0, sizeof with_url);
    memset(&template_message, 0, sizeof template_message);
    memset(&media, 0, sizeof media);
    message.to = with_buttons.to = with_url.to = template_message.to = media.to = text("+14155551234");
    message.body = with_buttons.body = with_url.body = text("x");
    message.contact = &contact;
    template_message.name = text("alert");
    template_message.language = text("en");
    media.kind = XOBITO_MEDIA_KIND_IMAGE;
    media.url = text("https://plant.example");
    with_url.button_text = text("Open");
    with_url.button_url = text("https://plant.example");
    for (i = 0; i < 4; i++) {
        static const char *const letters[] = { "a", "b", "c", "d" };

        buttons[i].id = buttons[i].title = text(letters[i]);
    }
    for (i = 0; i < 11; i++) {
        values[i] = text("v");
    }
    for (i = 0; i <= XOBITO_GROUPS_MAX; i++) {
        names[i] = text("group");
    }

    CHECK(xobito_text_encode(NULL, buffer, sizeof buffer, &request, &problem) == XOBITO_ERROR_NULL);
    CHECK(xobito_text_encode(&message, buffer, sizeof buffer, NULL, NULL) == XOBITO_ERROR_NULL);
    CHECK(xobito_text_encode(&message, NULL, 1, &request, NULL) == XOBITO_ERROR_NULL);
    CHECK(xobito_text_encode(&message, buffer, SIZE_MAX, &request, NULL) == XOBITO_ERROR_LENGTH);
    CHECK(xobito_text_encode(&message, (unsigned char *)&request, sizeof request, &request, NULL) == XOBITO_ERROR_OVERLAP);
    CHECK(xobito_text_encode(&message, (unsigned char *)&problem, sizeof problem, &request, &problem) ==
          XOBITO_ERROR_OVERLAP);
    CHECK(xobito_text_encode(&message, buffer, sizeof buffer, &request, &problem) == 0);
    memcpy(buffer + 100, "body", 4);
    message.body.data = (const char *)buffer + 100;
    message.body.length = 4;
    CHECK(xobito_text_encode(&message, buffer, sizeof buffer, &request, &problem) == XOBITO_ERROR_OVERLAP);
    CHECK(problem.field == XOBITO_FIELD_MESSAGE_BODY);
    CHECK(xobito_text_encode(&message, buffer, 100, &request, &problem) == 0);
    CHECK(xobito_text_encode(&message, buffer + 104, 100, &request, &problem) == 0);
    CHECK(xobito_text_encode(&message, buffer, 101, &request, &problem) == XOBITO_ERROR_OVERLAP);
    CHECK(xobito_text_encode(&message, buffer + 103, 100, &request, &problem) == XOBITO_ERROR_OVERLAP);
    message.body = text("\xc3");
    CHECK(xobito_text_encode(&message, buffer, sizeof buffer, &request, &problem) == XOBITO_ERROR_UTF8);
    CHECK(problem.field == XOBITO_FIELD_MESSAGE_BODY);
    message.body = text("x");
    message.to = text("0041");
    CHECK(xobito_text_encode(&message, buffer, sizeof buffer, &request, &problem) == XOBITO_ERROR_PHONE);
    message.to = text("+14155551234");

    contact.group_names = names;
    contact.group_name_count = XOBITO_GROUPS_MAX;
    CHECK(xobito_text_encode(&message, buffer, sizeof buffer, &request, &problem) == 0);
    contact.group_name_count = XOBITO_GROUPS_MAX + 1;
    CHECK(xobito_text_encode(&message, buffer, sizeof buffer, &request, &problem) == XOBITO_ERROR_COUNT);
    CHECK(problem.field == XOBITO_FIELD_CONTACT_GROUPS && problem.maximum == XOBITO_GROUPS_MAX);
    contact.group_name_count = 1;
    contact.group_ids = ids;
    contact.group_id_count = 1;
    CHECK(xobito_text_encode(&message, buffer, sizeof buffer, &request, &problem) == XOBITO_ERROR_CONFLICT);
    contact.group_names = NULL;
    CHECK(xobito_text_encode(&message, buffer, sizeof buffer, &request, &problem) == XOBITO_ERROR_NULL);
    contact.group_name_count = 0;
    contact.group_ids = (const uint64_t *)(const void *)((const char *)ids + 1);
    CHECK(xobito_text_encode(&message, buffer, sizeof buffer, &request, &problem) == XOBITO_ERROR_ALIGNMENT);
    contact.group_ids = NULL;
    CHECK(xobito_text_encode(&message, buffer, sizeof buffer, &request, &problem) == XOBITO_ERROR_NULL);
    CHECK(problem.field == XOBITO_FIELD_CONTACT_GROUPS);
    contact.group_id_count = 0;
    contact.lastname = text("\xff");
    CHECK(xobito_text_encode(&message, buffer, sizeof buffer, &request, &problem) == XOBITO_ERROR_UTF8);
    CHECK(problem.field == XOBITO_FIELD_CONTACT_LASTNAME);
    message.contact = (const xobito_contact_t *)(const void *)((const char *)&contact + 1);
    CHECK(xobito_text_encode(&message, buffer, sizeof buffer, &request, &problem) == XOBITO_ERROR_ALIGNMENT);

    CHECK(xobito_button_encode(&with_buttons, buffer, sizeof buffer, &request, &problem) == XOBITO_ERROR_COUNT);
    CHECK(problem.field == XOBITO_FIELD_BUTTONS && problem.minimum == 1 && problem.maximum == 3);
    with_buttons.button_count = 1;
    CHECK(xobito_button_encode(&with_buttons, buffer, sizeof buffer, &request, &problem) == XOBITO_ERROR_NULL);
    CHECK(problem.field == XOBITO_FIELD_BUTTONS);
    with_buttons.buttons = buttons;
    with_buttons.button_count = 4;
    CHECK(xobito_button_encode(&with_buttons, buffer, sizeof buffer, &request, &problem) == XOBITO_ERROR_COUNT);
    CHECK(problem.actual == 4);
    with_buttons.button_count = 3;
    CHECK(xobito_button_encode(&with_buttons, buffer, sizeof buffer, &request, &problem) == 0);
    buttons[2].title = text("\xff");
    CHECK(xobito_button_encode(&with_buttons, buffer, sizeof buffer, &request, &problem) == XOBITO_ERROR_UTF8);
    CHECK(problem.field == XOBITO_FIELD_BUTTON_TITLE && problem.index == 2);
    CHECK(xobito_url_encode(&with_url, buffer, sizeof buffer, &request, &problem) == 0);
    with_url.footer.length = 1;
    CHECK(xobito_url_encode(&with_url, buffer, sizeof buffer, &request, &problem) == XOBITO_ERROR_NULL);
    CHECK(problem.field == XOBITO_FIELD_FOOTER);

    template_message.fields = values;
    template_message.field_count = 11;
    CHECK(xobito_template_encode(&template_message, buffer, sizeof buffer, &request, &problem) == XOBITO_ERROR_COUNT);
    CHECK(problem.field == XOBITO_FIELD_BODY_FIELD && problem.maximum == 10 && problem.actual == 11);
    template_message.field_count = 10;
    template_message.buttons = values;
    template_message.button_count = 11;
    CHECK(xobito_template_encode(&template_message, buffer, sizeof buffer, &request, &problem) == XOBITO_ERROR_COUNT);
    CHECK(problem.field == XOBITO_FIELD_BUTTON_VALUE);
    template_message.button_count = 10;
    CHECK(xobito_template_encode(&template_message, buffer, sizeof buffer, &request, &problem) == 0);
    template_message.buttons = NULL;
    CHECK(xobito_template_encode(&template_message, buffer, sizeof buffer, &request, &problem) == XOBITO_ERROR_NULL);
    template_message.button_count = 0;
    template_message.header_kind = 5;
    CHECK(xobito_template_encode(&template_message, buffer, sizeof buffer, &request, &problem) == XOBITO_ERROR_VALUE);
    template_message.header_kind = XOBITO_HEADER_KIND_NONE;
    template_message.header = text("h");
    CHECK(xobito_template_encode(&template_message, buffer, sizeof buffer, &request, &problem) == XOBITO_ERROR_CONFLICT);
    CHECK(problem.field == XOBITO_FIELD_HEADER);
    template_message.header_kind = XOBITO_HEADER_KIND_FIELD;
    CHECK(xobito_template_encode(&template_message, buffer, sizeof buffer, &request, &problem) == 0);
    template_message.header_document_name = text("n");
    CHECK(xobito_template_encode(&template_message, buffer, sizeof buffer, &request, &problem) == XOBITO_ERROR_CONFLICT);
    CHECK(problem.field == XOBITO_FIELD_HEADER_DOCUMENT_NAME);

    CHECK(xobito_media_encode(&media, buffer, sizeof buffer, &request, &problem) == 0);
    media.filename = text("f");
    CHECK(xobito_media_encode(&media, buffer, sizeof buffer, &request, &problem) == XOBITO_ERROR_CONFLICT);
    CHECK(problem.field == XOBITO_FIELD_FILENAME);
    media.filename = none;
    media.kind = XOBITO_MEDIA_KIND_AUDIO;
    media.caption = text("c");
    CHECK(xobito_media_encode(&media, buffer, sizeof buffer, &request, &problem) == XOBITO_ERROR_CONFLICT);
    CHECK(problem.field == XOBITO_FIELD_CAPTION);
    media.kind = 0;
    CHECK(xobito_media_encode(&media, buffer, sizeof buffer, &request, &problem) == XOBITO_ERROR_VALUE);

    CHECK(xobito_phone_query_encode(text("\xff"), buffer, sizeof buffer, &request, &problem) == XOBITO_ERROR_UTF8);
    CHECK(xobito_phone_query_encode(text("1"), buffer, sizeof buffer, NULL, &problem) == XOBITO_ERROR_NULL);
}

static void pieces_come_in_order(void)
{
    xobito_stream_t stream, copy;
    xobito_text_message_t message;
    xobito_url_message_t other;
    xobito_request_t request;
    xobito_problem_t problem;
    unsigned char piece[32];
    size_t length;

    memset(&message, 0, sizeof message);
    memset(&other, 0, sizeof other);
    memset(&stream, 0xA5, sizeof stream);
    message.to = other.to = text("+14155551234");
    message.body = other.body = text("Freezer 3 is open");
    other.button_text = text("Open");
    other.button_url = text("https://plant.example");

    CHECK(sizeof stream == XOBITO_STREAM_SIZE);
    CHECK(xobito_text_next(&stream, &message, piece, sizeof piece, &length) == XOBITO_ERROR_ORDER);
    CHECK(xobito_text_begin(NULL, &message, &request, &problem) == XOBITO_ERROR_NULL);
    CHECK(xobito_text_begin(&stream, NULL, &request, &problem) == XOBITO_ERROR_NULL);
    CHECK(xobito_text_begin(&stream, &message, NULL, &problem) == XOBITO_ERROR_NULL);
    CHECK(xobito_text_begin(&stream, &message, (xobito_request_t *)(void *)&stream, &problem) == XOBITO_ERROR_OVERLAP);
    CHECK(xobito_text_begin((xobito_stream_t *)(void *)((char *)&stream + 4), &message, &request, &problem) ==
          XOBITO_ERROR_ALIGNMENT);
    CHECK(xobito_text_next(&stream, &message, piece, sizeof piece, &length) == XOBITO_ERROR_ORDER);
    CHECK(xobito_text_begin(&stream, &message, &request, NULL) == 0 && request.body_length == 88);
    copy = stream;
    CHECK(xobito_url_next(&stream, &other, piece, sizeof piece, &length) == XOBITO_ERROR_ORDER);
    CHECK(xobito_text_next(&stream, &message, piece, 0, &length) == XOBITO_ERROR_BUFFER_TOO_SMALL);
    CHECK(xobito_text_next(&stream, &message, NULL, 1, &length) == XOBITO_ERROR_NULL);
    CHECK(xobito_text_next(&stream, &message, piece, sizeof piece, NULL) == XOBITO_ERROR_NULL);
    CHECK(xobito_text_next(NULL, &message, piece, sizeof piece, &length) == XOBITO_ERROR_NULL);
    CHECK(xobito_text_next(&stream, &message, (unsigned char *)&stream, sizeof stream, &length) == XOBITO_ERROR_OVERLAP);
    CHECK(xobito_text_next(&stream, &message, piece, sizeof piece, &length) == XOBITO_STATUS_MORE && length == 32);
    CHECK(memcmp(piece, "{\"phone_number\":\"+14155551234\",\"m", 32) == 0);
    CHECK(xobito_text_next(&copy, &message, piece, sizeof piece, &length) == XOBITO_STATUS_MORE && piece[0] == '{');
    message.body = text("closed");
    CHECK(xobito_text_next(&stream, &message, piece, sizeof piece, &length) == XOBITO_STATUS_MORE);
    CHECK(xobito_text_next(&stream, &message, piece, sizeof piece, &length) == XOBITO_ERROR_TEXT_CHANGED);
    message.body = text("");
    CHECK(xobito_text_begin(&stream, &message, &request, &problem) == XOBITO_ERROR_EMPTY);
    message.body = text("Freezer 3 is open");
    CHECK(xobito_url_begin(&stream, &other, &request, NULL) == 0);
    CHECK(xobito_text_next(&stream, &message, piece, sizeof piece, &length) == XOBITO_ERROR_ORDER);
}

static void a_reader_is_used_in_order(void)
{
    static const unsigned char body[] = "{\"status\":\"error\",\"message\":\"no\"}";
    xobito_reader_t reader;
    xobito_outcome_t outcome;
    xobito_accepted_t accepted;
    xobito_delivery_t delivery;
    xobito_validation_t validation;
    xobito_field_error_t error;

    CHECK(sizeof reader == XOBITO_READER_SIZE);
    memset(&reader, 0xA5, sizeof reader);
    CHECK(xobito_reader_status(&reader, 200) == XOBITO_ERROR_ORDER);
    CHECK(xobito_reader_retry_after(&reader, text("7")) == XOBITO_ERROR_ORDER);
    CHECK(xobito_reader_feed(&reader, body, sizeof body - 1) == XOBITO_ERROR_ORDER);
    CHECK(xobito_reader_finish(&reader, &outcome) == XOBITO_ERROR_ORDER);
    CHECK(xobito_reader_fail(&reader, XOBITO_CAUSE_DNS, 0, &outcome) == XOBITO_ERROR_ORDER);
    CHECK(xobito_reader_outcome(&reader, &outcome) == XOBITO_ERROR_ORDER);
    CHECK(xobito_reader_accepted(&reader, &accepted) == XOBITO_ERROR_ORDER);
    CHECK(xobito_reader_delivery(&reader, &delivery) == XOBITO_ERROR_ORDER);
    CHECK(xobito_reader_validation(&reader, &validation) == XOBITO_ERROR_ORDER);
    CHECK(xobito_reader_field_error(&reader, 0, &error) == XOBITO_ERROR_ORDER);
    CHECK(xobito_reader_for_message(NULL) == XOBITO_ERROR_NULL);
    CHECK(xobito_reader_for_status(NULL) == XOBITO_ERROR_NULL);
    CHECK(xobito_reader_for_validation((xobito_reader_t *)(void *)((char *)&reader + 4)) == XOBITO_ERROR_ALIGNMENT);

    CHECK(xobito_reader_for_message(&reader) == 0);
    CHECK(xobito_reader_feed(&reader, body, 1) == XOBITO_ERROR_ORDER);
    CHECK(xobito_reader_outcome(&reader, &outcome) == XOBITO_ERROR_ORDER);
    CHECK(xobito_reader_accepted(&reader, &accepted) == XOBITO_ERROR_ORDER);
    CHECK(xobito_reader_delivery(&reader, &delivery) == XOBITO_ERROR_ORDER);
    CHECK(xobito_reader_validation(&reader, &validation) == XOBITO_ERROR_ORDER);
    CHECK(xobito_reader_field_error(&reader, 0, &error) == XOBITO_ERROR_ORDER);
    CHECK(xobito_reader_status(NULL, 422) == XOBITO_ERROR_NULL);
    CHECK(xobito_reader_status(&reader, 422) == 0);
    CHECK(xobito_reader_retry_after(&reader, text("\xff")) == XOBITO_ERROR_UTF8);
    CHECK(xobito_reader_feed(&reader, NULL, 0) == 0);
    CHECK(xobito_reader_status(&reader, 422) == 0);
    CHECK(xobito_reader_feed(&reader, NULL, 1) == XOBITO_ERROR_NULL);
    CHECK(xobito_reader_feed(&reader, body, SIZE_MAX) == XOBITO_ERROR_LENGTH);
    CHECK(xobito_reader_feed(&reader, (const unsigned char *)&reader + 64, 8) == XOBITO_ERROR_OVERLAP);
    CHECK(xobito_reader_feed(&reader, body, sizeof body - 1) == 0);
    CHECK(xobito_reader_status(&reader, 200) == XOBITO_ERROR_ORDER);
    CHECK(xobito_reader_finish(&reader, (xobito_outcome_t *)(void *)&reader) == XOBITO_ERROR_OVERLAP);
    CHECK(xobito_reader_fail(&reader, XOBITO_CAUSE_TOKEN, 0, &outcome) == XOBITO_ERROR_VALUE);
    CHECK(xobito_reader_finish(NULL, &outcome) == XOBITO_ERROR_NULL);
    CHECK(xobito_reader_finish(&reader, NULL) == 0);
    CHECK(xobito_reader_finish(&reader, &outcome) == XOBITO_ERROR_ORDER);
    CHECK(xobito_reader_fail(&reader, XOBITO_CAUSE_DNS, 0, &outcome) == XOBITO_ERROR_ORDER);
    CHECK(xobito_reader_feed(&reader, body, 1) == XOBITO_ERROR_ORDER);
    CHECK(xobito_reader_status(&reader, 200) == XOBITO_ERROR_ORDER);
    CHECK(xobito_reader_retry_after(&reader, text("7")) == XOBITO_ERROR_ORDER);
    CHECK(xobito_reader_outcome(&reader, NULL) == XOBITO_ERROR_NULL);
    CHECK(xobito_reader_outcome(NULL, &outcome) == XOBITO_ERROR_NULL);
    CHECK(xobito_reader_outcome(&reader, &outcome) == 0);
    CHECK(outcome.kind == XOBITO_OUTCOME_KIND_REJECTED && outcome.cause == XOBITO_CAUSE_VALIDATION);
    CHECK(outcome.http_status == 422 && outcome.message.text.length == 2);
    CHECK((const char *)&reader <= outcome.message.text.data && outcome.message.text.data < (const char *)(&reader + 1));
    CHECK(xobito_reader_accepted(&reader, NULL) == XOBITO_ERROR_NULL);
    CHECK(xobito_reader_accepted(&reader, &accepted) == XOBITO_ERROR_NOT_THERE);
    CHECK(xobito_reader_delivery(&reader, &delivery) == XOBITO_ERROR_NOT_THERE);
    CHECK(xobito_reader_validation(&reader, &validation) == XOBITO_ERROR_NOT_THERE);

    CHECK(xobito_reader_for_status(&reader) == 0 && xobito_reader_status(&reader, 200) == 0);
    CHECK(xobito_reader_feed(&reader, (const unsigned char *)"<", 1) == XOBITO_STATUS_SETTLED);
    CHECK(xobito_reader_finish(&reader, &outcome) == 0 && outcome.cause == XOBITO_CAUSE_MALFORMED_JSON);
    CHECK(outcome.kind == XOBITO_OUTCOME_KIND_UNKNOWN && outcome.retry == XOBITO_RETRY_NOW);
}

void run_errors(void)
{
    a_text_is_looked_at_before_it_is_read();
    an_account_is_checked_part_by_part();
    ids_are_checked();
    memory_is_wiped();
    a_head_is_text_for_any_client();
    names_and_words_are_told();
    what_a_description_points_to_is_looked_at();
    pieces_come_in_order();
    a_reader_is_used_in_order();
}
