//! The documented endpoints. Each request passes the same gate first: headers, subdomain, token, rate limit, ability.

mod answer;
mod call;
mod contact;
mod countries;
mod delivery;
mod media;
mod send;
mod status;
mod template;
mod validate;

use std::sync::Arc;

use axum::Router;
use axum::http::{Method, StatusCode, Uri};
use axum::routing::{get, post};
use serde_json::json;

pub(crate) use answer::{Answer, Verdict};
pub(crate) use contact::is_e164;

use crate::admin;
use crate::sandbox::App;

/// Everything the sandbox answers to.
pub(crate) fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/api/v1/{subdomain}/messages/send", post(send::handle))
        .route(
            "/api/v1/{subdomain}/messages/template",
            post(template::handle),
        )
        .route("/api/v1/{subdomain}/messages/media", post(media::handle))
        .route(
            "/api/v1/{subdomain}/messages/{id}/status",
            get(status::handle),
        )
        .route("/api/v1/{subdomain}/phone/validate", post(validate::handle))
        .nest("/_sandbox", admin::router())
        .fallback(unknown_route)
        .method_not_allowed_fallback(wrong_method)
        .with_state(app)
}

async fn unknown_route(uri: Uri) -> Answer {
    let path = uri.path().trim_matches('/');
    Answer::json(
        StatusCode::NOT_FOUND,
        &json!({"message": format!("The route {path} could not be found.")}),
    )
}

async fn wrong_method(method: Method, uri: Uri) -> Answer {
    let path = uri.path().trim_matches('/');
    Answer::json(
        StatusCode::METHOD_NOT_ALLOWED,
        &json!({"message": format!("The {method} method is not supported for route {path}.")}),
    )
}
