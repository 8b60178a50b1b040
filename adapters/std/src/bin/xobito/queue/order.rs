//! Which of the inbox goes first: the more urgent, then the older.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;

use xobito_std::core::E164;
use xobito_std::core::outbox::{Key, Priority};

use super::inbox::{Inbox, Message, Name};

/// What of a message decides when it goes into the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rank {
    pub(super) priority: Priority,
    /// With which others it may be joined.
    pub(super) about: Option<(Key, E164)>,
}

/// What is known of the inbox: each file is read once to find its place, not at every look.
#[derive(Debug, Default)]
pub(super) struct Order {
    known: BTreeMap<Name, Option<Rank>>,
    unread: BTreeSet<Name>,
}

/// What a look has shown.
#[derive(Debug, Default)]
pub(super) struct Look {
    /// The files in the order in which they are to be taken; first, without a rank, what is no message.
    pub(super) waiting: Vec<(Name, Option<Rank>)>,
    /// What cannot be read, and could at the look before. It is tried again at each.
    pub(super) unread: Vec<(Name, io::Error)>,
}

impl Order {
    pub(super) fn look(&mut self, inbox: &Inbox) -> io::Result<Look> {
        let mut look = Look::default();
        let mut known = BTreeMap::new();
        let mut unread = BTreeSet::new();
        for name in inbox.waiting()? {
            let rank = match self.known.remove(&name) {
                Some(rank) => rank,
                None => match inbox.read(&name) {
                    Ok(message) => message.as_ref().map(rank),
                    Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                    Err(error) => {
                        if !self.unread.contains(&name) {
                            look.unread.push((name.clone(), error));
                        }
                        unread.insert(name);
                        continue;
                    }
                },
            };
            look.waiting.push((name.clone(), rank));
            known.insert(name, rank);
        }
        self.known = known;
        self.unread = unread;
        sort(&mut look.waiting);
        Ok(look)
    }

    /// It turned out to be otherwise: the next look reads it again.
    pub(super) fn forget(&mut self, name: &Name) {
        self.known.remove(name);
    }
}

fn rank(message: &Message) -> Rank {
    Rank {
        priority: message.priority,
        about: message.key.map(|(key, _)| (Key(key), message.recipient)),
    }
}

/// The oldest is first now.
fn sort(waiting: &mut [(Name, Option<Rank>)]) {
    // A text must not be replaced by an older one: what will be joined goes in by its age, all of it as early as the most
    // urgent.
    let mut youngers: HashMap<(Key, E164), Priority> = HashMap::new();
    for (_, rank) in waiting.iter_mut().rev() {
        if let Some(Rank {
            priority,
            about: Some(about),
        }) = rank
        {
            let highest = youngers.entry(*about).or_insert(*priority);
            *highest = (*highest).max(*priority);
            *priority = *highest;
        }
    }
    waiting.sort_by_key(|(_, rank)| rank.map(|rank| Reverse(rank.priority)));
}
