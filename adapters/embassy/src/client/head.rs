//! A request's head, by reqwless's writer.

use core::fmt::{self, Write as _};

use embedded_io_async::Write;
use heapless::{String, Vec};
use reqwless::request::{Method as HttpMethod, Request, RequestBuilder};
use xobito_core::{Account, Endpoint, Failure, Head, Method};
use zeroize::Zeroize;

/// The decimal digits of any length.
const LENGTH_DIGITS: usize = 20;
/// Authorization, Content-Length, and the public ones.
const HEADERS_MAX: usize = 4;

/// A request line and the token, written into the scratch buffer, which is wiped when this is dropped.
pub(super) struct Rendered<'s> {
    scratch: &'s mut [u8],
    path_len: usize,
    bearer_len: usize,
}

impl<'s> Rendered<'s> {
    /// # Errors
    /// [`Failure::Buffer`]: the scratch buffer is too small.
    pub(super) fn new(
        scratch: &'s mut [u8],
        account: &Account<'_>,
        endpoint: Endpoint<'_>,
    ) -> Result<Self, Failure> {
        let mut rendered = Self {
            scratch,
            path_len: 0,
            bearer_len: 0,
        };
        let mut text = Cursor {
            buffer: rendered.scratch,
            len: 0,
        };
        let result = (|| {
            Head::new(account, endpoint).write_path(&mut text)?;
            rendered.path_len = text.len;
            text.write_str("Bearer ")?;
            text.write_str(account.token().expose())
        })();
        rendered.bearer_len = text.len - rendered.path_len;
        match result {
            Ok(()) => Ok(rendered),
            Err(fmt::Error) => Err(Failure::Buffer),
        }
    }

    /// Writes the head.
    ///
    /// # Errors
    /// Whatever the writer answers.
    pub(super) async fn write<W: Write>(
        &self,
        account: &Account<'_>,
        endpoint: Endpoint<'_>,
        content_length: Option<usize>,
        out: &mut W,
    ) -> Result<(), reqwless::Error> {
        let (path, rest) = self
            .scratch
            .split_at_checked(self.path_len)
            .unwrap_or_default();
        let bearer = rest.get(..self.bearer_len).unwrap_or_default();
        let mut length = String::<LENGTH_DIGITS>::new();
        if let Some(content_length) = content_length {
            write!(length, "{content_length}").map_err(|_| reqwless::Error::Codec)?;
        }
        let mut headers = Vec::<(&str, &str), HEADERS_MAX>::new();
        let mut add = |name, value| {
            headers
                .push((name, value))
                .map_err(|_| reqwless::Error::Codec)
        };
        add("Authorization", text_of(bearer))?;
        for (name, value) in Head::new(account, endpoint).public_headers() {
            add(name, value)?;
        }
        if !length.is_empty() {
            add("Content-Length", &length)?;
        }
        // Core knows no other methods.
        let method = match endpoint.method() {
            Method::Get => HttpMethod::GET,
            _ => HttpMethod::POST,
        };
        Request::new(method, text_of(path))
            .host(account.host().authority())
            .headers(&headers)
            .build()
            .write_header(out)
            .await
    }
}

impl Drop for Rendered<'_> {
    fn drop(&mut self) {
        self.scratch.zeroize();
    }
}

/// Text that was written by `fmt` is text.
fn text_of(bytes: &[u8]) -> &str {
    core::str::from_utf8(bytes).unwrap_or_default()
}

struct Cursor<'s> {
    buffer: &'s mut [u8],
    len: usize,
}

impl fmt::Write for Cursor<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.len.checked_add(text.len()).ok_or(fmt::Error)?;
        self.buffer
            .get_mut(self.len..end)
            .ok_or(fmt::Error)?
            .copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}
