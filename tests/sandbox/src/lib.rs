#![doc = include_str!("../README.md")]

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
