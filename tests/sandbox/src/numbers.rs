//! Magic numbers: recipients that provoke one documented behaviour each. They lie in a block that North America's
//! numbering plan keeps for fiction, so that a slip reaches nobody.

use std::fmt::Write;

use crate::faults::Fault;

/// All magic numbers are this and two digits.
const PREFIX: &str = "+120255501";

/// What becomes of a message to a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behaviour {
    /// Accepted, sent, delivered, read.
    Ordinary,
    /// Accepted; `failed` later, with this text.
    FailsLater(&'static str),
    /// Accepted; stays `sent`.
    NeverDelivered,
    /// Accepted; stays `delivered`.
    NeverRead,
    /// Accepted; stays `pending`.
    StaysPending,
    /// Accepted; goes from `pending` to `read`.
    SkipsStates,
    /// Accepted; the status endpoint knows nothing of it.
    StatusNotOffered,
    /// Refused now, because the 24-hour window is closed until the number writes. Templates pass.
    WindowClosed,
    /// Refused with this error answer.
    Refused(Refusal),
    /// Accepted; the 500 envelope all the same.
    ErrorThoughSent,
    /// Accepted; the answer has another shape.
    Shape(Shape),
    /// A fault on the wire.
    Wire(Fault),
}

/// The error answers that a number can provoke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// 500 envelope.
    Server,
    /// 429 with `retry_after` and the header.
    RateLimited,
    /// 429 with the header alone.
    RateLimitedHeaderOnly,
    /// 429 with `retry_after` as text.
    RateLimitedText,
    /// 429 without a wait.
    RateLimitedUnstated,
    /// 403 of a plan's limit.
    PlanLimit,
    /// 401.
    Token,
    /// 404.
    NotFound,
    /// 400.
    Subdomain,
    /// 200 with `status: error`.
    ErrorIn200,
}

/// Other shapes of an accepting answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The id at `data.whatsapp_response.messages[0].id`.
    Newer,
    /// No id anywhere.
    WithoutId,
    /// `message_id: null`.
    NullId,
    /// Every optional member null, unknown keys, members in another order.
    Odd,
}

/// A magic number with its meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MagicNumber {
    /// E.164.
    pub number: String,
    /// What becomes of a message to it.
    pub behaviour: Behaviour,
    /// One sentence about it.
    pub about: String,
}

const MEANINGS: &[(u8, Behaviour, &str)] = &[
    (
        0,
        Behaviour::Ordinary,
        "accepted, sent, delivered and read, as any number that is not in this table",
    ),
    (
        10,
        Behaviour::FailsLater("Number not on WhatsApp"),
        "accepted, later `failed`: Number not on WhatsApp",
    ),
    (
        11,
        Behaviour::WindowClosed,
        "window closed: 422 `Session not active — template required` now",
    ),
    (
        12,
        Behaviour::FailsLater("Message outside 24-hour window"),
        "window closed: accepted, later `failed`: Message outside 24-hour window",
    ),
    (
        13,
        Behaviour::FailsLater("Session not active — template required"),
        "window closed: accepted, later `failed`: Session not active — template required",
    ),
    (14, Behaviour::NeverDelivered, "accepted, stays `sent`"),
    (15, Behaviour::NeverRead, "accepted, stays `delivered`"),
    (16, Behaviour::StaysPending, "accepted, stays `pending`"),
    (
        17,
        Behaviour::SkipsStates,
        "accepted, from `pending` straight to `read`",
    ),
    (
        18,
        Behaviour::StatusNotOffered,
        "accepted, the status endpoint answers 404",
    ),
    (
        20,
        Behaviour::Refused(Refusal::Server),
        "500 envelope, not sent",
    ),
    (
        21,
        Behaviour::ErrorThoughSent,
        "500 envelope although it was sent",
    ),
    (
        22,
        Behaviour::Refused(Refusal::RateLimited),
        "429 with `retry_after` 45 and a Retry-After header",
    ),
    (
        23,
        Behaviour::Refused(Refusal::RateLimitedHeaderOnly),
        "429 with a Retry-After header alone",
    ),
    (
        24,
        Behaviour::Refused(Refusal::RateLimitedText),
        "429 with `retry_after` as text",
    ),
    (
        25,
        Behaviour::Refused(Refusal::RateLimitedUnstated),
        "429 that states no wait",
    ),
    (
        26,
        Behaviour::Refused(Refusal::PlanLimit),
        "403 of a plan's limit",
    ),
    (27, Behaviour::Refused(Refusal::Token), "401"),
    (28, Behaviour::Refused(Refusal::NotFound), "404"),
    (29, Behaviour::Refused(Refusal::Subdomain), "400"),
    (
        30,
        Behaviour::Shape(Shape::Newer),
        "accepted, the id at `data.whatsapp_response.messages[0].id`",
    ),
    (
        31,
        Behaviour::Shape(Shape::WithoutId),
        "accepted, the answer has no id",
    ),
    (
        32,
        Behaviour::Refused(Refusal::ErrorIn200),
        "200 with `status: error`, not sent",
    ),
    (
        33,
        Behaviour::Shape(Shape::NullId),
        "accepted, `message_id` is null",
    ),
    (
        34,
        Behaviour::Shape(Shape::Odd),
        "accepted, other order of keys, nulls, unknown keys",
    ),
];

/// Every magic number, in order.
#[must_use]
pub fn all() -> Vec<MagicNumber> {
    let meanings = MEANINGS
        .iter()
        .map(|&(suffix, behaviour, about)| MagicNumber {
            number: number(suffix),
            behaviour,
            about: about.to_owned(),
        });
    let faults = Fault::ALL.iter().filter_map(|&fault| {
        let about = format!("fault `{fault}`: {}", fault.about());
        Some(MagicNumber {
            number: number(fault.number_suffix()?),
            behaviour: Behaviour::Wire(fault),
            about,
        })
    });
    let mut all: Vec<MagicNumber> = meanings.chain(faults).collect();
    all.sort_by(|one, other| one.number.cmp(&other.number));
    all
}

/// What becomes of a message to `number`.
#[must_use]
pub fn behaviour(number: &str) -> Behaviour {
    let suffix: Option<u8> = number
        .strip_prefix(PREFIX)
        .filter(|rest| rest.len() == 2)
        .and_then(|rest| rest.parse().ok());
    let Some(suffix) = suffix else {
        return Behaviour::Ordinary;
    };
    let meaning = MEANINGS
        .iter()
        .find(|(known, _, _)| *known == suffix)
        .map(|&(_, behaviour, _)| behaviour);
    let fault = Fault::ALL
        .iter()
        .find(|fault| fault.number_suffix() == Some(suffix));
    meaning
        .or(fault.map(|&fault| Behaviour::Wire(fault)))
        .unwrap_or(Behaviour::Ordinary)
}

/// Whether `number` has a meaning of its own.
#[must_use]
pub fn is_magic(number: &str) -> bool {
    behaviour(number) != Behaviour::Ordinary
}

/// The number whose only meaning is `fault`, if the fault strikes late enough to know the number.
#[must_use]
pub fn for_fault(fault: Fault) -> Option<String> {
    fault.number_suffix().map(number)
}

/// The table of magic numbers, in Markdown.
#[must_use]
pub fn table() -> String {
    let mut table = String::from("| number | what happens |\n|---|---|\n");
    for MagicNumber { number, about, .. } in all() {
        let _ = writeln!(table, "| `{number}` | {about} |");
    }
    table
}

fn number(suffix: u8) -> String {
    format!("{PREFIX}{suffix:02}")
}
