//! The functions as C calls them, called from Rust: for Miri, which sees what they do with pointers.

#![allow(
    clippy::indexing_slicing,
    clippy::borrow_as_ptr,
    clippy::wildcard_imports
)]

use std::mem::MaybeUninit;
use std::ptr;

use xobito::*;

fn text(text: &str) -> XobitoText {
    XobitoText {
        data: text.as_ptr().cast(),
        length: text.len(),
    }
}

fn message() -> XobitoTextMessage {
    XobitoTextMessage {
        to: text("+14155551234"),
        body: text("Freezer 3 is open"),
        contact: ptr::null(),
    }
}

const BODY: &[u8] =
    br#"{"phone_number":"+14155551234","message_body":"Freezer 3 is open","message_type":"text"}"#;

#[test]
fn a_text_is_encoded_at_once_and_in_pieces() {
    let mut buffer = [0; 128];
    let mut request = MaybeUninit::<XobitoRequest>::uninit();
    let mut stream = MaybeUninit::<XobitoStream>::uninit();
    let mut length = 0;
    // SAFETY: all pointers are to objects of this function.
    unsafe {
        let place = request.as_mut_ptr();
        let (start, size) = (buffer.as_mut_ptr(), buffer.len());
        assert_eq!(
            xobito_text_encode(&message(), start, size, place, ptr::null_mut()),
            0
        );
        let request = request.assume_init();
        let body = std::slice::from_raw_parts(request.body, request.body_length);
        assert_eq!(body, BODY);

        let stream = stream.as_mut_ptr();
        assert_eq!(
            xobito_text_begin(stream, &message(), place, ptr::null_mut()),
            0
        );
        let mut whole = Vec::new();
        while xobito_text_next(stream, &message(), start, 20, &mut length) == 1 {
            whole.extend_from_slice(&buffer[..length]);
        }
        assert_eq!(whole, BODY);
    }
}

#[test]
fn an_answer_is_read_and_its_texts_lie_in_the_reader() {
    let mut reader = MaybeUninit::<XobitoReader>::uninit();
    let mut outcome = MaybeUninit::<XobitoOutcome>::uninit();
    let mut accepted = MaybeUninit::<XobitoAccepted>::uninit();
    let answer = br#"{"status":"success","data":{"message_id":"wamid.A"}}"#;
    // SAFETY: all pointers are to objects of this function.
    unsafe {
        let reader = reader.as_mut_ptr();
        assert_eq!(xobito_reader_for_message(reader), 0);
        assert_eq!(xobito_reader_status(reader, 200), 0);
        for chunk in answer.chunks(7) {
            assert_eq!(xobito_reader_feed(reader, chunk.as_ptr(), chunk.len()), 0);
        }
        assert_eq!(xobito_reader_finish(reader, outcome.as_mut_ptr()), 0);
        assert_eq!(outcome.assume_init().kind, 1);
        assert_eq!(xobito_reader_accepted(reader, accepted.as_mut_ptr()), 0);
        let id = accepted.assume_init().message_id.text;
        let id = std::slice::from_raw_parts(id.data.cast::<u8>(), id.length);
        assert_eq!(id, b"wamid.A");
    }
}

#[test]
fn an_alert_goes_through_the_outbox() {
    let mut storage = MaybeUninit::<XobitoOutboxSmall>::uninit();
    let mut reader = MaybeUninit::<XobitoReader>::uninit();
    let mut enqueued = MaybeUninit::<XobitoEnqueued>::uninit();
    let mut step = MaybeUninit::<XobitoStep>::uninit();
    let mut outbox = ptr::null_mut();
    let entry = XobitoEntry {
        request: XobitoRequest {
            endpoint: 1,
            body: BODY.as_ptr(),
            body_length: BODY.len(),
            warning_characters: 0,
        },
        recipient: text("+14155551234"),
        duplicates: 2,
        priority: 0,
        time_to_live_ms: 0,
        coalesce: 0,
        key: 0,
        template_request: ptr::null(),
        is_template_first: 0,
    };
    // SAFETY: all pointers are to objects of this function.
    unsafe {
        let (reader, step) = (reader.as_mut_ptr(), step.as_mut_ptr());
        assert_eq!(
            xobito_outbox_small_init(storage.as_mut_ptr(), ptr::null(), &mut outbox),
            0
        );
        let problem = ptr::null_mut();
        assert_eq!(
            xobito_outbox_enqueue(outbox, &entry, 0, enqueued.as_mut_ptr(), problem),
            0
        );
        assert_eq!(xobito_outbox_poll(outbox, 0, 1, step), 0);
        let send = *step;
        let body = std::slice::from_raw_parts(send.request.body, send.request.body_length);
        assert_eq!((send.kind, body), (1, BODY));
        assert_eq!(xobito_reader_for_message(reader), 0);
        assert_eq!(xobito_reader_fail(reader, 27, 1, ptr::null_mut()), 0);
        assert_eq!(xobito_outbox_settle(outbox, send.id, reader, 0), 0);
        assert_eq!(xobito_outbox_poll(outbox, 0, 1, step), 0);
        assert_eq!(((*step).kind, (*step).ended.end), (3, 7));
    }
}
