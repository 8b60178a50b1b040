//! `serde::Serialize` for every message, from the same definition of its wire format as the encoder's.

use core::cell::Cell;

use serde::ser::{Error, Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::message::wire::{Key, Members, Object, Word};
use crate::message::{
    ButtonMessage, Contact, Field, MediaMessage, PhoneQuery, TemplateMessage, TextMessage,
    UrlMessage,
};
use crate::request::count;
use crate::{E164, Text};

macro_rules! serialize_messages {
    ($($message:ident),*) => {$(
        /// Writes what the API takes; a message that breaks one of its rules is an error.
        impl Serialize for $message<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                count(self).map_err(S::Error::custom)?;
                AsMap(self).serialize(serializer)
            }
        }
    )*};
}

serialize_messages!(
    TextMessage,
    ButtonMessage,
    UrlMessage,
    TemplateMessage,
    MediaMessage,
    PhoneQuery,
    Contact
);

/// Any object, its rules unchecked.
struct AsMap<'a, O>(&'a O);

impl<O: Object> Serialize for AsMap<'_, O> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = MapMembers {
            map: serializer.serialize_map(None)?,
            error: None,
        };
        self.0.members(&mut members);
        match members.error {
            Some(error) => Err(error),
            None => members.map.end(),
        }
    }
}

/// Writes members as a map's entries until one of them fails.
struct MapMembers<M: SerializeMap> {
    map: M,
    error: Option<M::Error>,
}

impl<M: SerializeMap> MapMembers<M> {
    fn entry(&mut self, name: &(impl Serialize + ?Sized), value: &impl Serialize) {
        if self.error.is_none() {
            self.error = self.map.serialize_entry(name, value).err();
        }
    }
}

impl<M: SerializeMap> Members for MapMembers<M> {
    fn recipient(&mut self, number: &E164) {
        self.entry(Field::PhoneNumber.rule().key.name(), number);
    }

    fn word(&mut self, word: Word) {
        let (name, value) = word.name_and_value();
        self.entry(name, &value);
    }

    fn number(&mut self, key: Key, value: u64) {
        self.entry(key.name(), &value);
    }

    fn text(&mut self, field: Field, value: &Text<'_>) {
        self.entry(field.rule().key.name(), value);
    }

    fn optional(&mut self, field: Field, value: Option<&Text<'_>>) {
        if let Some(value) = value {
            self.text(field, value);
        }
    }

    fn optional_str(&mut self, field: Field, value: Option<&str>) {
        self.optional(field, value.map(Text::from).as_ref());
    }

    fn url(&mut self, field: Field, value: &str) {
        self.text(field, &value.into());
    }

    fn template_value(&mut self, field: Field, value: &Text<'_>) {
        // Such a field's name has no dots, so it is its key.
        self.entry(&field, value);
    }

    fn object(&mut self, key: Key, value: &impl Object) {
        self.entry(key.name(), &AsMap(value));
    }

    fn objects<O: Object>(&mut self, key: Key, values: impl Iterator<Item = O>) {
        self.entry(key.name(), &List(Cell::new(Some(values))));
    }

    fn texts(&mut self, field: Field, values: &[&str]) {
        self.entry(field.rule().key.name(), &values);
    }

    fn numbers(&mut self, key: Key, values: &[u64]) {
        self.entry(key.name(), &values);
    }
}

/// A list of objects that is made while it is written, once.
struct List<I>(Cell<Option<I>>);

impl<O: Object, I: Iterator<Item = O>> Serialize for List<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        for object in self.0.take().into_iter().flatten() {
            list.serialize_element(&AsMap(&object))?;
        }
        list.end()
    }
}
