//! The task that sends an outbox, in RAM and on a flash: the same code, the same promises.

mod probing;
mod refusing;

use std::collections::VecDeque;
use std::future::{Future as _, pending};
use std::pin::pin;
use std::sync::mpsc;
use std::task::{Context, Waker};
use std::time::{Duration, Instant};

use async_io::block_on;
use embassy_time::with_timeout;
use xobito_conformance::host::{Host, Names, set_deadline, with_client, with_client_of};
use xobito_conformance::text_to;
use xobito_core::outbox::{
    Backoff, Config, Duplicates, End, Enqueued, Entry, EntryId, Event, Follow, Full, Outbox,
    Priority, Step,
};
use xobito_core::{Accepted, Delivery, E164, Outcome};
use xobito_embassy::Buffers;
use xobito_embassy::flash::{DurableOutbox, record_bytes};
use xobito_embassy::outbox::{Outgoing, Station, TakenIn, now, run};
use xobito_embassy::tls::TlsError;
use xobito_power_cuts::SimulatedFlash;
use xobito_sandbox::{DEFAULT_TOKEN, Fault, Sandbox, Window};

const ADA: &str = "+14155551234";
/// The sandbox refuses the token for this one.
const FORBIDDEN: &str = "+12025550127";
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

impl<const SLOTS: usize> TakesIn for Outbox<SLOTS, BYTES> {
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

fn on_flash(config: Config) -> OnFlash {
    let mut outbox = OnFlash::new(SimulatedFlash::new(4), 0..4 * 4096, config);
    let _ = block_on(outbox.open(now(), Duration::ZERO)).unwrap();
    outbox
}

/// A watchdog that remembers.
#[derive(Default)]
struct Dog {
    /// When it was fed last, and how long that was to be enough for.
    fed: Option<(Instant, Duration)>,
    meals: usize,
}

impl Dog {
    fn feed(&mut self, bound: embassy_time::Duration) {
        self.meals += 1;
        let bound = Duration::from_micros(bound.as_micros());
        if let Some((at, bound)) = self.fed.replace((Instant::now(), bound)) {
            let waited = at.elapsed();
            assert!(
                waited <= bound.saturating_add(LATE),
                "{waited:?} of {bound:?}: the dog bites"
            );
        }
    }
}

/// Alerts that come in one go.
struct Desk {
    coming: VecDeque<Duplicates>,
    /// Stays when everything is done.
    stays: bool,
    to: &'static str,
    longest_pause: embassy_time::Duration,
    probe_after: Option<embassy_time::Duration>,
    dog: Dog,
    ends: Vec<End>,
    attempts: usize,
    /// How often somebody looked for alerts.
    looked: usize,
    refusals: usize,
    tls_error: Option<TlsError>,
}

impl Desk {
    fn with(coming: &[Duplicates]) -> Self {
        Self {
            coming: coming.iter().copied().collect(),
            stays: false,
            to: ADA,
            longest_pause: embassy_time::Duration::from_millis(50),
            probe_after: None,
            dog: Dog::default(),
            ends: Vec::new(),
            attempts: 0,
            looked: 0,
            refusals: 0,
            tls_error: None,
        }
    }
}

impl<O: TakesIn> Station<O> for Desk {
    async fn ready(&mut self) {
        if self.coming.is_empty() {
            pending::<()>().await;
        }
    }

    async fn take_in(&mut self, outbox: &mut O, _: Duration) -> Result<TakenIn, O::Error> {
        self.looked += 1;
        while let Some(duplicates) = self.coming.front() {
            let request = text_to(self.to);
            let entry = Entry::new(&request, E164::new(self.to).unwrap(), *duplicates);
            let Some(enqueued) = outbox.take(&entry).await else {
                return Ok(TakenIn::AsMuchAsFitted);
            };
            self.ends.extend(enqueued.displaced.map(|ended| ended.end));
            self.coming.pop_front();
        }
        Ok(TakenIn::Everything)
    }

    fn jitter(&mut self) -> u32 {
        7
    }

    fn alive(&mut self, bound: embassy_time::Duration) {
        self.dog.feed(bound);
    }

    fn longest_pause(&self) -> embassy_time::Duration {
        self.longest_pause
    }

    fn probe_refused_after(&self) -> Option<embassy_time::Duration> {
        self.probe_after
    }

    fn tls_failed(&mut self, error: TlsError) {
        self.tls_error = Some(error);
    }

