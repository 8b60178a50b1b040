//! `xobito queue run`: from the inbox into the outbox, and from there to the API.

use std::io;
use std::thread;
use std::time::Duration;

use serde_json::json;
use xobito_std::core::outbox::{
    Budget, Config, End, Ended, EntryId, Event, FailedBecause, Follow, Full, Part, Snapshot, Stage,
};
use xobito_std::outbox::{Driver, FileFlash, OpenError, Turn, block_on};

use super::inbox::{Inbox, Name, Trouble};
use super::order::{Order, Rank};
use super::refused::{RESUME_AFTER, Refused};
use super::{Place, RunOptions, SLOTS, Store, cannot, capacity, flash_file, open};
use crate::arguments::Global;
use crate::connection::client;
use crate::failure::{Exit, Invalid};
use crate::output::Output;

/// How often the inbox is looked into while there is nothing else to do.
const LOOK: Duration = Duration::from_millis(500);
/// How long a disk that refuses is left alone.
const DISK_PAUSE: Duration = Duration::from_secs(5);
/// How often in a row a run that is to end tries an inbox that refuses.
const REFUSALS_MAX: u32 = 3;
/// Requests at once, of a budget that allows as many.
const BURST: u32 = 10;

pub(super) fn run(
    place: &Place,
    options: &RunOptions,
    global: &Global,
    output: &Output,
) -> Result<Exit, Invalid> {
    if global.dry_run {
        return Err(Invalid::new(
            "--dry-run: a run without sending would be none",
            "use `xobito queue list`, or --dry-run with `xobito queue add`",
        ));
    }
    let client = client(global, global.timeout)?;
    let directory = place.directory()?;
    let inbox = Inbox::of(&directory);
    inbox
        .create()
        .map_err(|error| cannot("it cannot be made", inbox.directory(), &error))?;
    let flash = FileFlash::open(flash_file(&directory), capacity()).map_err(|error| {
        let advice = match error {
            OpenError::InUse { .. } => {
                "end the other `xobito queue run`; `add` and `list` work beside it"
            }
            _ => "give --directory a directory that may be written to",
        };
        Invalid::new(error, advice)
    })?;
    let mut run = Run {
        inbox,
        order: Order::default(),
        driver: Driver::new(&client),
        output,
        until_empty: options.until_empty,
        refused: Refused::new(RESUME_AFTER),
        refusals: 0,
        has_failed: false,
        is_unknown: false,
    };
    let (mut store, found) = open(flash, config(options), run.driver.now())?;
    if found.damaged + found.lost > 0 {
        run.has_failed = true;
        output.hint(&format!(
            "{} records of the queue are damaged: messages may be missing",
            found.damaged + found.lost
        ));
    }
    if let Some(displaced) = found.displaced {
        run.ended(&displaced);
    }
    let recovered = run.inbox.recover(store.last_id());
    recovered.map_err(|error| cannot("it cannot be used", run.inbox.directory(), &error))?;
    Ok(run.go_on(&mut store))
}

fn config(options: &RunOptions) -> Config {
    // The burst is a part of the budget.
    let burst = BURST.min(options.per_minute / 2).max(1);
    let budget = Budget::new(options.per_minute, burst).unwrap_or(Budget::DEFAULT);
    Config::DEFAULT
        .budget(budget)
        .recipient_gap(options.gap)
        .follow(options.follow.then_some(Follow::DEFAULT))
        // Within the bounds of `Run::has_room`.
        .when_full(Full::DropLowest)
}

struct Run<'r> {
    inbox: Inbox,
    order: Order,
    driver: Driver<'r>,
    output: &'r Output,
    until_empty: bool,
    refused: Refused,
    /// How often in a row the inbox refused something.
    refusals: u32,
    /// A message ended as something else than sent.
    has_failed: bool,
    /// Nobody knows of a message whether it was sent.
    is_unknown: bool,
}

