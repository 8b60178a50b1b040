//! Outboxes on a host: the one of `xobito-core` in RAM, the one of `xobito-flash` in a file, and what sends either.
//!
//! ```no_run
//! use std::time::Duration;
//! use xobito_std::core::message::TextMessage;
//! use xobito_std::core::outbox::{Config, Duplicates, Entry};
//! use xobito_std::core::{DEFAULT_HOST, E164, checked};
//! use xobito_std::outbox::{Driver, DurableOutbox, FileFlash, Turn, block_on, flash_range, record_bytes};
//! use xobito_std::{Client, OwnedRequest};
//!
//! const ON_CALL: E164 = checked!(E164::new("+14155551234"));
//!
//! let flash = FileFlash::open("/var/lib/freezer/outbox.flash", 4 * 65_536)?;
//! let range = flash_range(&flash);
//! let mut outbox: DurableOutbox<_, 8, 512, { record_bytes(512) }> =
//!     DurableOutbox::new(flash, range, Config::DEFAULT);
//! let client = Client::builder(DEFAULT_HOST, "acme", &std::env::var("XOBITO_TOKEN")?).build()?;
//! let mut driver = Driver::new(&client);
//! let found = block_on(outbox.open(driver.now(), Duration::ZERO))?;
//! println!("{} alerts are back", found.entries);
//!
//! let request = OwnedRequest::new(&TextMessage::new(&ON_CALL, "Freezer 3 is open"))?;
//! let entry = Entry::new(&request, ON_CALL, Duplicates::AtLeastOnce);
//! let enqueued = block_on(outbox.enqueue(&entry, driver.now())).map_err(|refused| refused.error)?;
//! println!("{} is in the file", enqueued.id);
//! loop {
//!     match driver.turn(&mut outbox)? {
//!         Turn::Event(event) => println!("{event:?}"),
//!         Turn::Wait(time) => std::thread::sleep(time), // or wait for the next alert
//!         Turn::Idle => break,
//!         _ => {}
//!     }
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod driver;
mod file_flash;

use std::ops::Range;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use embedded_storage_async::nor_flash::ReadNorFlash;

pub use driver::{Driver, Queue, Turn};
pub use file_flash::{FileFlash, FileFlashError, OpenError};
pub use xobito_flash::{DurableOutbox, Error, Found, NotEnqueued, flash_bytes, record_bytes};

/// All of a flash.
#[must_use]
pub fn flash_range(flash: &FileFlash) -> Range<u32> {
    0..u32::try_from(flash.capacity()).unwrap_or(u32::MAX)
}

/// Waits for a future on this thread. Those of an outbox in a file never wait for anything but the disk.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(done) => return done,
            Poll::Pending => thread::park(),
        }
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
