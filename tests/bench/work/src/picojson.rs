//! The work as `picojson` does it. Its texts live until the next event, so what matters is copied.

use heapless::{String, Vec};
use picojson::{Event, PullParser, SliceParser};

use crate::answers::ERRORS_KEPT;

/// What a success answer says.
#[derive(Default)]
#[allow(missing_docs)]
pub struct Accepted {
    pub status: String<12>,
    pub message: String<32>,
    pub message_id: String<128>,
    pub contact_id: Option<u64>,
    pub phone: String<24>,
    pub state: String<16>,
    pub sent_at: String<32>,
    pub chat_id: Option<u64>,
    pub contact_created: Option<bool>,
}

/// What a refusal says.
#[derive(Default)]
#[allow(missing_docs)]
pub struct Refusal {
    pub status: String<12>,
    pub message: String<72>,
    pub kept: Vec<(String<32>, String<72>), ERRORS_KEPT>,
    pub omitted: usize,
}

/// What a status answer says.
#[derive(Default)]
#[allow(missing_docs)]
pub struct Delivery {
    pub status: String<12>,
    pub message_id: String<128>,
    pub delivery_status: String<12>,
    pub error_message: String<72>,
    pub last_updated: String<32>,
}

/// Where a value goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Slot {
    Nowhere,
    Status,
    Message,
    Data,
    Errors,
    MessageId,
    ContactId,
    Phone,
    State,
    SentAt,
    ChatId,
    ContactCreated,
    ErrorMessage,
    LastUpdated,
}

fn slot_in_root(key: &str) -> Slot {
    match key {
        "status" => Slot::Status,
        "message" => Slot::Message,
        "data" => Slot::Data,
        "errors" => Slot::Errors,
        _ => Slot::Nowhere,
    }
}

fn slot_in_data(key: &str) -> Slot {
    match key {
        "message_id" => Slot::MessageId,
        "contact_id" => Slot::ContactId,
        "phone" => Slot::Phone,
        "status" | "delivery_status" => Slot::State,
        "sent_at" => Slot::SentAt,
        "chat_id" => Slot::ChatId,
        "contact_created" => Slot::ContactCreated,
        "error_message" => Slot::ErrorMessage,
        "last_updated" => Slot::LastUpdated,
        _ => Slot::Nowhere,
    }
}

/// Where the reader is.
struct Place {
    depth: usize,
    /// The outermost member.
    outer: Slot,
    slot: Slot,
}

impl Place {
    const fn new() -> Self {
        Self {
            depth: 0,
            outer: Slot::Nowhere,
            slot: Slot::Nowhere,
        }
    }

    fn key(&mut self, key: &str) {
        self.slot = match (self.depth, self.outer) {
            (1, _) => {
                self.outer = slot_in_root(key);
                self.outer
            }
            (2, Slot::Data) => slot_in_data(key),
            _ => Slot::Nowhere,
        };
    }

    fn opened(&mut self) {
        self.depth += 1;
        self.slot = Slot::Nowhere;
    }

    fn closed(&mut self) {
        self.depth -= 1;
        self.slot = Slot::Nowhere;
    }
}

/// Reads a success answer.
#[inline(never)]
pub fn accepted(body: &[u8], scratch: &mut [u8]) -> Option<Accepted> {
    let mut answer = Accepted::default();
    walk(body, scratch, |event, place| match (event, place.slot) {
        (Event::String(text), Slot::Status) => keep(&mut answer.status, text),
        (Event::String(text), Slot::Message) => keep(&mut answer.message, text),
        (Event::String(text), Slot::MessageId) => keep(&mut answer.message_id, text),
        (Event::String(text), Slot::Phone) => keep(&mut answer.phone, text),
        (Event::String(text), Slot::State) => keep(&mut answer.state, text),
        (Event::String(text), Slot::SentAt) => keep(&mut answer.sent_at, text),
        (Event::Number(number), Slot::ContactId) => answer.contact_id = number.parse().ok(),
        (Event::Number(number), Slot::ChatId) => answer.chat_id = number.parse().ok(),
        (Event::Bool(value), Slot::ContactCreated) => answer.contact_created = Some(*value),
        _ => {}
    })?;
    Some(answer)
}

/// Reads a refusal.
#[inline(never)]
pub fn refusal(body: &[u8], scratch: &mut [u8]) -> Option<Refusal> {
    let mut answer = Refusal::default();
    let mut field = String::new();
    let mut is_first = false;
    walk(body, scratch, |event, place| match (event, place.slot) {
        (Event::Key(key), _) if place.depth == 2 && place.outer == Slot::Errors => {
            keep(&mut field, key);
            is_first = true;
        }
        (Event::String(text), _) if place.depth == 3 && place.outer == Slot::Errors && is_first => {
            is_first = false;
            if answer.kept.is_full() {
                answer.omitted += 1;
                return;
            }
            let mut kept = String::new();
            keep(&mut kept, text);
            let _ = answer.kept.push((field.clone(), kept));
        }
        (Event::String(text), Slot::Status) => keep(&mut answer.status, text),
        (Event::String(text), Slot::Message) => keep(&mut answer.message, text),
        _ => {}
    })?;
    Some(answer)
}

/// Reads a status answer.
#[inline(never)]
pub fn delivery(body: &[u8], scratch: &mut [u8]) -> Option<Delivery> {
    let mut answer = Delivery::default();
    walk(body, scratch, |event, place| match (event, place.slot) {
        (Event::String(text), Slot::Status) => keep(&mut answer.status, text),
        (Event::String(text), Slot::MessageId) => keep(&mut answer.message_id, text),
        (Event::String(text), Slot::State) => keep(&mut answer.delivery_status, text),
        (Event::String(text), Slot::ErrorMessage) => keep(&mut answer.error_message, text),
        (Event::String(text), Slot::LastUpdated) => keep(&mut answer.last_updated, text),
        _ => {}
    })?;
    Some(answer)
}

/// Hands out every key and value with its place; `None` where the text is not JSON.
fn walk(
    body: &[u8],
    scratch: &mut [u8],
    mut take: impl FnMut(&Event<'_, '_>, &Place),
) -> Option<()> {
    let mut parser: SliceParser<'_, '_> = SliceParser::with_buffer_from_slice(body, scratch);
    let mut place = Place::new();
    loop {
        let event = parser.next_event().ok()?;
        match &event {
            Event::StartObject | Event::StartArray => place.opened(),
            Event::EndObject | Event::EndArray => place.closed(),
            Event::Key(key) => {
                place.key(key);
                take(&event, &place);
            }
            Event::EndDocument => return Some(()),
            _ => {
                take(&event, &place);
                place.slot = Slot::Nowhere;
            }
        }
    }
}

fn keep<const N: usize>(to: &mut String<N>, text: &str) {
    to.clear();
    let _ = to.push_str(text);
}
