//! The API and the way to it: what it took is the truth, what comes back is not always.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use xobito_core::{Answer, AnswerReader, End, Failure, Outcome};

use crate::chance::Chance;

const DEADLINE: Duration = Duration::from_secs(30);
const MINUTE: Duration = Duration::from_secs(60);

#[derive(Default)]
pub(crate) struct Server {
    /// How often it took each alert.
    pub(crate) taken: HashMap<u32, u32>,
    pub(crate) arrivals: u64,
    pub(crate) most_in_a_minute: usize,
    last_minute: VecDeque<Duration>,
}

/// What happens to an exchange.
enum Fate {
    /// The server answers.
    Answered,
    /// Nothing of the request leaves.
    NotSent(Failure),
    /// It breaks before the request arrives, or after it was dealt with.
    Broken {
        arrives: bool,
        failure: Failure,
    },
    /// The answer stops in the middle.
    Truncated,
    RateLimited,
    /// In the API's words; the request was dealt with, or not.
    ServerError {
        dealt_with: bool,
    },
    Gateway {
        dealt_with: bool,
    },
}

impl Server {
    /// Makes an exchange that begins now: how it ends, and how long that takes.
    ///
    /// `deal` is what the server does with the request, and its status and answer.
    pub(crate) fn exchange<A: Answer>(
        &mut self,
        now: Duration,
        chance: &mut Chance,
        deal: impl FnOnce(&mut Self) -> (u16, String),
    ) -> (Outcome<A>, Duration) {
        let took = Duration::from_millis(80 + chance.below(900));
        let arrival = now + Duration::from_millis(chance.below(80));
        let fate = fate(chance);
        if !matches!(fate, Fate::NotSent(_) | Fate::Broken { arrives: false, .. }) {
            self.arrived(arrival);
        }
        let outcome = match fate {
            Fate::Answered => {
                let (status, body) = deal(self);
                answer(status, body.as_bytes(), End::Complete)
            }
            Fate::NotSent(failure) => Outcome::failed(false, failure),
            Fate::Broken { arrives, failure } => {
                if arrives {
                    deal(self);
                }
                let took = if failure == Failure::TimedOut {
                    DEADLINE
                } else {
                    took
                };
                return (Outcome::failed(true, failure), took);
            }
            Fate::Truncated => {
                let (status, body) = deal(self);
                let len = usize::try_from(chance.below(body.len() as u64)).unwrap();
                let end = End::Failed {
                    request_left: true,
                    failure: Failure::ConnectionLost,
                };
                answer(status, &body.as_bytes()[..len], end)
            }
            Fate::RateLimited => {
                let body = match chance.below(3) {
                    0 => r#"{"message":"Too many requests"}"#.to_owned(),
                    _ => format!(
                        r#"{{"message":"Too many requests","retry_after":{}}}"#,
                        1 + chance.below(60)
                    ),
                };
                answer(429, body.as_bytes(), End::Complete)
            }
            Fate::ServerError { dealt_with } => {
                if dealt_with {
                    deal(self);
                }
                let body = br#"{"status":"error","message":"Failed to send message"}"#;
                answer(500, body, End::Complete)
            }
            Fate::Gateway { dealt_with } => {
                if dealt_with {
                    deal(self);
                }
                answer(502, b"<html>502 Bad Gateway</html>", End::Complete)
            }
        };
        (outcome, took)
    }

    fn arrived(&mut self, at: Duration) {
        self.arrivals += 1;
        self.last_minute.push_back(at);
        while self
            .last_minute
            .front()
            .is_some_and(|first| *first + MINUTE <= at)
        {
            self.last_minute.pop_front();
        }
        self.most_in_a_minute = self.most_in_a_minute.max(self.last_minute.len());
    }
}

fn fate(chance: &mut Chance) -> Fate {
    let half = chance.below(2) == 0;
    match chance.below(1000) {
        // 10% resets: before the connection stands, on the way there, on the way back.
        0..30 => Fate::NotSent(Failure::Connect),
        30..100 => Fate::Broken {
            arrives: half,
            failure: Failure::ConnectionLost,
        },
        100..120 => Fate::Broken {
            arrives: half,
            failure: Failure::TimedOut,
        },
        120..140 => Fate::NotSent(Failure::Dns),
        140..170 => Fate::Truncated,
        170..200 => Fate::RateLimited,
        200..220 => Fate::ServerError { dealt_with: half },
        220..240 => Fate::Gateway { dealt_with: half },
        // The answer is lost.
        240..250 => Fate::Broken {
            arrives: true,
            failure: Failure::ConnectionLost,
        },
        _ => Fate::Answered,
    }
}

fn answer<A: Answer>(status: u16, body: &[u8], end: End) -> Outcome<A> {
    let mut reader = AnswerReader::new();
    reader.status(status);
    reader.feed(body);
    reader.finish(end).cloned()
}
