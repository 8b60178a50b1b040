//! From the HTTP library's errors, and how far it got, to the core's [`Failure`].

use std::error::Error as StdError;
use std::io::{self, ErrorKind};

use xobito_core::{End, Failure};

use crate::watch::Stage;

/// How an exchange that broke ended.
pub(crate) fn end_of(error: &ureq::Error) -> End {
    let stage = Stage::reached();
    End::Failed {
        request_left: stage == Stage::RequestLeft,
        failure: failure(stage, error),
    }
}

/// The same for an error that came while the body was read: the library wraps its own in one of `std`'s.
pub(crate) fn end_of_body(error: &io::Error) -> End {
    let failure = match find::<ureq::Error>(error) {
        Some(error) => failure(Stage::RequestLeft, error),
        None if is_timeout(error) => Failure::TimedOut,
        None => Failure::ConnectionLost,
    };
    End::Failed {
        request_left: true,
        failure,
    }
}

fn failure(stage: Stage, error: &ureq::Error) -> Failure {
    let timed_out = match error {
        ureq::Error::Timeout(_) => true,
        ureq::Error::Io(error) => is_timeout(error),
        _ => false,
    };
    if timed_out {
        return Failure::TimedOut;
    }
    match stage {
        Stage::Resolving => Failure::Dns,
        Stage::Connecting => Failure::Connect,
        Stage::Securing if is_about_certificate(error) => Failure::Certificate,
        Stage::Securing => Failure::Tls,
        Stage::Ready | Stage::RequestLeft => match error {
            ureq::Error::Protocol(_) | ureq::Error::Http(_) | ureq::Error::BodyStalled => {
                Failure::MalformedHttp
            }
            ureq::Error::LargeResponseHeader(..) => Failure::Buffer,
            _ => Failure::ConnectionLost,
        },
    }
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock)
}

fn is_about_certificate(error: &ureq::Error) -> bool {
    let tls = match error {
        ureq::Error::Rustls(error) => Some(error),
        ureq::Error::Io(error) => find::<rustls::Error>(error),
        _ => None,
    };
    matches!(
        tls,
        Some(rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented)
    )
}

/// Looks for an error of this type within another.
fn find<E: StdError + 'static>(error: &io::Error) -> Option<&E> {
    let mut inner: Option<&(dyn StdError + 'static)> = error.get_ref().map(|inner| inner as _);
    while let Some(error) = inner {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        inner = error.source();
    }
    None
}
