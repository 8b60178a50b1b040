use core::cell::Cell;
use std::string::String;

use super::*;
use crate::message::TextMessage;
use crate::{Account, E164, MessageId, checked};

const ACCOUNT: Account<'_> = checked!(Account::new("dash.example:8443", "acme", "apitk_secret"));
const TO: E164 = checked!(E164::new("+14155551234"));

fn path(endpoint: Endpoint<'_>) -> String {
    let mut path = String::new();
    Head::new(&ACCOUNT, endpoint).write_path(&mut path).unwrap();
    path
}

#[test]
fn each_endpoint_has_its_path_and_method() {
    let id = MessageId::new("wamid.HBg/+A==").unwrap();
    for (endpoint, method, expected) in [
        (Endpoint::Send, "POST", "/api/v1/acme/messages/send"),
        (Endpoint::Template, "POST", "/api/v1/acme/messages/template"),
        (Endpoint::Media, "POST", "/api/v1/acme/messages/media"),
        (Endpoint::Validate, "POST", "/api/v1/acme/phone/validate"),
        (
            Endpoint::Status(&id),
            "GET",
            "/api/v1/acme/messages/wamid.HBg%2F%2BA%3D%3D/status",
        ),
    ] {
        assert_eq!(
            (endpoint.method().as_str(), path(endpoint).as_str()),
            (method, expected)
        );
    }
}

#[test]
fn an_id_cannot_leave_its_path_segment() {
    let id = MessageId::new("../../x?y#z Host: evil é").unwrap();
    assert_eq!(
        path(Endpoint::Status(&id)),
        "/api/v1/acme/messages/..%2F..%2Fx%3Fy%23z%20Host%3A%20evil%20%C3%A9/status"
    );
    for id in ["", ".", "..", "x\r\nHost: evil", "\u{7f}"] {
        assert!(MessageId::new(id).is_err(), "{id:?}");
    }
}

#[test]
fn a_whole_head_can_be_written_for_a_bare_socket() {
    let mut head = String::new();
    Head::new(&ACCOUNT, Endpoint::Send)
        .write_http1(Some(88), &mut head)
        .unwrap();
    assert_eq!(
        head,
        "POST /api/v1/acme/messages/send HTTP/1.1\r\nHost: dash.example:8443\r\nAuthorization: Bearer apitk_secret\r\n\
         Accept: application/json\r\nContent-Type: application/json\r\nContent-Length: 88\r\n\r\n"
    );
    let id = MessageId::new("x").unwrap();
    let mut head = String::new();
    Head::new(&ACCOUNT, Endpoint::Status(&id))
        .write_http1(None, &mut head)
        .unwrap();
    assert!(
        !head.contains("Content-"),
        "a question without a body has no headers for one"
    );
    assert!(head.ends_with("\r\n\r\n"));
}

#[test]
fn a_head_that_does_not_fit_is_an_error() {
    let mut short = heapless::String::<40>::new();
    assert!(
        Head::new(&ACCOUNT, Endpoint::Send)
            .write_headers(&mut short)
            .is_err()
    );
}

#[test]
fn nothing_shows_the_token_unasked() {
    let head = Head::new(&ACCOUNT, Endpoint::Send);
    for shown in [
        format!("{ACCOUNT:?}"),
        format!("{head:?}"),
        format!("{:?}", ACCOUNT.token()),
    ] {
        assert!(!shown.contains("secret"), "{shown}");
        assert!(shown.contains("hidden"), "{shown}");
    }
    assert!(
        head.public_headers()
            .all(|(_, value)| !value.contains("secret"))
    );
}

