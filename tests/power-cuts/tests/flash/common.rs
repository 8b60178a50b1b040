//! An outbox to play with.

use core::time::Duration;

use xobito_core::message::TextMessage;
use xobito_core::outbox::{Config, Duplicates, Enqueued, Entry, EntryId, Event, Full, Step};
use xobito_core::{Accepted, AnswerReader, E164, End, Outcome, Request, checked};
use xobito_flash::{DurableOutbox, Error, Found, NotEnqueued, record_bytes};
use xobito_power_cuts::{FlashError, SimulatedFlash, on_power};

pub(crate) const SLOTS: usize = 4;
pub(crate) const BYTES: usize = 256;
pub(crate) const ON_CALL: E164 = checked!(E164::new("+14155551234"));
pub(crate) const CONFIG: Config = Config::DEFAULT
    .recipient_gap(Duration::ZERO)
    .follow(None)
    .when_full(Full::Refuse);

pub(crate) type Flash = SimulatedFlash<4, 1024>;
pub(crate) type Device<F = Flash, const S: usize = SLOTS> =
    DurableOutbox<F, S, BYTES, { record_bytes(BYTES) }>;

pub(crate) fn new_flash() -> Flash {
    SimulatedFlash::new(6)
}

/// An outbox over all of this flash, not opened.
pub(crate) fn closed<F: embedded_storage_async::nor_flash::NorFlash, const S: usize>(
    flash: F,
) -> Device<F, S> {
    let end = u32::try_from(flash.capacity()).expect("a small flash");
    Device::new(flash, 0..end, CONFIG)
}

pub(crate) fn open(flash: Flash) -> Result<(Device, Found), Error<FlashError>> {
    let mut device = closed(flash);
    let found = run(device.open(Duration::ZERO, Duration::ZERO))?;
    Ok((device, found))
}

pub(crate) fn run<T>(future: impl Future<Output = T>) -> T {
    on_power(future).expect("the power is on")
}

pub(crate) fn text(number: usize) -> Request<BYTES> {
    let text = format!("alert {number}");
    Request::new(&TextMessage::new(&ON_CALL, text.as_str())).expect("a short text")
}

pub(crate) fn enqueue(
    device: &mut Device,
    number: usize,
    duplicates: Duplicates,
) -> Result<Enqueued, NotEnqueued<FlashError>> {
    let request = text(number);
    let entry = Entry::new(&request, ON_CALL, duplicates);
    run(device.enqueue(&entry, Duration::ZERO))
}

/// The ids of what it holds, and what each is to send.
pub(crate) fn held(device: &Device) -> Vec<(EntryId, Vec<u8>)> {
    let entries = device.outbox().entries();
    let mut held: Vec<_> = entries
        .map(|(_, entry)| (entry.id, entry.body.to_vec()))
        .collect();
    held.sort();
    held
}

pub(crate) fn accepted(id: &str) -> Outcome<Accepted> {
    let mut reader = AnswerReader::new();
    reader.status(200);
    let body = format!(r#"{{"status":"success","data":{{"message_id":"{id}"}}}}"#);
    reader.feed(body.as_bytes());
    reader.finish(End::Complete).cloned()
}

/// Sends and reports until nothing is left; the ids that ended, in their order.
pub(crate) fn send_all(device: &mut Device, now: &mut Duration) -> Vec<EntryId> {
    let mut ended = Vec::new();
    for _ in 0..200 {
        let sent = match run(device.poll(*now, 0)).expect("the flash is well") {
            Step::Send { id, .. } => id,
            Step::Report(Event::Ended(report)) => {
                ended.push(report.id);
                continue;
            }
            Step::Wait(until) => {
                *now = until;
                continue;
            }
            Step::Idle => return ended,
            other => panic!("{other:?}"),
        };
        run(device.settle(sent, accepted("wamid.1").as_ref(), *now)).expect("the flash is well");
    }
    panic!("there is no end");
}
