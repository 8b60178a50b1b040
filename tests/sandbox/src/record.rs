//! What arrived, as the tests' ground truth beside what a client believes.

use serde_json::{Value, json};

use crate::clock;
use crate::faults::Fault;

/// A request that arrived whole.
#[derive(Clone, Debug)]
pub struct Received {
    /// Counts from 1 and is never reused.
    pub sequence: u64,
    /// Seconds and microseconds since 1970 on the sandbox's (driven) clock.
    pub at_us: i128,
    /// The TCP connection, counted from 1: equal for requests on a reused connection.
    pub connection: u64,
    /// `POST`, `GET`.
    pub method: String,
    /// The path as it stood in the request, still percent-encoded, with its query.
    pub path: String,
    /// Name and value of every header; tokens read `[redacted]`.
    pub headers: Vec<(String, String)>,
    /// The body's bytes.
    pub body: Vec<u8>,
    /// The body as JSON, where it is JSON.
    pub json: Option<Value>,
    /// The status the API answered, which a fault may have kept from the client. 0 while it is being worked on or
    /// when a fault kept the request from the API.
    pub status: u16,
    /// The truth: whether a message went out because of this request.
    pub accepted: bool,
    /// The message's id, where one was accepted.
    pub message_id: Option<String>,
    /// The fault that struck.
    pub fault: Option<Fault>,
    /// What the API let pass although a client should not rely on it.
    pub warnings: Vec<String>,
}

impl Received {
    /// The value of a header, by its name in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// One line for people: what was asked, what was answered, and what is true.
    #[must_use]
    pub fn summary(&self) -> String {
        let truth = match (&self.message_id, self.fault) {
            (Some(id), None) => format!("accepted as {id}"),
            (Some(id), Some(fault)) => format!("accepted as {id}, fault {fault}"),
            (None, None) => "no message went out".to_owned(),
            (None, Some(fault)) => format!("no message went out, fault {fault}"),
        };
        let warnings: Vec<String> = self
            .warnings
            .iter()
            .map(|warning| format!("; {warning}"))
            .collect();
        format!(
            "{} {} -> {}: {truth}{}",
            self.method,
            self.path,
            self.status,
            warnings.concat()
        )
    }

    pub(crate) fn to_json(&self) -> Value {
        json!({
            "sequence": self.sequence,
            "at": clock::iso_8601_us(self.at_us),
            "connection": self.connection,
            "method": self.method,
            "path": self.path,
            "headers": self.headers.iter().map(|(name, value)| json!([name, value])).collect::<Vec<_>>(),
            "body": String::from_utf8_lossy(&self.body),
            "json": self.json,
            "status": self.status,
            "accepted": self.accepted,
            "message_id": self.message_id,
            "fault": self.fault.map(Fault::name),
            "warnings": self.warnings,
        })
    }
}
