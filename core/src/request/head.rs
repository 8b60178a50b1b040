//! A request's head, as text for whatever HTTP client there is.

use core::fmt::{self, Write};

use super::endpoint::{Endpoint, Method};
use crate::Account;
use crate::text::{Out, decimal};

/// The value of the `Accept` header of every request.
pub const ACCEPT: &str = "application/json";
/// The value of the `Content-Type` header of every request with a body.
pub const CONTENT_TYPE: &str = "application/json";

/// Method, path and headers of a request.
///
/// A modem with AT commands wants them apart, a C stack wants header lines, a bare socket wants the whole head:
/// each is one call. What carries the token is written only by [`write_headers`](Self::write_headers) and
/// [`write_http1`](Self::write_http1).
///
/// # Examples
/// ```
/// use xobito_core::{Account, DEFAULT_HOST, Endpoint, Head, checked};
///
/// const ACCOUNT: Account = checked!(Account::new(DEFAULT_HOST, "acme", "apitk_0123"));
/// let head = Head::new(&ACCOUNT, Endpoint::Send);
/// assert_eq!(head.method().as_str(), "POST");
/// let mut path = String::new(); // or heapless::String<N>
/// head.write_path(&mut path)?;
/// assert_eq!(path, "/api/v1/acme/messages/send");
/// let mut lines = String::new();
/// head.write_headers(&mut lines)?;
/// assert_eq!(
///     lines,
///     "Authorization: Bearer apitk_0123\r\nAccept: application/json\r\nContent-Type: application/json\r\n"
/// );
/// # Ok::<(), core::fmt::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Head<'a> {
    account: &'a Account<'a>,
    endpoint: Endpoint<'a>,
}

impl<'a> Head<'a> {
    /// The head of a request to this endpoint.
    #[must_use]
    pub const fn new(account: &'a Account<'a>, endpoint: Endpoint<'a>) -> Self {
        Self { account, endpoint }
    }

    /// The HTTP method.
    #[must_use]
    pub const fn method(&self) -> Method {
        self.endpoint.method()
    }

    /// Writes the path, `/` first, with nothing in it that would need escaping.
    ///
    /// # Errors
    /// Whatever `out` answers, such as that it is full.
    pub fn write_path(&self, out: &mut (impl Write + ?Sized)) -> fmt::Result {
        self.path(&mut |part| out.write_str(part))
    }

    fn path(&self, out: Out<'_>) -> fmt::Result {
        out("/api/v1/")?;
        out(self.account.subdomain().as_str())?;
        out("/")?;
        self.endpoint.path(out)
    }

    /// The headers that the API asks for, without the value of `Authorization`: write that as `Bearer ` and the token.
    pub fn public_headers(&self) -> impl Iterator<Item = (&'static str, &'static str)> + use<> {
        let content_type =
            matches!(self.method(), Method::Post).then_some(("Content-Type", CONTENT_TYPE));
        [("Accept", ACCEPT)].into_iter().chain(content_type)
    }

    /// Writes the header lines that the API asks for, each ended by CR LF. They contain the token.
    ///
    /// `Host` and `Content-Length` are left to the client.
    ///
    /// # Errors
    /// Whatever `out` answers, such as that it is full.
    pub fn write_headers(&self, out: &mut (impl Write + ?Sized)) -> fmt::Result {
        self.headers(&mut |part| out.write_str(part))
    }

    fn headers(&self, out: Out<'_>) -> fmt::Result {
        out("Authorization: Bearer ")?;
        out(self.account.token().expose())?;
        for (name, value) in self.public_headers() {
            out("\r\n")?;
            out(name)?;
            out(": ")?;
            out(value)?;
        }
        out("\r\n")
    }

    /// Writes a whole HTTP/1.1 head, up to and with the empty line. It contains the token.
    ///
    /// `content_length` is the length of the body in bytes; a request without a body has none.
    ///
    /// # Errors
    /// Whatever `out` answers, such as that it is full.
    pub fn write_http1(
        &self,
        content_length: Option<u32>,
        out: &mut (impl Write + ?Sized),
    ) -> fmt::Result {
        self.http1(content_length, &mut |part| out.write_str(part))
    }

    fn http1(&self, content_length: Option<u32>, out: Out<'_>) -> fmt::Result {
        out(self.method().as_str())?;
        out(" ")?;
        self.path(out)?;
        out(" HTTP/1.1\r\nHost: ")?;
        out(self.account.host().authority())?;
        out("\r\n")?;
        self.headers(out)?;
        if let Some(length) = content_length {
            out("Content-Length: ")?;
            decimal(length.into(), out)?;
            out("\r\n")?;
        }
        out("\r\n")
    }
}