#[test]
fn a_text_that_changes_while_it_is_streamed_is_noticed() {
    struct Grows(Cell<usize>);
    impl fmt::Display for Grows {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.set(self.0.get() + 1);
            (0..self.0.get() * 10).try_for_each(|_| f.write_str("x"))
        }
    }
    struct Shrinks(Cell<usize>);
    impl fmt::Display for Shrinks {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.0.set(self.0.get() - 10);
            (0..self.0.get()).try_for_each(|_| f.write_str("x"))
        }
    }
    fn stream(text: fmt::Arguments<'_>) -> Result<(), TextChanged> {
        let message = TextMessage::new(&TO, text);
        let mut streamed = Streamed::new(&message).unwrap();
        let mut piece = [0; 64];
        while streamed.next_piece(&mut piece)?.is_some() {}
        Ok(())
    }
    let (grows, shrinks) = (Grows(Cell::new(0)), Shrinks(Cell::new(100)));
    assert_eq!(stream(format_args!("{grows}")), Err(TextChanged));
    assert_eq!(stream(format_args!("{shrinks}")), Err(TextChanged));
    assert_eq!(stream(format_args!("{}", "constant")), Ok(()));
}

#[test]
fn an_empty_buffer_for_pieces_is_an_error_and_not_an_endless_loop() {
    struct Full;
    impl embedded_io::ErrorType for Full {
        type Error = core::convert::Infallible;
    }
    impl embedded_io::Write for Full {
        fn write(&mut self, _: &[u8]) -> Result<usize, Self::Error> {
            Ok(0)
        }
        fn flush(&mut self) -> Result<(), Self::Error> {
            Ok(())
        }
    }
    struct Never;
    impl embedded_io::ErrorType for Never {
        type Error = core::convert::Infallible;
    }
    impl embedded_io::Write for Never {
        fn write(&mut self, bytes: &[u8]) -> Result<usize, Self::Error> {
            Ok(bytes.len())
        }
        fn flush(&mut self) -> Result<(), Self::Error> {
            Ok(())
        }
    }
    let message = TextMessage::new(&TO, "x");
    let mut streamed = Streamed::new(&message).unwrap();
    assert_eq!(streamed.next_piece(&mut []), Ok(Some(&[][..])));
    assert_eq!(
        streamed.write_to(&mut Never, &mut []),
        Err(WriteError::EmptyBuffer)
    );
    assert_eq!(streamed.write_to(&mut Never, &mut [0; 7]), Ok(()));
    streamed.rewind();
    assert_eq!(
        streamed.write_to(&mut Full, &mut [0; 7]),
        Err(WriteError::NothingTaken)
    );
}

#[test]
fn an_empty_piece_is_no_progress_wherever_it_comes() {
    let message = TextMessage::new(&TO, "Freezer 3 is open");
    let len = Request::<256>::new(&message).unwrap().body().len();
    for at in 1..len {
        let mut streamed = Streamed::new(&message).unwrap();
        assert_eq!(
            streamed
                .next_piece(&mut vec![0; at])
                .unwrap()
                .unwrap()
                .len(),
            at
        );
        assert_eq!(streamed.next_piece(&mut []), Ok(Some(&[][..])), "at {at}");
        let rest = streamed.next_piece(&mut [0; 256]).unwrap().unwrap().len();
        assert_eq!(rest, len - at);
    }
}

#[test]
fn pieces_go_on_where_another_borrow_of_the_message_stopped() {
    let message = TextMessage::new(&TO, "Freezer 3 is \"open\"");
    let mut progress = Streamed::new(&message).unwrap().progress();
    let (mut piece, mut body) = ([0; 7], Vec::new());
    loop {
        let mut streamed = Streamed::resumed(&message, progress);
        let Some(bytes) = streamed.next_piece(&mut piece).unwrap() else {
            break;
        };
        body.extend_from_slice(bytes);
        progress = streamed.progress();
    }
    assert_eq!(body, Request::<256>::new(&message).unwrap().body());
    let longer = TextMessage::new(&TO, "Freezer 3 is open, and so is freezer 4");
    let began = Streamed::new(&message).unwrap().progress();
    let mut other = Streamed::resumed(&longer, began);
    assert_eq!(other.next_piece(&mut [0; 256]), Err(TextChanged));
}
