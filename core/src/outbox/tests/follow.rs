use super::*;

/// One alert with a template, accepted at 0 s.
fn followed(follow: Follow) -> Small {
    let mut outbox = Small::new(Config::DEFAULT.follow(Some(follow)));
    let (alert, template) = (text("Freezer 3 is open"), template());
    let entry = Entry::new(&alert, ADA, Duplicates::AtMostOnce)
        .time_to_live(s(60))
        .fallback(&template);
    let id = outbox.enqueue(&entry, s(0)).unwrap().id;
    send(&mut outbox, s(0));
    outbox.settle(id, accepted().as_ref(), s(0)).unwrap();
    outbox
}

fn ask(outbox: &mut Small, now: Duration, answer: &Outcome<Delivery>) {
    let step = outbox.poll(now, 0);
    let Step::Query { id, message_id } = step else {
        panic!("{step:?}")
    };
    assert_eq!(message_id.as_str(), "wamid.A");
    assert_eq!(outbox.poll(now, 0), Step::InFlight { id });
    outbox.settle_query(id, answer.as_ref(), now).unwrap();
}

fn closed() -> Outcome<Delivery> {
    answer(
        200,
        r#"{"status":"success","data":{"delivery_status":"failed","error_message":"131047"}}"#,
    )
}

#[test]
fn a_message_is_asked_after_until_it_is_delivered() {
    let mut outbox = followed(Follow::DEFAULT);
    for (asked_s, next_s) in [(10, 30), (30, 70), (70, 150)] {
        ask(&mut outbox, s(asked_s), &delivery("sent"));
        assert_eq!(outbox.poll(s(asked_s), 0), Step::Wait(s(next_s)));
    }
    ask(&mut outbox, s(150), &delivery("read"));
    let ended = report(&mut outbox, s(150));
    assert_eq!(
        (ended.end, ended.message_id.unwrap().as_str()),
        (End::Read, "wamid.A")
    );
}

#[test]
fn it_is_given_up_after_so_many_queries() {
    let mut outbox = followed(Follow::new(s(10), s(20), 3));
    for (now, state) in [(10, "pending"), (30, "sent"), (50, "gone fishing")] {
        ask(&mut outbox, s(now), &delivery(state));
    }
    assert_eq!(
        report(&mut outbox, s(50)).end,
        End::AcceptedUntracked(Untracked::GaveUp)
    );
}

#[test]
fn where_there_is_no_status_a_message_stays_accepted() {
    for (status, why) in [(404, Untracked::NotFound), (403, Untracked::Refused)] {
        let mut outbox = followed(Follow::DEFAULT);
        ask(&mut outbox, s(10), &answer(status, "{}"));
        assert_eq!(report(&mut outbox, s(10)).end, End::AcceptedUntracked(why));
    }
    let mut outbox = Small::new(Config::DEFAULT.follow(None));
    let id = put(&mut outbox, ADA, Duplicates::AtMostOnce);
    send(&mut outbox, s(0));
    outbox.settle(id, accepted().as_ref(), s(0)).unwrap();
    let ended = report(&mut outbox, s(0));
    assert_eq!(ended.end, End::AcceptedUntracked(Untracked::NotFollowed));
    assert_eq!(ended.message_id.unwrap().as_str(), "wamid.A");
}

