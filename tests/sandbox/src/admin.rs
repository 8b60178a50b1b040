//! `/_sandbox/`: look at what arrived, drive time, set faults. No token; faults never hit these requests.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::api::{Answer, is_e164};
use crate::clock;
use crate::faults::Fault;
use crate::numbers;
use crate::record::Received;
use crate::sandbox::App;

type Shared = State<Arc<App>>;

pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/health", get(health))
        .route("/messages", get(messages).delete(forget_messages))
        .route("/contacts", get(contacts))
        .route("/faults", get(faults))
        .route("/fault", get(fault).post(set_fault).delete(clear_fault))
        .route("/numbers", get(magic_numbers))
        .route("/time", get(now).post(advance))
        .route("/incoming", post(incoming))
        .route("/reset", post(reset))
}

async fn health(State(app): Shared) -> Answer {
    let connections = app.state().connections;
    ok(
        &json!({"status": "ok", "connections": {"opened": connections.opened, "secured": connections.secured}}),
    )
}

async fn messages(State(app): Shared) -> Answer {
    let state = app.state();
    ok(&json!({"messages": state.received.iter().map(Received::to_json).collect::<Vec<_>>()}))
}

async fn forget_messages(State(app): Shared) -> Answer {
    app.state().received.clear();
    ok(&json!({"messages": []}))
}

async fn contacts(State(app): Shared) -> Answer {
    let state = app.state();
    let contacts: Vec<Value> = state
        .contacts
        .iter()
        .map(|contact| {
            json!({
                "id": contact.id,
                "chat_id": contact.chat_id,
                "phone": contact.phone,
                "firstname": contact.first_name,
                "last_wrote": contact.last_wrote.map(clock::iso_8601),
            })
        })
        .collect();
    ok(&json!({"contacts": contacts}))
}

async fn faults() -> Answer {
    let faults: Vec<Value> = Fault::ALL
        .iter()
        .map(|&fault| {
            json!({"name": fault.name(), "about": fault.about(), "strikes": fault.phase().to_string(),
                "number": numbers::for_fault(fault), "takes_request": fault.takes_request()})
        })
        .collect();
    ok(&json!({"faults": faults}))
}

async fn fault(State(app): Shared) -> Answer {
    current_fault(&app)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetFault {
    fault: String,
    /// How many requests (or connections) it hits.
    #[serde(default = "one")]
    count: u32,
}

fn one() -> u32 {
    1
}

async fn set_fault(State(app): Shared, body: Bytes) -> Result<Answer, Answer> {
    let wish: SetFault = parsed(&body)?;
    let fault: Fault = wish.fault.parse().map_err(|error| refused(&error))?;
    app.state().set_fault(Some(fault), Some(wish.count));
    Ok(current_fault(&app))
}

async fn clear_fault(State(app): Shared) -> Answer {
    app.state().set_fault(None, None);
    current_fault(&app)
}

fn current_fault(app: &App) -> Answer {
    let active = app.state().fault;
    ok(
        &json!({"fault": active.map(|active| active.fault.name()), "remaining": active.and_then(|active| active.remaining)}),
    )
}

async fn magic_numbers() -> Answer {
    let numbers: Vec<Value> = numbers::all()
        .into_iter()
        .map(|magic| json!({"number": magic.number, "about": magic.about}))
        .collect();
    ok(&json!({"numbers": numbers}))
}

async fn now(State(app): Shared) -> Answer {
    current_time(&app)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_s: f64,
}

async fn advance(State(app): Shared, body: Bytes) -> Result<Answer, Answer> {
    let wish: Advance = parsed(&body)?;
    let by = Duration::try_from_secs_f64(wish.advance_s).map_err(|error| refused(&error))?;
    app.state().clock.advance(by);
    Ok(current_time(&app))
}

fn current_time(app: &App) -> Answer {
    let state = app.state();
    ok(
        &json!({"now": clock::iso_8601(state.clock.now()), "driven_s": state.clock.driven().as_secs_f64()}),
    )
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Incoming {
    phone_number: String,
}

async fn incoming(State(app): Shared, body: Bytes) -> Result<Answer, Answer> {
    let wish: Incoming = parsed(&body)?;
    if !is_e164(&wish.phone_number) {
        return Err(Answer::json(
            StatusCode::BAD_REQUEST,
            &json!({"error": "phone_number is not E.164"}),
        ));
    }
    app.state().incoming(&wish.phone_number);
    Ok(contacts(State(app)).await)
}

async fn reset(State(app): Shared) -> Answer {
    app.state().reset();
    ok(&json!({"status": "ok"}))
}

fn ok(body: &Value) -> Answer {
    Answer::json(StatusCode::OK, body)
}

fn parsed<T: DeserializeOwned>(body: &[u8]) -> Result<T, Answer> {
    serde_json::from_slice(body).map_err(|error| refused(&error))
}

fn refused(error: &dyn std::error::Error) -> Answer {
    Answer::json(
        StatusCode::BAD_REQUEST,
        &json!({"error": error.to_string()}),
    )
}
