//! Links every public function of `xobito-core` into an image whose panic handler does not exist: as long as a panic
//! is reachable from any of them, the linker misses it and fails. Nobody runs the image.
//!
//! Text comes as strings, numbers and pieces; what a caller's own `Display` does is not ours.

#![no_std]
#![no_main]

mod outbox;

use core::fmt::Write;
use core::hint::black_box;

use panic_never as _;
use xobito_core::answer::Captured;
use xobito_core::message::{
    ButtonMessage, Contact, Groups, Media, MediaMessage, PhoneQuery, ReplyButton, ReplyButtons,
    TemplateHeader, TemplateMessage, TextMessage, UrlMessage,
};
use xobito_core::{
    Accepted, Account, Answer, AnswerReader, Delivery, E164, End, Endpoint, Failure, Head, Kind,
    Message, MessageId, Outcome, PhoneRequest, Piece, Request, Streamed, Text, Validation, encode,
};

/// What the compiler must not know.
fn any<T>(value: T) -> T {
    black_box(value)
}

#[cortex_m_rt::entry]
fn main() -> ! {
    let number = E164::new(any("+14155551234"));
    if let Ok(to) = number {
        black_box(to.as_bytes());
        messages(&to);
        outbox::outbox(&to, &answers(), &answers());
    }
    account();
    black_box(answers::<Validation>());
    fields(&answers(), &answers());
    let mut buffer = [0; 64];
    black_box(phone(&mut buffer));
    #[cfg(feature = "planted")]
    assert!(any(true), "the planted panic");
    loop {
        core::hint::spin_loop();
    }
}

fn messages(to: &E164) {
    let text = Text::from(any("text"));
    let pieces = [Piece::Str(any("at ")), Piece::Int(any(-18))];
    let url = any("https://plant.example");
    let names = [any("on call")];
    let contact = Contact {
        firstname: any(Some("Ada")),
        assigned_id: any(Some(7)),
        groups: any(Some(Groups::Names(&names))),
        ..Contact::default()
    };
    let ids = [any(7)];
    let by_id = Contact {
        groups: Some(Groups::Ids(&ids)),
        ..Contact::default()
    };
    sent(&TextMessage::new(to, text).contact(any(&contact)));
    sent(&TextMessage::new(to, any(&pieces[..])).contact(any(&by_id)));
    sent(&TextMessage::new(to, any(7_i64)));
    let buttons = [ReplyButton {
        id: any("a"),
        title: any("A"),
    }];
    if let Ok(buttons) = ReplyButtons::try_from(any(&buttons[..])) {
        sent(
            &ButtonMessage::new(to, text, buttons)
                .header(text)
                .footer(text)
                .contact(&contact),
        );
    }
    sent(
        &UrlMessage::new(to, text, any("Open"), url)
            .header(text)
            .footer(text)
            .contact(&contact),
    );
    let fields = [any(text)];
    let values = [any(Some(text))];
    for header in [
        TemplateHeader::Field(text),
        TemplateHeader::Image(url),
        TemplateHeader::Video(url),
        TemplateHeader::Document {
            url,
            name: any(None),
        },
    ] {
        let message = TemplateMessage::new(to, any("alert"), any("en")).header(any(header));
        sent(
            &message
                .fields(any(&fields))
                .buttons(any(&values))
                .from_phone_number_id(any("1")),
        );
    }
    for media in [
        Media::Image {
            url,
            caption: any(Some(text)),
        },
        Media::Video {
            url,
            caption: any(Some(text)),
        },
        Media::Document {
            url,
            caption: any(Some(text)),
            filename: any(None),
        },
        Media::Audio { url },
    ] {
        sent(&MediaMessage::new(to, any(media)).contact(&contact));
    }
}

