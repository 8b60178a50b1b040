//! What the sender believes, beside what the server received.

use xobito_sandbox::Received;

/// A message that the sender holds for accepted: what it was, and its id.
pub(crate) struct Belief {
    pub(crate) what: String,
    pub(crate) id: String,
}

/// Prints both sides; whether they agree, message by message and in their order.
pub(crate) fn agree(beliefs: &[Belief], received: &[Received]) -> bool {
    let sent: Vec<&Received> = received
        .iter()
        .filter(|request| request.method == "POST" && request.message_id.is_some())
        .collect();
    println!("\nThe sender believes                 The server received");
    for at in 0..beliefs.len().max(sent.len()) {
        let belief = beliefs.get(at).map_or("-", |belief| &*belief.what);
        let truth = sent
            .get(at)
            .map_or_else(|| "-".to_owned(), |request| summary(request));
        let equal = match (beliefs.get(at), sent.get(at)) {
            (Some(belief), Some(request)) => {
                request.accepted && request.message_id.as_deref() == Some(&*belief.id)
            }
            _ => false,
        };
        println!("{belief:<34}{} {truth}", if equal { "=" } else { "≠" });
    }
    let connections = sent
        .iter()
        .map(|request| request.connection)
        .collect::<std::collections::BTreeSet<_>>()
        .len();
    let agree = beliefs.len() == sent.len()
        && beliefs.iter().zip(&sent).all(|(belief, request)| {
            request.accepted && request.message_id.as_deref() == Some(&*belief.id)
        });
    println!(
        "{} messages over {connections} connection(s): {}",
        sent.len(),
        if agree {
            "both sides agree."
        } else {
            "THE SIDES DO NOT AGREE."
        }
    );
    agree
}

fn summary(request: &Received) -> String {
    let json = request.json.as_ref();
    let member = |key: &str| {
        json.and_then(|json| json.get(key)?.as_str())
            .unwrap_or_default()
    };
    let kind = [
        member("message_type"),
        member("template_name"),
        member("media_type"),
    ]
    .concat();
    let end = request.path.rsplit('/').next().unwrap_or_default();
    format!("{end} {kind} to {}", member("phone_number"))
}

#[cfg(test)]
mod tests {
    use super::{Belief, agree};
    use xobito_sandbox::Received;

    fn received(id: Option<&str>) -> Received {
        Received {
            sequence: 1,
            at_us: 0,
            connection: 1,
            method: "POST".into(),
            path: "/api/v1/demo/messages/send".into(),
            headers: Vec::new(),
            body: Vec::new(),
            json: None,
            status: 200,
            accepted: id.is_some(),
            message_id: id.map(str::to_owned),
            fault: None,
            warnings: Vec::new(),
        }
    }

    fn belief(id: &str) -> Belief {
        Belief {
            what: "text".into(),
            id: id.into(),
        }
    }

    #[test]
    fn the_sides_agree_only_where_every_message_is_on_both_with_the_same_id() {
        let (a, b) = (|| received(Some("a")), || received(Some("b")));
        assert!(agree(&[belief("a"), belief("b")], &[a(), b()]));
        assert!(!agree(&[belief("b"), belief("a")], &[a(), b()]), "order");
        assert!(!agree(&[belief("a")], &[a(), b()]), "more than believed");
        assert!(
            !agree(&[belief("a"), belief("b")], &[a()]),
            "less than believed"
        );
        assert!(!agree(&[belief("a")], &[received(None)]), "refused");
    }
}
