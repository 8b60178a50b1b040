//! What is read: answers as `xobito-api.md` documents them, spelled as PHP's `json_encode` spells them.

/// The API took a message: 321 bytes.
pub const SUCCESS: &[u8] = br#"{"status":"success","message":"Message sent successfully","data":{"message_id":"wamid.HBgLMTQxNTU1NTEyMzQVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA","contact_id":451,"phone":"+14155551234","message":"Pump 7 stopped at 14:02 in hall 12","status":"sent","sent_at":"2026-04-16T12:00:00.000000Z","chat_id":88,"contact_created":false}}"#;

/// The same with a message of 4096 emoji, each as two escapes: 49,439 bytes.
pub const ECHO: &[u8] = &echo();

/// Ten fields are wrong.
pub const REFUSAL: &[u8] = br#"{"status":"error","message":"Validation failed","errors":{"phone_number":["The phone number field is required."],"message_body":["The message body field must not be greater than 4096 characters."],"message_type":["The selected message type is invalid."],"header":["The header field must not be greater than 60 characters."],"footer":["The footer field must not be greater than 60 characters."],"buttons":["The buttons field must not have more than 3 items."],"buttons.0.id":["The buttons.0.id field is required."],"buttons.0.title":["The buttons.0.title field is required."],"button_text":["The button text field must not be greater than 20 characters."],"button_url":["The button url field must be a valid URL."]}}"#;

/// A message was delivered.
pub const STATUS: &[u8] = br#"{"status":"success","data":{"message_id":"wamid.HBgLMTQxNTU1NTEyMzQVAgARGBI5QTNDQTVCM0Q0Q0Q2RTY3RTcA","delivery_status":"delivered","error_message":null,"source":"chat","last_updated":"2026-04-16T12:00:07.000000Z","statuses":{"sent":"2026-04-16T12:00:01.000000Z","delivered":"2026-04-16T12:00:07.000000Z","read":null,"failed":null,"pending":null}}}"#;

/// How many of a refusal's errors are kept.
pub const ERRORS_KEPT: usize = xobito_core::answer::ERRORS;

const ECHOED: &[u8] = b"Pump 7 stopped at 14:02 in hall 12";
const EMOJI: &[u8] = br"\ud83d\udd25";
const ECHO_LEN: usize = SUCCESS.len() - ECHOED.len() + 4096 * EMOJI.len();

/// The success answer with another echo.
#[allow(clippy::large_stack_arrays)] // It runs in the compiler.
const fn echo() -> [u8; ECHO_LEN] {
    let mut bytes = [0; ECHO_LEN];
    let (before, after) = around_echo();
    let (first, rest) = bytes.split_at_mut(before.len());
    first.copy_from_slice(before);
    let (emoji, last) = rest.split_at_mut(4096 * EMOJI.len());
    emoji.copy_from_slice(&super::messages::repeated::<{ 4096 * EMOJI.len() }>(EMOJI));
    last.copy_from_slice(after);
    bytes
}

/// What stands before and after the echoed text.
const fn around_echo() -> (&'static [u8], &'static [u8]) {
    let mut rest = SUCCESS;
    while let Some((_, after)) = rest.split_first() {
        if begins_with_echo(rest) {
            let (before, _) = SUCCESS.split_at(SUCCESS.len() - rest.len());
            let (_, after) = rest.split_at(ECHOED.len());
            return (before, after);
        }
        rest = after;
    }
    (SUCCESS, &[])
}

const fn begins_with_echo(text: &[u8]) -> bool {
    let (mut text, mut echoed) = (text, ECHOED);
    while let (Some((a, more)), Some((b, others))) = (text.split_first(), echoed.split_first()) {
        if *a != *b {
            return false;
        }
        (text, echoed) = (more, others);
    }
    echoed.is_empty()
}
