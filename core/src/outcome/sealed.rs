//! What an outcome asks of what it holds, be it owned or borrowed.

use core::fmt;

#[cfg(feature = "serde")]
use serde::ser::SerializeMap;

use super::{Reason, Retry};

/// What was answered.
pub trait Answered {
    /// Asking again does no harm: nothing is sent by it.
    const HARMLESS: bool;
    /// Says in a few words what was answered.
    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
    /// Writes what it has, by the API's names.
    #[cfg(feature = "serde")]
    fn entries<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;
}

impl<A: Answered> Answered for &A {
    const HARMLESS: bool = A::HARMLESS;

    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        A::describe(self, f)
    }

    #[cfg(feature = "serde")]
    fn entries<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        A::entries(self, map)
    }
}

/// A refusal.
pub trait Refused: fmt::Display {
    fn reason(&self) -> Reason;
    fn retry(&self) -> Retry;
    /// Writes what it has, by the API's names.
    #[cfg(feature = "serde")]
    fn entries<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;
}

impl<R: Refused> Refused for &R {
    fn reason(&self) -> Reason {
        R::reason(self)
    }

    fn retry(&self) -> Retry {
        R::retry(self)
    }

    #[cfg(feature = "serde")]
    fn entries<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        R::entries(self, map)
    }
}