/// Every way of sending a message.
fn sent(message: &impl Message) {
    if let Ok(request) = Request::<512>::new(message) {
        black_box((
            request.body(),
            request.kind(),
            request.endpoint(),
            request.warning(),
        ));
    }
    let mut buffer = [0; 64];
    if let Ok(request) = encode(message, any(&mut buffer)) {
        black_box((
            request.body(),
            request.kind(),
            request.endpoint(),
            request.warning(),
        ));
    }
    if let Ok(mut streamed) = Streamed::new(message) {
        black_box((
            streamed.content_length(),
            streamed.kind(),
            streamed.endpoint(),
            streamed.warning(),
        ));
        black_box(streamed.next_piece(any(&mut buffer)).is_ok());
        streamed.rewind();
        streamed = Streamed::resumed(message, any(streamed.progress()));
        black_box(streamed.write_to(&mut Nowhere, any(&mut buffer)).is_ok());
    }
}

fn phone(buffer: &mut [u8]) -> Option<usize> {
    let query = PhoneQuery::new(any("0041")).ok()?;
    let request = PhoneRequest::new(&query).ok()?;
    if let Some(byte) = buffer.first_mut() {
        *byte = 1;
    }
    Some(request.body().len())
}

fn account() {
    let Ok(account) = Account::new(any("host:1"), any("acme"), any("token")) else {
        return;
    };
    black_box((
        account.host().name(),
        account.host().port(),
        account.host().authority(),
    ));
    let Ok(id) = MessageId::new(any("wamid.x=")) else {
        return;
    };
    for endpoint in [
        Endpoint::Send,
        Endpoint::Status(&id),
        Endpoint::Validate,
        Kind::Template.endpoint(),
        Kind::Media.endpoint(),
    ] {
        let head = Head::new(&account, any(endpoint));
        black_box(head.write_path(&mut Nowhere).is_ok());
        black_box(head.write_headers(&mut Nowhere).is_ok());
        black_box(head.write_http1(any(Some(7)), &mut Nowhere).is_ok());
        head.public_headers().for_each(|header| {
            black_box(header);
        });
    }
}

/// What the fields of answers say.
fn fields(accepted: &Outcome<Accepted>, delivery: &Outcome<Delivery>) {
    if let Outcome::Accepted(accepted) = accepted {
        black_box((accepted.contact_id(), accepted.contact_created()));
        black_box((accepted.phone(), accepted.id().is_ok()));
    }
    if let Outcome::Accepted(delivery) = delivery {
        black_box((delivery.state(), delivery.error(), delivery.window_closed()));
    }
}

fn answers<A: Answer>() -> Outcome<A> {
    let mut reader = AnswerReader::<A>::new();
    reader.status(any(200));
    reader.retry_after(any("7"));
    reader.feed(any(b"{}"));
    black_box(reader.is_settled());
    let failed = End::Failed {
        request_left: any(true),
        failure: any(Failure::TimedOut),
    };
    let outcome = reader.finish(any(failed));
    black_box((outcome.word(), outcome.cause(), outcome.retry()));
    match &outcome {
        Outcome::Rejected(rejection) => {
            black_box(rejection.message().map(Captured::as_str));
            rejection.errors.iter().for_each(|error| {
                black_box((
                    error.field.as_str(),
                    error.message.as_str(),
                    error.message.is_cut(),
                ));
            });
            black_box((rejection.errors.omitted(), rejection.errors.is_empty()));
        }
        Outcome::Accepted(_) | Outcome::NotSent(_) | Outcome::Unknown(_) => {}
    }
    black_box(&outcome);
    black_box(Outcome::<A>::failed(any(true), any(Failure::Dns)));
    black_box(Captured::<8>::from_text(any("text")));
    outcome.cloned()
}

/// Takes everything.
struct Nowhere;

impl Write for Nowhere {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        black_box(text);
        Ok(())
    }
}

impl embedded_io::ErrorType for Nowhere {
    type Error = core::convert::Infallible;
}

impl embedded_io::Write for Nowhere {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Self::Error> {
        Ok(black_box(bytes.len()))
    }

    fn flush(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }
}
