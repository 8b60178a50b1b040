//! The limits of the protocol, for C. Each is held against the core's, which also names its source.

use xobito_core::limits;

/// Digits of a phone number in E.164 form, at least.
pub const XOBITO_E164_MIN_DIGITS: usize = 8;
/// Digits of a phone number in E.164 form, at most.
pub const XOBITO_E164_MAX_DIGITS: usize = 15;
/// Characters (Unicode code points, not bytes) of `message_body`, at most.
pub const XOBITO_BODY_MAX: usize = 4096;
/// Characters of the body of a message with buttons that Meta accepts.
pub const XOBITO_INTERACTIVE_BODY_META_MAX: usize = 1024;
/// Characters of `header`, at most.
pub const XOBITO_HEADER_MAX: usize = 60;
/// Characters of `footer`, at most.
pub const XOBITO_FOOTER_MAX: usize = 60;
/// Reply buttons of one message, at most.
pub const XOBITO_BUTTONS_MAX: usize = 3;
/// Characters of a reply button's `id`, at most.
pub const XOBITO_BUTTON_ID_MAX: usize = 256;
/// Characters of a reply button's `title`, at most.
pub const XOBITO_BUTTON_TITLE_MAX: usize = 20;
/// Characters of `button_text`, the label of a URL button, at most.
pub const XOBITO_BUTTON_TEXT_MAX: usize = 20;
/// Characters of a template's language, at least.
pub const XOBITO_TEMPLATE_LANGUAGE_MIN: usize = 2;
/// Characters of a template's language, at most.
pub const XOBITO_TEMPLATE_LANGUAGE_MAX: usize = 10;
/// Characters of the number that a template goes to, the `+` included, at most.
pub const XOBITO_TEMPLATE_PHONE_MAX: usize = 15;
/// Body values of a template, at most.
pub const XOBITO_TEMPLATE_FIELDS_MAX: usize = 10;
/// Button values of a template, at most.
pub const XOBITO_TEMPLATE_BUTTONS_MAX: usize = 10;
/// Spaces in a row in a template value, at most.
pub const XOBITO_TEMPLATE_SPACES_MAX: usize = 4;
/// Characters of a document's file name, at most.
pub const XOBITO_FILE_NAME_MAX: usize = 255;
/// Characters of the number that media go to, the `+` included, at least.
pub const XOBITO_MEDIA_PHONE_MIN: usize = 10;
/// Characters of the number that media go to, the `+` included, at most.
pub const XOBITO_MEDIA_PHONE_MAX: usize = 15;
/// Characters of `caption`, at most.
pub const XOBITO_CAPTION_MAX: usize = 1024;
/// Groups of one contact by name, at most: a limit of this library.
pub const XOBITO_GROUPS_MAX: usize = 16;
/// Bytes of a host name, at most.
pub const XOBITO_HOST_MAX: usize = 253;
/// Bytes of a workspace's subdomain, at most.
pub const XOBITO_SUBDOMAIN_MAX: usize = 63;
/// Bytes of a bearer token, at most.
pub const XOBITO_TOKEN_MAX: usize = 512;
/// Bytes of a message id, at most.
pub const XOBITO_MESSAGE_ID_MAX: usize = 128;
/// Characters of a number given to the phone check, at most.
pub const XOBITO_PHONE_QUERY_MAX: usize = 32;
/// Bytes of the body of any question about a phone number, at most.
pub const XOBITO_PHONE_QUERY_BODY_MAX: usize = 211;
/// Requests a minute for one token, unless the workspace's admin changed it.
pub const XOBITO_REQUESTS_PER_MINUTE: u32 = 60;
/// Hours after a recipient's last message in which free-form messages reach them.
pub const XOBITO_WINDOW_HOURS: u32 = 24;

const _: () = {
    assert!(XOBITO_E164_MIN_DIGITS == limits::E164_MIN_DIGITS);
    assert!(XOBITO_E164_MAX_DIGITS == limits::E164_MAX_DIGITS);
    assert!(XOBITO_BODY_MAX == limits::BODY_MAX);
    assert!(XOBITO_INTERACTIVE_BODY_META_MAX == limits::INTERACTIVE_BODY_META_MAX);
    assert!(XOBITO_HEADER_MAX == limits::HEADER_MAX);
    assert!(XOBITO_FOOTER_MAX == limits::FOOTER_MAX);
    assert!(XOBITO_BUTTONS_MAX == limits::BUTTONS_MAX);
    assert!(XOBITO_BUTTON_ID_MAX == limits::BUTTON_ID_MAX);
    assert!(XOBITO_BUTTON_TITLE_MAX == limits::BUTTON_TITLE_MAX);
    assert!(XOBITO_BUTTON_TEXT_MAX == limits::BUTTON_TEXT_MAX);
    assert!(XOBITO_TEMPLATE_LANGUAGE_MIN == limits::TEMPLATE_LANGUAGE_MIN);
    assert!(XOBITO_TEMPLATE_LANGUAGE_MAX == limits::TEMPLATE_LANGUAGE_MAX);
    assert!(XOBITO_TEMPLATE_PHONE_MAX == limits::TEMPLATE_PHONE_MAX);
    assert!(XOBITO_TEMPLATE_FIELDS_MAX == limits::TEMPLATE_FIELDS_MAX);
    assert!(XOBITO_TEMPLATE_BUTTONS_MAX == limits::TEMPLATE_BUTTONS_MAX);
    assert!(XOBITO_TEMPLATE_SPACES_MAX == limits::TEMPLATE_SPACES_MAX);
    assert!(XOBITO_FILE_NAME_MAX == limits::FILE_NAME_MAX);
    assert!(XOBITO_MEDIA_PHONE_MIN == limits::MEDIA_PHONE_MIN);
    assert!(XOBITO_MEDIA_PHONE_MAX == limits::MEDIA_PHONE_MAX);
    assert!(XOBITO_CAPTION_MAX == limits::CAPTION_MAX);
    assert!(XOBITO_HOST_MAX == limits::HOST_MAX);
    assert!(XOBITO_SUBDOMAIN_MAX == limits::SUBDOMAIN_MAX);
    assert!(XOBITO_TOKEN_MAX == limits::TOKEN_MAX);
    assert!(XOBITO_MESSAGE_ID_MAX == limits::MESSAGE_ID_MAX);
    assert!(XOBITO_PHONE_QUERY_MAX == limits::PHONE_QUERY_MAX);
    assert!(XOBITO_PHONE_QUERY_BODY_MAX == xobito_core::PhoneQuery::BODY_MAX);
    assert!(XOBITO_REQUESTS_PER_MINUTE == limits::REQUESTS_PER_MINUTE);
    assert!(XOBITO_WINDOW_HOURS == limits::WINDOW_HOURS);
};
