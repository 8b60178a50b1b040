/* What a case holds, and how it is checked: the cases are in vectors.c, which is generated. */
#ifndef VECTORS_H
#define VECTORS_H

#include "check.h"
#include "xobito.h"

typedef struct {
    const unsigned char *body;
    size_t length;
    size_t warning;
    int32_t endpoint;
    int32_t error;
    const char *field;
    size_t minimum, maximum, actual, position;
} expected_t;

typedef struct {
    int32_t (*prepare)(xobito_reader_t *reader);
    int32_t status;
    xobito_text_t retry_after;
    const unsigned char *body;
    size_t length;
    int32_t cause;
    int32_t left;
    const unsigned char *told;
    size_t told_length;
} came_t;

void check_text(const xobito_text_message_t *message, const expected_t *expected);
void check_button(const xobito_button_message_t *message, const expected_t *expected);
void check_url(const xobito_url_message_t *message, const expected_t *expected);
void check_template(const xobito_template_message_t *message, const expected_t *expected);
void check_media(const xobito_media_message_t *message, const expected_t *expected);
void check_phone_query(const xobito_text_t *number, const expected_t *expected);
void check_answer(const came_t *came);

void run_vectors(void);

#endif
