//! Every limit of the protocol, once, with its unit and its source.
//!
//! Sources: **\[S\]** the API's documentation of the send endpoint, **\[D\]** the vendor's other public pages,
//! **\[M\]** what Meta enforces behind the API, **\[X\]** our own choice, where the API names no limit.

use core::time::Duration;

/// Digits of a phone number in E.164 form, at least. \[S\]
pub const E164_MIN_DIGITS: usize = 8;
/// Digits of a phone number in E.164 form, at most. \[S\]
pub const E164_MAX_DIGITS: usize = 15;
/// Characters of `message_body`, at most (Unicode code points). \[S\]
pub const BODY_MAX: usize = 4096;
/// Characters of the body of an interactive or `cta_url` message that Meta accepts. \[M\]
pub const INTERACTIVE_BODY_META_MAX: usize = 1024;
/// Characters of `header`, at most. \[S\]
pub const HEADER_MAX: usize = 60;
/// Characters of `footer`, at most. \[S\]
pub const FOOTER_MAX: usize = 60;
/// Reply buttons of one message, at most. \[S\]
pub const BUTTONS_MAX: usize = 3;
/// Characters of a reply button's `id`, at most. \[S\]
pub const BUTTON_ID_MAX: usize = 256;
/// Characters of a reply button's `title`, at most. \[S\]
pub const BUTTON_TITLE_MAX: usize = 20;
/// Characters of `button_text`, the label of a URL button, at most. \[S\]
pub const BUTTON_TEXT_MAX: usize = 20;
/// Characters of `template_language`, at least. \[D\]
pub const TEMPLATE_LANGUAGE_MIN: usize = 2;
/// Characters of `template_language`, at most. \[D\]
pub const TEMPLATE_LANGUAGE_MAX: usize = 10;
/// Characters of `phone_number` of a template message, the `+` included, at most. \[D\]
pub const TEMPLATE_PHONE_MAX: usize = 15;
/// Body values of a template: `field_1` to `field_10`. \[D\]
pub const TEMPLATE_FIELDS_MAX: usize = 10;
/// Button values of a template: `button_0` to `button_9`; the documentation shows up to `button_2` and names no
/// limit, ten is what Meta allows. \[M\]
pub const TEMPLATE_BUTTONS_MAX: usize = 10;
/// Spaces in a row in a template value, at most. \[M\]
pub const TEMPLATE_SPACES_MAX: usize = 4;
/// Characters of `header_document_name` and `filename`, at most. \[D\]
pub const FILE_NAME_MAX: usize = 255;
/// Characters of `phone_number` of a media message, the `+` included, at least. \[D\]
pub const MEDIA_PHONE_MIN: usize = 10;
/// Characters of `phone_number` of a media message, the `+` included, at most. \[D\]
pub const MEDIA_PHONE_MAX: usize = 15;
/// Characters of `caption`, at most. \[D\]
pub const CAPTION_MAX: usize = 1024;

/// Bytes of a host name, at most (RFC 1035).
pub const HOST_MAX: usize = 253;
/// Bytes of one label of a host name, at most (RFC 1035).
pub const HOST_LABEL_MAX: usize = 63;
/// Bytes of a workspace's subdomain, at most: it is one label of a host name elsewhere. \[X\]
pub const SUBDOMAIN_MAX: usize = 63;
/// Bytes of a bearer token, at most; seen: 64 and 70. \[X\]
pub const TOKEN_MAX: usize = 512;
/// Bytes of a message id that can be asked after, at most; seen: 58. \[X\]
pub const MESSAGE_ID_MAX: usize = 128;
/// Bytes of a number given to the phone check, at most. \[X\]
pub const PHONE_QUERY_MAX: usize = 32;

/// Levels of nesting in an answer, at most; the documented answers have five. \[X\]
pub const JSON_DEPTH_MAX: u8 = 32;

/// Requests a minute for one token, unless the workspace's admin changed it. \[D\]
pub const REQUESTS_PER_MINUTE: u32 = 60;
/// Hours after a recipient's last message in which free-form messages reach them. \[S\]
pub const WINDOW_HOURS: u32 = 24;
/// The wait after a 429 that names none, in seconds: the limit is counted by the minute. \[X\]
pub const RATE_LIMIT_DEFAULT_WAIT_S: u32 = 60;
/// The longest wait that is kept to when the API asks for one, in seconds. Its limits are counted by the minute; a longer wait is
/// somebody's mistake, and would let alerts expire. \[X\]
pub const RETRY_AFTER_MAX_S: u32 = 3600;
/// The wait after a server error, or a request that was not taken in, in seconds. \[X\]
pub const SERVER_ERROR_WAIT_S: u32 = 30;

/// Requests that the outbox lets go at once, unless its budget says otherwise. \[X\]
pub const OUTBOX_BURST: u32 = 10;
/// The least time between two messages of an outbox to one recipient: Meta allows one each 6 s. \[M\]
pub const OUTBOX_RECIPIENT_GAP: Duration = Duration::from_secs(6);
/// The least time between two messages of an outbox with the same key to one recipient. \[X\]
pub const OUTBOX_COOL_DOWN: Duration = Duration::from_secs(60);
/// How long an entry of an outbox may wait: as long as a window stays open. \[X\]
pub const OUTBOX_TIME_TO_LIVE: Duration = Duration::from_secs(24 * 60 * 60);
/// The outbox's wait after the link failed once; it doubles with each failure in a row. \[X\]
pub const OUTBOX_LINK_WAIT_FIRST: Duration = Duration::from_secs(2);
/// The outbox's longest wait for the link. \[X\]
pub const OUTBOX_LINK_WAIT_LONGEST: Duration = Duration::from_secs(300);
/// An entry's wait after its first server error or unknown outcome, or where it was not taken in; it doubles with each in a row. \[X\]
pub const OUTBOX_RETRY_WAIT_FIRST: Duration = Duration::from_secs(30);
/// An entry's longest wait until it is sent again. \[X\]
pub const OUTBOX_RETRY_WAIT_LONGEST: Duration = Duration::from_secs(3600);
/// The time from a message's acceptance until an outbox first asks after its delivery; it doubles with each query. \[X\]
pub const OUTBOX_QUERY_FIRST: Duration = Duration::from_secs(10);
/// The longest time between two queries of an outbox after one delivery. \[X\]
pub const OUTBOX_QUERY_LONGEST: Duration = Duration::from_secs(3600);
/// Queries of an outbox after one delivery, at most. \[X\]
pub const OUTBOX_QUERIES: u8 = 12;
/// Sends that an outbox remembers for gaps and cool-downs, unless another number is chosen: as many as the default budget
/// allows within the default gap. \[X\]
pub const OUTBOX_RECENT: usize = 16;
