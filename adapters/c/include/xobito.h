// xobito.h: WhatsApp alerts through the Xobito API, for firmware in C.
// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Made of the library's source by `cargo xtask header`; not to be edited.
//
// Functions return 0 or more when they did their work (`xobito_status_t`) and a negative number when they did not
// (`xobito_error_t`; `xobito_strerror` says it in words). The library keeps no state and allocates nothing: all memory
// is the caller's. Any function may run in any thread or interrupt, as long as no two use the same memory at a time.
//
// A pointer that a precondition does not call optional must not be NULL; that it is, that it is not aligned and that a
// length is impossible is noticed and answered with an error. So is memory to be written to that overlaps other such
// memory of the same call, or something that the call reads; nothing is written then, a `problem` only where it does
// not overlap. That memory is readable and writable as far as its length says is what the caller promises.
//
// Structs that describe something are best initialised as a whole (`= { 0 }`), so that what is optional is absent.


#ifndef XOBITO_H
#define XOBITO_H

#include <stddef.h>
#include <stdint.h>

/// The version of this header and its library.
#define XOBITO_VERSION "0.1.0"

/// The `xobito_text_t` of a string literal, as an initializer.
#define XOBITO_LITERAL(literal) { (literal), sizeof(literal) - 1u }

/// Digits of a phone number in E.164 form, at least.
#define XOBITO_E164_MIN_DIGITS 8

/// Digits of a phone number in E.164 form, at most.
#define XOBITO_E164_MAX_DIGITS 15

/// Characters (Unicode code points, not bytes) of `message_body`, at most.
#define XOBITO_BODY_MAX 4096

/// Characters of the body of a message with buttons that Meta accepts.
#define XOBITO_INTERACTIVE_BODY_META_MAX 1024

/// Characters of `header`, at most.
#define XOBITO_HEADER_MAX 60

/// Characters of `footer`, at most.
#define XOBITO_FOOTER_MAX 60

/// Reply buttons of one message, at most.
#define XOBITO_BUTTONS_MAX 3

/// Characters of a reply button's `id`, at most.
#define XOBITO_BUTTON_ID_MAX 256

/// Characters of a reply button's `title`, at most.
#define XOBITO_BUTTON_TITLE_MAX 20

/// Characters of `button_text`, the label of a URL button, at most.
#define XOBITO_BUTTON_TEXT_MAX 20

/// Characters of a template's language, at least.
#define XOBITO_TEMPLATE_LANGUAGE_MIN 2

/// Characters of a template's language, at most.
#define XOBITO_TEMPLATE_LANGUAGE_MAX 10

/// Characters of the number that a template goes to, the `+` included, at most.
#define XOBITO_TEMPLATE_PHONE_MAX 15

/// Body values of a template, at most.
#define XOBITO_TEMPLATE_FIELDS_MAX 10

/// Button values of a template, at most.
#define XOBITO_TEMPLATE_BUTTONS_MAX 10

/// Spaces in a row in a template value, at most.
#define XOBITO_TEMPLATE_SPACES_MAX 4

/// Characters of a document's file name, at most.
#define XOBITO_FILE_NAME_MAX 255

/// Characters of the number that media go to, the `+` included, at least.
#define XOBITO_MEDIA_PHONE_MIN 10

/// Characters of the number that media go to, the `+` included, at most.
#define XOBITO_MEDIA_PHONE_MAX 15

/// Characters of `caption`, at most.
#define XOBITO_CAPTION_MAX 1024

/// Groups of one contact by name, at most: a limit of this library.
#define XOBITO_GROUPS_MAX 16

/// Bytes of a host name, at most.
#define XOBITO_HOST_MAX 253

/// Bytes of a workspace's subdomain, at most.
#define XOBITO_SUBDOMAIN_MAX 63

/// Bytes of a bearer token, at most.
#define XOBITO_TOKEN_MAX 512

/// Bytes of a message id, at most.
#define XOBITO_MESSAGE_ID_MAX 128

/// Characters of a number given to the phone check, at most.
#define XOBITO_PHONE_QUERY_MAX 32

/// Bytes of the body of any question about a phone number, at most.
#define XOBITO_PHONE_QUERY_BODY_MAX 211

/// Requests a minute for one token, unless the workspace's admin changed it.
#define XOBITO_REQUESTS_PER_MINUTE 60

/// Hours after a recipient's last message in which free-form messages reach them.
#define XOBITO_WINDOW_HOURS 24

/// Bytes of a `xobito_stream_t`.
#define XOBITO_STREAM_SIZE 48

/// Alignment of a `xobito_stream_t`, in bytes.
#define XOBITO_STREAM_ALIGN 8

/// Bytes of a `xobito_reader_t`: what it takes where pointers have 64 bits; elsewhere some are left over.
#define XOBITO_READER_SIZE 1064

/// Alignment of a `xobito_reader_t`, in bytes.
#define XOBITO_READER_ALIGN 8

/// Entries of a small outbox.
#define XOBITO_OUTBOX_SMALL_SLOTS 4

/// Bytes for the request of an entry of a small outbox, with its template behind it.
#define XOBITO_OUTBOX_SMALL_BYTES 512

/// Bytes of a `xobito_outbox_small_t`.
#define XOBITO_OUTBOX_SMALL_SIZE 2824

/// Entries of a large outbox.
#define XOBITO_OUTBOX_LARGE_SLOTS 16

/// Bytes for the request of an entry of a large outbox, with its template behind it.
#define XOBITO_OUTBOX_LARGE_BYTES 1024

/// Bytes of a `xobito_outbox_large_t`.
#define XOBITO_OUTBOX_LARGE_SIZE 17832

/// Alignment of both, in bytes.
#define XOBITO_OUTBOX_ALIGN 8

/// Why a function did nothing. Every function returns one of these, or 0 or more when all went well.
enum xobito_error_t
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /// A pointer that is needed is NULL.
    XOBITO_ERROR_NULL = -1,
    /// A length is larger than any object can be.
    XOBITO_ERROR_LENGTH = -2,
    /// A pointer is not aligned for what it points to.
    XOBITO_ERROR_ALIGNMENT = -3,
    /// What is written would lie over what is read, or over something else that is written.
    XOBITO_ERROR_OVERLAP = -4,
    /// A text is not UTF-8.
    XOBITO_ERROR_UTF8 = -5,
    /// A number that is none of its enumeration's.
    XOBITO_ERROR_VALUE = -6,
    /// Not now: never initialised, already finished, or another function has to come first.
    XOBITO_ERROR_ORDER = -7,
    /// The buffer is too small; the function tells what would be enough.
    XOBITO_ERROR_BUFFER_TOO_SMALL = -8,
    /// There is no such thing: an index past the end, or a part that this kind of outcome does not have.
    XOBITO_ERROR_NOT_THERE = -9,
    /// The host is not a name with an optional port.
    XOBITO_ERROR_HOST = -10,
    /// The subdomain is not 1 to 63 letters, digits, hyphens or underscores.
    XOBITO_ERROR_SUBDOMAIN = -11,
    /// The token is not 1 to 512 printable ASCII characters without spaces.
    XOBITO_ERROR_TOKEN = -12,
    /// Not a phone number in E.164 form: `+`, then 8 to 15 digits of which the first is not 0.
    XOBITO_ERROR_PHONE = -13,
    /// Not a message id that can be asked after.
    XOBITO_ERROR_MESSAGE_ID = -14,
    /// A field that is needed is empty, or has nothing but spaces.
    XOBITO_ERROR_EMPTY = -15,
    /// A field has fewer characters than the API takes.
    XOBITO_ERROR_TOO_SHORT = -16,
    /// A field has more characters than the API takes.
    XOBITO_ERROR_TOO_LONG = -17,
    /// A list has more entries than the API takes, or none where one is needed.
    XOBITO_ERROR_COUNT = -18,
    /// Two reply buttons have the same id or the same title.
    XOBITO_ERROR_DUPLICATE = -19,
    /// A reply button's id begins or ends with a space.
    XOBITO_ERROR_SPACE_AT_EDGE = -20,
    /// Not a valid http or https URL.
    XOBITO_ERROR_URL = -21,
    /// A template value has a newline, a tab or more than four spaces in a row.
    XOBITO_ERROR_TEMPLATE_VALUE = -22,
    /// A text had another length than when its message was begun.
    XOBITO_ERROR_TEXT_CHANGED = -23,
    /// Two members that exclude each other are both set.
    XOBITO_ERROR_CONFLICT = -24,
    /// The outbox is full, and nothing in it need make room.
    XOBITO_ERROR_FULL = -25,
    /// What is to be sent where the window is closed is no template message.
    XOBITO_ERROR_NOT_A_TEMPLATE = -26,
    /// A request's body is not a JSON object.
    XOBITO_ERROR_NOT_AN_OBJECT = -27,
    /// The entry was not handed out for this, or was settled before.
    XOBITO_ERROR_NOT_IN_FLIGHT = -28,
    /// An outbox took in as many entries as it has ids.
    XOBITO_ERROR_IDS_EXHAUSTED = -29,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum xobito_error_t xobito_error_t;
