//! What never gets through must not keep others from it.

use super::*;

const UNFOLLOWED: Config = Config::DEFAULT.follow(None);
const HOUR: u64 = 60 * 60;

fn number(number: usize) -> E164 {
    format!("+1415555{number:04}").parse().unwrap()
}

/// When an alert is first sent that waits behind so many others, to each of which the API says the same each time. The owner
/// resumes an hour after each refusal.
fn sent_behind(others: usize, said: &Outcome<Accepted>, priorities: [Priority; 2]) -> Duration {
    let mut outbox = Outbox::<24, 512>::new(UNFOLLOWED);
    let alert = text("Freezer 3 is open");
    let mut behind = EntryId(0);
    for to in 0..=others {
        let priority = priorities[usize::from(to == others)];
        let entry = Entry::new(&alert, number(to), Duplicates::AtLeastOnce).priority(priority);
        behind = outbox.enqueue(&entry, s(0)).unwrap().id;
    }
    let mut now = s(0);
    while now < s(24 * HOUR) {
        match outbox.poll(now, 0) {
            Step::Send { id, .. } if id == behind => return now,
            Step::Send { id, .. } => {
                now += ms(300);
                outbox.settle(id, said.as_ref(), now).unwrap();
            }
            Step::Report(Event::Ended(ended)) => panic!("{ended:?}"),
            Step::Report(_) => {}
            Step::Wait(until) => {
                let past = outbox.refused_for();
                let resumed = past.map_or(Duration::MAX, |past| now + s(HOUR).saturating_sub(past));
                now = until.min(resumed);
                if now == resumed {
                    outbox.resume();
                }
            }
            other => panic!("{other:?}"),
        }
    }
    panic!("it was not sent on the first day");
}

#[test]
fn what_is_refused_or_unanswered_again_and_again_lets_others_of_its_priority_go() {
    let waf = answer(403, "<html>");
    let gateway = answer(502, "<html>");
    // (what the others get, how many there are, after how long it goes at the latest)
    for (said, others, most_s) in [
        (&refused(401), 1, HOUR + 1),
        (&refused(403), 1, HOUR + 1),
        (&waf, 1, HOUR + 1),
        (&refused(429), 1, 61),
        (&refused(408), 23, 60),
        (&refused(500), 23, 60),
        // The link waits in between.
        (&gateway, 7, 300),
        (&lost(), 7, 300),
        (&gateway, 23, 23 * 300),
    ] {
        let at = sent_behind(others, said, [Priority::Normal; 2]);
        assert!(at <= s(most_s), "{others} of {said:?}: {at:?}");
    }
}

#[test]
fn and_after_a_few_times_also_those_that_are_less_urgent() {
    // A kind that is refused is asked for once an hour only.
    for (said, least_s, most_s) in [
        (refused(401), HOUR, HOUR + 1),
        (refused(403), HOUR, HOUR + 1),
        (refused(429), 3 * 60, 4 * 60 + 9),
    ] {
        let at = sent_behind(1, &said, [Priority::Urgent, Priority::Low]);
        assert!((s(least_s)..=s(most_s)).contains(&at), "{said:?}: {at:?}");
    }
}

#[test]
fn what_gets_through_at_last_begins_anew() {
    let mut outbox = Small::new(Config::DEFAULT);
    let id = put(&mut outbox, ADA, Duplicates::AtLeastOnce);
    send(&mut outbox, s(0));
    outbox.settle(id, refused(500).as_ref(), s(0)).unwrap();
    send(&mut outbox, s(30));
    outbox.settle(id, accepted().as_ref(), s(30)).unwrap();
    put(&mut outbox, BOB, Duplicates::AtLeastOnce);
    let (other, _) = send(&mut outbox, s(30));
    outbox.settle(other, accepted().as_ref(), s(30)).unwrap();
    // Both were accepted at once: the older is asked after first.
    let Step::Query { id: asked, .. } = outbox.poll(s(40), 0) else {
        panic!()
    };
    assert_eq!(asked, id);
}

#[test]
fn an_api_that_says_at_once_again_is_asked_less_and_less() {
    for wait_s in [0, 1] {
        let limited = answer::<Accepted>(429, &format!(r#"{{"retry_after":{wait_s}}}"#));
        let mut outbox = Small::new(UNFOLLOWED);
        let id = put(&mut outbox, ADA, Duplicates::AtMostOnce);
        let (mut now, mut tries) = (s(0), 0);
        while now < s(24 * HOUR) {
            match outbox.poll(now, 0) {
                Step::Send { .. } => {
                    tries += 1;
                    outbox.settle(id, limited.as_ref(), now).unwrap();
                }
                Step::Wait(until) => now = until,
                other => panic!("{other:?}"),
            }
        }
        // Nine at growing intervals, then one each five minutes.
        assert_eq!(tries, 9 + (24 * HOUR - 510) / 300, "{wait_s}");
    }
}
