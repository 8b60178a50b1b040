//! Every kind of message, every endpoint with its head, every kind of answer.
//!
//! Messages are encoded into a static buffer, as a device short of flash does it: each `Request` by value is zeroed by
//! code of its own.

#![no_std]
#![no_main]

use core::fmt::{self, Write};
use core::hint::black_box;

use xobito_bench_board as _;
use xobito_core::message::{
    ButtonMessage, Contact, Groups, Media, MediaMessage, ReplyButton, ReplyButtons, TemplateHeader,
    TemplateMessage, TextMessage, UrlMessage,
};
use xobito_core::{
    Accepted, Account, Answer, AnswerReader, Delivery, E164, End, Endpoint, Head, Message,
    MessageId, PhoneQuery, PhoneRequest, Text, Validation, encode,
};

#[cortex_m_rt::entry]
fn main() -> ! {
    static mut BUFFER: [u8; 512] = [0; 512];
    if let Ok(to) = E164::new(black_box("+14155551234")) {
        messages(&to, BUFFER);
    }
    if let Ok(query) = PhoneQuery::new(black_box("0041")) {
        black_box(&PhoneRequest::new(&query));
    }
    heads();
    read::<Accepted>();
    read::<Delivery>();
    read::<Validation>();
    loop {
        core::hint::spin_loop();
    }
}

fn messages(to: &E164, buffer: &mut [u8]) {
    let text = Text::from(black_box("text"));
    let url = black_box("https://plant.example");
    let groups = [black_box("on call")];
    let contact = Contact {
        firstname: black_box(Some("Ada")),
        assigned_id: black_box(Some(7)),
        groups: black_box(Some(Groups::Names(&groups))),
        ..Contact::default()
    };
    sent(&TextMessage::new(to, text).contact(&contact), buffer);
    let buttons = [ReplyButton {
        id: black_box("a"),
        title: black_box("A"),
    }];
    if let Ok(buttons) = ReplyButtons::try_from(black_box(&buttons[..])) {
        sent(
            &ButtonMessage::new(to, text, buttons)
                .header(text)
                .footer(text)
                .contact(&contact),
            buffer,
        );
    }
    sent(
        &UrlMessage::new(to, text, black_box("Open"), url)
            .header(text)
            .footer(text)
            .contact(&contact),
        buffer,
    );
    let header = TemplateHeader::Document {
        url,
        name: black_box(None),
    };
    let (fields, values) = ([text], [Some(text)]);
    sent(
        &TemplateMessage::new(to, black_box("alert"), black_box("en"))
            .header(black_box(header))
            .fields(black_box(&fields))
            .buttons(black_box(&values))
            .from_phone_number_id(black_box("1")),
        buffer,
    );
    let media = Media::Document {
        url,
        caption: black_box(Some(text)),
        filename: black_box(None),
    };
    sent(
        &MediaMessage::new(to, black_box(media)).contact(&contact),
        buffer,
    );
}

#[inline(never)]
fn sent(message: &impl Message, buffer: &mut [u8]) {
    black_box(&encode(message, buffer));
}

fn heads() {
    let account = Account::new(black_box("host:1"), black_box("acme"), black_box("token"));
    let (Ok(account), Ok(id)) = (account, MessageId::new(black_box("wamid.x="))) else {
        return;
    };
    for endpoint in [
        Endpoint::Send,
        Endpoint::Template,
        Endpoint::Media,
        Endpoint::Status(&id),
        Endpoint::Validate,
    ] {
        let head = Head::new(&account, black_box(endpoint));
        black_box(head.write_http1(black_box(Some(7)), &mut Nowhere).is_ok());
    }
}

fn read<A: Answer>() {
    let mut reader = AnswerReader::<A>::new();
    reader.status(black_box(200));
    reader.feed(black_box(b"{}"));
    black_box(&reader.finish(End::Complete));
}

/// Takes everything.
struct Nowhere;

impl Write for Nowhere {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        black_box(text);
        Ok(())
    }
}
