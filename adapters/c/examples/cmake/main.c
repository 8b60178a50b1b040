/* Builds a request, and reads the answer to one: all that is missing is the HTTPS client that you already have. */

#include <stdio.h>

#include "xobito.h"

static const xobito_account_t account = {
    XOBITO_LITERAL("dash.xobito.com"),
    XOBITO_LITERAL("acme"),
    XOBITO_LITERAL("apitk_0123456789abcdef"),
};

int main(void)
{
    const xobito_text_message_t message = {
        XOBITO_LITERAL("+14155551234"),
        XOBITO_LITERAL("Freezer 3 is open"),
        NULL,
    };
    static const char answer[] = "{\"status\":\"success\",\"data\":{\"message_id\":\"wamid.HBgL\"}}";
    uint8_t body[256];
    char url[256], headers[768];
    size_t length;
    xobito_request_t request;
    xobito_problem_t problem;
    xobito_reader_t reader;
    xobito_outcome_t outcome;
    xobito_accepted_t accepted;

    /* What to send. */
    if (xobito_text_encode(&message, body, sizeof body, &request, &problem) < 0) {
        printf("%s\n", xobito_strerror(problem.error));
        return 1;
    }
    if (xobito_url(&account, request.endpoint, message.to, url, sizeof url, &length) < 0 ||
        xobito_headers(&account, request.endpoint, headers, sizeof headers, &length) < 0) {
        return 1;
    }
    printf("%s %s\n%.*s\n", xobito_method(request.endpoint), url, (int)request.body_length, (const char *)request.body);
    /* Here your HTTPS client posts the body with these headers, which hold the token. */
    xobito_wipe((uint8_t *)headers, sizeof headers);

    /* What came back: the status, then the body in whatever chunks it comes. */
    xobito_reader_for_message(&reader);
    xobito_reader_status(&reader, 200);
    xobito_reader_feed(&reader, (const uint8_t *)answer, sizeof answer - 1);
    xobito_reader_finish(&reader, &outcome); /* or, if the connection broke, xobito_reader_fail */

    if (outcome.kind == XOBITO_OUTCOME_KIND_ACCEPTED && xobito_reader_accepted(&reader, &accepted) == XOBITO_STATUS_OK) {
        printf("accepted as %.*s\n", (int)accepted.message_id.text.length, accepted.message_id.text.data);
        return 0;
    }
    return 1;
}
