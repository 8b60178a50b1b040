//! The task that sends an outbox, in RAM and on a flash: the same code, the same promises.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use async_io::block_on;
use embassy_time::with_timeout;
use xobito_conformance::host::{Host, set_deadline, with_client, with_client_of};
use xobito_conformance::text_to;
use xobito_core::outbox::{Backoff, Config, Duplicates, End, Enqueued, Entry, Event, Outbox};
use xobito_core::{Accepted, E164, Outcome};
use xobito_embassy::Buffers;
use xobito_embassy::flash::{DurableOutbox, record_bytes};
use xobito_embassy::outbox::{Outgoing, Station, now, run};
use xobito_embassy::tls::TlsError;
use xobito_power_cuts::SimulatedFlash;
use xobito_sandbox::{DEFAULT_TOKEN, Fault, Sandbox, Window};

const ADA: &str = "+14155551234";
const SLOTS: usize = 4;
const BYTES: usize = 256;
const DEADLINE: Duration = Duration::from_millis(700);
/// A busy machine wakes up late.
const LATE: Duration = Duration::from_millis(500);

type InRam = Outbox<SLOTS, BYTES>;
type OnFlash = DurableOutbox<SimulatedFlash<4, 4096>, SLOTS, BYTES, { record_bytes(BYTES) }>;

const CONFIG: Config = {
    let backoff = Backoff::new(Duration::from_millis(20), Duration::from_millis(100));
    Config::DEFAULT
        .recipient_gap(Duration::ZERO)
        .link_backoff(backoff)
        .retry_backoff(backoff)
        .follow(None)
};

/// Either outbox takes entries in.
trait TakesIn: Outgoing {
    async fn take(&mut self, entry: &Entry<'_>) -> Option<Enqueued>;
    fn is_empty(&self) -> bool;
}

impl TakesIn for InRam {
    async fn take(&mut self, entry: &Entry<'_>) -> Option<Enqueued> {
        self.enqueue(entry, now()).ok()
    }

    fn is_empty(&self) -> bool {
        Self::is_empty(self)
    }
}

impl TakesIn for OnFlash {
    async fn take(&mut self, entry: &Entry<'_>) -> Option<Enqueued> {
        self.enqueue(entry, now()).await.ok()
    }

    fn is_empty(&self) -> bool {
        self.outbox().is_empty()
    }
}

fn on_flash() -> OnFlash {
    let mut outbox = OnFlash::new(SimulatedFlash::new(4), 0..4 * 4096, CONFIG);
    let _ = block_on(outbox.open(now(), Duration::ZERO)).unwrap();
    outbox
}

/// Alerts that come in one go, and a watchdog that remembers.
struct Desk {
    coming: VecDeque<Duplicates>,
    /// When the watchdog was fed last, and how long that was to be enough for.
    fed: Option<(Instant, Duration)>,
    ends: Vec<End>,
    attempts: usize,
    tls_error: Option<TlsError>,
}

impl Desk {
    fn with(coming: &[Duplicates]) -> Self {
        Self {
            coming: coming.iter().copied().collect(),
            fed: None,
            ends: Vec::new(),
            attempts: 0,
            tls_error: None,
        }
    }
}

impl<O: TakesIn> Station<O> for Desk {
    async fn ready(&mut self) {
        if self.coming.is_empty() {
            std::future::pending::<()>().await;
        }
    }

    async fn take_in(&mut self, outbox: &mut O, _: Duration) {
        while let Some(duplicates) = self.coming.front() {
            let request = text_to(ADA);
            let entry = Entry::new(&request, E164::new(ADA).unwrap(), *duplicates);
            let Some(enqueued) = outbox.take(&entry).await else {
                return;
            };
            self.ends.extend(enqueued.displaced.map(|ended| ended.end));
            self.coming.pop_front();
        }
    }

    fn jitter(&mut self) -> u32 {
        7
    }

    fn alive(&mut self, bound: embassy_time::Duration) {
        let bound = Duration::from_micros(bound.as_micros());
        if let Some((at, bound)) = self.fed.replace((Instant::now(), bound)) {
            let waited = at.elapsed();
            assert!(
                waited <= bound + LATE,
                "{waited:?} of {bound:?}: the dog bites"
            );
        }
    }

    fn longest_pause(&self) -> embassy_time::Duration {
        embassy_time::Duration::from_millis(50)
    }

    fn tls_failed(&mut self, error: TlsError) {
        self.tls_error = Some(error);
    }

