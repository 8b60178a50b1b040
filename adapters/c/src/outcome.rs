//! What became of a request, as C sees it. All texts lie in the reader that read them.

use xobito_core::{
    Accepted, Answer, Captured, Delivery, DeliveryState, Outcome, Rejection, Retry, Validation,
};

use crate::cause::XobitoCause;
use crate::memory::XobitoText;

/// What became of a request: four cases that call for four different reactions.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XobitoOutcomeKind {
    /// The API took it. For a message that is not delivery; for a query it is the answer.
    Accepted = 1,
    /// The API refused it, and says why.
    Rejected = 2,
    /// No byte of the request left the device: safe to try again.
    NotSent = 3,
    /// Bytes left and no answer that settles it came back: trying again may duplicate.
    Unknown = 4,
}

/// When the same request may be made again.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XobitoRetry {
    /// It would end the same way.
    Never = 0,
    /// At any time, with a backoff of the caller's choice.
    Now = 1,
    /// Not before `retry_after_s` seconds.
    After = 2,
    /// The message may have been sent: only where a second one does no harm.
    IfDuplicateAcceptable = 3,
}

/// How far a message got. States may be skipped, and `read` may never come.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XobitoDeliveryState {
    /// Not yet handed to WhatsApp.
    Pending = 1,
    /// Handed to WhatsApp.
    Sent = 2,
    /// On the recipient's phone.
    Delivered = 3,
    /// Seen by the recipient.
    Read = 4,
    /// It will not arrive.
    Failed = 5,
    /// A word that is not documented.
    Other = 6,
}

/// Something that an answer may leave open.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum XobitoMaybe {
    /// The answer does not say.
    Unsaid = 0,
    /// No.
    No = 1,
    /// Yes.
    Yes = 2,
}

/// A text that was kept of an answer: UTF-8, not ended by NUL. `data` is NULL where the answer had none.
///
/// It came from the network: escape what a log or a terminal would obey.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct XobitoKept {
    /// The text.
    pub text: XobitoText,
    /// Not 0 where the answer's text was longer than this one.
    pub is_cut: u8,
}

/// What became of a request. Its texts lie in the reader: they are gone when that is initialised again, or moved.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct XobitoOutcome {
    /// Which case: one of `xobito_outcome_kind_t`.
    pub kind: i32,
    /// Why, where it was not accepted: one of `xobito_cause_t`.
    pub cause: i32,
    /// When the same request may be made again: one of `xobito_retry_t`.
    pub retry: i32,
    /// The wait in seconds where `retry` is `XOBITO_RETRY_AFTER`.
    pub retry_after_s: u32,
    /// Not 0 where the server asked for that wait; 0 where it is this library's default.
    pub is_wait_stated: u8,
    /// The HTTP status, or 0 where none came.
    pub http_status: u16,
    /// The API's own words of a rejection.
    pub message: XobitoKept,
    /// How many field errors `xobito_reader_field_error` gives.
    pub field_errors: usize,
    /// How many more the answer had, for which there was no room.
    pub field_errors_omitted: usize,
}

/// What the API says of one field.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct XobitoFieldError {
    /// The field's name with dots, such as `buttons.0.title`; empty where the API named none.
    pub field: XobitoKept,
    /// What is wrong with it.
    pub message: XobitoKept,
}

/// A message that the API took.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct XobitoAccepted {
    /// The message's id (wamid): what a delivery is asked after.
    pub message_id: XobitoKept,
    /// The API's own words, such as `Message sent successfully`.
    pub message: XobitoKept,
    /// The recipient's number as the API wrote it.
    pub phone: XobitoKept,
    /// The message's state, such as `sent`.
    pub status: XobitoKept,
    /// When it was sent: ISO 8601, UTC, microseconds.
    pub sent_at: XobitoKept,
    /// The recipient's contact in the workspace; meaningless unless `has_contact_id`.
    pub contact_id: u64,
    /// The chat in the workspace; meaningless unless `has_chat_id`.
    pub chat_id: u64,
    /// Not 0 where the answer has one.
    pub has_contact_id: u8,
    /// Not 0 where the answer has one.
    pub has_chat_id: u8,
    /// Not 0 where `message_id` can be asked after: whole, and safe in a path.
    pub can_be_followed: u8,
    /// Whether the recipient was unknown until now: one of `xobito_maybe_t`.
    pub contact_created: i32,
}