    fn sent(&mut self, _: EntryId, _: &Outcome<Accepted>) {
        self.attempts += 1;
    }

    fn report(&mut self, event: &Event) {
        match event {
            Event::Ended(ended) => self.ends.push(ended.end),
            _ => self.refusals += 1,
        }
    }

    fn is_over(&self, outbox: &O) -> bool {
        !self.stays && self.coming.is_empty() && outbox.is_empty()
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
    through(on_flash(CONFIG));
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
            desk.dog = Dog::default();
            block_on(run(&mut outbox, client, &mut desk));
            ends = desk.ends;
        });
        (arrived(&sandbox), ends)
    }
    let once = Duplicates::AtMostOnce;
    assert_eq!(through(InRam::new(CONFIG), once), (1, vec![End::Unknown]));
    assert_eq!(through(on_flash(CONFIG), once), (1, vec![End::Unknown]));
    let again = Duplicates::AtLeastOnce;
    assert_eq!(through(InRam::new(CONFIG), again).0, 2);
    assert_eq!(through(on_flash(CONFIG), again).0, 2);
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
    desk.dog = Dog::default();
    with_client(host, &sandbox, token, |client| {
        block_on(run(&mut outbox, client, &mut desk));
    });
    assert_eq!((desk.ends.len(), arrived(&sandbox)), (1, 1));
}

/// Gives the task its turns for so long, as an executor does that has other tasks too: whoever does not give way fails.
fn take_turns<O, S>(mut outbox: O, mut station: S, duration: Duration) -> S
where
    O: Outgoing + Send + 'static,
    S: Station<O> + Send + 'static,
{
    let (done, stations) = mpsc::channel();
    std::thread::spawn(move || {
        let sandbox = sandbox();
        let mut host = Host {
            names: Names::Known(Vec::new()),
            ..Host::default()
        };
        with_client(&mut host, &sandbox, DEFAULT_TOKEN, |client| {
            let begun = Instant::now();
            let mut running = pin!(run(&mut outbox, client, &mut station));
            let mut context = Context::from_waker(Waker::noop());
            while begun.elapsed() < duration {
                assert!(running.as_mut().poll(&mut context).is_pending());
                std::thread::sleep(Duration::from_millis(5));
            }
        });
        done.send(station).unwrap();
    });
    let station = stations.recv_timeout(duration + Duration::from_secs(3));
    station.expect("it gives way, and does not panic")
}

#[test]
fn a_full_outbox_leaves_other_tasks_their_turns() {
    fn through<O: TakesIn + Send + 'static>(outbox: O) {
        let mut desk = Desk::with(&[Duplicates::AtMostOnce; SLOTS + 2]);
        desk.longest_pause = embassy_time::Duration::from_secs(30);
        let desk = take_turns(outbox, desk, Duration::from_millis(500));
        assert_eq!(desk.coming.len(), 2);
        assert!(desk.looked <= 2, "looked {} times", desk.looked);
    }
    let hour = Duration::from_hours(1);
    let config = CONFIG.link_backoff(Backoff::new(hour, hour));
    through(InRam::new(config));
    through(on_flash(config));
}

/// An entry that is only followed makes room, and that is no end that would be reported.
#[test]
fn what_waits_for_room_goes_on_as_soon_as_an_alert_is_accepted() {
    let sandbox = sandbox();
    let hour = Duration::from_hours(1);
    let config = CONFIG
        .follow(Some(Follow::new(hour, hour, 3)))
        .when_full(Full::DropLowest);
    let mut outbox = Outbox::<1, BYTES>::new(config);
    let mut desk = Desk::with(&[Duplicates::AtMostOnce; 3]);
    desk.longest_pause = embassy_time::Duration::from_secs(30);
    with_client(&mut Host::default(), &sandbox, DEFAULT_TOKEN, |client| {
        let cut = embassy_time::Duration::from_secs(3);
        let ended = block_on(with_timeout(cut, run(&mut outbox, client, &mut desk)));
        assert!(ended.is_err(), "{:?}", desk.ends);
    });
    assert_eq!(arrived(&sandbox), 3);
}

#[test]
fn pauses_may_be_as_long_as_time() {
    let mut desk = Desk::with(&[]);
    desk.stays = true;
    desk.longest_pause = embassy_time::Duration::MAX;
    desk.probe_after = Some(embassy_time::Duration::MAX);
    let desk = take_turns(InRam::new(CONFIG), desk, Duration::from_millis(100));
    assert_eq!(desk.looked, 1);
}