    fn sent(&mut self, _: xobito_core::outbox::EntryId, _: &Outcome<Accepted>) {
        self.attempts += 1;
    }

    fn report(&mut self, event: &Event) {
        if let Event::Ended(ended) = event {
            self.ends.push(ended.end);
        }
    }

    fn is_over(&self, outbox: &O) -> bool {
        self.coming.is_empty() && outbox.is_empty()
    }
}

fn sandbox() -> Sandbox {
    Sandbox::start(xobito_sandbox::Config {
        rate_limit: 10_000,
        window: Window::Friendly,
        ..xobito_sandbox::Config::default()
    })
    .unwrap()
}

fn arrived(sandbox: &Sandbox) -> usize {
    let received = sandbox.messages();
    received.iter().filter(|request| request.accepted).count()
}

#[test]
fn alerts_wait_for_the_link_and_the_watchdog_is_fed_all_the_while() {
    fn through<O: TakesIn>(mut outbox: O) {
        let sandbox = sandbox();
        // No handshake succeeds, some of them by silence.
        sandbox.set_fault_for(Fault::StallInHandshake, 3);
        with_client(&mut Host::default(), &sandbox, DEFAULT_TOKEN, |client| {
            set_deadline(client, DEADLINE);
            // More than there are slots.
            let mut desk = Desk::with(&[Duplicates::AtMostOnce; 6]);
            block_on(run(&mut outbox, client, &mut desk));
            assert_eq!(desk.ends.len(), 6);
            assert!(desk.attempts >= 6 + 3, "{} attempts", desk.attempts);
            assert!(
                desk.ends
                    .iter()
                    .all(|end| end.word() == "accepted-untracked")
            );
        });
        assert_eq!(arrived(&sandbox), 6);
    }
    through(InRam::new(CONFIG));
    through(on_flash());
}

#[test]
fn a_run_that_is_dropped_in_the_middle_of_a_request_repeats_only_what_may_be_repeated() {
    fn through<O: TakesIn>(mut outbox: O, duplicates: Duplicates) -> (usize, Vec<End>) {
        let sandbox = sandbox();
        let mut ends = Vec::new();
        with_client(&mut Host::default(), &sandbox, DEFAULT_TOKEN, |client| {
            set_deadline(client, Duration::from_secs(20));
            sandbox.set_fault_for(Fault::StallBeforeAnswer, 1);
            let mut desk = Desk::with(&[duplicates]);
            let cut = embassy_time::Duration::from_secs(5);
            let dropped = block_on(with_timeout(cut, run(&mut outbox, client, &mut desk)));
            assert!(dropped.is_err(), "it was not in the middle of anything");
            assert_eq!(arrived(&sandbox), 1, "the request was out");
            desk.fed = None;
            block_on(run(&mut outbox, client, &mut desk));
            ends = desk.ends;
        });
        (arrived(&sandbox), ends)
    }
    let once = Duplicates::AtMostOnce;
    assert_eq!(through(InRam::new(CONFIG), once), (1, vec![End::Unknown]));
    assert_eq!(through(on_flash(), once), (1, vec![End::Unknown]));
    let again = Duplicates::AtLeastOnce;
    assert_eq!(through(InRam::new(CONFIG), again).0, 2);
    assert_eq!(through(on_flash(), again).0, 2);
}

/// Anybody on the path can announce a record that does not fit, and the server itself may get longer certificates for a while.
#[test]
fn an_alert_outlives_records_that_are_too_large() {
    let sandbox = sandbox();
    let mut outbox = InRam::new(CONFIG);
    let mut desk = Desk::with(&[Duplicates::AtMostOnce]);
    let (host, token) = (&mut Host::default(), DEFAULT_TOKEN);
    with_client_of(
        &mut Buffers::<256>::new(),
        host,
        &sandbox,
        token,
        |client| {
            let cut = embassy_time::Duration::from_secs(1);
            let ended = block_on(with_timeout(cut, run(&mut outbox, client, &mut desk)));
            assert!(ended.is_err(), "{:?}", desk.ends);
        },
    );
    assert!(desk.attempts > 1, "{} attempts", desk.attempts);
    assert!(matches!(
        desk.tls_error,
        Some(TlsError::ReceiveBufferTooSmall { capacity: 256, .. })
    ));
    assert_eq!((desk.ends.len(), arrived(&sandbox)), (0, 0));
    desk.fed = None;
    with_client(host, &sandbox, token, |client| {
        block_on(run(&mut outbox, client, &mut desk));
    });
    assert_eq!((desk.ends.len(), arrived(&sandbox)), (1, 1));
}