#else
typedef int32_t xobito_error_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/// What a function returns when it did its work.
enum xobito_status_t
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /// Done.
    XOBITO_STATUS_OK = 0,
    /// There is more: a piece was written, so ask for the next.
    XOBITO_STATUS_MORE = 1,
    /// The rest of the answer cannot change the outcome any more: reading on is a waste.
    XOBITO_STATUS_SETTLED = 2,
    /// Done, but expect Meta to refuse it: the body of a message with buttons is longer than 1024 characters.
    XOBITO_STATUS_WARNING_BODY_LENGTH = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum xobito_status_t xobito_status_t;
#else
typedef int32_t xobito_status_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/// A field of a message, by its name in the API.
enum xobito_field_t
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /// The mistake is in no field of a message.
    XOBITO_FIELD_NONE = 0,
    XOBITO_FIELD_PHONE_NUMBER = 1,
    XOBITO_FIELD_MESSAGE_BODY = 2,
    XOBITO_FIELD_HEADER = 3,
    XOBITO_FIELD_FOOTER = 4,
    XOBITO_FIELD_BUTTONS = 5,
    /// The `id` of the reply button `index`, counted from 0.
    XOBITO_FIELD_BUTTON_ID = 6,
    /// The `title` of the reply button `index`, counted from 0.
    XOBITO_FIELD_BUTTON_TITLE = 7,
    XOBITO_FIELD_BUTTON_TEXT = 8,
    XOBITO_FIELD_BUTTON_URL = 9,
    XOBITO_FIELD_TEMPLATE_NAME = 10,
    XOBITO_FIELD_TEMPLATE_LANGUAGE = 11,
    XOBITO_FIELD_FROM_PHONE_NUMBER_ID = 12,
    /// `header_field_1`
    XOBITO_FIELD_HEADER_FIELD = 13,
    XOBITO_FIELD_HEADER_IMAGE_URL = 14,
    XOBITO_FIELD_HEADER_VIDEO_URL = 15,
    XOBITO_FIELD_HEADER_DOCUMENT_URL = 16,
    XOBITO_FIELD_HEADER_DOCUMENT_NAME = 17,
    /// `field_1` to `field_10`: `index` counts from 1, as the API does.
    XOBITO_FIELD_BODY_FIELD = 18,
    /// `button_0` to `button_9`: `index` counts from 0.
    XOBITO_FIELD_BUTTON_VALUE = 19,
    XOBITO_FIELD_MEDIA_URL = 20,
    XOBITO_FIELD_CAPTION = 21,
    XOBITO_FIELD_FILENAME = 22,
    XOBITO_FIELD_CONTACT_FIRSTNAME = 23,
    XOBITO_FIELD_CONTACT_LASTNAME = 24,
    XOBITO_FIELD_CONTACT_EMAIL = 25,
    XOBITO_FIELD_CONTACT_COUNTRY = 26,
    XOBITO_FIELD_CONTACT_GROUPS = 27,
    /// Not known to this header.
    XOBITO_FIELD_OTHER = 28,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum xobito_field_t xobito_field_t;
#else
typedef int32_t xobito_field_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/// What the API is asked to do.
enum xobito_endpoint_t
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /// `POST messages/send`: text, reply buttons, a URL button.
    XOBITO_ENDPOINT_SEND = 1,
    /// `POST messages/template`
    XOBITO_ENDPOINT_TEMPLATE = 2,
    /// `POST messages/media`
    XOBITO_ENDPOINT_MEDIA = 3,
    /// `GET messages/{id}/status`
    XOBITO_ENDPOINT_STATUS = 4,
    /// `POST phone/validate`
    XOBITO_ENDPOINT_VALIDATE = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum xobito_endpoint_t xobito_endpoint_t;
#else
typedef int32_t xobito_endpoint_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/// The header of a template.
enum xobito_header_kind_t
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /// None, or one without a value.
    XOBITO_HEADER_KIND_NONE = 0,
    /// The value in a text header.
    XOBITO_HEADER_KIND_FIELD = 1,
    /// The URL of a picture.
    XOBITO_HEADER_KIND_IMAGE = 2,
    /// The URL of a video.
    XOBITO_HEADER_KIND_VIDEO = 3,
    /// The URL of a document.
    XOBITO_HEADER_KIND_DOCUMENT = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum xobito_header_kind_t xobito_header_kind_t;
#else
typedef int32_t xobito_header_kind_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/// What a file is.
enum xobito_media_kind_t
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /// A picture.
    XOBITO_MEDIA_KIND_IMAGE = 1,
    /// A video.
    XOBITO_MEDIA_KIND_VIDEO = 2,
    /// A document.
    XOBITO_MEDIA_KIND_DOCUMENT = 3,
    /// A sound.
    XOBITO_MEDIA_KIND_AUDIO = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum xobito_media_kind_t xobito_media_kind_t;
