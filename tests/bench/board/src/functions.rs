//! The stack of every public function of core that has more to do than to hand out a field, and the most that it may
//! take: inputs reach its deepest branches, and what it returns is in the figure.

#![allow(clippy::redundant_closure_for_method_calls)] // `Outcome::cloned` itself is not general enough in its lifetimes.

use core::fmt::{self, Write};
use core::hint::black_box;
use core::time::Duration;

use xobito_bench_work::{CHUNK, answers, messages};
use xobito_core::message::{
    ButtonMessage, Contact, Groups, Media, MediaMessage, ReplyButton, ReplyButtons, TemplateHeader,
    TemplateMessage, TextMessage, UrlMessage,
};
use xobito_core::outbox::{Coalesce, Config, Duplicates, Entry, EntryId, Key, Outbox};
use xobito_core::{
    Accepted, Account, Answer, AnswerReader, Captured, Delivery, E164, End, Endpoint, Failure,
    Head, Message, MessageId, Outcome, PhoneQuery, PhoneRequest, Piece, Request, Streamed, Text,
    Validation, checked, encode,
};

use crate::stack::peak;

const TO: E164 = checked!(E164::new(messages::TO));
/// A text that needs every kind of escape.
const BODY: &str = "Pump 7 \"stopped\"\n\u{1}°🔥";

/// Calls `tell` with each function, the most bytes of stack that it may take, and those that it takes.
pub fn measure(tell: fn(&str, u32, u32)) {
    values(tell);
    requests(tell);
    heads(tell);
    reading::<Accepted>(tell, "Accepted", answers::ECHO);
    reading::<Delivery>(tell, "Delivery", answers::STATUS);
    reading::<Validation>(tell, "Validation", answers::STATUS);
    outcomes(tell);
    outbox(tell);
}

fn values(tell: fn(&str, u32, u32)) {
    let of = |name, budget, run: &mut dyn FnMut()| tell(name, budget, peak(run));
    of("E164::new", 128, &mut || {
        black_box(&E164::new(black_box(messages::TO)));
    });
    of("MessageId::new", 448, &mut || {
        black_box(&MessageId::new(black_box(
            "wamid.HBgLMTQxNTU1NTEyMzQVAgARGBI",
        )));
    });
    of("Account::new", 256, &mut || {
        black_box(&Account::new(
            black_box("host:8443"),
            black_box("acme"),
            black_box("t"),
        ));
    });
    of("Captured::<72>::from_text", 256, &mut || {
        black_box(&Captured::<72>::from_text(black_box(BODY)));
    });
    let pieces = [Piece::Str("Pump "), Piece::Int(i64::MIN)];
    of("Text::render", 320, &mut || {
        black_box(
            Text::from(black_box(&pieces[..]))
                .render(&mut Nowhere)
                .is_ok(),
        );
    });
    of("PhoneQuery::new, PhoneRequest::new", 768, &mut || {
        if let Ok(query) = PhoneQuery::new(black_box("+14155551234")) {
            black_box(&PhoneRequest::new(&query));
        }
    });
}

fn requests(tell: fn(&str, u32, u32)) {
    let text = Text::from(black_box(BODY));
    let url = black_box("https://plant.example/7?a=b");
    let groups = [black_box("on call")];
    let contact = Contact {
        firstname: Some(BODY),
        assigned_id: Some(7),
        groups: Some(Groups::Names(&groups)),
        ..Contact::default()
    };
    let message = TextMessage::new(&TO, text).contact(&contact);
    sent(
        tell,
        ["encode, text", "Request::<512>::new, text"],
        &message,
    );
    let buttons = ["a", "b", "c"].map(|id| ReplyButton { id, title: id });
    if let Ok(buttons) = ReplyButtons::try_from(&buttons[..]) {
        let message = ButtonMessage::new(&TO, text, buttons);
        let message = message.header(text).footer(text).contact(&contact);
        sent(
            tell,
            ["encode, buttons", "Request::<512>::new, buttons"],
            &message,
        );
    }
    let message = UrlMessage::new(&TO, text, "Open", url)
        .header(text)
        .footer(text);
    sent(
        tell,
        ["encode, URL", "Request::<512>::new, URL"],
        &message.contact(&contact),
    );
    let header = TemplateHeader::Document {
        url,
        name: Some("plan.pdf"),
    };
    let value = Text::from("7");
    let (fields, values) = ([value; 10], [Some(value); 3]);
    let message = TemplateMessage::new(&TO, "alert", "en").header(header);
    let message = message
        .fields(&fields)
        .buttons(&values)
        .from_phone_number_id("1");
    sent(
        tell,
        ["encode, template", "Request::<512>::new, template"],
        &message,
    );
    let media = Media::Document {
        url,
        caption: Some(text),
        filename: Some("plan.pdf"),
    };
    let message = MediaMessage::new(&TO, media).contact(&contact);
    sent(
        tell,
        ["encode, media", "Request::<512>::new, media"],
        &message,
    );

    let message = TextMessage::new(&TO, text).contact(&contact);
    let of = |name, budget, run: &mut dyn FnMut()| tell(name, budget, peak(run));
    of("Streamed::new, Streamed::next_piece", 576, &mut || {
        let mut piece = [0; 32];
        if let Ok(mut streamed) = Streamed::new(black_box(&message)) {
            while let Ok(Some(bytes)) = streamed.next_piece(&mut piece) {
                black_box(bytes);
            }
        }
    });
}

