//! Events as flat objects, for logs and for other programs: `event`, and what there is to say about it.

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::event::{Ended, Event};
use crate::outcome::json::optional;

impl Serialize for Event {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self {
            Self::Ended(ended) => {
                map.serialize_entry("event", "ended")?;
                entries(ended, &mut map)?;
            }
            Self::TokenRefused => map.serialize_entry("event", "token-refused")?,
            Self::KindRefused(kind) => {
                map.serialize_entry("event", "kind-refused")?;
                map.serialize_entry("kind", kind)?;
            }
        }
        map.end()
    }
}

impl Serialize for Ended {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        entries(self, &mut map)?;
        map.end()
    }
}

fn entries<M: SerializeMap>(ended: &Ended, map: &mut M) -> Result<(), M::Error> {
    map.serialize_entry("id", &ended.id)?;
    map.serialize_entry("end", ended.end.word())?;
    optional(map, "cause", ended.end.cause().as_ref())?;
    optional(map, "key", ended.key.as_ref())?;
    map.serialize_entry("recipient", &ended.recipient)?;
    map.serialize_entry("stands_for", &ended.stands_for)?;
    map.serialize_entry("attempts", &ended.attempts)?;
    optional(map, "message_id", ended.message_id.as_ref())
}
