//! What goes over the wire: the requests of alerts, and answers to them.

use xobito_core::message::{Media, MediaMessage, TemplateMessage, TextMessage};
use xobito_core::{
    Accepted, Answer, AnswerReader, Delivery, E164, Failure, Kind, Outcome, Request, checked,
};

use crate::script::{Alert, Answered};

pub(crate) const RECIPIENTS: [E164; 3] = [
    checked!(E164::new("+14155551234")),
    checked!(E164::new("+41795550000")),
    checked!(E164::new("+8612345678901")),
];

/// The request and the template of an alert, which are like no other's.
pub(crate) fn requests(text: u32, alert: &Alert) -> (Request<192>, Request<192>) {
    let to = RECIPIENTS[alert.recipient];
    let own = if alert.media {
        let url = format!("https://plant.example/{text}");
        let media = Media::Image {
            url: &url,
            caption: None,
        };
        Request::new(&MediaMessage::new(&to, media))
    } else {
        Request::new(&TextMessage::new(&to, format_args!("alert {text}")))
    };
    let name = format!("alert_{text}");
    let template = Request::new(&TemplateMessage::new(&to, &name, "en"));
    (own.unwrap(), template.unwrap())
}

fn read<A: Answer>(status: u16, body: &str) -> Outcome<A> {
    let mut reader = AnswerReader::new();
    reader.status(status);
    reader.feed(body.as_bytes());
    reader.finish(xobito_core::End::Complete).cloned()
}

pub(crate) fn sent(answered: Answered) -> Outcome<Accepted> {
    match answered {
        Answered::Accepted | Answered::State(_) | Answered::StateWindowClosed => read(
            200,
            r#"{"status":"success","data":{"message_id":"wamid.A"}}"#,
        ),
        Answered::AcceptedWithoutUsableId => {
            read(200, r#"{"status":"success","data":{"message_id":".."}}"#)
        }
        other => failed(other),
    }
}

pub(crate) fn asked(answered: Answered) -> Outcome<Delivery> {
    let state = |state: &str, error: &str| {
        let body = format!(
            r#"{{"status":"success","data":{{"delivery_status":"{state}","error_message":{error}}}}}"#
        );
        read(200, &body)
    };
    match answered {
        Answered::Accepted | Answered::AcceptedWithoutUsableId => read(200, "{}"),
        Answered::State(word) => state(word, "null"),
        Answered::StateWindowClosed => state("failed", r#""Message outside 24-hour window""#),
        other => failed(other),
    }
}

fn failed<A: Answer>(answered: Answered) -> Outcome<A> {
    let retry_after = |seconds: Option<u32>| {
        seconds.map_or(String::new(), |seconds| {
            format!(r#","retry_after":{seconds}"#)
        })
    };
    match answered {
        Answered::Refused(status) => read(status, r#"{"status":"error","message":"no"}"#),
        Answered::WindowClosed => read(422, r#"{"status":"error","message":"Template required"}"#),
        Answered::RateLimited(seconds) => read(
            429,
            &format!(
                r#"{{"message":"Too many requests"{}}}"#,
                retry_after(seconds)
            ),
        ),
        Answered::ServerError(seconds) => read(
            500,
            &format!(r#"{{"status":"error"{}}}"#, retry_after(seconds)),
        ),
        Answered::Gateway => read(502, "<html>"),
        Answered::Lost => Outcome::failed(true, Failure::TimedOut),
        Answered::NotSent => Outcome::failed(false, Failure::Connect),
        Answered::BufferTooSmall => Outcome::failed(false, Failure::Buffer),
        other => panic!("{other:?} is no failure"),
    }
}

#[test]
fn the_requests_of_alerts_differ() {
    let alert = |media| Alert {
        recipient: 0,
        media,
        priority: xobito_core::outbox::Priority::Normal,
        duplicates: xobito_core::outbox::Duplicates::AtLeastOnce,
        time_to_live_s: None,
        key: None,
        template: None,
    };
    let (text, template) = requests(1, &alert(false));
    let (picture, _) = requests(1, &alert(true));
    let kinds = [text.kind(), template.kind(), picture.kind()];
    assert_eq!(kinds, [Kind::Send, Kind::Template, Kind::Media]);
    assert_ne!(text, requests(2, &alert(false)).0);
    assert!(text.body().len() + template.body().len() <= crate::world::BYTES);
}
