//! `xobito doctor` judges servers by a device's limits, which it must state anew.

#[path = "../../../adapters/std/src/bin/xobito/doctor/limits.rs"]
#[allow(dead_code, reason = "the limits of RSA keys are not public")]
mod limits;

use xobito_embassy::{http, tls};

#[test]
fn the_command_and_devices_have_the_same_limits() {
    assert_eq!(limits::MAX_CERTIFICATES, tls::MAX_CERTIFICATES);
    assert_eq!(limits::MAX_RECORD, tls::RECEIVE_BUFFER);
    assert_eq!(limits::HEAD_MAX, usize::from(http::HEAD_MAX));
    assert_eq!(limits::INTERIM_MAX, usize::from(http::INTERIM_MAX));
}
