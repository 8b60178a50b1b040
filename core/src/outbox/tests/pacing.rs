use super::*;

const UNFOLLOWED: Config = Config::DEFAULT.follow(None);

/// Sends whatever there is to send, one after the other and each answered at once, and says when.
fn times<const SLOTS: usize, const RECENT: usize>(
    outbox: &mut Outbox<SLOTS, 512, RECENT>,
    mut now: Duration,
) -> Vec<u64> {
    let mut times = Vec::new();
    for _ in 0..50 {
        match outbox.poll(now, 0) {
            Step::Send { id, .. } => {
                times.push(u64::try_from(now.as_millis()).unwrap());
                outbox.settle(id, accepted().as_ref(), now).unwrap();
            }
            Step::Report(_) => {}
            Step::Wait(until) => now = until,
            Step::Idle => return times,
            other => panic!("{other:?}"),
        }
    }
    panic!("no end after {times:?}")
}

fn fill<const SLOTS: usize, const RECENT: usize>(
    outbox: &mut Outbox<SLOTS, 512, RECENT>,
    to: impl Fn(usize) -> E164,
    key: Option<Key>,
) {
    let alert = text("Freezer 3 is open");
    for number in 0..SLOTS {
        let mut entry = Entry::new(&alert, to(number), Duplicates::AtLeastOnce);
        if let Some(Key(key)) = key {
            entry = entry.key(
                Key(key + u32::try_from(number).unwrap()),
                Coalesce::KeepFirst,
            );
        }
        let _ = outbox.enqueue(&entry, s(0)).unwrap();
    }
}

fn number(number: usize) -> E164 {
    format!("+1415555{number:04}").parse().unwrap()
}

#[test]
fn the_budget_is_a_burst_and_then_a_rate() {
    let budget = Budget::new(6, 2).unwrap();
    let mut outbox = Outbox::<8, 512>::new(UNFOLLOWED.budget(budget));
    fill(&mut outbox, number, None);
    // One each 60 s / (6 - 2); the odd milliseconds are rounding.
    let times = times(&mut outbox, s(0));
    assert_eq!(
        times,
        [0, 0, 15_001, 30_002, 45_003, 60_004, 75_005, 90_006]
    );
}

#[test]
fn a_budget_has_a_burst_and_something_beside_it() {
    assert_eq!(Budget::new(60, 10), Ok(Budget::DEFAULT));
    for (per_minute, burst) in [(60, 0), (60, 60), (0, 0), (5, 6)] {
        assert_eq!(Budget::new(per_minute, burst), Err(InvalidBudget));
    }
    assert!(Budget::new(u32::MAX, 1).is_ok());
    assert!(Budget::new(u32::MAX, u32::MAX - 1).is_ok());
}

#[test]
fn after_a_reset_the_budget_and_all_gaps_are_taken_as_spent() {
    let mut outbox = Outbox::<3, 512>::new(UNFOLLOWED.budget(Budget::new(6, 2).unwrap()));
    outbox.restored(s(0));
    fill(&mut outbox, number, None);
    assert_eq!(times(&mut outbox, s(0)), [15_001, 30_002, 45_003]);
    let mut outbox = Outbox::<3, 512>::new(UNFOLLOWED);
    outbox.restored(s(0));
    fill(&mut outbox, number, None);
    assert_eq!(times(&mut outbox, s(0)), [6000; 3]);
}

#[test]
fn a_recipient_is_left_alone_for_a_while_and_others_need_not_wait() {
    let mut outbox = Outbox::<4, 512>::new(UNFOLLOWED);
    fill(&mut outbox, |number| [ADA, ADA, BOB, ADA][number], None);
    assert_eq!(times(&mut outbox, s(0)), [0, 0, 6000, 12_000]);
}

#[test]
fn the_gap_counts_from_when_the_message_was_settled() {
    let mut outbox = Small::new(UNFOLLOWED);
    let id = put(&mut outbox, ADA, Duplicates::AtLeastOnce);
    put(&mut outbox, ADA, Duplicates::AtLeastOnce);
    send(&mut outbox, s(0));
    outbox.settle(id, accepted().as_ref(), s(5)).unwrap();
    assert_eq!(times(&mut outbox, s(5)), [11_000]);
}

#[test]
fn a_key_cools_down() {
    let mut outbox = Small::new(UNFOLLOWED);
    let alert = text("Freezer 3 is open");
    let entry = Entry::new(&alert, ADA, Duplicates::AtLeastOnce).key(Key(3), Coalesce::KeepFirst);
    let mut sent = Vec::new();
    for now in 0..200 {
        let _ = outbox.enqueue(&entry, s(now)).unwrap();
        if let Step::Send { id, .. } = outbox.poll(s(now), 0) {
            outbox.settle(id, accepted().as_ref(), s(now)).unwrap();
            sent.push((now, report(&mut outbox, s(now)).stands_for));
        }
    }
    // A sensor that flaps each second for more than three minutes is four messages.
    assert_eq!(sent, [(0, 1), (60, 60), (120, 60), (180, 60)]);
}

