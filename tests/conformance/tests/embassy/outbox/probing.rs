//! What the API refused for the token's sake is tried again after a while.

use super::*;

#[test]
fn what_was_refused_is_tried_again_after_a_while() {
    fn through<O: TakesIn>(mut outbox: O, probe_after: Option<u64>) -> Desk {
        let sandbox = sandbox();
        let mut desk = Desk::with(&[Duplicates::AtMostOnce]);
        desk.to = FORBIDDEN;
        desk.probe_after = probe_after.map(embassy_time::Duration::from_secs);
        with_client(&mut Host::default(), &sandbox, DEFAULT_TOKEN, |client| {
            let cut = embassy_time::Duration::from_millis(2_800);
            let ended = block_on(with_timeout(cut, run(&mut outbox, client, &mut desk)));
            assert!(ended.is_err(), "{:?}", desk.ends);
        });
        assert_eq!(desk.attempts, desk.refusals);
        desk
    }
    assert_eq!(through(InRam::new(CONFIG), None).attempts, 1);
    // Less than a second counts as one.
    let attempts = through(InRam::new(CONFIG), Some(0)).attempts;
    assert!((2..=3).contains(&attempts), "{attempts} attempts");
    let attempts = through(on_flash(CONFIG), Some(1)).attempts;
    assert!((2..=3).contains(&attempts), "{attempts} attempts");
}

/// The refusal was reported to the `run` that was dropped, and only there.
#[test]
fn a_run_that_is_dropped_while_the_token_is_refused_leaves_nothing_mute() {
    let sandbox = sandbox();
    let mut outbox = InRam::new(CONFIG);
    let mut desk = Desk::with(&[Duplicates::AtMostOnce]);
    let host = &mut Host::default();
    with_client(host, &sandbox, "apitk_of_somebody_else", |client| {
        let cut = embassy_time::Duration::from_secs(1);
        let ended = block_on(with_timeout(cut, run(&mut outbox, client, &mut desk)));
        assert!(ended.is_err(), "{:?}", desk.ends);
    });
    assert_eq!((desk.attempts, desk.refusals), (1, 1));
    desk.probe_after = Some(embassy_time::Duration::from_secs(1));
    desk.dog = Dog::default();
    with_client(host, &sandbox, DEFAULT_TOKEN, |client| {
        let cut = embassy_time::Duration::from_secs(5);
        let ended = block_on(with_timeout(cut, run(&mut outbox, client, &mut desk)));
        assert!(ended.is_ok(), "nothing goes out any more");
    });
    assert_eq!((desk.ends.len(), arrived(&sandbox)), (1, 1));
}

/// It sleeps in between, say, or waits for something else meanwhile.
#[test]
fn a_device_that_runs_in_short_stretches_tries_a_refused_token_again_too() {
    let sandbox = sandbox();
    let mut outbox = InRam::new(CONFIG);
    let mut desk = Desk::with(&[Duplicates::AtLeastOnce]);
    desk.probe_after = Some(embassy_time::Duration::from_secs(1));
    let host = &mut Host::default();
    let mut stretch = |token: &str| {
        with_client(host, &sandbox, token, |client| {
            desk.dog = Dog::default();
            let cut = embassy_time::Duration::from_millis(700);
            let _ = block_on(with_timeout(cut, run(&mut outbox, client, &mut desk)));
            (desk.attempts, desk.refusals, desk.ends.len())
        })
    };
    assert_eq!(stretch("apitk_of_somebody_else"), (1, 1, 0));
    // The token is good from here on.
    let ended = (0..30).any(|_| stretch(DEFAULT_TOKEN).2 == 1);
    assert!(ended, "the alert is still mute");
}

/// Runs until there is nothing to do for the moment, then sleeps.
#[derive(Default)]
struct Napper {
    attempts: usize,
    ends: usize,
}

impl Station<InRam> for Napper {
    async fn ready(&mut self) {
        pending::<()>().await;
    }

    async fn take_in(
        &mut self,
        _: &mut InRam,
        _: Duration,
    ) -> Result<TakenIn, <InRam as Outgoing>::Error> {
        Ok(TakenIn::Everything)
    }

    fn jitter(&mut self) -> u32 {
        7
    }

    fn probe_refused_after(&self) -> Option<embassy_time::Duration> {
        Some(embassy_time::Duration::from_secs(1))
    }

    fn sent(&mut self, _: EntryId, _: &Outcome<Accepted>) {
        self.attempts += 1;
    }

    fn report(&mut self, event: &Event) {
        self.ends += usize::from(matches!(event, Event::Ended(_)));
    }

    fn is_over(&self, _: &InRam) -> bool {
        true
    }
}

#[test]
fn a_device_that_sleeps_whenever_there_is_nothing_to_do_tries_again_too() {
    let sandbox = sandbox();
    let mut outbox = InRam::new(CONFIG);
    let mut napper = Napper::default();
    let request = text_to(ADA);
    let entry = Entry::new(&request, E164::new(ADA).unwrap(), Duplicates::AtLeastOnce);
    let _ = outbox.enqueue(&entry, now()).unwrap();
    let host = &mut Host::default();
    let mut stretch = |token: &str| {
        with_client(host, &sandbox, token, |client| {
            block_on(run(&mut outbox, client, &mut napper));
        });
        (napper.attempts, napper.ends)
    };
    assert_eq!(stretch("apitk_of_somebody_else"), (1, 0));
    assert_eq!(stretch(DEFAULT_TOKEN), (1, 0), "not that early");
    std::thread::sleep(Duration::from_secs(1));
    assert_eq!(stretch(DEFAULT_TOKEN), (2, 1));
}

#[test]
fn on_a_worn_flash_it_is_tried_again_too() {
    let sandbox = sandbox();
    let mut outbox = on_flash(CONFIG);
    let request = text_to(FORBIDDEN);
    let to = E164::new(FORBIDDEN).unwrap();
    let entry = Entry::new(&request, to, Duplicates::AtLeastOnce);
    let _ = block_on(outbox.enqueue(&entry, now())).unwrap();
    for address in (0..4 * 4096).step_by(4) {
        outbox.flash_mut().wear_out(address);
    }
    let mut desk = Desk::with(&[]);
    desk.stays = true;
    desk.probe_after = Some(embassy_time::Duration::from_secs(1));
    with_client(&mut Host::default(), &sandbox, DEFAULT_TOKEN, |client| {
        // The flash rests for five seconds at a time.
        let cut = embassy_time::Duration::from_secs(7);
        let _ = block_on(with_timeout(cut, run(&mut outbox, client, &mut desk)));
    });
    assert!(desk.attempts > 1, "{} attempts", desk.attempts);
}

#[test]
fn one_forbidden_recipient_does_not_keep_others_from_being_told() {
    let sandbox = sandbox();
    let mut outbox = InRam::new(CONFIG);
    for (to, priority) in [(FORBIDDEN, Priority::Urgent), (ADA, Priority::Low)] {
        let request = text_to(to);
        let entry = Entry::new(&request, E164::new(to).unwrap(), Duplicates::AtLeastOnce);
        let _ = outbox.enqueue(&entry.priority(priority), now()).unwrap();
    }
    let mut desk = Desk::with(&[]);
    desk.stays = true;
    desk.probe_after = Some(embassy_time::Duration::from_secs(1));
    with_client(&mut Host::default(), &sandbox, DEFAULT_TOKEN, |client| {
        let cut = embassy_time::Duration::from_secs(4);
        let _ = block_on(with_timeout(cut, run(&mut outbox, client, &mut desk)));
    });
    assert_eq!(arrived(&sandbox), 1, "{} attempts", desk.attempts);
}
