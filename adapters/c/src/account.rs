//! Whose messages they are, and to whom: checked before anything is built.

use core::ptr;

use xobito_core::{Account, E164, MessageId};

use crate::error::{XobitoError, XobitoField, XobitoProblem, XobitoStatus};
use crate::memory::{Call, Checked, XobitoText};

/// Where requests go and what authorises them. The texts stay the caller's; the library keeps no copy of them.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct XobitoAccount {
    /// `name` or `name:port`, such as `dash.xobito.com`.
    pub host: XobitoText,
    /// The workspace: 1 to 63 letters, digits, hyphens and underscores.
    pub subdomain: XobitoText,
    /// The bearer token: 1 to 512 printable ASCII characters without spaces. Secret.
    pub token: XobitoText,
}

/// What to connect to.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct XobitoHost {
    /// The name alone: what DNS, SNI and the certificate are asked about. Lies in the account's `host`.
    pub name: XobitoText,
    /// The port; 443 where the account names none.
    pub port: u16,
}

/// Whether the account can be used. `problem` may be NULL; it tells the position of what does not fit, never the token.
///
/// Returns 0, or `XOBITO_ERROR_HOST`, `XOBITO_ERROR_SUBDOMAIN`, `XOBITO_ERROR_TOKEN`.
///
/// # Safety
/// `account` and its texts are readable; `problem` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_account_check(
    account: *const XobitoAccount,
    problem: *mut XobitoProblem,
) -> i32 {
    let mut call = Call::new();
    // SAFETY: promised by the caller; nothing is written while the account is used.
    let mut check = || unsafe {
        call.tells(problem)?;
        call.account(account).map(|_| XobitoStatus::Ok)
    };
    let result = check();
    call.answer(&result)
}

/// The name and the port to connect to.
///
/// # Safety
/// `account` and its texts are readable; `host` is writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_host(account: *const XobitoAccount, host: *mut XobitoHost) -> i32 {
    let mut call = Call::new();
    // SAFETY: promised by the caller; the result is written after the account was used.
    let mut find = || unsafe {
        let out = call.out(host)?;
        let host = call.account(account)?.host();
        out.set(XobitoHost {
            name: XobitoText::of(host.name()),
            port: host.port(),
        });
        Ok(XobitoStatus::Ok)
    };
    let result = find();
    call.code(&result)
}

/// Whether a text is a phone number in E.164 form. `problem` may be NULL.
///
/// # Safety
/// `number` is readable; `problem` is NULL or writable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_phone_check(
    number: XobitoText,
    problem: *mut XobitoProblem,
) -> i32 {
    let mut call = Call::new();
    // SAFETY: promised by the caller.
    let mut check = || unsafe {
        call.tells(problem)?;
        call.number(number).map(|_| XobitoStatus::Ok)
    };
    let result = check();
    call.answer(&result)
}

/// Whether a text is a message id that can be asked after: 1 to 128 bytes, not `.` or `..`, no control character.
///
/// # Safety
/// `message_id` is readable.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_message_id_check(message_id: XobitoText) -> i32 {
    let mut call = Call::new();
    // SAFETY: promised by the caller.
    let result = unsafe { call.message_id(message_id) }.map(|_| XobitoStatus::Ok);
    call.code(&result)
}

/// Overwrites memory with zeros in a way that no compiler leaves out: for buffers that held a token.
///
/// # Safety
/// `memory` has `length` writable bytes, or is NULL with 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn xobito_wipe(memory: *mut u8, length: usize) -> i32 {
    let mut call = Call::new();
    // SAFETY: promised by the caller.
    let result = unsafe { call.buffer(memory, length) }.map(|bytes| {
        for byte in bytes {
            // SAFETY: it is a reference.
            unsafe { ptr::write_volatile(byte, 0) }
        }
        XobitoStatus::Ok
    });
    call.code(&result)
}

impl Call {
    /// # Safety
    /// As [`Call::list`], for the account and its texts.
    pub(crate) unsafe fn account<'a>(
        &mut self,
        account: *const XobitoAccount,
    ) -> Checked<Account<'a>> {
        // SAFETY: promised by the caller.
        unsafe {
            let account = self.copied(account)?;
            let host = self.ascii(account.host, XobitoError::Host)?;
            let subdomain = self.ascii(account.subdomain, XobitoError::Subdomain)?;
            let token = self.ascii(account.token, XobitoError::Token)?;
            Account::new(host, subdomain, token).map_err(|error| self.refuse(error))
        }
    }

    /// A part of an account. If it is not even UTF-8, it is not the plain ASCII that it has to be.
    ///
    /// # Safety
    /// As [`Call::list`].
    unsafe fn ascii<'a>(&mut self, text: XobitoText, error: XobitoError) -> Checked<&'a str> {
        // SAFETY: promised by the caller.
        let bytes = unsafe { self.list(text.data.cast::<u8>(), text.length)? };
        core::str::from_utf8(bytes).map_err(|_| self.refuse(error))
    }

    /// # Safety
    /// As [`Call::list`].
    pub(crate) unsafe fn number(&mut self, number: XobitoText) -> Checked<E164> {
        // SAFETY: promised by the caller.
        let text = unsafe { self.field(number, XobitoField::PhoneNumber, 0)? };
        E164::new(text).map_err(|error| self.refuse(error))
    }

    /// # Safety
    /// As [`Call::list`].
    pub(crate) unsafe fn message_id(&mut self, id: XobitoText) -> Checked<MessageId> {
        // SAFETY: promised by the caller.
        let text = unsafe { self.text(id)? };
        MessageId::new(text).map_err(|error| self.refuse(error))
    }
}
