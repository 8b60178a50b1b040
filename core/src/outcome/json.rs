//! An outcome as one flat object, for logs and for other programs: `outcome`, `cause`, and what the answer had.
//!
//! `errors` has the shape that the API gave it: an object of lists by field, or a text where no field was named.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::sealed::{Answered, Refused};
use super::{FieldError, FieldErrors, Outcome};

#[cfg(all(test, feature = "settings"))]
mod tests;

impl<A: Answered, R: Refused> Serialize for Outcome<A, R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("outcome", self.word())?;
        optional(&mut map, "cause", self.cause().as_ref())?;
        match self {
            Self::Accepted(answer) => answer.entries(&mut map)?,
            Self::Rejected(rejection) => rejection.entries(&mut map)?,
            Self::NotSent(_) => {}
            Self::Unknown(unknown) => optional(&mut map, "http_status", unknown.status.as_ref())?,
        }
        map.end()
    }
}

/// An entry, unless there is nothing to write.
pub(crate) fn optional<M: SerializeMap>(
    map: &mut M,
    key: &'static str,
    value: Option<&impl Serialize>,
) -> Result<(), M::Error> {
    value.map_or(Ok(()), |value| map.serialize_entry(key, value))
}

impl<const TEXT: usize, const ERRORS: usize> Serialize for FieldErrors<TEXT, ERRORS> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut errors = self.iter();
        match (errors.next(), errors.next()) {
            (Some(only), None) if only.field.as_str().is_empty() => {
                return only.message.serialize(serializer);
            }
            _ => {}
        }
        let mut map = serializer.serialize_map(None)?;
        for (at, error) in self.iter().enumerate() {
            let field = error.field.as_str();
            if self
                .iter()
                .take(at)
                .all(|earlier| earlier.field.as_str() != field)
            {
                map.serialize_entry(
                    field,
                    &OfField {
                        errors: self,
                        field,
                    },
                )?;
            }
        }
        map.end()
    }
}

/// The texts of one field.
struct OfField<'a, const TEXT: usize, const ERRORS: usize> {
    errors: &'a FieldErrors<TEXT, ERRORS>,
    field: &'a str,
}

impl<const TEXT: usize, const ERRORS: usize> Serialize for OfField<'_, TEXT, ERRORS> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        let of_field = |error: &&FieldError<TEXT>| error.field.as_str() == self.field;
        for error in self.errors.iter().filter(of_field) {
            list.serialize_element(&error.message)?;
        }
        list.end()
    }
}
