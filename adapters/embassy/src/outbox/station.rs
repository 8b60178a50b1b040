//! Where alerts come from, and who wants to know what became of them.

use core::time::Duration;

use xobito_core::outbox::{EntryId, Event};
use xobito_core::{Accepted, Delivery, Outcome};

use super::Outgoing;
use crate::tls::TlsError;

/// What a firmware brings along for [`run`](super::run()): its alerts, its watchdog, and what it wants to know.
///
/// # Examples
/// A station that gets events by an `embassy_sync` channel: `firmware-example/app/src/station.rs` in the repository.
#[allow(
    async_fn_in_trait,
    reason = "executors on microcontrollers are single-threaded; nothing needs Send"
)]
pub trait Station<O: Outgoing> {
    /// Waits until there is something to take in, such as by `Channel::ready_to_receive`. Not called while something waits that
    /// did not fit.
    ///
    /// # Cancellation safety
    /// It is dropped when the outbox has something to do, so it must not have taken anything yet.
    async fn ready(&mut self);

    /// Takes in what is there now, without waiting for more: turns it into messages and enqueues those. Says whether that was
    /// all of it: what does not fit stays where it comes from, and is asked for again once the outbox has changed, or after the
    /// [longest pause](Self::longest_pause).
    ///
    /// What will never fit must not stay there, because everything behind it would wait for it.
    ///
    /// A newcomer may take the slot of an entry that is over: that one's report is then in
    /// [`Enqueued::displaced`](xobito_core::outbox::Enqueued::displaced), and nowhere else.
    ///
    /// # Errors
    /// The flash refused to store something. It should stay where it comes from, too: [`trouble`](Self::trouble) is told, and
    /// the flash left alone for 5 s before anything is taken in again.
    async fn take_in(&mut self, outbox: &mut O, now: Duration) -> Result<TakenIn, O::Error>;

    /// Any 32 bits, for jitter. Nothing secret depends on them.
    fn jitter(&mut self) -> u32;

    /// How long to wait, after the API refused the token (401) or a kind of message (403), before that is tried again with what
    /// waits; never if it is `None`. At least a second. Default: one hour.
    ///
    /// A refusal may pass without anybody coming to the device: a token gets an ability, or a gateway said 403 for a moment.
    /// Without another try nothing would go out until somebody calls [`Outgoing::resume`] or turns the power off and on.
    fn probe_refused_after(&self) -> Option<embassy_time::Duration> {
        Some(embassy_time::Duration::from_secs(60 * 60))
    }

    /// A step begins that takes `bound` at most, and what the flash takes: the place to feed a watchdog.
    ///
    /// A deadline is looked at between computations, so allow for the longest one on top: the table in `firmware-example/README.md`
    /// of the repository has it in instructions, for each choice of signatures. Where the hardware's longest period is shorter
    /// (8.3 s on an RP2040), shorten the client's deadline and the longest pause; or feed the watchdog from a timer of your own,
    /// and stop when `bound` is over without a further call.
    fn alive(&mut self, bound: embassy_time::Duration) {
        let _ = bound;
    }

    /// How long a pause may be, at most, before [`alive`](Self::alive) is called again. The longer it is, the less often an idle
    /// device wakes up.
    fn longest_pause(&self) -> embassy_time::Duration {
        embassy_time::Duration::from_secs(30)
    }

    /// What went wrong with TLS in the attempt that [`sent`](Self::sent) or [`asked`](Self::asked) tells of next, in more detail
    /// than its outcome has. This is for logs.
    fn tls_failed(&mut self, error: TlsError) {
        let _ = error;
    }

    /// A message was sent, or an attempt was made. The outbox knows; this is for logs.
    fn sent(&mut self, id: EntryId, outcome: &Outcome<Accepted>) {
        let _ = (id, outcome);
    }

    /// A message was asked after. The outbox knows; this is for logs.
    fn asked(&mut self, id: EntryId, outcome: &Outcome<Delivery>) {
        let _ = (id, outcome);
    }

    /// Something happened that its owner should know: an entry ended, or the API refuses the token.
    fn report(&mut self, event: &Event);

    /// The outbox's flash refused. What waits goes out as far as that is safe.
    fn trouble(&mut self, error: &O::Error) {
        let _ = error;
    }

    /// Whether [`run`](super::run()) is to end, now that the outbox has nothing to do for the moment.
    fn is_over(&self, outbox: &O) -> bool {
        let _ = outbox;
        false
    }
}

/// How much of what a station had for an outbox that took in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum TakenIn {
    /// All of it.
    Everything,
    /// As much as fitted: the outbox is full, and what is next waits where it came from.
    AsMuchAsFitted,
}