#else
typedef int32_t xobito_media_kind_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/// Why a request was not accepted. `xobito_cause_word` gives the word for each.
enum xobito_cause_t
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /// It was accepted.
    XOBITO_CAUSE_NONE = 0,
    /// 2xx, but the body says `error`.
    XOBITO_CAUSE_API_ERROR = 1,
    /// 400: the subdomain is wrong, as far as documented.
    XOBITO_CAUSE_BAD_REQUEST = 2,
    /// 401: the token is missing or wrong.
    XOBITO_CAUSE_TOKEN = 3,
    /// 403: the token may not do this, or the plan does not include it.
    XOBITO_CAUSE_ABILITY = 4,
    /// 404: no such message, template or endpoint.
    XOBITO_CAUSE_NOT_FOUND = 5,
    /// 422: fields are wrong.
    XOBITO_CAUSE_VALIDATION = 6,
    /// The recipient has not written in the last 24 hours: only a template will reach them.
    XOBITO_CAUSE_WINDOW_CLOSED = 7,
    /// 429: too many requests.
    XOBITO_CAUSE_RATE_LIMITED = 8,
    /// Another 4xx.
    XOBITO_CAUSE_REFUSED = 9,
    /// 3xx: the host is wrong; a redirect must not be followed, for the token's sake.
    XOBITO_CAUSE_REDIRECTED = 10,
    /// 5xx in the API's own envelope.
    XOBITO_CAUSE_SERVER = 11,
    /// The host's name has no address, or the name server did not answer.
    XOBITO_CAUSE_DNS = 20,
    /// No connection to the host.
    XOBITO_CAUSE_CONNECT = 21,
    /// TLS could not be set up.
    XOBITO_CAUSE_TLS = 22,
    /// The server's certificate is not one to trust with a token.
    XOBITO_CAUSE_CERTIFICATE = 23,
    /// The device does not know the time, so no certificate can be checked.
    XOBITO_CAUSE_NO_TIME = 24,
    /// A buffer is too small for the request, or, when that has left, for the answer. Before anything has left it is final, so
    /// it is not for what a server, or whoever poses as one, makes too large then: that is `XOBITO_CAUSE_TLS`.
    XOBITO_CAUSE_BUFFER = 25,
    /// A text changed between counting its bytes and sending them.
    XOBITO_CAUSE_TEXT_CHANGED = 26,
    /// The deadline passed.
    XOBITO_CAUSE_TIMED_OUT = 27,
    /// The connection broke.
    XOBITO_CAUSE_CONNECTION_LOST = 28,
    /// What came back is not HTTP.
    XOBITO_CAUSE_MALFORMED_HTTP = 29,
    /// The answer is not JSON, or not all of it.
    XOBITO_CAUSE_MALFORMED_JSON = 40,
    /// The answer does not say whether it is a success.
    XOBITO_CAUSE_MISSING_STATUS = 41,
    /// The answer to a message has no id.
    XOBITO_CAUSE_MISSING_ID = 42,
    /// The answer to a query does not have what was asked for.
    XOBITO_CAUSE_MISSING_FIELD = 43,
    /// A server error that is not in the API's envelope: some gateway's.
    XOBITO_CAUSE_GATEWAY = 44,
    /// Of an outbox: the API took it, and reported later that it failed.
    XOBITO_CAUSE_UNDELIVERABLE = 60,
    /// Not known to this header.
    XOBITO_CAUSE_OTHER = 99,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum xobito_cause_t xobito_cause_t;
#else
typedef int32_t xobito_cause_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/// What became of a request: four cases that call for four different reactions.
enum xobito_outcome_kind_t
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /// The API took it. For a message that is not delivery; for a query it is the answer.
    XOBITO_OUTCOME_KIND_ACCEPTED = 1,
    /// The API refused it, and says why.
    XOBITO_OUTCOME_KIND_REJECTED = 2,
    /// No byte of the request left the device: safe to try again.
    XOBITO_OUTCOME_KIND_NOT_SENT = 3,
    /// Bytes left and no answer that settles it came back: trying again may duplicate.
    XOBITO_OUTCOME_KIND_UNKNOWN = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum xobito_outcome_kind_t xobito_outcome_kind_t;
#else
typedef int32_t xobito_outcome_kind_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/// When the same request may be made again.
enum xobito_retry_t
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /// It would end the same way.
    XOBITO_RETRY_NEVER = 0,
    /// At any time, with a backoff of the caller's choice.
    XOBITO_RETRY_NOW = 1,
    /// Not before `retry_after_s` seconds.
    XOBITO_RETRY_AFTER = 2,
    /// The message may have been sent: only where a second one does no harm.
    XOBITO_RETRY_IF_DUPLICATE_ACCEPTABLE = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum xobito_retry_t xobito_retry_t;
#else
typedef int32_t xobito_retry_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/// How far a message got. States may be skipped, and `read` may never come.
enum xobito_delivery_state_t
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /// Not yet handed to WhatsApp.
    XOBITO_DELIVERY_STATE_PENDING = 1,
    /// Handed to WhatsApp.
    XOBITO_DELIVERY_STATE_SENT = 2,
    /// On the recipient's phone.
    XOBITO_DELIVERY_STATE_DELIVERED = 3,
    /// Seen by the recipient.
    XOBITO_DELIVERY_STATE_READ = 4,
    /// It will not arrive.
    XOBITO_DELIVERY_STATE_FAILED = 5,
    /// A word that is not documented.
    XOBITO_DELIVERY_STATE_OTHER = 6,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum xobito_delivery_state_t xobito_delivery_state_t;
#else
typedef int32_t xobito_delivery_state_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/// Something that an answer may leave open.
enum xobito_maybe_t
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /// The answer does not say.
    XOBITO_MAYBE_UNSAID = 0,
    /// No.
    XOBITO_MAYBE_NO = 1,
    /// Yes.
    XOBITO_MAYBE_YES = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum xobito_maybe_t xobito_maybe_t;
#else
typedef int32_t xobito_maybe_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/// What a full outbox does with a newcomer.
enum xobito_when_full_t
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /// Refuses it.
    XOBITO_WHEN_FULL_REFUSE = 0,
    /// Gives up following an accepted message, or drops the oldest entry of a lower priority; else refuses it.
    XOBITO_WHEN_FULL_DROP_LOWEST = 1,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum xobito_when_full_t xobito_when_full_t;
#else
typedef int32_t xobito_when_full_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/// What happens when nobody can tell whether a message went out.
enum xobito_duplicates_t
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /// It is sent again until an answer settles it or its time is over: it may arrive more than once.
    XOBITO_DUPLICATES_AT_LEAST_ONCE = 1,
    /// It is not sent again, and reported as unknown: it may not arrive.
    XOBITO_DUPLICATES_AT_MOST_ONCE = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum xobito_duplicates_t xobito_duplicates_t;
#else
typedef int32_t xobito_duplicates_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/// How urgent an entry is.
enum xobito_priority_t
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /// After all others.
    XOBITO_PRIORITY_LOW = -1,
    /// As most.
    XOBITO_PRIORITY_NORMAL = 0,
    /// Before most.
    XOBITO_PRIORITY_HIGH = 1,
    /// Before all others.
    XOBITO_PRIORITY_URGENT = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum xobito_priority_t xobito_priority_t;
#else
typedef int32_t xobito_priority_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/// What happens to a newcomer whose key and recipient are those of an entry that waits.
enum xobito_coalesce_t
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /// Nothing: the entry has no key.
    XOBITO_COALESCE_NONE = 0,
    /// What waits stays as it is, and counts one more.
    XOBITO_COALESCE_KEEP_FIRST = 1,
    /// The newcomer takes the place of what waits, which keeps its id and counts one more.
    XOBITO_COALESCE_REPLACE_WITH_LATEST = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum xobito_coalesce_t xobito_coalesce_t;
#else
typedef int32_t xobito_coalesce_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/// What an outbox wants to be done.
enum xobito_step_kind_t
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /// Nothing at all, until something is enqueued, or the outbox is resumed.
    XOBITO_STEP_KIND_IDLE = 0,
    /// Post `request`, read the answer with a reader for a message, and settle `id`.
    XOBITO_STEP_KIND_SEND = 1,
    /// Get the status of `message_id`, read the answer with a reader for a status, and settle `id`.
    XOBITO_STEP_KIND_QUERY = 2,
    /// An entry came to its end. Every entry does, once.
    XOBITO_STEP_KIND_ENDED = 3,
    /// The API refused the token (401): nothing goes out until `xobito_outbox_resume`; only where it refused it to a query, messages
    /// still do.
    XOBITO_STEP_KIND_TOKEN_REFUSED = 4,
    /// The API refused this kind of message (403): none goes out until `xobito_outbox_resume`.
    XOBITO_STEP_KIND_KIND_REFUSED = 5,
    /// What was handed out before is not settled yet, and nothing else goes out meanwhile.
    XOBITO_STEP_KIND_IN_FLIGHT = 6,
    /// Nothing before `until_ms`, unless something is enqueued, or the link comes up.
    XOBITO_STEP_KIND_WAIT = 7,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum xobito_step_kind_t xobito_step_kind_t;
