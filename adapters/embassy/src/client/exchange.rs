//! One request and its answer over an open session.

use embedded_io::ErrorKind;
use embedded_io_async::{Read, Write};
use xobito_core::{
    Account, Answer, AnswerReader, Endpoint, Failure, Message, Streamed, TextChanged,
};

use super::head::Rendered;
use super::line::Timed;
use crate::http::{Event, Incomplete, MalformedHttp, ResponseReader};
use crate::tls::{Tls, TlsError};

/// A body that is handed out piece by piece.
pub(super) trait Pieces {
    fn content_length(&self) -> usize;
    fn next<'b>(&'b mut self, buffer: &'b mut [u8]) -> Result<Option<&'b [u8]>, TextChanged>;
}

/// A body in one piece.
pub(super) struct Whole<'b> {
    body: &'b [u8],
    is_done: bool,
}

impl<'b> Whole<'b> {
    pub(super) const fn new(body: &'b [u8]) -> Self {
        Self {
            body,
            is_done: false,
        }
    }
}

impl Pieces for Whole<'_> {
    fn content_length(&self) -> usize {
        self.body.len()
    }

    fn next<'b>(&'b mut self, _: &'b mut [u8]) -> Result<Option<&'b [u8]>, TextChanged> {
        let is_first = !core::mem::replace(&mut self.is_done, true);
        Ok(is_first.then_some(self.body))
    }
}

impl<M: Message> Pieces for Streamed<'_, M> {
    fn content_length(&self) -> usize {
        Streamed::content_length(self)
    }

    fn next<'b>(&'b mut self, buffer: &'b mut [u8]) -> Result<Option<&'b [u8]>, TextChanged> {
        self.next_piece(buffer)
    }
}

/// Where an answer goes, whatever it is about.
pub(super) trait Sink {
    fn status(&mut self, status: u16);
    fn retry_after(&mut self, value: &str);
    fn feed(&mut self, chunk: &[u8]);
    fn is_settled(&self) -> bool;
}

impl<A: Answer> Sink for AnswerReader<A> {
    fn status(&mut self, status: u16) {
        self.status(status);
    }

    fn retry_after(&mut self, value: &str) {
        self.retry_after(value);
    }

    fn feed(&mut self, chunk: &[u8]) {
        self.feed(chunk);
    }

    fn is_settled(&self) -> bool {
        self.is_settled()
    }
}

pub(super) struct Exchange<'e, T, S> {
    pub(super) tls: &'e mut T,
    pub(super) socket: Timed<'e, S>,
    pub(super) scratch: &'e mut [u8],
    pub(super) request_left: &'e mut bool,
    pub(super) tls_error: &'e mut Option<TlsError>,
}

impl<T: Tls, S: Read + Write> Exchange<'_, T, S> {
    /// Sends the request and reads the answer; tells whether the connection can take another one.
    pub(super) async fn run(
        mut self,
        account: &Account<'_>,
        endpoint: Endpoint<'_>,
        body: Option<&mut dyn Pieces>,
        answer: &mut dyn Sink,
    ) -> Result<bool, Failure> {
        self.send(account, endpoint, body).await?;
        self.receive(answer).await
    }

    async fn send(
        &mut self,
        account: &Account<'_>,
        endpoint: Endpoint<'_>,
        body: Option<&mut dyn Pieces>,
    ) -> Result<(), Failure> {
        let content_length = body.as_ref().map(|body| body.content_length());
        let head = Rendered::new(self.scratch, account, endpoint)?;
        // From here on nobody can tell how far the bytes got.
        *self.request_left = true;
        let mut stream = Stream {
            tls: self.tls,
            socket: &mut self.socket,
            error: self.tls_error,
        };
        head.write(account, endpoint, content_length, &mut stream)
            .await
            .map_err(|error| match error {
                reqwless::Error::Network(kind) => failure_of_kind(kind),
                _ => Failure::ConnectionLost,
            })?;
        drop(head);
        if let Some(body) = body {
            while let Some(piece) = body
                .next(self.scratch)
                .map_err(|TextChanged| Failure::TextChanged)?
            {
                stream.write_all(piece).await.map_err(failure_of_kind)?;
            }
        }
        stream.flush().await.map_err(failure_of_kind)
    }

    async fn receive(&mut self, answer: &mut dyn Sink) -> Result<bool, Failure> {
        let mut http = ResponseReader::new();
        loop {
            let count = match self.tls.read(&mut self.socket, self.scratch).await {
                Ok(count) => count,
                Err(error) => {
                    *self.tls_error = Some(error);
                    return Err(failure_of_session(error));
                }
            };
            if count == 0 {
                return match http.finish() {
                    Ok(()) => Ok(false),
                    Err(Incomplete) => Err(Failure::ConnectionLost),
                };
            }
            let mut input = self.scratch.get(..count).unwrap_or_default();
            while let Some(event) = http
                .advance(&mut input)
                .map_err(|MalformedHttp| Failure::MalformedHttp)?
            {
                match event {
                    Event::Head { status } => {
                        answer.status(status);
                        if let Some(value) = http.retry_after() {
                            answer.retry_after(value);
                        }
                    }
                    Event::Body(piece) => answer.feed(piece),
                }
            }
            if http.is_complete() {
                // What comes after an answer belongs to no request of ours: do not send one into that.
                return Ok(http.can_reuse() && input.is_empty());
            }
            if answer.is_settled() {
                return Ok(false);
            }
        }
    }
}

/// The session as a writer for reqwless, which keeps the error that reqwless does not.
struct Stream<'e, T, S> {
    tls: &'e mut T,
    socket: &'e mut S,
    error: &'e mut Option<TlsError>,
}

impl<T, S> Stream<'_, T, S> {
    fn note(&mut self, error: TlsError) -> ErrorKind {
        *self.error = Some(error);
        embedded_io::Error::kind(&error)
    }
}

impl<T, S> embedded_io_async::ErrorType for Stream<'_, T, S> {
    type Error = ErrorKind;
}

impl<T: Tls, S: Write> Write for Stream<'_, T, S> {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, ErrorKind> {
        let written = self.tls.write(self.socket, bytes).await;
        written.map_err(|error| self.note(error))
    }

    async fn flush(&mut self) -> Result<(), ErrorKind> {
        let flushed = self.tls.flush(self.socket).await;
        flushed.map_err(|error| self.note(error))
    }
}

/// What a session's end means once the request may have left.
fn failure_of_session(error: TlsError) -> Failure {
    match error {
        TlsError::ReceiveBufferTooSmall { .. } | TlsError::SendBufferTooSmall { .. } => {
            Failure::Buffer
        }
        _ => failure_of_kind(embedded_io::Error::kind(&error)),
    }
}

fn failure_of_kind(kind: ErrorKind) -> Failure {
    match kind {
        ErrorKind::TimedOut => Failure::TimedOut,
        ErrorKind::OutOfMemory => Failure::Buffer,
        _ => Failure::ConnectionLost,
    }
}
