use super::*;

const UNFOLLOWED: Config = Config::DEFAULT.follow(None);

/// One alert, sent and answered at 0 s.
fn answered(duplicates: Duplicates, outcome: &Outcome<Accepted>) -> Small {
    let mut outbox = Small::new(UNFOLLOWED);
    put(&mut outbox, ADA, duplicates);
    let (id, _) = send(&mut outbox, s(0));
    outbox.settle(id, outcome.as_ref(), s(0)).unwrap();
    outbox
}

#[test]
fn what_is_in_flight_is_settled_once_and_nothing_else_is_sent_meanwhile() {
    let mut outbox = Small::new(UNFOLLOWED);
    let id = put(&mut outbox, ADA, Duplicates::AtLeastOnce);
    put(&mut outbox, BOB, Duplicates::AtLeastOnce);
    assert_eq!(
        outbox.settle(id, accepted().as_ref(), s(0)),
        Err(NotInFlight)
    );
    send(&mut outbox, s(0));
    for _ in 0..3 {
        assert_eq!(outbox.poll(s(9), 0), Step::InFlight { id });
    }
    assert_eq!(
        outbox.settle_query(id, delivery("read").as_ref(), s(0)),
        Err(NotInFlight)
    );
    outbox.settle(id, accepted().as_ref(), s(9)).unwrap();
    assert_eq!(
        outbox.settle(id, accepted().as_ref(), s(9)),
        Err(NotInFlight)
    );
}

#[test]
fn an_unknown_outcome_ends_at_most_once_and_is_tried_again_at_least_once() {
    let server_error = refused(500);
    for (outcome, wait_s) in [(lost(), 30), (server_error, 30)] {
        let ended = report(&mut answered(Duplicates::AtMostOnce, &outcome), s(0));
        assert_eq!((ended.end, ended.attempts), (End::Unknown, 1));
        let mut outbox = answered(Duplicates::AtLeastOnce, &outcome);
        assert_eq!(outbox.poll(s(0), 0), Step::Wait(s(wait_s)));
    }
}

#[test]
fn tries_grow_apart_up_to_an_hour_and_chance_takes_at_most_half() {
    for (jitter, quarters) in [(0, 4), (1 << 31, 3), (u32::MAX, 2)] {
        let mut outbox = Small::new(UNFOLLOWED.link_backoff(Backoff::new(s(0), s(0))));
        put(&mut outbox, ADA, Duplicates::AtLeastOnce);
        let mut now = s(0);
        let mut waits = Vec::new();
        for _ in 0..9 {
            let Step::Send { id, .. } = outbox.poll(now, jitter) else {
                panic!()
            };
            outbox.settle(id, lost().as_ref(), now).unwrap();
            let Step::Wait(until) = outbox.poll(now, jitter) else {
                panic!()
            };
            waits.push(until.saturating_sub(now).as_secs());
            now = until;
        }
        let full = [30, 60, 120, 240, 480, 960, 1920, 3600, 3600];
        assert_eq!(waits, full.map(|full| full * quarters / 4));
    }
}

#[test]
fn a_link_that_is_down_delays_everything_until_it_is_up() {
    let mut outbox = Small::new(UNFOLLOWED);
    put(&mut outbox, ADA, Duplicates::AtMostOnce);
    put(&mut outbox, BOB, Duplicates::AtMostOnce);
    let mut now = s(0);
    for wait in [2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
        let (id, _) = send(&mut outbox, now);
        outbox.settle(id, not_sent().as_ref(), now).unwrap();
        assert_eq!(outbox.poll(now, 0), Step::Wait(now + s(wait)));
        now += s(wait);
    }
    let (id, _) = send(&mut outbox, now);
    outbox.settle(id, not_sent().as_ref(), now).unwrap();
    outbox.link_up();
    let (id, _) = send(&mut outbox, now);
    outbox.settle(id, accepted().as_ref(), now).unwrap();
    report(&mut outbox, now);
    let (id, _) = send(&mut outbox, now);
    outbox.settle(id, not_sent().as_ref(), now).unwrap();
    assert_eq!(
        outbox.poll(now, 0),
        Step::Wait(now + s(2)),
        "an answer came in between"
    );
}

#[test]
fn a_server_that_does_not_answer_delays_everything_too() {
    let mut outbox = Small::new(UNFOLLOWED);
    put(&mut outbox, ADA, Duplicates::AtMostOnce);
    put(&mut outbox, BOB, Duplicates::AtMostOnce);
    let (id, _) = send(&mut outbox, s(0));
    outbox.settle(id, lost().as_ref(), s(0)).unwrap();
    assert_eq!(report(&mut outbox, s(0)).end, End::Unknown);
    assert_eq!(outbox.poll(s(0), 0), Step::Wait(s(2)));
}

