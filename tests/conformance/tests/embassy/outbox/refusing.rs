//! An outbox whose flash refuses.

use super::*;

/// An outbox whose flash refuses to take anything in, or anything at all.
struct Refusing {
    all: bool,
}

#[derive(Debug)]
struct Refusal;

impl Outgoing for Refusing {
    type Error = Refusal;

    async fn poll(&mut self, _: Duration, _: u32) -> Result<Step<'_>, Refusal> {
        if self.all {
            Err(Refusal)
        } else {
            Ok(Step::Idle)
        }
    }

    async fn settle(
        &mut self,
        _: EntryId,
        _: &Outcome<Accepted>,
        _: Duration,
    ) -> Result<(), Refusal> {
        Err(Refusal)
    }

    async fn settle_query(
        &mut self,
        _: EntryId,
        _: &Outcome<Delivery>,
        _: Duration,
    ) -> Result<(), Refusal> {
        Err(Refusal)
    }

    fn refused_for(&self) -> Option<Duration> {
        None
    }

    fn resume(&mut self) {}
}

/// Always has something for the outbox, and never gets rid of it.
#[derive(Default)]
struct Insistent {
    dog: Dog,
    tries: usize,
    refusals: usize,
}

impl Station<Refusing> for Insistent {
    async fn ready(&mut self) {}

    async fn take_in(&mut self, outbox: &mut Refusing, _: Duration) -> Result<TakenIn, Refusal> {
        self.tries += 1;
        if outbox.all {
            Ok(TakenIn::Everything)
        } else {
            Err(Refusal)
        }
    }

    fn jitter(&mut self) -> u32 {
        7
    }

    fn alive(&mut self, bound: embassy_time::Duration) {
        self.dog.feed(bound);
    }

    fn longest_pause(&self) -> embassy_time::Duration {
        embassy_time::Duration::from_millis(100)
    }

    fn report(&mut self, _: &Event) {}

    fn trouble(&mut self, _: &Refusal) {
        self.refusals += 1;
    }
}

#[test]
fn a_flash_that_refuses_is_left_alone_and_the_watchdog_is_fed_meanwhile() {
    let through = |all| {
        let seconds = Duration::from_secs_f32(6.5);
        let station = take_turns(Refusing { all }, Insistent::default(), seconds);
        // At the beginning, and 5 s later.
        assert_eq!((station.tries, station.refusals), (2, 2), "{all}");
        let meals = station.dog.meals;
        assert!((20..150).contains(&meals), "{meals} meals");
    };
    std::thread::scope(|threads| {
        threads.spawn(|| through(false));
        threads.spawn(|| through(true));
    });
}
