//! What a device believes, read from the lines of its log.

use emulator::LogLine;

/// What the log says about the alerts of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beliefs {
    /// In the order of their numbers.
    pub alerts: Vec<Alert>,
    /// The most that the stack held, in bytes.
    pub peak_stack: Option<u64>,
    /// The longest time without giving way, in nanoseconds.
    pub longest_computation_ns: Option<u64>,
}

/// One alert, in the device's eyes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alert {
    /// Which kind of message it is.
    pub kind: String,
    /// How each attempt to send it ended, such as `not-sent certificate`; `accepted` comes without its id.
    pub attempts: Vec<String>,
    /// The message's id, where the alert was accepted.
    pub id: Option<String>,
    /// How long the device computed for the attempt that was accepted.
    pub computed_ns: Option<u64>,
    /// The states that it was told, in order.
    pub states: Vec<String>,
}

impl Beliefs {
    /// Takes in one line. Lines about other things are left alone.
    pub fn take_in(&mut self, line: &LogLine) {
        let words: Vec<&str> = line.message.split_whitespace().collect();
        match words.as_slice() {
            ["alert", number, "is", state] => {
                if let Some(alert) = self.alert(number) {
                    alert.states.push((*state).to_owned());
                }
            }
            [
                "alert",
                number,
                kind,
                "accepted",
                id,
                "|",
                _,
                "ms,",
                "computed",
                ns,
                "ns",
            ] => {
                if let Some(alert) = self.alert(number) {
                    (*kind).clone_into(&mut alert.kind);
                    alert.attempts.push("accepted".to_owned());
                    alert.id = Some((*id).to_owned());
                    alert.computed_ns = ns.parse().ok();
                }
            }
            ["alert", number, kind, word, cause, "|", ..] => {
                if let Some(alert) = self.alert(number) {
                    (*kind).clone_into(&mut alert.kind);
                    alert.attempts.push(format!("{word} {cause}"));
                }
            }
            [
                "peak",
                "stack",
                peak,
                "of",
                _,
                "bytes,",
                "longest",
                "computation",
                ns,
                ..,
            ] => {
                self.peak_stack = peak.parse().ok();
                self.longest_computation_ns = ns.parse().ok();
            }
            _ => {}
        }
    }

    /// The ids of the alerts that it holds for accepted.
    #[must_use]
    pub fn accepted_ids(&self) -> Vec<String> {
        self.alerts
            .iter()
            .filter_map(|alert| alert.id.clone())
            .collect()
    }

    /// The alert with this number, counted from 1.
    fn alert(&mut self, number: &str) -> Option<&mut Alert> {
        let at = number.parse::<usize>().ok()?.checked_sub(1)?;
        if self.alerts.len() <= at {
            self.alerts.resize(at + 1, Alert::default());
        }
        self.alerts.get_mut(at)
    }
}

impl Alert {
    /// Whether it ended on the recipient's phone, as far as the device knows.
    #[must_use]
    pub fn is_delivered(&self) -> bool {
        self.states
            .last()
            .is_some_and(|state| state == "delivered" || state == "read")
    }
}
