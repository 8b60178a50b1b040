//! What may happen to an outbox.

use std::time::Duration;

use proptest::prelude::*;
use xobito_core::outbox::{Backoff, Budget, Coalesce, Config, Duplicates, Follow, Full, Priority};

/// How the outbox is made.
#[derive(Clone, Debug)]
pub(crate) struct Setup {
    pub(crate) per_minute: u32,
    pub(crate) burst: u32,
    pub(crate) gap_s: u64,
    pub(crate) cool_down_s: u64,
    pub(crate) followed: bool,
    pub(crate) full: Full,
}

pub(crate) const TIME_TO_LIVE_S: u64 = 600;
pub(crate) const RETRY_S: (u64, u64) = (10, 80);
pub(crate) const LINK_S: (u64, u64) = (1, 30);
pub(crate) const QUERY_S: (u64, u64) = (5, 40);
pub(crate) const QUERIES: u8 = 2;

impl Setup {
    pub(crate) fn config(&self) -> Config {
        let s = Duration::from_secs;
        let follow = Follow::new(s(QUERY_S.0), s(QUERY_S.1), QUERIES);
        Config::DEFAULT
            .budget(Budget::new(self.per_minute, self.burst).unwrap())
            .recipient_gap(s(self.gap_s))
            .cool_down(s(self.cool_down_s))
            .follow(self.followed.then_some(follow))
            .when_full(self.full)
            .time_to_live(s(TIME_TO_LIVE_S))
            .retry_backoff(Backoff::new(s(RETRY_S.0), s(RETRY_S.1)))
            .link_backoff(Backoff::new(s(LINK_S.0), s(LINK_S.1)))
    }
}

pub(crate) fn setup() -> impl Strategy<Value = Setup> {
    let budget = prop_oneof![
        Just((60, 10)),
        (2..20_u32).prop_flat_map(|b| (Just(b), 1..b))
    ];
    (
        budget,
        prop::sample::select(vec![0, 6]),
        prop::sample::select(vec![0, 20]),
        any::<bool>(),
        prop::sample::select(vec![Full::Refuse, Full::DropLowest]),
    )
        .prop_map(
            |((per_minute, burst), gap_s, cool_down_s, followed, full)| Setup {
                per_minute,
                burst,
                gap_s,
                cool_down_s,
                followed,
                full,
            },
        )
}

/// An alert.
#[derive(Clone, Debug)]
pub(crate) struct Alert {
    pub(crate) recipient: usize,
    pub(crate) media: bool,
    pub(crate) priority: Priority,
    pub(crate) duplicates: Duplicates,
    pub(crate) time_to_live_s: Option<u64>,
    pub(crate) key: Option<(u32, Coalesce)>,
    pub(crate) template: Option<Template>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Template {
    Fallback,
    First,
}

/// One thing that happens.
#[derive(Clone, Debug)]
pub(crate) enum Op {
    Enqueue(Alert),
    Poll {
        jitter: u32,
    },
    /// The answer to what is in flight, if anything is.
    Settle(Answered),
    Advance {
        us: u64,
    },
    /// Until when the last poll said.
    Sleep,
    Unsend,
    /// The store failed: the last thing enqueued is taken back.
    Withdraw,
    Resume,
    LinkUp,
    /// An answer to something that is not in flight.
    SettleWrong,
    /// The next call is told a time that is over.
    Late {
        us: u64,
    },
    /// The clock is set back by more than a minute.
    ClockSet,
    Reset {
        off_us: u64,
    },
    /// The power fails at the write after this many.
    CrashAtWrite {
        after: u32,
    },
}

/// What comes back. Of a query that cannot be answered like this it is an answer that says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answered {
    Accepted,
    AcceptedWithoutUsableId,
    /// Of a query; a message is accepted.
    State(&'static str),
    /// `failed`, because the window was closed.
    StateWindowClosed,
    Refused(u16),
    WindowClosed,
    RateLimited(Option<u32>),
    ServerError(Option<u32>),
    Gateway,
    Lost,
    NotSent,
    BufferTooSmall,
}

fn alert() -> impl Strategy<Value = Alert> {
    let key = (
        0..2_u32,
        prop::sample::select(vec![Coalesce::KeepFirst, Coalesce::ReplaceWithLatest]),
    );
    (
        0..3_usize,
        prop::bool::weighted(0.2),
        prop::sample::select(vec![
            Priority::Low,
            Priority::Normal,
            Priority::High,
            Priority::Urgent,
        ]),
        prop::sample::select(vec![Duplicates::AtLeastOnce, Duplicates::AtMostOnce]),
        prop::option::weighted(0.3, prop::sample::select(vec![0, 1, 7, 15, u64::MAX])),
        prop::option::of(key),
        prop::option::of(prop::sample::select(vec![
            Template::Fallback,
            Template::First,
        ])),
    )
        .prop_map(
            |(recipient, media, priority, duplicates, time_to_live_s, key, template)| Alert {
                recipient,
                media,
                priority,
                duplicates,
                time_to_live_s,
                key,
                template,
            },
        )
}

fn answered() -> impl Strategy<Value = Answered> {
    prop_oneof![
        6 => Just(Answered::Accepted),
        1 => Just(Answered::AcceptedWithoutUsableId),
        3 => prop::sample::select(vec!["pending", "sent", "delivered", "read", "failed", "lost"]).prop_map(Answered::State),
        2 => Just(Answered::StateWindowClosed),
        2 => prop::sample::select(vec![301, 400, 401, 403, 404, 408, 422]).prop_map(Answered::Refused),
        2 => Just(Answered::WindowClosed),
        1 => prop::option::of(0..90_u32).prop_map(Answered::RateLimited),
        1 => prop::option::of(0..90_u32).prop_map(Answered::ServerError),
        1 => Just(Answered::Gateway),
        3 => Just(Answered::Lost),
        3 => Just(Answered::NotSent),
        1 => Just(Answered::BufferTooSmall),
    ]
}

fn time_us() -> impl Strategy<Value = u64> {
    prop_oneof![
        0..3_000_u64,
        0..2_000_000_u64,
        0..20_000_000_u64,
        0..120_000_000_u64
    ]
}

pub(crate) fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        8 => alert().prop_map(Op::Enqueue),
        16 => any::<u32>().prop_map(|jitter| Op::Poll { jitter }),
        10 => answered().prop_map(Op::Settle),
        4 => time_us().prop_map(|us| Op::Advance { us }),
        10 => Just(Op::Sleep),
        1 => Just(Op::Unsend),
        1 => Just(Op::Withdraw),
        1 => Just(Op::Resume),
        1 => Just(Op::LinkUp),
        1 => Just(Op::SettleWrong),
        1 => (0..50_000_000_u64).prop_map(|us| Op::Late { us }),
        1 => Just(Op::ClockSet),
        1 => time_us().prop_map(|off_us| Op::Reset { off_us }),
        1 => (0..6_u32).prop_map(|after| Op::CrashAtWrite { after }),
    ]
}
