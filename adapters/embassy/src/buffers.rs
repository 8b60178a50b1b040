//! The memory that a client works in.

use crate::tls::{RECEIVE_BUFFER, SEND_BUFFER};

/// A scratch buffer that holds the path and the token of every request.
pub const SCRATCH_BUFFER: usize = 1024;

/// Every buffer of a client, to be put where the firmware wants it: a `static`, or a task's stack.
///
/// | buffer | default | sizing rule |
/// |---|---|---|
/// | `RECEIVE` | 16,640 | the largest TLS record that the server sends; 16,640 holds any, 4,096 is a bet on the server |
/// | `SEND` | [`SEND_BUFFER`] | the first TLS message: 320 bytes and the host's name; a request that is longer goes out in several records, each of 22 bytes more |
/// | `SCRATCH` | 1,024 | a request's path (about 100 bytes) and token with 7 more; what is left over of a TLS record waits, so more saves nothing |
///
/// What is too small is found out: the outcome is `NotSent(Buffer)`. Of the receive buffer it is `NotSent(Tls)`, which may be tried
/// again, because records are as large as the server makes them;
/// [`TlsError::ReceiveBufferTooSmall`](crate::tls::TlsError::ReceiveBufferTooSmall) tells how large.
///
/// # Examples
/// ```
/// use xobito_embassy::Buffers;
///
/// // In firmware: static BUFFERS: ConstStaticCell<Buffers> = ConstStaticCell::new(Buffers::new());
/// let small: Buffers<4096, 512, 256> = Buffers::new();
/// assert_eq!(size_of_val(&small), 4096 + 512 + 256);
/// ```
pub struct Buffers<
    const RECEIVE: usize = RECEIVE_BUFFER,
    const SEND: usize = SEND_BUFFER,
    const SCRATCH: usize = SCRATCH_BUFFER,
> {
    pub(crate) receive: [u8; RECEIVE],
    pub(crate) send: [u8; SEND],
    pub(crate) scratch: [u8; SCRATCH],
}

impl<const RECEIVE: usize, const SEND: usize, const SCRATCH: usize>
    Buffers<RECEIVE, SEND, SCRATCH>
{
    /// Zeros.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            receive: [0; RECEIVE],
            send: [0; SEND],
            scratch: [0; SCRATCH],
        }
    }
}

impl<const RECEIVE: usize, const SEND: usize, const SCRATCH: usize> Default
    for Buffers<RECEIVE, SEND, SCRATCH>
{
    fn default() -> Self {
        Self::new()
    }
}