#else
typedef int32_t xobito_step_kind_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/// How an entry ended.
enum xobito_end_t
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /// None that this header knows.
    XOBITO_END_OTHER = 0,
    /// It is on the recipient's phone.
    XOBITO_END_DELIVERED = 1,
    /// The recipient has seen it.
    XOBITO_END_READ = 2,
    /// The API took it, and what became of it then is not known.
    XOBITO_END_ACCEPTED_UNTRACKED = 3,
    /// It will not arrive.
    XOBITO_END_FAILED = 4,
    /// Its time to live was over before it could be sent.
    XOBITO_END_EXPIRED = 5,
    /// It made room for one of higher priority.
    XOBITO_END_DROPPED = 6,
    /// It may have been sent or not, and at-most-once forbids to send it again.
    XOBITO_END_UNKNOWN = 7,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum xobito_end_t xobito_end_t;
#else
typedef int32_t xobito_end_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/// Why nobody asks after an accepted message.
enum xobito_untracked_t
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /// None that this header knows.
    XOBITO_UNTRACKED_OTHER = 0,
    /// The configuration does not ask for it.
    XOBITO_UNTRACKED_NOT_FOLLOWED = 1,
    /// Its id cannot be asked after.
    XOBITO_UNTRACKED_UNUSABLE_ID = 2,
    /// The API knows no such message, or offers no status (404).
    XOBITO_UNTRACKED_NOT_FOUND = 3,
    /// The API refused the query.
    XOBITO_UNTRACKED_REFUSED = 4,
    /// As often as the configuration allows, the message was still under way.
    XOBITO_UNTRACKED_GAVE_UP = 5,
    /// Its slot was needed.
    XOBITO_UNTRACKED_ROOM_NEEDED = 6,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum xobito_untracked_t xobito_untracked_t;
#else
typedef int32_t xobito_untracked_t;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/// An outbox in the memory of either size.
typedef struct xobito_outbox_t xobito_outbox_t;

/// A text in UTF-8: `length` bytes, which no NUL has to follow.
///
/// An optional text that is not there has `data` NULL and `length` 0.
typedef struct {
    /// The first byte.
    const char *data;
    /// How many bytes there are.
    size_t length;
} xobito_text_t;

/// Where requests go and what authorises them. The texts stay the caller's; the library keeps no copy of them.
typedef struct {
    /// `name` or `name:port`, such as `dash.xobito.com`.
    xobito_text_t host;
    /// The workspace: 1 to 63 letters, digits, hyphens and underscores.
    xobito_text_t subdomain;
    /// The bearer token: 1 to 512 printable ASCII characters without spaces. Secret.
    xobito_text_t token;
} xobito_account_t;

/// Where a mistake is, with the numbers that tell what would be right. What does not apply is 0.
typedef struct {
    /// What the function returns.
    int32_t error;
    /// The field that is wrong: one of `xobito_field_t`.
    int32_t field;
    /// Which one, where there are several of a field.
    uint32_t index;
    /// Characters, digits, entries or bytes that are needed at least.
    size_t minimum;
    /// Characters, digits, entries or bytes that are allowed at most.
    size_t maximum;
    /// Characters, digits, entries or bytes that there are.
    size_t actual;
    /// The first byte that does not fit, counted from 0.
    size_t position;
} xobito_problem_t;

/// What to connect to.
typedef struct {
    /// The name alone: what DNS, SNI and the certificate are asked about. Lies in the account's `host`.
    xobito_text_t name;
    /// The port; 443 where the account names none.
    uint16_t port;
} xobito_host_t;

/// Fields of the recipient's contact; set those that are known and leave the others 0.
typedef struct {
    /// First name.
    xobito_text_t firstname;
    /// Last name.
    xobito_text_t lastname;
    /// Mail address; the API checks it.
    xobito_text_t email;
    /// Country.
    xobito_text_t country;
    /// The id of the member of staff that the contact is assigned to, or 0.
    uint64_t assigned_id;
    /// The groups that the contact belongs to, by name, or NULL.
    const xobito_text_t *group_names;
    /// How many: at most 16.
    size_t group_name_count;
    /// The groups by id, or NULL. Not together with names.
    const uint64_t *group_ids;
    /// How many.
    size_t group_id_count;
} xobito_contact_t;

/// A text, and nothing else. Reaches only a recipient who wrote within the last 24 hours.
typedef struct {
    /// The recipient in E.164 form, such as `+14155551234`.
    xobito_text_t to;
    /// At most 4096 characters.
    xobito_text_t body;
    /// What the workspace is to know about the recipient, or NULL.
    const xobito_contact_t *contact;
} xobito_text_message_t;

/// A message, checked and encoded.
typedef struct {
    /// Where it is to be posted: one of `xobito_endpoint_t`.
    int32_t endpoint;
    /// The JSON body, in the buffer that it was encoded into; NULL where it is made in pieces.
    const uint8_t *body;
    /// Its length in bytes: the `Content-Length`.
    size_t body_length;
    /// Not 0 where the body has so many characters that Meta will probably refuse it.
    size_t warning_characters;
} xobito_request_t;

/// A button that answers with its id.
typedef struct {
    /// 1 to 256 characters, no space at either end, unique in the message.
    xobito_text_t id;
    /// What the recipient sees: 1 to 20 characters, unique in the message.
    xobito_text_t title;
} xobito_button_t;

/// A text with one to three buttons; the id of the one that is tapped comes back to the workspace's webhook.
typedef struct {
    /// The recipient in E.164 form.
    xobito_text_t to;
    /// At most 4096 characters, of which Meta takes 1024.
    xobito_text_t body;
    /// The buttons.
    const xobito_button_t *buttons;
    /// How many: 1 to 3.
    size_t button_count;
    /// A line above the body, at most 60 characters; optional.
    xobito_text_t header;
    /// A line below the body, at most 60 characters; optional.
    xobito_text_t footer;
    /// What the workspace is to know about the recipient, or NULL.
    const xobito_contact_t *contact;
} xobito_button_message_t;

/// A text with one button that opens a web page.
typedef struct {
    /// The recipient in E.164 form.
    xobito_text_t to;
    /// At most 4096 characters, of which Meta takes 1024.
    xobito_text_t body;
    /// The button's label, at most 20 characters.
    xobito_text_t button_text;
    /// An http or https URL.
    xobito_text_t button_url;
    /// A line above the body, at most 60 characters; optional.
    xobito_text_t header;
    /// A line below the body, at most 60 characters; optional.
    xobito_text_t footer;
    /// What the workspace is to know about the recipient, or NULL.
    const xobito_contact_t *contact;
} xobito_url_message_t;

/// A template that Meta approved, with its values. Reaches a recipient at any time.
///
/// Values have no newline, no tab and at most 4 spaces in a row.
typedef struct {
    /// The recipient in E.164 form, at most 14 digits.
    xobito_text_t to;
    /// The template's name.
    xobito_text_t name;
    /// Its language, 2 to 10 characters, such as `en_US`.
    xobito_text_t language;
    /// The id of the number that the message is sent from, where the workspace has several; optional.
    xobito_text_t from_phone_number_id;
    /// What kind of header it has: one of `xobito_header_kind_t`, 0 for none.
    int32_t header_kind;
    /// The header's value, or its URL.
    xobito_text_t header;
    /// The file name that the recipient of a document sees, at most 255 characters; optional.
    xobito_text_t header_document_name;
    /// The values for `{{1}}` to `{{10}}` of the body.
    const xobito_text_t *fields;
    /// How many: 0 to 10.
    size_t field_count;
    /// The values of the buttons, by their place; absent (NULL, 0) for a button that takes none.
    const xobito_text_t *buttons;
    /// How many: 0 to 10.
    size_t button_count;
} xobito_template_message_t;