#[test]
fn what_did_not_arrive_cools_nothing_down() {
    // It waits for the link, or for as long as the API says, and not for itself.
    for (outcome, until_s) in [(not_sent(), 2), (refused(429), 60)] {
        let mut outbox = Small::new(UNFOLLOWED.cool_down(s(999)));
        let alert = text("Freezer 3 is open");
        let entry = Entry::new(&alert, ADA, Duplicates::AtLeastOnce);
        let entry = entry.key(Key(3), Coalesce::KeepFirst);
        let id = outbox.enqueue(&entry, s(0)).unwrap().id;
        send(&mut outbox, s(0));
        outbox.settle(id, outcome.as_ref(), s(0)).unwrap();
        assert_eq!(outbox.poll(s(0), 0), Step::Wait(s(until_s)));
    }
}

#[test]
fn what_may_have_arrived_does_not_wait_for_itself() {
    let mut outbox = Small::new(UNFOLLOWED.cool_down(s(999)));
    let alert = text("Freezer 3 is open");
    let entry = Entry::new(&alert, ADA, Duplicates::AtLeastOnce).key(Key(3), Coalesce::KeepFirst);
    let entry = entry.time_to_live(s(100));
    let id = outbox.enqueue(&entry, s(0)).unwrap().id;
    send(&mut outbox, s(0));
    outbox.settle(id, lost().as_ref(), s(0)).unwrap();
    assert_eq!(outbox.poll(s(0), 0), Step::Wait(s(30)));

    // Nor does it help that the next try did not leave: the first may have arrived.
    send(&mut outbox, s(30));
    outbox.settle(id, not_sent().as_ref(), s(30)).unwrap();
    assert_eq!(report(&mut outbox, s(100)).end, End::Expired);
    let next = entry.time_to_live(Duration::MAX);
    let _ = outbox.enqueue(&next, s(100)).unwrap();
    assert_eq!(outbox.poll(s(100), 0), Step::Wait(s(30 + 999)));
}

#[test]
fn a_template_does_not_wait_for_the_text_that_failed() {
    let mut outbox = Small::new(Config::DEFAULT.cool_down(s(999)));
    let (alert, template) = (text("Freezer 3 is open"), template());
    let entry = Entry::new(&alert, ADA, Duplicates::AtMostOnce).fallback(&template);
    let entry = entry.key(Key(3), Coalesce::KeepFirst);
    let id = outbox.enqueue(&entry, s(0)).unwrap().id;
    send(&mut outbox, s(0));
    outbox.settle(id, accepted().as_ref(), s(0)).unwrap();
    assert!(matches!(outbox.poll(s(10), 0), Step::Query { .. }));
    let closed =
        r#"{"status":"success","data":{"delivery_status":"failed","error_message":"131047"}}"#;
    let closed = answer::<Delivery>(200, closed);
    outbox.settle_query(id, closed.as_ref(), s(10)).unwrap();
    assert_eq!(send(&mut outbox, s(10)).1, template.body());
}

#[test]
fn where_all_sends_that_are_remembered_still_count_the_next_one_waits() {
    let mut outbox = Outbox::<3, 512, 2>::new(UNFOLLOWED);
    fill(&mut outbox, number, Some(Key(0)));
    assert_eq!(times(&mut outbox, s(0)), [0, 0, 6000]);
    let mut outbox = Outbox::<3, 512, 2>::new(UNFOLLOWED);
    fill(&mut outbox, number, None);
    assert_eq!(times(&mut outbox, s(0)), [0, 0, 6000]);
}

#[test]
fn cool_downs_hold_up_nothing_but_their_own() {
    let mut outbox = Outbox::<3, 512, 2>::new(UNFOLLOWED.cool_down(s(3600)));
    fill(&mut outbox, number, Some(Key(0)));
    for now in [s(0), s(0), s(6)] {
        let (id, _) = send(&mut outbox, now);
        outbox.settle(id, accepted().as_ref(), now).unwrap();
        report(&mut outbox, now);
    }
}

#[test]
fn an_outbox_is_as_small_as_published() {
    assert_eq!(size_of::<Outbox<8, 512>>(), 5072);
    let slot = size_of::<Outbox<9, 512>>() - size_of::<Outbox<8, 512>>();
    assert_eq!(slot, 56 + 512);
    let send = size_of::<Outbox<8, 512, 17>>() - size_of::<Outbox<8, 512, 16>>();
    assert_eq!(send, 24);
}
