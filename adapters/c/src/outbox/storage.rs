//! Where an outbox lies: in the caller's memory, in one of two sizes.

use core::mem::{align_of, size_of};
use core::time::Duration;

use xobito_core::outbox::{
    Config, EnqueueError, Enqueued, Entry, EntryId, Key, NotInFlight, Outbox, Step,
};
use xobito_core::{Accepted, Delivery, E164, Outcome};

use super::XobitoOutboxConfig;
use super::told::config;
use crate::error::{XobitoError, XobitoStatus};
use crate::memory::{Call, Checked};

/// Entries of a small outbox.
pub const XOBITO_OUTBOX_SMALL_SLOTS: usize = 4;
/// Bytes for the request of an entry of a small outbox, with its template behind it.
pub const XOBITO_OUTBOX_SMALL_BYTES: usize = 512;
/// Bytes of a `xobito_outbox_small_t`.
pub const XOBITO_OUTBOX_SMALL_SIZE: usize = 2824;
/// Entries of a large outbox.
pub const XOBITO_OUTBOX_LARGE_SLOTS: usize = 16;
/// Bytes for the request of an entry of a large outbox, with its template behind it.
pub const XOBITO_OUTBOX_LARGE_BYTES: usize = 1024;
/// Bytes of a `xobito_outbox_large_t`.
pub const XOBITO_OUTBOX_LARGE_SIZE: usize = 17_832;
/// Alignment of both, in bytes.
pub const XOBITO_OUTBOX_ALIGN: usize = 8;

/// The memory of a small outbox: 4 entries of 512 bytes.
#[repr(C)]
#[derive(Debug)]
pub struct XobitoOutboxSmall {
    /// Not to be touched.
    pub storage: [u64; 353],
}

/// The memory of a large outbox: 16 entries of 1024 bytes.
#[repr(C)]
#[derive(Debug)]
pub struct XobitoOutboxLarge {
    /// Not to be touched.
    pub storage: [u64; 2229],
}

/// An outbox in the memory of either size.
#[derive(Debug)]
pub struct XobitoOutbox {
    _opaque: (),
}

type Small = Outbox<XOBITO_OUTBOX_SMALL_SLOTS, XOBITO_OUTBOX_SMALL_BYTES>;
type Large = Outbox<XOBITO_OUTBOX_LARGE_SLOTS, XOBITO_OUTBOX_LARGE_BYTES>;

/// What is in it. The magic comes first: without it nothing else in there is looked at.
#[repr(C)]
struct Stored<T> {
    head: Head,
    outbox: T,
}

#[repr(C)]
#[derive(Clone, Copy)]
struct Head {
    magic: u32,
    /// What was handed out and neither settled nor put back. The core knows it, too, but does not say what it put back.
    handed_out: EntryId,
    /// The bytes of all of it.
    size: usize,
    /// Which size it has; a pointer, so that a program links only those that it uses.
    sized: fn(*mut ()) -> *mut dyn AnySize,
}

const MAGIC: u32 = 0x5842_4F31;

/// No entry has this id.
const NOTHING: EntryId = EntryId(0);

#[allow(dead_code)] // Older compilers do not see that a constant calls it.
const fn fits<T>(size: usize) {
    assert!(size_of::<Stored<T>>() <= size);
    assert!(align_of::<Stored<T>>() <= XOBITO_OUTBOX_ALIGN);
}

const _: () = {
    fits::<Small>(XOBITO_OUTBOX_SMALL_SIZE);
    fits::<Large>(XOBITO_OUTBOX_LARGE_SIZE);
    assert!(size_of::<XobitoOutboxSmall>() == XOBITO_OUTBOX_SMALL_SIZE);
    assert!(size_of::<XobitoOutboxLarge>() == XOBITO_OUTBOX_LARGE_SIZE);
    assert!(align_of::<XobitoOutboxSmall>() == XOBITO_OUTBOX_ALIGN);
    assert!(align_of::<XobitoOutboxLarge>() == XOBITO_OUTBOX_ALIGN);
};

/// Makes an empty outbox in `storage`; `*outbox` becomes what the other functions take, and points into `storage`.
///
/// `config` may be NULL for the defaults. Where a reset may have come before, call `xobito_outbox_restored` next.
/// Returns `XOBITO_ERROR_VALUE` where the configuration contradicts itself.
///
/// # Safety
/// `storage` is writable and stays where it is as long as the outbox is used; `config` is readable or NULL, `outbox`
/// is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_outbox_small_init(
    storage: *mut XobitoOutboxSmall,
    config: *const XobitoOutboxConfig,
    outbox: *mut *mut XobitoOutbox,
) -> i32 {
    // SAFETY: promised by the caller; the storage is as large as `fits` asks.
    unsafe {
        init(storage, config, outbox, |config| -> Small {
            Outbox::new(config)
        })
    }
}

/// As `xobito_outbox_small_init`, for 16 entries of 1024 bytes.
///
/// # Safety
/// As `xobito_outbox_small_init`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_outbox_large_init(
    storage: *mut XobitoOutboxLarge,
    config: *const XobitoOutboxConfig,
    outbox: *mut *mut XobitoOutbox,
) -> i32 {
    // SAFETY: promised by the caller; the storage is as large as `fits` asks.
    unsafe {
        init(storage, config, outbox, |config| -> Large {
            Outbox::new(config)
        })
    }
}