/// A file that WhatsApp fetches from a public URL.
typedef struct {
    /// The recipient in E.164 form, 9 to 14 digits.
    xobito_text_t to;
    /// What it is: one of `xobito_media_kind_t`.
    int32_t kind;
    /// An http or https URL.
    xobito_text_t url;
    /// At most 1024 characters; optional, and absent for a sound.
    xobito_text_t caption;
    /// The file name that the recipient of a document sees, at most 255 characters; optional, and absent for others.
    xobito_text_t filename;
    /// What the workspace is to know about the recipient, or NULL.
    const xobito_contact_t *contact;
} xobito_media_message_t;

/// How far a message that is made in pieces got. The caller owns it and may copy it; what is in it is the library's.
typedef struct {
    /// Not to be touched.
    uint64_t storage[6];
} xobito_stream_t;

/// Reads one answer at a time, and keeps what it said. The caller owns it; what is in it is the library's.
typedef struct {
    /// Not to be touched.
    uint64_t storage[133];
} xobito_reader_t;

/// A text that was kept of an answer: UTF-8, not ended by NUL. `data` is NULL where the answer had none.
///
/// It came from the network: escape what a log or a terminal would obey.
typedef struct {
    /// The text.
    xobito_text_t text;
    /// Not 0 where the answer's text was longer than this one.
    uint8_t is_cut;
} xobito_kept_t;

/// What became of a request. Its texts lie in the reader: they are gone when that is initialised again, or moved.
typedef struct {
    /// Which case: one of `xobito_outcome_kind_t`.
    int32_t kind;
    /// Why, where it was not accepted: one of `xobito_cause_t`.
    int32_t cause;
    /// When the same request may be made again: one of `xobito_retry_t`.
    int32_t retry;
    /// The wait in seconds where `retry` is `XOBITO_RETRY_AFTER`.
    uint32_t retry_after_s;
    /// Not 0 where the server asked for that wait; 0 where it is this library's default.
    uint8_t is_wait_stated;
    /// The HTTP status, or 0 where none came.
    uint16_t http_status;
    /// The API's own words of a rejection.
    xobito_kept_t message;
    /// How many field errors `xobito_reader_field_error` gives.
    size_t field_errors;
    /// How many more the answer had, for which there was no room.
    size_t field_errors_omitted;
} xobito_outcome_t;

/// What the API says of one field.
typedef struct {
    /// The field's name with dots, such as `buttons.0.title`; empty where the API named none.
    xobito_kept_t field;
    /// What is wrong with it.
    xobito_kept_t message;
} xobito_field_error_t;

/// A message that the API took.
typedef struct {
    /// The message's id (wamid): what a delivery is asked after.
    xobito_kept_t message_id;
    /// The API's own words, such as `Message sent successfully`.
    xobito_kept_t message;
    /// The recipient's number as the API wrote it.
    xobito_kept_t phone;
    /// The message's state, such as `sent`.
    xobito_kept_t status;
    /// When it was sent: ISO 8601, UTC, microseconds.
    xobito_kept_t sent_at;
    /// The recipient's contact in the workspace; meaningless unless `has_contact_id`.
    uint64_t contact_id;
    /// The chat in the workspace; meaningless unless `has_chat_id`.
    uint64_t chat_id;
    /// Not 0 where the answer has one.
    uint8_t has_contact_id;
    /// Not 0 where the answer has one.
    uint8_t has_chat_id;
    /// Not 0 where `message_id` can be asked after: whole, and safe in a path.
    uint8_t can_be_followed;
    /// Whether the recipient was unknown until now: one of `xobito_maybe_t`.
    int32_t contact_created;
} xobito_accepted_t;

/// What became of a message so far.
typedef struct {
    /// How far it got: one of `xobito_delivery_state_t`.
    int32_t state;
    /// Not 0 where it failed because the 24-hour window is closed: only a template will reach the recipient.
    uint8_t window_closed;
    /// Whose delivery it is, as the API says; what was asked after is not held against it.
    xobito_kept_t message_id;
    /// Why it failed, in the API's words.
    xobito_kept_t error;
    /// When that was last changed: ISO 8601, UTC, microseconds.
    xobito_kept_t last_updated;
} xobito_delivery_t;

/// What the API makes of a phone number. It tells the form, not whether the number is on WhatsApp.
typedef struct {
    /// Whether it is well formed: one of `xobito_maybe_t`.
    int32_t format_valid;
    /// The number as it was asked.
    xobito_kept_t phone;
    /// Its digits.
    xobito_kept_t phone_digits;
    /// The country calling code.
    xobito_kept_t country_code;
    /// The country.
    xobito_kept_t country;
    /// The number within the country.
    xobito_kept_t national_number;
    /// The number in E.164 form.
    xobito_kept_t e164;
    /// Why it is not well formed.
    xobito_kept_t reason;
    /// A remark.
    xobito_kept_t note;
} xobito_validation_t;

/// How an outbox paces, retries and follows; `xobito_outbox_config_default` fills it in. Times in milliseconds, up to
/// 49 days.
typedef struct {
    /// Requests in any 60 seconds, at most: messages and status queries together.
    uint32_t per_minute;
    /// How many of them at once: at least 1, and fewer than `per_minute`.
    uint32_t burst;
    /// The least time between two messages to the same recipient.
    uint32_t recipient_gap_ms;
    /// The least time between two messages with the same key to the same recipient.
    uint32_t cool_down_ms;
    /// How long nothing goes out after the link failed once; it doubles with each failure in a row.
    uint32_t link_wait_first_ms;
    /// The longest such wait.
    uint32_t link_wait_longest_ms;
    /// How long an entry waits after its first server error or unknown outcome, or where it was not taken in (408, 421,
    /// 425); it doubles with each in a row.
    uint32_t retry_wait_first_ms;
    /// The longest such wait.
    uint32_t retry_wait_longest_ms;
    /// The time from a message's acceptance until its delivery is first asked after; it doubles with each query.
    uint32_t query_first_ms;
    /// The longest time between two queries.
    uint32_t query_longest_ms;
    /// How often a delivery is asked after, at most 255 times; 0 does not follow messages.
    uint32_t queries;
    /// What a full outbox does with a newcomer: one of `xobito_when_full_t`.
    int32_t when_full;
    /// How long an entry may wait; `UINT64_MAX` is for ever.
    uint64_t time_to_live_ms;
} xobito_outbox_config_t;

/// An alert on its way into an outbox, which copies all of it.
typedef struct {
    /// What is to be sent, as one of the `_encode` functions told it.
    xobito_request_t request;
    /// To whom: the number that the request names.
    xobito_text_t recipient;
    /// What happens when nobody can tell whether it went out: one of `xobito_duplicates_t`. It has no default.
    int32_t duplicates;
    /// One of `xobito_priority_t`.
    int32_t priority;
    /// How long it may wait; 0 is what the configuration says, `UINT64_MAX` for ever.
    uint64_t time_to_live_ms;
    /// Whether it joins one that waits with the same key for the same recipient: one of `xobito_coalesce_t`.
    int32_t coalesce;
    /// What it is about, as a number of the firmware's choice: it counts unless `coalesce` is `XOBITO_COALESCE_NONE`.
    uint32_t key;
    /// A template message for where the 24-hour window is closed, or NULL.
    const xobito_request_t *template_request;
    /// Not 0 to send the template first, and the request only where the API refuses that.
    uint8_t is_template_first;
} xobito_entry_t;

