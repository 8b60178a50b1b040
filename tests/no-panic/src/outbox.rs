//! Every public function of the outbox.

use core::hint::black_box;
use core::time::Duration;

use xobito_core::outbox::{
    Backoff, Budget, Coalesce, Config, Duplicates, End, Entry, EntryId, Event, Follow, Full, Key,
    Outbox, Part, Priority, Snapshot, Stage, Step,
};
use xobito_core::{Accepted, BorrowedRequest, Delivery, E164, Kind, MessageId, Outcome};

use crate::any;

type Small = Outbox<4, 512, 8>;

fn time() -> Duration {
    any(Duration::from_secs(7))
}

pub(crate) fn outbox(to: &E164, outcome: &Outcome<Accepted>, answer: &Outcome<Delivery>) {
    let mut outbox = Small::new(config());
    let Ok(request) = BorrowedRequest::from_parts(any(Kind::Send), any(b"{}")) else {
        return;
    };
    let entry = Entry::new(request, *to, any(Duplicates::AtMostOnce))
        .priority(any(Priority::High))
        .time_to_live(time())
        .key(any(Key(7)), any(Coalesce::KeepFirst));
    for entry in [
        any(entry.fallback(request)),
        any(entry.template_first(request)),
        entry,
    ] {
        black_box(outbox.enqueue(any(&entry), time()).is_ok());
    }
    black_box(outbox.stands_for(any(Key(7)), to));
    let id = any(EntryId(7));
    outbox.withdraw(id);
    step(&outbox.poll(time(), any(7)));
    outbox.unsend(id);
    black_box(outbox.settle(id, any(outcome).as_ref(), time()).is_ok());
    black_box(
        outbox
            .settle_query(id, any(answer).as_ref(), time())
            .is_ok(),
    );
    outbox.resume();
    outbox.link_up();
    black_box((outbox.len(), outbox.is_empty(), outbox.capacity()));
    store(&mut outbox, to);
}

fn config() -> Config {
    let backoff = Backoff::new(time(), time());
    let follow = Follow::new(time(), time(), any(7));
    Config::default()
        .budget(Budget::new(any(7), any(3)).unwrap_or(Budget::DEFAULT))
        .recipient_gap(time())
        .cool_down(time())
        .link_backoff(backoff)
        .retry_backoff(backoff)
        .follow(any(Some(follow)))
        .when_full(any(Full::DropLowest))
        .time_to_live(time())
}

fn step(step: &Step<'_>) {
    match step {
        Step::Send { request, .. } => black_box((request.kind(), request.body().len(), 0)),
        Step::Report(Event::Ended(ended)) => {
            black_box((ended.end.word(), ended.end.cause(), ended.end.code()));
            black_box((Kind::Send, ended.recipient.as_bytes().len(), 0))
        }
        _ => black_box((Kind::Send, 0, 1)),
    };
}

fn store(outbox: &mut Small, to: &E164) {
    outbox.unsaved().for_each(|unsaved| {
        black_box(&unsaved);
    });
    outbox.entries().for_each(|entry| {
        black_box(&entry);
    });
    black_box(outbox.snapshot(any(7)));
    black_box(outbox.next_unsaved());
    outbox.saved(any(7));
    let end = End::from_code(any([3, 7])).unwrap_or(End::Unknown);
    let stored = Snapshot {
        id: any(EntryId(7)),
        recipient: *to,
        priority: Priority::from_level(any(2)).unwrap_or(Priority::Low),
        duplicates: any(Duplicates::AtLeastOnce),
        key: any(None),
        time_to_live: time(),
        stands_for: any(1),
        attempts: any(1),
        tries: any(1),
        stage: any(Stage::Ended(end)),
        part: any(Part::Template),
        other_part_left: any(true),
        message_id: MessageId::new(any("wamid.x")).ok(),
        kind: any(Kind::Send),
        body: any(b"{}"),
        template: any(b"{}"),
    };
    black_box(outbox.restore(any(7), any(&stored), time()).is_ok());
    black_box(any(Priority::Low).level());
    outbox.continue_after(any(EntryId(7)));
    outbox.restored(time());
    black_box(outbox.restore_state(any(&stored), time()).is_ok());
    black_box(outbox.discard(any(EntryId(7))));
    black_box(outbox.in_flight_request().is_some());
}
