#![allow(clippy::unwrap_used)]

use xobito_std::OwnedRequest;
use xobito_std::core::message::{TemplateMessage, TextMessage};
use xobito_std::core::outbox::{Config, Duplicates, Entry, Outbox};
use xobito_std::core::{E164, checked};

use super::*;

const ON_CALL: E164 = checked!(E164::new("+14155551234"));

#[test]
fn what_was_refused_is_tried_again_after_five_minutes() {
    let s = Duration::from_secs;
    let mut refused = Refused::new(RESUME_AFTER);
    assert!(!refused.is_over(s(1000)), "nothing was refused");
    refused.note(Kind::Send, s(1000));
    refused.note(Kind::Media, s(1200));
    assert!(!refused.is_over(s(1299)));
    assert!(refused.is_over(s(1300)));
    assert!(!refused.is_over(s(1301)), "it is told once");
    refused.note(Kind::Send, s(1302));
    assert!(!refused.is_over(s(1601)));
    assert!(refused.is_over(s(1602)));
}

#[test]
fn an_entry_is_held_back_by_the_kind_of_what_it_would_send_next() {
    let text = OwnedRequest::new(&TextMessage::new(&ON_CALL, "x")).unwrap();
    let template = OwnedRequest::new(&TemplateMessage::new(&ON_CALL, "alert", "en")).unwrap();
    let mut outbox = Outbox::<2, 512>::new(Config::DEFAULT);
    let entry = || Entry::new(&text, ON_CALL, Duplicates::AtLeastOnce);
    for entry in [
        entry().fallback(&template),
        entry().template_first(&template),
    ] {
        let _ = outbox.enqueue(&entry, Duration::ZERO).unwrap();
    }
    let mut refused = Refused::new(RESUME_AFTER);
    let held = |refused: &Refused| {
        let entries = outbox.entries();
        let held: Vec<bool> = entries.map(|(_, entry)| refused.holds(&entry)).collect();
        held
    };
    assert_eq!(held(&refused), [false, false]);
    refused.note(Kind::Send, Duration::ZERO);
    assert_eq!(held(&refused), [true, false]);
    refused.note(Kind::Template, Duration::ZERO);
    assert_eq!(held(&refused), [true, true]);
}