/// What became of an entry.
typedef struct {
    /// Which entry.
    uint32_t id;
    /// Its end: one of `xobito_end_t`.
    int32_t end;
    /// Of `XOBITO_END_FAILED`: why, one of `xobito_cause_t`.
    int32_t cause;
    /// Of `XOBITO_END_ACCEPTED_UNTRACKED`: why, one of `xobito_untracked_t`.
    int32_t untracked;
    /// Not 0 where the entry has a key.
    uint8_t has_key;
    /// What it was about.
    uint32_t key;
    /// How many alerts it stood for.
    uint32_t stands_for;
    /// How often it was sent, or tried to be.
    uint32_t attempts;
    /// Whom it was for, ended by NUL.
    char recipient[17];
    /// The message's id if the API took it, ended by NUL; empty otherwise.
    char message_id[129];
} xobito_ended_t;

/// What became of an entry that was taken in.
typedef struct {
    /// Its id, or that of the entry that now stands for it too. Later entries have larger ones.
    uint32_t id;
    /// How many alerts the entry stands for now.
    uint32_t stands_for;
    /// Not 0 where another entry had to make room; `displaced` then reports its end, and `poll` will not.
    uint8_t has_displaced;
    /// The report about that entry.
    xobito_ended_t displaced;
} xobito_enqueued_t;

/// What an outbox wants to be done.
typedef struct {
    /// What: one of `xobito_step_kind_t`. The members below count only where it says so.
    int32_t kind;
    /// Which entry: of `SEND`, `QUERY` and `IN_FLIGHT`.
    uint32_t id;
    /// Of `SEND`: what to post. It lies in the outbox until the entry is settled.
    xobito_request_t request;
    /// Of `QUERY`: whose status to get, ended by NUL.
    char message_id[129];
    /// Of `WAIT`: nothing happens before this time.
    uint64_t until_ms;
    /// Of `ENDED`: what became of an entry. It is reported this once.
    xobito_ended_t ended;
    /// Of `KIND_REFUSED`: which kind of message (`xobito_endpoint_t`).
    int32_t endpoint;
} xobito_step_t;

/// The memory of a small outbox: 4 entries of 512 bytes.
typedef struct {
    /// Not to be touched.
    uint64_t storage[353];
} xobito_outbox_small_t;

/// The memory of a large outbox: 16 entries of 1024 bytes.
typedef struct {
    /// Not to be touched.
    uint64_t storage[2229];
} xobito_outbox_large_t;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/// The meaning of a number that a function returned, as a text in English that NUL ends. It is never NULL.
const char *xobito_strerror(int32_t status);

/// Writes a field's name as the API has it, such as `buttons.0.title`, with a NUL behind it.
///
/// `field` and `index` are those of a `xobito_problem_t`. `*length` becomes the length without the NUL, also where the
/// buffer is too small.
///
/// Preconditions:
/// `buffer` has `capacity` writable bytes (or is NULL with 0), `length` is writable.
int32_t xobito_field_name(int32_t field,
                          uint32_t index,
                          char *buffer,
                          size_t capacity,
                          size_t *length);

/// Whether the account can be used. `problem` may be NULL; it tells the position of what does not fit, never the token.
///
/// Returns 0, or `XOBITO_ERROR_HOST`, `XOBITO_ERROR_SUBDOMAIN`, `XOBITO_ERROR_TOKEN`.
///
/// Preconditions:
/// `account` and its texts are readable; `problem` is NULL or writable.
int32_t xobito_account_check(const xobito_account_t *account,
                             xobito_problem_t *problem);

/// The name and the port to connect to.
///
/// Preconditions:
/// `account` and its texts are readable; `host` is writable.
int32_t xobito_host(const xobito_account_t *account, xobito_host_t *host);

/// Whether a text is a phone number in E.164 form. `problem` may be NULL.
///
/// Preconditions:
/// `number` is readable; `problem` is NULL or writable.
int32_t xobito_phone_check(xobito_text_t number, xobito_problem_t *problem);

/// Whether a text is a message id that can be asked after: 1 to 128 bytes, not `.` or `..`, no control character.
///
/// Preconditions:
/// `message_id` is readable.
int32_t xobito_message_id_check(xobito_text_t message_id);

/// Overwrites memory with zeros in a way that no compiler leaves out: for buffers that held a token.
///
/// Preconditions:
/// `memory` has `length` writable bytes, or is NULL with 0.
int32_t xobito_wipe(uint8_t *memory, size_t length);

/// Checks a text and encodes it into `buffer`; `request` tells where it is to be posted, and how long it is.
///
/// A text of 160 characters takes about 240 bytes. Where the buffer is too small, `problem->actual` is the size that
/// is needed; a buffer of NULL and 0 asks for that alone. `problem` may be NULL.
///
/// Preconditions:
/// `message` and all that it points to is readable; `buffer` has `capacity` writable bytes (or is NULL with 0),
/// `request` is writable, `problem` is writable or NULL.
int32_t xobito_text_encode(const xobito_text_message_t *message,
                           uint8_t *buffer,
                           size_t capacity,
                           xobito_request_t *request,
                           xobito_problem_t *problem);

/// As `xobito_text_encode`, for a message with reply buttons. `XOBITO_STATUS_WARNING_BODY_LENGTH` is a success.
///
/// Preconditions:
/// As `xobito_text_encode`.
int32_t xobito_button_encode(const xobito_button_message_t *message,
                             uint8_t *buffer,
                             size_t capacity,
                             xobito_request_t *request,
                             xobito_problem_t *problem);

/// As `xobito_text_encode`, for a message with a URL button. `XOBITO_STATUS_WARNING_BODY_LENGTH` is a success.
///
/// Preconditions:
/// As `xobito_text_encode`.
int32_t xobito_url_encode(const xobito_url_message_t *message,
                          uint8_t *buffer,
                          size_t capacity,
                          xobito_request_t *request,
                          xobito_problem_t *problem);

/// As `xobito_text_encode`, for a template.
///
/// Preconditions:
/// As `xobito_text_encode`.
int32_t xobito_template_encode(const xobito_template_message_t *message,
                               uint8_t *buffer,
                               size_t capacity,
                               xobito_request_t *request,
                               xobito_problem_t *problem);

/// As `xobito_text_encode`, for a file by URL.
///
/// Preconditions:
/// As `xobito_text_encode`.
int32_t xobito_media_encode(const xobito_media_message_t *message,
                            uint8_t *buffer,
                            size_t capacity,
                            xobito_request_t *request,
                            xobito_problem_t *problem);

/// Encodes the question whether a text of 1 to 32 characters is a phone number. It tells the form, not whether the
/// number is on WhatsApp. `XOBITO_PHONE_QUERY_BODY_MAX` bytes are always enough; the rest as in `xobito_text_encode`.
///
/// Preconditions:
/// As `xobito_text_encode`, `number` instead of the message.
int32_t xobito_phone_query_encode(xobito_text_t number,
                                  uint8_t *buffer,
                                  size_t capacity,
                                  xobito_request_t *request,
                                  xobito_problem_t *problem);

/// Checks a text that is to be made in pieces, and counts its bytes; `request` tells where it is to be posted and how
/// long it is, and has no body. `problem` may be NULL.
///
/// The pieces are made by encoding the message anew and keeping what falls into the piece: a body of n bytes in pieces
/// of p is encoded about n / 2p times. The message and all its texts must stay as they are until the last piece. To
/// send it again from the start, keep a copy of the stream as it is now.
///
/// Preconditions:
/// `message` and all that it points to is readable; `stream` and `request` are writable, `problem` is writable or NULL.
int32_t xobito_text_begin(xobito_stream_t *stream,
                          const xobito_text_message_t *message,
                          xobito_request_t *request,
                          xobito_problem_t *problem);