fn sent(tell: fn(&str, u32, u32), [borrowed, owned]: [&str; 2], message: &impl Message) {
    let mut buffer = [0; 512];
    let taken = peak(&mut || {
        black_box(encode(black_box(message), &mut buffer).is_ok());
    });
    tell(borrowed, 640, taken);
    let taken = peak(&mut || {
        black_box(&Request::<512>::new(black_box(message)));
    });
    tell(owned, 640 + 2 * 528, taken);
}

fn heads(tell: fn(&str, u32, u32)) {
    let account = Account::new("dash.xobito.com", "acme", "apitk_0123");
    let (Ok(account), Ok(id)) = (account, MessageId::new("wamid.HBgL==")) else {
        return;
    };
    let head = Head::new(&account, black_box(Endpoint::Status(&id)));
    let taken = peak(&mut || {
        black_box(head.write_http1(black_box(Some(7)), &mut Nowhere).is_ok());
    });
    tell("Head::write_http1", 320, taken);
}

fn reading<A: Answer>(tell: fn(&str, u32, u32), kind: &str, body: &[u8]) {
    let of = |name: &str, budget, taken| tell(name, budget, taken);
    let mut reader = AnswerReader::<A>::new();
    reader.status(200);
    let taken = peak(&mut || {
        for chunk in body.chunks(CHUNK) {
            reader.feed(black_box(chunk));
        }
    });
    let (feed, whole) = match kind {
        "Accepted" => (
            "AnswerReader<Accepted>::feed",
            "AnswerReader<Accepted>: new to finish",
        ),
        "Delivery" => (
            "AnswerReader<Delivery>::feed",
            "AnswerReader<Delivery>: new to finish",
        ),
        _ => (
            "AnswerReader<Validation>::feed",
            "AnswerReader<Validation>: new to finish",
        ),
    };
    of(feed, 320, taken);
    let taken = peak(&mut || {
        let mut reader = AnswerReader::<A>::new();
        reader.status(200);
        for chunk in body.chunks(CHUNK) {
            reader.feed(black_box(chunk));
        }
        black_box(&reader.finish(End::Complete));
    });
    of(whole, 1408, taken);
}

fn outcomes(tell: fn(&str, u32, u32)) {
    let refusal = xobito_bench_work::xobito::refusal(answers::REFUSAL, |read| read.cloned());
    let taken = peak(&mut || {
        black_box((refusal.word(), refusal.cause(), refusal.retry()));
    });
    tell("Outcome::word, cause, retry", 128, taken);
    let taken = peak(&mut || {
        black_box(&Outcome::<Accepted>::failed(black_box(true), Failure::Dns));
    });
    tell("Outcome::failed", 640, taken);
}

fn outbox(tell: fn(&str, u32, u32)) {
    let of = |name, budget, run: &mut dyn FnMut()| tell(name, budget, peak(run));
    let Ok(request) = Request::<256>::new(&TextMessage::new(&TO, BODY)) else {
        return;
    };
    let now = Duration::from_secs(7);
    let mut outbox = Outbox::<4, 512, 8>::new(Config::DEFAULT);
    let entry = Entry::new(&request, TO, Duplicates::AtMostOnce)
        .key(Key(7), Coalesce::KeepFirst)
        .fallback(&request);
    of("Outbox::enqueue", 384, &mut || {
        black_box(outbox.enqueue(black_box(&entry), now).is_ok());
        black_box(outbox.enqueue(black_box(&entry), now).is_ok());
    });
    of("Outbox::poll", 768, &mut || {
        black_box(&outbox.poll(black_box(now), 7));
    });
    let outcome = xobito_bench_work::xobito::accepted(answers::SUCCESS, |read| read.cloned());
    of("Outbox::settle", 320, &mut || {
        black_box(
            outbox
                .settle(black_box(EntryId(1)), outcome.as_ref(), now)
                .is_ok(),
        );
    });
    let delivery = xobito_bench_work::xobito::delivery(answers::STATUS, |read| read.cloned());
    let later = Duration::from_secs(60);
    black_box(&outbox.poll(later, 7));
    of("Outbox::settle_query", 512, &mut || {
        black_box(
            outbox
                .settle_query(black_box(EntryId(1)), delivery.as_ref(), later)
                .is_ok(),
        );
    });
    of("Outbox::snapshot, Outbox::restore", 1536, &mut || {
        let stored = outbox.snapshot(0);
        let mut other = Outbox::<1, 512, 1>::new(Config::DEFAULT);
        if let Some(stored) = stored {
            black_box(other.restore(0, black_box(&stored), now).is_ok());
        }
        black_box(&other);
    });
}

/// Takes everything.
struct Nowhere;

impl Write for Nowhere {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        black_box(text);
        Ok(())
    }
}
