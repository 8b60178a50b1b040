//! When a temperature is worth an alert: steps with hysteresis, so that one that wavers around a limit is told once.

use core::fmt;

/// A temperature in tenths of a degree Celsius.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, defmt::Format)]
pub struct Temperature(pub i16);

impl fmt::Display for Temperature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (degrees, tenths) = (self.0.unsigned_abs() / 10, self.0.unsigned_abs() % 10);
        write!(f, "{sign}{degrees}.{tenths} °C")
    }
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, defmt::Format)]
pub(crate) enum Level {
    Normal,
    Warm,
    Thawing,
    Spoiling,
}

/// A change of level that somebody should hear of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, defmt::Format)]
pub(crate) struct Event {
    pub(crate) level: Level,
    pub(crate) reading: Temperature,
    /// The highest reading since it was normal.
    pub(crate) highest: Temperature,
}

/// One step of the ladder: reached above one reading, left below another.
struct Step {
    level: Level,
    above: Temperature,
    until_below: Temperature,
}

const LADDER: [Step; 3] = [
    Step {
        level: Level::Warm,
        above: Temperature(-150),
        until_below: Temperature(-165),
    },
    Step {
        level: Level::Thawing,
        above: Temperature(-100),
        until_below: Temperature(-120),
    },
    Step {
        level: Level::Spoiling,
        above: Temperature(-50),
        until_below: Temperature(-80),
    },
];

/// Where on the ladder the freezer stands.
pub(crate) struct Threshold {
    /// How many steps up.
    height: usize,
    highest: Temperature,
}

impl Threshold {
    pub(crate) const fn new() -> Self {
        Self {
            height: 0,
            highest: Temperature(i16::MIN),
        }
    }

    /// Takes a reading in. Each step up is an event, and so is the last step down; the others are nobody's business.
    pub(crate) fn feed(&mut self, reading: Temperature) -> Option<Event> {
        self.highest = self.highest.max(reading);
        let before = self.height;
        while let Some(step) = LADDER.get(self.height)
            && reading > step.above
        {
            self.height = self.height.saturating_add(1);
        }
        while let Some(step) = self.below()
            && reading < step.until_below
        {
            self.height = self.height.saturating_sub(1);
        }
        let level = self.below().map_or(Level::Normal, |step| step.level);
        let is_event = self.height > before || (self.height < before && self.height == 0);
        let event = is_event.then_some(Event {
            level,
            reading,
            highest: self.highest,
        });
        if self.height == 0 {
            self.highest = reading;
        }
        event
    }

    /// The step it stands on.
    fn below(&self) -> Option<&'static Step> {
        LADDER.get(self.height.checked_sub(1)?)
    }
}