/// Writes the next piece of a text that `xobito_text_begin` began, as long as `capacity` unless it is the last.
///
/// Returns `XOBITO_STATUS_MORE` with a piece of `*length` bytes, 0 with a length of 0 when all was handed out, and
/// `XOBITO_ERROR_TEXT_CHANGED` where the message is not the one that was begun.
///
/// Preconditions:
/// `message` and all that it points to is readable; `stream` is writable, `buffer` has `capacity` writable bytes,
/// `length` is writable.
int32_t xobito_text_next(xobito_stream_t *stream,
                         const xobito_text_message_t *message,
                         uint8_t *buffer,
                         size_t capacity,
                         size_t *length);

/// As `xobito_text_begin`, for a message with reply buttons. `XOBITO_STATUS_WARNING_BODY_LENGTH` is a success.
///
/// Preconditions:
/// As `xobito_text_begin`.
int32_t xobito_button_begin(xobito_stream_t *stream,
                            const xobito_button_message_t *message,
                            xobito_request_t *request,
                            xobito_problem_t *problem);

/// As `xobito_text_next`, for a message with reply buttons.
///
/// Preconditions:
/// As `xobito_text_next`.
int32_t xobito_button_next(xobito_stream_t *stream,
                           const xobito_button_message_t *message,
                           uint8_t *buffer,
                           size_t capacity,
                           size_t *length);

/// As `xobito_text_begin`, for a message with a URL button. `XOBITO_STATUS_WARNING_BODY_LENGTH` is a success.
///
/// Preconditions:
/// As `xobito_text_begin`.
int32_t xobito_url_begin(xobito_stream_t *stream,
                         const xobito_url_message_t *message,
                         xobito_request_t *request,
                         xobito_problem_t *problem);

/// As `xobito_text_next`, for a message with a URL button.
///
/// Preconditions:
/// As `xobito_text_next`.
int32_t xobito_url_next(xobito_stream_t *stream,
                        const xobito_url_message_t *message,
                        uint8_t *buffer,
                        size_t capacity,
                        size_t *length);

/// As `xobito_text_begin`, for a template.
///
/// Preconditions:
/// As `xobito_text_begin`.
int32_t xobito_template_begin(xobito_stream_t *stream,
                              const xobito_template_message_t *message,
                              xobito_request_t *request,
                              xobito_problem_t *problem);

/// As `xobito_text_next`, for a template.
///
/// Preconditions:
/// As `xobito_text_next`.
int32_t xobito_template_next(xobito_stream_t *stream,
                             const xobito_template_message_t *message,
                             uint8_t *buffer,
                             size_t capacity,
                             size_t *length);

/// As `xobito_text_begin`, for a file by URL.
///
/// Preconditions:
/// As `xobito_text_begin`.
int32_t xobito_media_begin(xobito_stream_t *stream,
                           const xobito_media_message_t *message,
                           xobito_request_t *request,
                           xobito_problem_t *problem);

/// As `xobito_text_next`, for a file by URL.
///
/// Preconditions:
/// As `xobito_text_next`.
int32_t xobito_media_next(xobito_stream_t *stream,
                          const xobito_media_message_t *message,
                          uint8_t *buffer,
                          size_t capacity,
                          size_t *length);

/// The HTTP method of an endpoint (`xobito_endpoint_t`): `GET` or `POST`, ended by NUL; NULL for another number.
const char *xobito_method(int32_t endpoint);

/// Writes the path of a request, `/` first, and a NUL behind it; nothing in it needs escaping.
///
/// `message_id` is whose status is asked; it counts for nothing at the other endpoints. `*length` becomes the length
/// without the NUL, also where the buffer is too small.
///
/// Preconditions:
/// `account`, its texts and `message_id` are readable; `buffer` has `capacity` writable bytes (or is NULL with 0),
/// `length` is writable.
int32_t xobito_path(const xobito_account_t *account,
                    int32_t endpoint,
                    xobito_text_t message_id,
                    char *buffer,
                    size_t capacity,
                    size_t *length);

/// Writes the whole URL of a request, `https://` first, and a NUL behind it. As `xobito_path` otherwise.
///
/// Preconditions:
/// As `xobito_path`.
int32_t xobito_url(const xobito_account_t *account,
                   int32_t endpoint,
                   xobito_text_t message_id,
                   char *buffer,
                   size_t capacity,
                   size_t *length);

/// Writes all header lines that the API asks for, each ended by CR LF, and a NUL behind them. They contain the token:
/// give the buffer to `xobito_wipe` afterwards.
///
/// `Host` and `Content-Length` are left to the HTTP client. `*length` as in `xobito_path`.
///
/// Preconditions:
/// `account` and its texts are readable; `buffer` has `capacity` writable bytes (or is NULL with 0), `length` is
/// writable.
int32_t xobito_headers(const xobito_account_t *account,
                       int32_t endpoint,
                       char *buffer,
                       size_t capacity,
                       size_t *length);

/// One header, for HTTP clients that want them one by one: its name (ended by NUL) goes to `*name`, its value, with a
/// NUL behind it, to the buffer. Index 0 has the token: give the buffer to `xobito_wipe` afterwards.
///
/// Returns `XOBITO_ERROR_NOT_THERE` for the first index past the last header.
///
/// Preconditions:
/// As `xobito_headers`; `name` is writable.
int32_t xobito_header(const xobito_account_t *account,
                      int32_t endpoint,
                      size_t index,
                      const char **name,
                      char *buffer,
                      size_t capacity,
                      size_t *length);

/// Writes a whole HTTP/1.1 head up to and with its empty line, and a NUL behind it. It contains the token: give the
/// buffer to `xobito_wipe` afterwards.
///
/// `content_length` is the body's length in bytes; it counts for nothing where the method is GET. The rest as in
/// `xobito_path`.
///
/// Preconditions:
/// As `xobito_path`.
int32_t xobito_http_head(const xobito_account_t *account,
                         int32_t endpoint,
                         xobito_text_t message_id,
                         uint32_t content_length,
                         char *buffer,
                         size_t capacity,
                         size_t *length);

/// The word for a cause (`xobito_cause_t`), such as `window-closed`; it is not ended by NUL and lasts for ever. That of
/// `XOBITO_CAUSE_NONE` is empty.
///
/// Preconditions:
/// `word` is writable.
int32_t xobito_cause_word(int32_t cause,
                          xobito_text_t *word);

/// Makes a reader ready for the answer to a message: of `XOBITO_ENDPOINT_SEND`, `_TEMPLATE` or `_MEDIA`.
///
/// What it held before is gone.
///
/// Preconditions:
/// `reader` is writable.
int32_t xobito_reader_for_message(xobito_reader_t *reader);

/// Makes a reader ready for the answer of `XOBITO_ENDPOINT_STATUS`. What it held before is gone.
///
/// Preconditions:
/// `reader` is writable.
int32_t xobito_reader_for_status(xobito_reader_t *reader);

/// Makes a reader ready for the answer of `XOBITO_ENDPOINT_VALIDATE`. What it held before is gone.
///
/// Preconditions:
/// `reader` is writable.
int32_t xobito_reader_for_validation(xobito_reader_t *reader);

/// The HTTP status came. To be told before the body; if told again before it (after a 1xx), the last one counts.
///
/// Preconditions:
/// `reader` is a `xobito_reader_t` that nobody else uses during the call.
int32_t xobito_reader_status(xobito_reader_t *reader,
                             uint16_t status);

/// A `Retry-After` header came, before the answer's end. Seconds are understood; a date is not, for want of a clock.
///
/// Preconditions:
/// As `xobito_reader_status`; `value` is readable.
int32_t xobito_reader_retry_after(xobito_reader_t *reader,
                                  xobito_text_t value);

/// A chunk of the body came, of any size; HTTP's own chunks are undone before.
///
/// Returns 0, or `XOBITO_STATUS_SETTLED` where the rest of the body cannot change the outcome any more.
///
/// Preconditions:
/// As `xobito_reader_status`; `chunk` has `length` readable bytes, or is NULL with 0.
int32_t xobito_reader_feed(xobito_reader_t *reader, const uint8_t *chunk, size_t length);