#[test]
fn a_rate_limit_pauses_everything_for_as_long_as_it_says() {
    for (body, wait_s) in [(r#"{"retry_after":45}"#, 45), ("{}", 60)] {
        let mut outbox = answered(Duplicates::AtMostOnce, &answer(429, body));
        put(&mut outbox, BOB, Duplicates::AtMostOnce);
        outbox.link_up();
        outbox.resume();
        assert_eq!(outbox.poll(s(0), 0), Step::Wait(s(wait_s)));
        send(&mut outbox, s(wait_s));
    }
}

#[test]
fn a_wait_that_would_outlive_the_alerts_is_kept_to_for_an_hour() {
    let mut outbox = answered(
        Duplicates::AtMostOnce,
        &answer(429, r#"{"retry_after":4294967295}"#),
    );
    assert_eq!(outbox.poll(s(0), 0), Step::Wait(s(3600)));
    send(&mut outbox, s(3600));
}

#[test]
fn what_was_not_taken_in_is_put_off_at_most_once_too() {
    for status in [408, 421, 425] {
        let refusal = answer(status, "<html>");
        let mut outbox = answered(Duplicates::AtMostOnce, &refusal);
        let mut now = s(0);
        for wait_s in [30, 60, 120, 240] {
            assert_eq!(outbox.poll(now, 0), Step::Wait(now + s(wait_s)), "{status}");
            now += s(wait_s);
            let (id, _) = send(&mut outbox, now);
            outbox.settle(id, refusal.as_ref(), now).unwrap();
        }
        let long = answer(status, r#"{"retry_after":600}"#);
        let mut outbox = answered(Duplicates::AtMostOnce, &long);
        assert_eq!(outbox.poll(s(0), 0), Step::Wait(s(600)), "{status}");
    }
}

#[test]
fn what_is_never_taken_in_holds_up_nothing_and_expires() {
    for status in [408, 421, 425] {
        let mut outbox = Small::new(UNFOLLOWED);
        let stuck = put(&mut outbox, ADA, Duplicates::AtMostOnce);
        let (mut now, mut tries) = (s(0), 0);
        let ended = loop {
            match outbox.poll(now, 0) {
                Step::Send { id, .. } if id == stuck => {
                    tries += 1;
                    outbox.settle(id, refused(status).as_ref(), now).unwrap();
                    let alert = text("Freezer 4 is open");
                    let entry = Entry::new(&alert, BOB, Duplicates::AtLeastOnce);
                    let behind = outbox.enqueue(&entry, now).unwrap().id;
                    assert_eq!(send(&mut outbox, now).0, behind, "at {now:?}");
                    outbox.settle(behind, accepted().as_ref(), now).unwrap();
                    assert_eq!(report(&mut outbox, now).id, behind);
                }
                Step::Wait(until) => now = until,
                Step::Report(Event::Ended(ended)) => break ended,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!((ended.end, tries), (End::Expired, 30), "{status}");
    }
}

/// One about the same thing as all others, that lives for an hour.
fn about_the_same(outbox: &mut Small, priority: Priority, now: Duration) -> EntryId {
    let (alert, template) = (text("Freezer 3 is open"), template());
    let entry = Entry::new(&alert, ADA, Duplicates::AtMostOnce)
        .key(Key(3), Coalesce::KeepFirst)
        .priority(priority)
        .time_to_live(s(3600))
        .fallback(&template);
    outbox.enqueue(&entry, now).unwrap().id
}

const COOL: Config = UNFOLLOWED.cool_down(Duration::from_secs(3600));

#[test]
fn what_was_not_taken_in_begins_no_cool_down() {
    for status in [408, 421, 425] {
        let mut outbox = Small::new(COOL);
        let id = about_the_same(&mut outbox, Priority::Normal, s(0));
        send(&mut outbox, s(0));
        outbox.settle(id, refused(status).as_ref(), s(0)).unwrap();
        send(&mut outbox, s(30));
        // Its template waits for the recipient's gap alone, or it would expire.
        outbox.settle(id, refused(422).as_ref(), s(30)).unwrap();
        send(&mut outbox, s(36));
        outbox.settle(id, refused(status).as_ref(), s(36)).unwrap();
        assert_eq!(report(&mut outbox, s(3600)).end, End::Expired);
        let next = about_the_same(&mut outbox, Priority::Normal, s(3600));
        assert_eq!(send(&mut outbox, s(3600)).0, next);
    }
}

#[test]
fn what_was_not_taken_in_keeps_to_the_cool_down_of_another() {
    let mut outbox = Small::new(COOL);
    let first = about_the_same(&mut outbox, Priority::Normal, s(0));
    send(&mut outbox, s(0));
    let second = about_the_same(&mut outbox, Priority::High, s(0));
    outbox.settle(first, refused(408).as_ref(), s(0)).unwrap();
    assert_eq!(send(&mut outbox, s(0)).0, second);
    outbox.settle(second, accepted().as_ref(), s(0)).unwrap();
    assert_eq!(report(&mut outbox, s(0)).id, second);
    assert_eq!(outbox.poll(s(0), 0), Step::Wait(s(3600)));
}

#[test]
fn what_may_have_arrived_does_not_keep_its_own_template_waiting() {
    let mut outbox = Small::new(COOL);
    let (alert, template) = (text("Freezer 3 is open"), template());
    let entry = Entry::new(&alert, ADA, Duplicates::AtLeastOnce)
        .key(Key(3), Coalesce::KeepFirst)
        .fallback(&template);
    let id = outbox.enqueue(&entry, s(0)).unwrap().id;
    send(&mut outbox, s(0));
    outbox.settle(id, lost().as_ref(), s(0)).unwrap();
    send(&mut outbox, s(30));
    outbox.settle(id, refused(422).as_ref(), s(30)).unwrap();
    assert_eq!(outbox.poll(s(30), 0), Step::Wait(s(36)));
    send(&mut outbox, s(36));
}

#[test]
fn the_first_refusal_counts_until_somebody_resumes() {
    let mut outbox = answered(Duplicates::AtMostOnce, &refused(403));
    let template = template();
    let other = Entry::new(&template, BOB, Duplicates::AtMostOnce);
    let id = outbox.enqueue(&other, s(50)).unwrap().id;
    assert_eq!(
        outbox.poll(s(50), 0),
        Step::Report(Event::KindRefused(Kind::Send))
    );
    send(&mut outbox, s(50));
    outbox.settle(id, refused(403).as_ref(), s(50)).unwrap();
    assert_eq!(
        outbox.poll(s(60), 0),
        Step::Report(Event::KindRefused(Kind::Template))
    );
    assert_eq!(outbox.refused_for(), Some(s(60)));
}

#[test]
fn a_refused_token_stops_everything_until_it_is_replaced() {
    let mut outbox = answered(Duplicates::AtMostOnce, &refused(401));
    assert_eq!(outbox.poll(s(9), 0), Step::Report(Event::TokenRefused));
    // Nothing but the end of its time to live can happen.
    assert_eq!(outbox.poll(s(9), 0), Step::Wait(s(24 * 60 * 60)));
    assert_eq!(outbox.refused_for(), Some(s(9)));
    outbox.resume();
    assert_eq!(outbox.refused_for(), None);
    send(&mut outbox, s(9));
}

#[test]
fn a_refused_kind_stops_that_kind() {
    let mut outbox = answered(Duplicates::AtMostOnce, &refused(403));
    assert_eq!(
        outbox.poll(s(9), 0),
        Step::Report(Event::KindRefused(Kind::Send))
    );
    let template = template();
    let other = Entry::new(&template, ADA, Duplicates::AtMostOnce);
    let id = outbox.enqueue(&other, s(9)).unwrap().id;
    assert_eq!(send(&mut outbox, s(9)).0, id, "templates go out");
    outbox.settle(id, accepted().as_ref(), s(9)).unwrap();
    report(&mut outbox, s(9));
    assert!(matches!(outbox.poll(s(99), 0), Step::Wait(_)));
    outbox.resume();
    send(&mut outbox, s(99));
}

#[test]
fn what_is_refused_for_good_fails_unless_it_has_another_message() {
    let ended = report(&mut answered(Duplicates::AtLeastOnce, &refused(422)), s(0));
    assert_eq!(
        ended.end,
        End::Failed(FailedBecause::Rejected(Reason::Validation))
    );

    let (alert, template) = (text("Freezer 3 is open"), template());
    let entry = Entry::new(&alert, ADA, Duplicates::AtMostOnce);
    let closed = answer::<Accepted>(422, r#"{"message":"Template required"}"#);
    for (entry, bodies) in [
        (entry.fallback(&template), [alert.body(), template.body()]),
        (
            entry.template_first(&template),
            [template.body(), alert.body()],
        ),
    ] {
        let mut outbox = Small::new(UNFOLLOWED);
        let _ = outbox.enqueue(&entry, s(0)).unwrap();
        for (now, body) in [0, 6].into_iter().zip(bodies) {
            let (id, sent) = send(&mut outbox, s(now));
            assert_eq!(sent, body);
            outbox.settle(id, closed.as_ref(), s(now)).unwrap();
        }
        let ended = report(&mut outbox, s(6));
        assert_eq!(
            ended.end,
            End::Failed(FailedBecause::Rejected(Reason::WindowClosed))
        );
        assert_eq!(ended.attempts, 2);
    }
}

#[test]
fn what_can_never_be_sent_fails() {
    let outcome = Outcome::failed(false, Failure::Buffer);
    let mut outbox = answered(Duplicates::AtLeastOnce, &outcome);
    assert_eq!(
        report(&mut outbox, s(0)).end,
        End::Failed(FailedBecause::NotSent(Failure::Buffer))
    );
    let other = put(&mut outbox, BOB, Duplicates::AtLeastOnce);
    assert_eq!(send(&mut outbox, s(0)).0, other, "the link is not to blame");
}

#[test]
fn what_waited_too_long_expires_but_not_while_it_is_in_flight() {
    let mut outbox = Small::new(UNFOLLOWED.time_to_live(s(100)));
    let id = put(&mut outbox, ADA, Duplicates::AtLeastOnce);
    put(&mut outbox, ADA, Duplicates::AtLeastOnce);
    send(&mut outbox, s(99));
    assert_eq!(
        report(&mut outbox, s(100)).end,
        End::Expired,
        "the other one"
    );
    assert_eq!(outbox.poll(s(150), 0), Step::InFlight { id });
    outbox.settle(id, not_sent().as_ref(), s(150)).unwrap();
    assert_eq!(report(&mut outbox, s(150)).end, End::Expired);

    let mut outbox = Small::new(UNFOLLOWED.time_to_live(Duration::MAX));
    put(&mut outbox, ADA, Duplicates::AtLeastOnce);
    send(&mut outbox, Duration::MAX);
}

#[test]
fn what_was_not_sent_after_all_is_put_back() {
    let mut outbox = Small::new(UNFOLLOWED);
    let id = put(&mut outbox, ADA, Duplicates::AtMostOnce);
    send(&mut outbox, s(0));
    outbox.unsend(EntryId(7));
    assert_eq!(outbox.poll(s(0), 0), Step::InFlight { id });
    outbox.unsend(id);
    assert_eq!(outbox.snapshot(0).unwrap().attempts, 0);
    assert_eq!(send(&mut outbox, s(2)).0, id);
}

#[test]
fn what_is_put_back_again_and_again_waits_longer_and_holds_up_nobody() {
    let mut outbox = Small::new(UNFOLLOWED);
    let stuck = put(&mut outbox, ADA, Duplicates::AtMostOnce);
    let mut now = s(0);
    for wait in [2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
        assert_eq!(send(&mut outbox, now).0, stuck);
        outbox.unsend(stuck);
        assert_eq!(outbox.poll(now, 0), Step::Wait(now + s(wait)));
        now += s(wait);
    }
    assert_eq!(send(&mut outbox, now).0, stuck);
    outbox.unsend(stuck);
    let alert = text("Freezer 4 is open");
    let entry = Entry::new(&alert, BOB, Duplicates::AtLeastOnce);
    let behind = outbox.enqueue(&entry, now).unwrap().id;
    assert_eq!(send(&mut outbox, now).0, behind);
    outbox.settle(behind, accepted().as_ref(), now).unwrap();
    assert_eq!(report(&mut outbox, now).id, behind);
    now += s(300);
    for store_works in [false, true] {
        assert_eq!(send(&mut outbox, now).0, stuck);
        if store_works {
            outbox.saved(0);
        }
        outbox.unsend(stuck);
        // The first time an answer had come in between.
        assert_eq!(outbox.poll(now, 0), Step::Wait(now + s(2)));
        now += s(2);
    }
}

#[test]
fn what_is_put_back_takes_nothing_of_the_budget() {
    let budget = Budget::new(2, 1).unwrap();
    let mut outbox = Small::new(Config::DEFAULT.budget(budget));
    let first = put(&mut outbox, ADA, Duplicates::AtMostOnce);
    let second = put(&mut outbox, BOB, Duplicates::AtMostOnce);
    for id in [first, second] {
        assert_eq!(send(&mut outbox, s(0)).0, id);
        outbox.unsend(id);
    }
    assert_eq!(send(&mut outbox, s(9)).0, first);
    outbox.settle(first, accepted().as_ref(), s(9)).unwrap();
    assert_eq!(outbox.poll(s(9), 0), Step::Wait(ms(69_001)));
    assert_eq!(send(&mut outbox, ms(69_001)).0, second);
    outbox
        .settle(second, accepted().as_ref(), ms(69_001))
        .unwrap();
    // A query that is put back costs nothing either.
    for _ in 0..2 {
        let Step::Query { id, .. } = outbox.poll(ms(129_002), 0) else {
            panic!()
        };
        outbox.unsend(id);
    }
}