impl Run<'_> {
    fn go_on(&mut self, store: &mut Store) -> Exit {
        loop {
            // A run that is to end does not wait for somebody to give the token an ability.
            if !self.until_empty && self.refused.is_over(self.driver.now()) {
                store.resume();
            }
            let taken_in = match self.take_in(store) {
                Ok(taken_in) => {
                    self.refusals = 0;
                    taken_in
                }
                Err(Trouble::Passing(error)) => {
                    if self.refusals == 0 {
                        self.inbox_refused(&error, "it is tried again");
                    }
                    self.refusals = self.refusals.saturating_add(1);
                    TakenIn::Failed
                }
                Err(Trouble::Lasting(error)) => {
                    self.inbox_refused(&error, "start again once it is well: nothing is lost");
                    return Exit::Rejected;
                }
            };
            let wait = match self.driver.turn(store) {
                Ok(Turn::Event(event)) => {
                    if self.report(&event) == Next::Stop {
                        return Exit::Rejected;
                    }
                    continue;
                }
                Ok(Turn::Sent { id, outcome }) => {
                    self.note(id, &outcome.to_string());
                    continue;
                }
                Ok(Turn::Asked { .. }) => continue,
                Ok(Turn::Wait(_) | Turn::Idle) if self.is_at_its_end(store, taken_in) => break,
                Ok(Turn::Wait(wait)) => wait,
                Ok(Turn::Idle) => LOOK,
                Err(error) => {
                    self.output
                        .hint(&format!("the queue's file cannot be written: {error}"));
                    DISK_PAUSE
                }
            };
            thread::sleep(wait.min(LOOK));
        }
        // What is left stays for a run with a token that may send it.
        self.has_failed |= !store.outbox().is_empty() || self.refusals > 0;
        // That the last report was heard is written down.
        let _ = block_on(store.save());
        match (self.has_failed, self.is_unknown) {
            (true, _) => Exit::Rejected,
            (false, true) => Exit::Unknown,
            (false, false) => Exit::Accepted,
        }
    }

    /// Whether a run that is to end has nothing left that can be sent: all that waits is of a kind that the API refuses, if
    /// anything does, and what the inbox holds finds no room beside it.
    fn is_at_its_end(&self, store: &Store, taken_in: TakenIn) -> bool {
        self.until_empty
            && (taken_in != TakenIn::Failed || self.refusals >= REFUSALS_MAX)
            && store
                .outbox()
                .entries()
                .all(|(_, entry)| self.refused.holds(&entry))
    }

    /// Takes what there is room for from the inbox.
    fn take_in(&mut self, store: &mut Store) -> Result<TakenIn, Trouble> {
        let look = self.order.look(&self.inbox);
        let look = look.map_err(|error| match error.kind() {
            // With it went the outbox's file, to which this still writes.
            io::ErrorKind::NotFound => Trouble::Lasting(error),
            _ => Trouble::Passing(error),
        })?;
        for (name, error) in &look.unread {
            self.has_failed = true;
            let path = self.inbox.directory().join(name.to_string());
            self.output.hint(&format!(
                "{} cannot be read, and stays where it is: {error}",
                path.display()
            ));
        }
        let mut taken_in = TakenIn::All;
        let mut refused = None;
        for (name, rank) in &look.waiting {
            if rank.is_some_and(|rank| !self.has_room(store, &rank)) {
                taken_in = TakenIn::Some;
                continue;
            }
            match self.take(name, store) {
                Ok(true) => {}
                Ok(false) => return Ok(TakenIn::Failed),
                // Others may fare better.
                Err(Trouble::Passing(error)) => {
                    self.order.forget(name);
                    refused = Some(error);
                }
                Err(lasting) => return Err(lasting),
            }
        }
        match refused {
            Some(error) if error.kind() == io::ErrorKind::NotFound => Ok(TakenIn::Failed),
            Some(error) => Err(Trouble::Passing(error)),
            None => Ok(taken_in),
        }
    }

    /// Takes this one; whether the outbox may take more.
    fn take(&mut self, name: &Name, store: &mut Store) -> Result<bool, Trouble> {
        let message = self.inbox.read(name).map_err(Trouble::Passing)?;
        let Some(message) = message else {
            self.put_aside(name).map_err(Trouble::Passing)?;
            return Ok(true);
        };
        let Some(entry) = message.entry() else {
            return Ok(true);
        };
        let next = EntryId(store.last_id().0.saturating_add(1));
        let claimed = self.inbox.claim(name, next)?;
        match block_on(store.enqueue(&entry, self.driver.now())) {
            Ok(enqueued) => {
                if let Some(displaced) = &enqueued.displaced {
                    self.ended(displaced);
                }
                self.inbox.done(claimed, enqueued.id)?;
                Ok(true)
            }
            Err(refused) => {
                if let Some(displaced) = &refused.displaced {
                    self.ended(displaced);
                }
                self.inbox.give_back(name, claimed)?;
                self.output
                    .hint(&format!("a message stays in the inbox: {}", refused.error));
                Ok(false)
            }
        }
    }

    /// Whether the outbox takes this in without dropping anything that is still to be sent.
    ///
    /// A message that is only followed gives way where such ones have more than half of the slots, or where the newcomer is
    /// more urgent than all that could be sent: what waits behind others gains nothing by it, and would only end their
    /// being followed. The outbox drops what waits only where it has none such, which is why it is not asked then.
    fn has_room(&self, store: &Store, rank: &Rank) -> bool {
        let outbox = store.outbox();
        let joins = |(key, recipient)| outbox.stands_for(key, &recipient).is_some();
        if outbox.len() < outbox.capacity() || rank.about.is_some_and(joins) {
            return true;
        }
        let followed = outbox
            .entries()
            .filter(|(_, entry)| is_only_followed(entry));
        let followed = followed.count();
        let waits =
            |entry: &Snapshot<'_>| entry.stage == Stage::Waiting && !self.refused.holds(entry);
        let is_most_urgent = outbox
            .entries()
            .filter(|(_, entry)| waits(entry))
            .all(|(_, entry)| entry.priority < rank.priority);
        followed > 0 && (is_most_urgent || followed > SLOTS / 2)
    }

    fn inbox_refused(&self, error: &io::Error, then: &str) {
        let inbox = self.inbox.directory().display();
        self.output
            .hint(&format!("{inbox} refuses, {then}: {error}"));
    }

    fn put_aside(&mut self, name: &Name) -> io::Result<()> {
        let aside = self.inbox.put_aside(name)?;
        self.has_failed = true;
        self.output.line(
            &json!({ "event": "unreadable", "file": aside.to_string() }),
            &format!("unreadable {aside}"),
        );
        let path = self.inbox.directory().join(aside.to_string());
        self.output.hint(&format!(
            "{} holds no message that is understood",
            path.display()
        ));
        Ok(())
    }

    fn report(&mut self, event: &Event) -> Next {
        match event {
            Event::Ended(ended) => {
                self.ended(ended);
                Next::GoOn
            }
            Event::TokenRefused => {
                self.output.line(event, "the token is refused");
                self.output.hint(
                    "put a valid token into XOBITO_TOKEN or the file of --token-file; what waits stays in the queue",
                );
                Next::Stop
            }
            event => {
                self.has_failed = true;
                if let Event::KindRefused(kind) = event {
                    self.refused.note(*kind, self.driver.now());
                }
                self.output
                    .line(event, "the token may not send this kind of message");
                let then = if self.until_empty {
                    String::new()
                } else {
                    format!(
                        " and is tried again every {} minutes",
                        RESUME_AFTER.as_secs() / 60
                    )
                };
                self.output.hint(&format!(
                    "give the token the ability in the workspace's API settings; what waits stays in the queue{then}"
                ));
                Next::GoOn
            }
        }
    }

    fn ended(&mut self, ended: &Ended) {
        match ended.end {
            End::Delivered | End::Read | End::AcceptedUntracked(_) => {}
            End::Unknown => self.is_unknown = true,
            _ => self.has_failed = true,
        }
        let message_id = match &ended.message_id {
            Some(message_id) => format!(" {message_id}"),
            None => String::new(),
        };
        let stands_for = match ended.stands_for {
            0 | 1 => String::new(),
            count => format!(", for {count} messages"),
        };
        let Ended {
            id, recipient, end, ..
        } = ended;
        let words = format!("{id} to {recipient}: {end}{message_id}{stands_for}");
        self.output.line(&Event::Ended(ended.clone()), &words);
        if ended.end == End::Failed(FailedBecause::WindowClosed) {
            self.output
                .hint("give --fallback a template, which reaches a recipient at any time");
        }
    }

    /// An attempt, for people.
    fn note(&self, id: EntryId, outcome: &str) {
        self.output.progress(&format!("{id} {outcome}"));
    }
}

/// Whether nothing is left to send of it, whatever the queries will tell. Between two turns none is under way.
fn is_only_followed(entry: &Snapshot<'_>) -> bool {
    let may_fall_back = entry.part == Part::Request && entry.other_part_left;
    entry.stage == Stage::Accepted && !may_fall_back
}

/// What became of the inbox.
#[derive(Clone, Copy, PartialEq, Eq)]
enum TakenIn {
    /// Nothing is left there.
    All,
    /// There is no room for the rest.
    Some,
    /// The disk refused; what is there may go in later.
    Failed,
}

#[derive(PartialEq, Eq)]
enum Next {
    GoOn,
    Stop,
}

#[cfg(test)]
mod tests;
