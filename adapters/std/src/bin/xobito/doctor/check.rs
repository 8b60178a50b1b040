//! One finding, and the list of them.

use serde_json::{Value, json};

use crate::failure::Exit;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Fine,
    /// A device copes with it, now or with care.
    Warning,
    /// A device does not cope with it.
    No,
}

#[derive(Debug)]
pub(crate) struct Check {
    pub(crate) name: &'static str,
    pub(crate) verdict: Verdict,
    pub(crate) found: String,
    pub(crate) advice: Option<String>,
}

/// Every check that could be made, in the order of the conversation.
#[derive(Debug, Default)]
pub(super) struct Checks(pub(super) Vec<Check>);

/// The check that fails where there was no server to judge.
const CONNECTION: &str = "connection";

impl Checks {
    pub(super) fn fine(&mut self, name: &'static str, found: impl Into<String>) {
        self.push(name, Verdict::Fine, found.into(), None);
    }

    pub(super) fn warn(
        &mut self,
        name: &'static str,
        found: impl Into<String>,
        advice: impl Into<String>,
    ) {
        self.push(name, Verdict::Warning, found.into(), Some(advice.into()));
    }

    pub(super) fn no(
        &mut self,
        name: &'static str,
        found: impl Into<String>,
        advice: impl Into<String>,
    ) {
        self.push(name, Verdict::No, found.into(), Some(advice.into()));
    }

    pub(super) fn connected(&mut self, found: impl Into<String>) {
        self.fine(CONNECTION, found);
    }

    pub(super) fn not_connected(&mut self, found: impl Into<String>, advice: impl Into<String>) {
        self.no(CONNECTION, found, advice);
    }

    fn push(
        &mut self,
        name: &'static str,
        verdict: Verdict,
        found: String,
        advice: Option<String>,
    ) {
        self.0.push(Check {
            name,
            verdict,
            found,
            advice,
        });
    }

    /// How many checks a device fails.
    pub(super) fn failed(&self) -> usize {
        self.0.iter().filter(|check| check.is_no()).count()
    }

    pub(super) fn exit(&self) -> Exit {
        let mut failed = self.0.iter().filter(|check| check.is_no());
        if failed.clone().any(|check| check.name == CONNECTION) {
            Exit::NotSent
        } else if failed.next().is_some() {
            Exit::Rejected
        } else {
            Exit::Accepted
        }
    }

    pub(super) fn to_json(&self) -> Value {
        let checks: Vec<_> = self.0.iter().map(Check::to_json).collect();
        json!({"ok": self.failed() == 0, "checks": checks})
    }
}

impl Check {
    fn is_no(&self) -> bool {
        self.verdict == Verdict::No
    }

    fn to_json(&self) -> Value {
        let mut object = json!({"name": self.name, "ok": !self.is_no(), "found": self.found});
        if let (Some(object), Some(advice)) = (object.as_object_mut(), &self.advice) {
            object.insert("advice".to_owned(), Value::from(advice.as_str()));
        }
        object
    }
}