/// What became of a message so far.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct XobitoDelivery {
    /// How far it got: one of `xobito_delivery_state_t`.
    pub state: i32,
    /// Not 0 where it failed because the 24-hour window is closed: only a template will reach the recipient.
    pub window_closed: u8,
    /// Whose delivery it is, as the API says; what was asked after is not held against it.
    pub message_id: XobitoKept,
    /// Why it failed, in the API's words.
    pub error: XobitoKept,
    /// When that was last changed: ISO 8601, UTC, microseconds.
    pub last_updated: XobitoKept,
}

/// What the API makes of a phone number. It tells the form, not whether the number is on WhatsApp.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct XobitoValidation {
    /// Whether it is well formed: one of `xobito_maybe_t`.
    pub format_valid: i32,
    /// The number as it was asked.
    pub phone: XobitoKept,
    /// Its digits.
    pub phone_digits: XobitoKept,
    /// The country calling code.
    pub country_code: XobitoKept,
    /// The country.
    pub country: XobitoKept,
    /// The number within the country.
    pub national_number: XobitoKept,
    /// The number in E.164 form.
    pub e164: XobitoKept,
    /// Why it is not well formed.
    pub reason: XobitoKept,
    /// A remark.
    pub note: XobitoKept,
}

impl XobitoKept {
    pub(crate) const NONE: Self = Self {
        text: XobitoText::NONE,
        is_cut: 0,
    };

    fn of<const N: usize>(kept: &Captured<N>) -> Self {
        Self {
            text: XobitoText::of(kept.as_str()),
            is_cut: kept.is_cut().into(),
        }
    }

    fn optional<const N: usize>(kept: Option<&Captured<N>>) -> Self {
        kept.map_or(Self::NONE, Self::of)
    }
}

/// What all outcomes have, whatever was asked for.
pub(crate) struct Summary<'a> {
    kind: XobitoOutcomeKind,
    cause: XobitoCause,
    retry: Retry,
    http_status: u16,
    pub(crate) rejection: Option<&'a Rejection>,
}

impl<'a> Summary<'a> {
    pub(crate) fn of<A: Answer>(outcome: &'a Outcome<A>) -> Self {
        let (kind, cause, http_status, rejection) = match outcome {
            Outcome::Accepted(_) => (XobitoOutcomeKind::Accepted, XobitoCause::None, 0, None),
            Outcome::Rejected(rejection) => (
                XobitoOutcomeKind::Rejected,
                XobitoCause::of_reason(rejection.reason),
                rejection.status,
                Some(rejection),
            ),
            Outcome::NotSent(failure) => (
                XobitoOutcomeKind::NotSent,
                XobitoCause::of_failure(*failure),
                0,
                None,
            ),
            Outcome::Unknown(unknown) => (
                XobitoOutcomeKind::Unknown,
                XobitoCause::of_unknown(unknown.cause),
                unknown.status.unwrap_or_default(),
                None,
            ),
        };
        Self {
            kind,
            cause,
            retry: outcome.retry(),
            http_status,
            rejection,
        }
    }
}