/// The answer is complete, as far as HTTP can tell: what became of the request?
///
/// Preconditions:
/// As `xobito_reader_status`; `outcome` is writable, or NULL.
int32_t xobito_reader_finish(xobito_reader_t *reader, xobito_outcome_t *outcome);

/// The exchange broke: what became of the request?
///
/// `cause` says what happened: one of `XOBITO_CAUSE_DNS` to `XOBITO_CAUSE_MALFORMED_HTTP`. `request_left` is not 0 if a
/// byte of the request may have left the device; when in doubt, it has.
///
/// Preconditions:
/// As `xobito_reader_finish`.
int32_t xobito_reader_fail(xobito_reader_t *reader,
                           int32_t cause,
                           int32_t request_left,
                           xobito_outcome_t *outcome);

/// The outcome once more, as long as the reader keeps it.
///
/// Preconditions:
/// `reader` is a `xobito_reader_t`; `outcome` is writable.
int32_t xobito_reader_outcome(const xobito_reader_t *reader, xobito_outcome_t *outcome);

/// What the API says of a field, counted from 0 to below `field_errors` of the outcome.
///
/// Preconditions:
/// `reader` is a `xobito_reader_t`; `error` is writable.
int32_t xobito_reader_field_error(const xobito_reader_t *reader, size_t index, xobito_field_error_t *error);

/// What belongs to a message that was accepted; `XOBITO_ERROR_NOT_THERE` for any other outcome.
///
/// Preconditions:
/// `reader` is a `xobito_reader_t`; `accepted` is writable.
int32_t xobito_reader_accepted(const xobito_reader_t *reader, xobito_accepted_t *accepted);

/// What became of a message so far, where the endpoint was `XOBITO_ENDPOINT_STATUS` and it answered.
///
/// Preconditions:
/// `reader` is a `xobito_reader_t`; `delivery` is writable.
int32_t xobito_reader_delivery(const xobito_reader_t *reader, xobito_delivery_t *delivery);

/// What the API makes of a phone number, where the endpoint was `XOBITO_ENDPOINT_VALIDATE` and it answered.
///
/// Preconditions:
/// `reader` is a `xobito_reader_t`; `validation` is writable.
int32_t xobito_reader_validation(const xobito_reader_t *reader, xobito_validation_t *validation);

/// The defaults: 60 requests a minute, 10 of them at once; 6 s between two messages to a recipient; 60 s between two
/// with the same key; deliveries followed; 24 hours to live; refusing when full.
///
/// Preconditions:
/// `config` is writable.
int32_t xobito_outbox_config_default(xobito_outbox_config_t *config);

/// Takes an entry in. `now_ms` is any clock that only runs forward; the same one for all calls.
///
/// Returns `XOBITO_ERROR_FULL`, `XOBITO_ERROR_BUFFER_TOO_SMALL` where an entry has more bytes than a slot (`problem`
/// tells how many), `XOBITO_ERROR_NOT_AN_OBJECT` where a request is none, `XOBITO_ERROR_NOT_A_TEMPLATE`; nothing has
/// changed then. `problem` may be NULL.
///
/// Preconditions:
/// `outbox` is what an `_init` function gave and nobody else uses during the call; `entry` and what it points to is
/// readable, `enqueued` is writable, `problem` is writable or NULL.
int32_t xobito_outbox_enqueue(xobito_outbox_t *outbox,
                              const xobito_entry_t *entry,
                              uint64_t now_ms,
                              xobito_enqueued_t *enqueued,
                              xobito_problem_t *problem);

/// How many alerts the entry stands for that waits with this key for this recipient: to be asked before the text of a
/// newcomer is made that is to replace it. `XOBITO_ERROR_NOT_THERE` where none waits.
///
/// Preconditions:
/// `outbox` as in `xobito_outbox_enqueue`; `recipient` is readable, `stands_for` is writable.
int32_t xobito_outbox_stands_for(xobito_outbox_t *outbox,
                                 uint32_t key,
                                 xobito_text_t recipient,
                                 uint32_t *stands_for);

/// What is to be done at this time. `jitter` is any 32 random bits, that need not be secret. Once a message or a query
/// is handed out, it counts as made.
///
/// Preconditions:
/// `outbox` as in `xobito_outbox_enqueue`; `step` is writable.
int32_t xobito_outbox_poll(xobito_outbox_t *outbox,
                           uint64_t now_ms,
                           uint32_t jitter,
                           xobito_step_t *step);

/// Tells what became of what `xobito_outbox_poll` handed out: `reader` was finished, one for a message after `SEND`, one
/// for a status after `QUERY`.
///
/// Returns `XOBITO_ERROR_NOT_IN_FLIGHT` where this entry was not handed out for that; nothing has changed then.
///
/// Preconditions:
/// `outbox` as in `xobito_outbox_enqueue`; `reader` is a `xobito_reader_t` that nobody writes to.
int32_t xobito_outbox_settle(xobito_outbox_t *outbox,
                             uint32_t id,
                             const xobito_reader_t *reader,
                             uint64_t now_ms);

/// Puts back what `xobito_outbox_poll` handed out last: nothing of it was sent, and nothing will be. It takes nothing of the
/// budget, and nothing of the recipient's gap but where an earlier try of the entry may have arrived. A message waits then as after a
/// failed link, longer each time in a row.
///
/// Returns `XOBITO_ERROR_NOT_IN_FLIGHT` where this entry is not handed out; nothing has changed then.
///
/// Preconditions:
/// `outbox` as in `xobito_outbox_enqueue`.
int32_t xobito_outbox_unsend(xobito_outbox_t *outbox,
                             uint32_t id);

/// The token was replaced, or is allowed more now: goes on after `TOKEN_REFUSED` and `KIND_REFUSED`.
///
/// Preconditions:
/// `outbox` as in `xobito_outbox_enqueue`.
int32_t xobito_outbox_resume(xobito_outbox_t *outbox);

/// The link is there again: no need to wait for it any longer.
///
/// Preconditions:
/// `outbox` as in `xobito_outbox_enqueue`.
int32_t xobito_outbox_link_up(xobito_outbox_t *outbox);

/// After a reset: takes the budget and every recipient's gap as spent, as nobody knows what was sent just before.
///
/// Preconditions:
/// `outbox` as in `xobito_outbox_enqueue`.
int32_t xobito_outbox_restored(xobito_outbox_t *outbox,
                               uint64_t now_ms);

/// How many entries there are: waiting, in flight, followed, or ended and not yet reported.
///
/// Preconditions:
/// `outbox` as in `xobito_outbox_enqueue`; `count` is writable.
int32_t xobito_outbox_count(xobito_outbox_t *outbox, size_t *count);

/// Makes an empty outbox in `storage`; `*outbox` becomes what the other functions take, and points into `storage`.
///
/// `config` may be NULL for the defaults. Where a reset may have come before, call `xobito_outbox_restored` next.
/// Returns `XOBITO_ERROR_VALUE` where the configuration contradicts itself.
///
/// Preconditions:
/// `storage` is writable and stays where it is as long as the outbox is used; `config` is readable or NULL, `outbox`
/// is writable.
int32_t xobito_outbox_small_init(xobito_outbox_small_t *storage,
                                 const xobito_outbox_config_t *config,
                                 xobito_outbox_t **outbox);

/// As `xobito_outbox_small_init`, for 16 entries of 1024 bytes.
///
/// Preconditions:
/// As `xobito_outbox_small_init`.
int32_t xobito_outbox_large_init(xobito_outbox_large_t *storage,
                                 const xobito_outbox_config_t *config,
                                 xobito_outbox_t **outbox);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* XOBITO_H */
