//! Every limit of the protocol, once, with its unit and its source.
//!
//! Sources: **\[S\]** the API's documentation of the send endpoint, **\[D\]** the vendor's other public pages,
//! **\[M\]** what Meta enforces behind the API, **\[X\]** our own choice, where the API names no limit.

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
/// The wait after a server error, in seconds. \[X\]
pub const SERVER_ERROR_WAIT_S: u32 = 30;