impl From<Summary<'_>> for XobitoOutcome {
    fn from(summary: Summary<'_>) -> Self {
        let (retry, retry_after_s) = match summary.retry {
            Retry::Never => (XobitoRetry::Never, 0),
            Retry::Now => (XobitoRetry::Now, 0),
            Retry::IfDuplicateAcceptable => (XobitoRetry::IfDuplicateAcceptable, 0),
            Retry::After(wait) => (
                XobitoRetry::After,
                u32::try_from(wait.as_secs()).unwrap_or(u32::MAX),
            ),
        };
        #[allow(clippy::as_conversions)] // The one way from an enum to its number.
        let (kind, cause, retry) = (summary.kind as i32, summary.cause.code(), retry as i32);
        let outcome = Self {
            kind,
            cause,
            retry,
            retry_after_s,
            is_wait_stated: 0,
            http_status: summary.http_status,
            message: XobitoKept::NONE,
            field_errors: 0,
            field_errors_omitted: 0,
        };
        let Some(rejection) = summary.rejection else {
            return outcome;
        };
        Self {
            is_wait_stated: rejection.retry_after_s.is_some().into(),
            message: XobitoKept::optional(rejection.message()),
            field_errors: rejection.errors.iter().len(),
            field_errors_omitted: rejection.errors.omitted().into(),
            ..outcome
        }
    }
}

impl XobitoFieldError {
    pub(crate) fn of(rejection: &Rejection, index: usize) -> Option<Self> {
        let error = rejection.errors.iter().nth(index)?;
        Some(Self {
            field: XobitoKept::of(&error.field),
            message: XobitoKept::of(&error.message),
        })
    }
}

impl From<&Accepted> for XobitoAccepted {
    fn from(accepted: &Accepted) -> Self {
        Self {
            message_id: XobitoKept::of(&accepted.message_id),
            message: XobitoKept::optional(accepted.message()),
            phone: XobitoKept::optional(accepted.phone()),
            status: XobitoKept::optional(accepted.status()),
            sent_at: XobitoKept::optional(accepted.sent_at()),
            contact_id: accepted.contact_id().unwrap_or_default(),
            chat_id: accepted.chat_id().unwrap_or_default(),
            has_contact_id: accepted.contact_id().is_some().into(),
            has_chat_id: accepted.chat_id().is_some().into(),
            can_be_followed: accepted.id().is_ok().into(),
            contact_created: maybe(accepted.contact_created()),
        }
    }
}

impl From<&Delivery> for XobitoDelivery {
    fn from(delivery: &Delivery) -> Self {
        let state = match delivery.state() {
            DeliveryState::Pending => XobitoDeliveryState::Pending,
            DeliveryState::Sent => XobitoDeliveryState::Sent,
            DeliveryState::Delivered => XobitoDeliveryState::Delivered,
            DeliveryState::Read => XobitoDeliveryState::Read,
            DeliveryState::Failed => XobitoDeliveryState::Failed,
            _ => XobitoDeliveryState::Other,
        };
        Self {
            #[allow(clippy::as_conversions)] // The one way from an enum to its number.
            state: state as i32,
            window_closed: delivery.window_closed().into(),
            message_id: XobitoKept::optional(delivery.message_id()),
            error: XobitoKept::optional(delivery.error()),
            last_updated: XobitoKept::optional(delivery.last_updated()),
        }
    }
}

impl From<&Validation> for XobitoValidation {
    fn from(validation: &Validation) -> Self {
        Self {
            format_valid: maybe(validation.format_valid()),
            phone: XobitoKept::optional(validation.phone()),
            phone_digits: XobitoKept::optional(validation.phone_digits()),
            country_code: XobitoKept::optional(validation.country_code()),
            country: XobitoKept::optional(validation.country()),
            national_number: XobitoKept::optional(validation.national_number()),
            e164: XobitoKept::optional(validation.e164()),
            reason: XobitoKept::optional(validation.reason()),
            note: XobitoKept::optional(validation.note()),
        }
    }
}

#[allow(clippy::as_conversions)] // The one way from an enum to its number.
fn maybe(said: Option<bool>) -> i32 {
    (match said {
        None => XobitoMaybe::Unsaid,
        Some(false) => XobitoMaybe::No,
        Some(true) => XobitoMaybe::Yes,
    }) as i32
}
