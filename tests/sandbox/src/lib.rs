//! A stand-in for the Xobito API on this machine: HTTPS, documented answers, and every failure on demand.
//!
//! The rules here are written from the API's documentation and share no code with `xobito-core`, so that a mistake in
//! one shows in the other. Programs talk to it over a real socket; tests also look behind it:
//!
//! ```
//! use xobito_sandbox::{Config, Fault, Sandbox};
//!
//! let sandbox = Sandbox::start(Config::default())?;
//! sandbox.set_fault(Some(Fault::ResetBeforeAnswer));
//! // ... let a client that trusts `sandbox.ca_pem()` send a message to `sandbox.base_url()` ...
//! assert!(sandbox.messages().is_empty());
//! # Ok::<(), std::io::Error>(())
//! ```

mod admin;
mod api;
mod clock;
mod config;
mod connection;
mod exchange;
mod faults;
mod laravel;
pub mod numbers;
mod plan;
mod record;
mod sandbox;
mod state;
mod tls;

pub use config::{
    Ability, Certificate, Config, DEFAULT_NAMES, DEFAULT_TOKEN, READ_ONLY_TOKEN, Timeline, Tls,
    Token, Window,
};
pub use faults::{Fault, Phase, UnknownFault};
pub use record::Received;
pub use sandbox::Sandbox;
pub use state::Connections;