/// # Safety
/// As [`xobito_outbox_small_init`], and a `Stored<T>` fits into an `S`.
unsafe fn init<S, T: 'static>(
    storage: *mut S,
    given: *const XobitoOutboxConfig,
    handle: *mut *mut XobitoOutbox,
    new: fn(Config) -> T,
) -> i32
where
    Stored<T>: AnySize,
{
    let mut call = Call::new();
    // SAFETY: promised by the caller.
    let mut init = || unsafe {
        call.writes(storage, 1)?;
        let handle = call.out(handle)?;
        let given = if given.is_null() {
            XobitoOutboxConfig::default()
        } else {
            call.copied(given)?
        };
        let Some(config) = config(&given) else {
            return Err(call.refuse(XobitoError::Value));
        };
        storage.cast::<Stored<T>>().write(Stored {
            head: Head {
                magic: MAGIC,
                handed_out: NOTHING,
                size: size_of::<Stored<T>>(),
                sized: sized::<T>,
            },
            outbox: new(config),
        });
        handle.set(storage.cast());
        Ok(XobitoStatus::Ok)
    };
    let result = init();
    call.code(&result)
}

/// What is at `place`, if it is a `Stored<T>`.
fn sized<T: 'static>(place: *mut ()) -> *mut dyn AnySize
where
    Stored<T>: AnySize,
{
    place.cast::<Stored<T>>()
}

impl Call {
    /// The outbox; from now on it is what the call writes to.
    ///
    /// # Safety
    /// `outbox` is NULL, or what `init` gave and nobody else uses.
    pub(super) unsafe fn outbox<'a>(
        &mut self,
        outbox: *mut XobitoOutbox,
    ) -> Checked<&'a mut dyn AnySize> {
        // SAFETY: promised by the caller; the head is read only behind the magic, and says what lies there.
        unsafe {
            if self.copied(outbox.cast::<u32>().cast_const())? != MAGIC {
                return Err(self.refuse(XobitoError::Order));
            }
            let head = self.copied(outbox.cast::<Head>().cast_const())?;
            self.writes(outbox.cast::<u8>(), head.size)?;
            Ok(&mut *(head.sized)(outbox.cast()))
        }
    }
}

/// An outbox of any size.
pub(super) trait AnySize {
    fn enqueue(&mut self, entry: &Entry<'_>, now: Duration) -> Result<Enqueued, EnqueueError>;
    fn stands_for(&self, key: Key, recipient: &E164) -> Option<u32>;
    fn poll(&mut self, now: Duration, jitter: u32) -> Step<'_>;
    fn settle(
        &mut self,
        id: EntryId,
        outcome: &Outcome<Accepted>,
        now: Duration,
    ) -> Result<(), NotInFlight>;
    fn settle_query(
        &mut self,
        id: EntryId,
        outcome: &Outcome<Delivery>,
        now: Duration,
    ) -> Result<(), NotInFlight>;
    fn unsend(&mut self, id: EntryId) -> Result<(), NotInFlight>;
    fn resume(&mut self);
    fn link_up(&mut self);
    fn restored(&mut self, now: Duration);
    fn len(&self) -> usize;
}

impl<const SLOTS: usize, const BYTES: usize, const RECENT: usize> AnySize
    for Stored<Outbox<SLOTS, BYTES, RECENT>>
{
    fn enqueue(&mut self, entry: &Entry<'_>, now: Duration) -> Result<Enqueued, EnqueueError> {
        self.outbox.enqueue(entry, now)
    }

    fn stands_for(&self, key: Key, recipient: &E164) -> Option<u32> {
        self.outbox.stands_for(key, recipient)
    }

    fn poll(&mut self, now: Duration, jitter: u32) -> Step<'_> {
        let step = self.outbox.poll(now, jitter);
        if let Step::Send { id, .. } | Step::Query { id, .. } = &step {
            self.head.handed_out = *id;
        }
        step
    }

    fn settle(
        &mut self,
        id: EntryId,
        outcome: &Outcome<Accepted>,
        now: Duration,
    ) -> Result<(), NotInFlight> {
        self.outbox.settle(id, outcome.as_ref(), now)?;
        self.head.handed_out = NOTHING;
        Ok(())
    }

    fn settle_query(
        &mut self,
        id: EntryId,
        outcome: &Outcome<Delivery>,
        now: Duration,
    ) -> Result<(), NotInFlight> {
        self.outbox.settle_query(id, outcome.as_ref(), now)?;
        self.head.handed_out = NOTHING;
        Ok(())
    }

    fn unsend(&mut self, id: EntryId) -> Result<(), NotInFlight> {
        if id == NOTHING || id != self.head.handed_out {
            return Err(NotInFlight);
        }
        self.outbox.unsend(id);
        self.head.handed_out = NOTHING;
        Ok(())
    }

    fn resume(&mut self) {
        self.outbox.resume();
    }

    fn link_up(&mut self) {
        self.outbox.link_up();
    }

    fn restored(&mut self, now: Duration) {
        self.outbox.restored(now);
    }

    fn len(&self) -> usize {
        self.outbox.len()
    }
}