/// An entry that was accepted under this id, as far as the reader has room for it.
fn accepted_as<const ID: usize>(message_id: &str, config: Config) -> Small {
    let body = format!(r#"{{"status":"success","data":{{"message_id":"{message_id}"}}}}"#);
    let mut outbox = Small::new(config);
    let id = put(&mut outbox, ADA, Duplicates::AtMostOnce);
    send(&mut outbox, s(0));
    let outcome = answer::<Accepted<ID>>(200, &body);
    outbox.settle(id, outcome.as_ref(), s(0)).unwrap();
    outbox
}

#[test]
fn an_id_that_cannot_be_asked_after_is_not() {
    let id = |bytes| "i".repeat(bytes);
    let not_followed = Config::DEFAULT.follow(None);
    for mut outbox in [
        accepted_as::<8>("..", Config::DEFAULT),
        accepted_as::<8>(&id(9), Config::DEFAULT),
        accepted_as::<600>(&id(129), Config::DEFAULT),
        accepted_as::<600>(&id(600), Config::DEFAULT),
        accepted_as::<8>("..", not_followed),
    ] {
        let ended = report(&mut outbox, s(0));
        assert_eq!(ended.end, End::AcceptedUntracked(Untracked::UnusableId));
        assert_eq!(ended.message_id, None);
    }
    for (mut outbox, bytes) in [
        (accepted_as::<8>(&id(8), Config::DEFAULT), 8),
        (accepted_as::<600>(&id(128), Config::DEFAULT), 128),
    ] {
        let step = outbox.poll(s(10), 0);
        assert!(
            matches!(&step, Step::Query { message_id, .. } if message_id.as_str() == id(bytes)),
            "{step:?}"
        );
    }
}

#[test]
fn the_longest_id_fits_beside_the_largest_template() {
    let template = Request::<256>::new(&TemplateMessage::new(&ADA, "freezer", "en")).unwrap();
    let alert = text("x");
    let mut outbox = Outbox::<1, 256>::new(Config::DEFAULT);
    let long_name = "n".repeat(256 - 128 - template.body().len() + "freezer".len());
    let template = Request::<256>::new(&TemplateMessage::new(&ADA, &long_name, "en")).unwrap();
    let entry = Entry::new(&alert, ADA, Duplicates::AtMostOnce).fallback(&template);
    let id = outbox.enqueue(&entry, s(0)).unwrap().id;
    send(&mut outbox, s(0));
    let long_id = "i".repeat(128);
    let body = format!(r#"{{"status":"success","data":{{"message_id":"{long_id}"}}}}"#);
    outbox
        .settle(id, answer::<Accepted>(200, &body).as_ref(), s(0))
        .unwrap();
    let Step::Query { message_id, .. } = outbox.poll(s(10), 0) else {
        panic!()
    };
    assert_eq!(message_id.as_str(), long_id);
    outbox.settle_query(id, closed().as_ref(), s(10)).unwrap();
    assert_eq!(send(&mut outbox, s(10)).1, template.body());
}

#[test]
fn a_window_that_turns_out_closed_calls_for_the_template_while_there_is_time() {
    let mut outbox = followed(Follow::DEFAULT);
    ask(&mut outbox, s(59), &closed());
    assert_eq!(send(&mut outbox, s(59)).1, template().body());
    let mut outbox = followed(Follow::DEFAULT);
    ask(&mut outbox, s(60), &closed());
    let late = report(&mut outbox, s(60)).end;
    assert_eq!(late, End::Failed(FailedBecause::WindowClosed));
    let mut outbox = followed(Follow::DEFAULT);
    ask(&mut outbox, s(10), &delivery("failed"));
    let failed = report(&mut outbox, s(10)).end;
    assert_eq!(failed, End::Failed(FailedBecause::Undeliverable));
}

#[test]
fn a_query_that_went_wrong_is_made_again() {
    let refused = |status| answer::<Delivery>(status, r#"{"status":"error"}"#);
    // (what came of it, whether it counts, when the next one is made)
    for (outcome, next_s) in [
        (Outcome::failed(false, Failure::Dns), 12),
        (Outcome::failed(true, Failure::TimedOut), 30),
        (refused(500), 40),
        (refused(429), 70),
        (refused(421), 40),
    ] {
        let mut outbox = followed(Follow::DEFAULT);
        ask(&mut outbox, s(10), &outcome);
        assert_eq!(outbox.poll(s(10), 0), Step::Wait(s(next_s)));
    }
}

#[test]
fn a_token_that_is_refused_to_queries_is_reported_once_and_stops_no_message() {
    let refused = answer::<Delivery>(401, r#"{"status":"error"}"#);
    let mut outbox = followed(Follow::DEFAULT);
    ask(&mut outbox, s(10), &refused);
    assert_eq!(outbox.poll(s(10), 0), Step::Report(Event::TokenRefused));
    assert_eq!(outbox.refused_for(), None);
    put(&mut outbox, BOB, Duplicates::AtMostOnce);
    let (id, _) = send(&mut outbox, s(10));
    outbox.settle(id, accepted().as_ref(), s(10)).unwrap();
    ask(&mut outbox, s(30), &refused);
    // It was told.
    ask(&mut outbox, s(30), &delivery("sent"));
    ask(&mut outbox, s(70), &refused);
    assert_eq!(outbox.poll(s(70), 0), Step::Report(Event::TokenRefused));
    outbox.resume();
    ask(&mut outbox, s(70), &refused);
    assert_eq!(outbox.poll(s(70), 0), Step::Report(Event::TokenRefused));
}

#[test]
fn a_status_endpoint_that_answers_oddly_holds_up_no_message() {
    let odd = |status, body| answer::<Delivery>(status, body);
    for outcome in [
        odd(200, r#"{"status":"success","data":{}}"#),
        odd(200, "<html>"),
        odd(502, "<html>"),
        odd(408, "<html>"),
        odd(500, r#"{"status":"error"}"#),
        Outcome::failed(true, Failure::TimedOut),
    ] {
        let mut outbox = followed(Follow::DEFAULT);
        ask(&mut outbox, s(10), &outcome);
        put(&mut outbox, BOB, Duplicates::AtMostOnce);
        send(&mut outbox, s(10));
    }
}

#[test]
fn whatever_the_status_endpoint_answers_the_following_ends() {
    for status in 100..=599 {
        let mut outbox = followed(Follow::DEFAULT);
        let mut now = s(0);
        loop {
            match outbox.poll(now, 0) {
                Step::Query { id, .. } => {
                    let odd = answer::<Delivery>(status, r#"{"status":"error"}"#);
                    outbox.settle_query(id, odd.as_ref(), now).unwrap();
                }
                Step::Wait(until) => now = until,
                Step::Report(Event::TokenRefused) => {}
                Step::Report(_) => break,
                other => panic!("{other:?}"),
            }
            assert!(now < s(24 * 60 * 60), "{status}: it is still asked after");
        }
    }
}

#[test]
fn a_query_that_is_one_too_many_holds_up_messages_for_a_minute_at_most() {
    for (asked_s, pause_s) in [(3600, 60), (40, 40)] {
        let body = format!(r#"{{"retry_after":{asked_s}}}"#);
        let mut outbox = followed(Follow::DEFAULT);
        ask(&mut outbox, s(10), &answer(429, &body));
        put(&mut outbox, BOB, Duplicates::AtMostOnce);
        let now = s(10 + pause_s);
        assert_eq!(outbox.poll(s(10), 0), Step::Wait(now));
        let (id, _) = send(&mut outbox, now);
        outbox.settle(id, refused(422).as_ref(), now).unwrap();
        report(&mut outbox, now);
        // The query waits for as long as it was told.
        if asked_s > pause_s {
            assert_eq!(outbox.poll(now, 0), Step::Wait(s(10 + asked_s)));
        }
        ask(&mut outbox, s(10 + asked_s), &delivery("sent"));
    }
}

#[test]
fn a_query_that_can_never_be_made_is_given_up() {
    let mut outbox = followed(Follow::DEFAULT);
    ask(&mut outbox, s(10), &Outcome::failed(false, Failure::Buffer));
    let end = report(&mut outbox, s(10)).end;
    assert_eq!(end, End::AcceptedUntracked(Untracked::Refused));
}

#[test]
fn messages_go_before_queries() {
    let mut outbox = followed(Follow::DEFAULT);
    put(&mut outbox, BOB, Duplicates::AtMostOnce);
    let (id, _) = send(&mut outbox, s(10));
    outbox.settle(id, accepted().as_ref(), s(10)).unwrap();
    ask(&mut outbox, s(10), &delivery("delivered"));
}

#[test]
fn a_query_can_be_put_back() {
    let mut outbox = followed(Follow::DEFAULT);
    let Step::Query { id, .. } = outbox.poll(s(10), 0) else {
        panic!()
    };
    outbox.unsend(id);
    ask(&mut outbox, s(10), &delivery("delivered"));
}
