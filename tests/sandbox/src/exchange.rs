//! One request and its answer: records what arrived, asks the API, notes the truth, and lets a fault take over.

use std::convert::Infallible;
use std::future::{Future, pending};
use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::service::{Service, service_fn};
use tokio::sync::mpsc;
use tower::ServiceExt;

use crate::api::Verdict;
use crate::faults::{Fault, Phase};
use crate::plan::{self, Rendered, Step};
use crate::record::Received;
use crate::sandbox::App;

/// Bodies beyond this are answered 413.
const BODY_LIMIT: usize = 1 << 20;

type Plan = Vec<Step>;
type Answering = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

/// The requests of one connection.
pub(crate) struct Exchange {
    app: Arc<App>,
    router: Router,
    connection: u64,
}

impl Exchange {
    pub(crate) fn new(app: Arc<App>, router: Router, connection: u64) -> Self {
        Self {
            app,
            router,
            connection,
        }
    }

    pub(crate) fn app(&self) -> &App {
        &self.app
    }

    /// The service for the HTTP server. A plan that goes into `plans` means that the server will get no answer.
    pub(crate) fn into_service(
        self: Arc<Self>,
        plans: mpsc::Sender<Plan>,
    ) -> impl Service<Request<Incoming>, Response = Response<Body>, Error = Infallible, Future = Answering>
    {
        service_fn(move |request| -> Answering {
            let exchange = Arc::clone(&self);
            let plans = plans.clone();
            Box::pin(async move {
                match exchange.answer(request).await {
                    Ok(response) => Ok(response),
                    Err(plan) => {
                        // The connection takes the socket away as soon as it has the plan.
                        let _ = plans.send(plan).await;
                        pending().await
                    }
                }
            })
        })
    }

    async fn answer(&self, request: Request<Incoming>) -> Result<Response<Body>, Plan> {
        if request.uri().path().starts_with("/_sandbox/") {
            return Ok(self.route(request.map(Body::new)).await);
        }
        let chosen = self
            .app
            .state()
            .take_fault(|phase| phase != Phase::Handshake);
        if let Some(fault) = chosen.filter(|fault| fault.phase() == Phase::Request) {
            return Err(plan::before_request(fault));
        }
        let (parts, body) = request.into_parts();
        let Ok(body) = Limited::new(body, BODY_LIMIT).collect().await else {
            return Ok(status_only(StatusCode::PAYLOAD_TOO_LARGE));
        };
        let body = body.to_bytes();
        let sequence = self.record(&parts.method, &parts.uri, &parts.headers, &body);
        let response = if chosen.is_some_and(|fault| !fault.takes_request()) {
            status_only(StatusCode::OK)
        } else {
            self.route(Request::from_parts(parts, Body::from(body)))
                .await
        };
        let mut verdict = response
            .extensions()
            .get::<Verdict>()
            .cloned()
            .unwrap_or_default();
        verdict.fault = chosen.or(verdict.fault);
        let fault = verdict.fault;
        self.settle(sequence, response.status(), verdict);
        match fault {
            None => Ok(response),
            Some(fault) => Err(plan::for_answer(fault, &render(response).await)),
        }
    }

    async fn route(&self, request: Request<Body>) -> Response<Body> {
        self.router
            .clone()
            .oneshot(request)
            .await
            .unwrap_or_else(|never| match never {})
    }

    fn record(
        &self,
        method: &axum::http::Method,
        uri: &axum::http::Uri,
        headers: &HeaderMap,
        body: &Bytes,
    ) -> u64 {
        let received = Received {
            sequence: 0,
            at_us: 0,
            connection: self.connection,
            method: method.to_string(),
            path: uri
                .path_and_query()
                .map_or_else(String::new, ToString::to_string),
            headers: headers
                .iter()
                .map(|(name, value)| self.redacted(name.as_str(), value.as_bytes()))
                .collect(),
            body: body.to_vec(),
            json: serde_json::from_slice(body).ok(),
            status: 0,
            accepted: false,
            message_id: None,
            fault: None,
            warnings: Vec::new(),
        };
        self.app.state().record(received)
    }

    /// No token is kept: neither a valid one anywhere, nor anything that was offered as one.
    fn redacted(&self, name: &str, value: &[u8]) -> (String, String) {
        let mut text = String::from_utf8_lossy(value).into_owned();
        if name == header::AUTHORIZATION.as_str() {
            text = match text.split_once(' ') {
                Some((scheme, _)) => format!("{scheme} [redacted]"),
                None => "[redacted]".to_owned(),
            };
        }
        for token in &self.app.config.tokens {
            text = text.replace(&token.secret, "[redacted]");
        }
        (name.to_owned(), text)
    }

    /// Completes the record, before the client can learn anything.
    fn settle(&self, sequence: u64, status: StatusCode, verdict: Verdict) {
        let mut state = self.app.state();
        let known = state
            .received
            .iter_mut()
            .find(|known| known.sequence == sequence);
        let Some(received) = known else { return };
        if verdict.fault.is_none_or(Fault::takes_request) {
            received.status = status.as_u16();
        }
        received.accepted = verdict.accepted;
        received.message_id = verdict.message_id;
        received.fault = verdict.fault;
        received.warnings = verdict.warnings;
        let settled = received.clone();
        drop(state);
        if let Some(log) = self.app.config.log {
            log(&settled);
        }
    }
}

fn status_only(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

async fn render(response: Response<Body>) -> Rendered {
    let (parts, body) = response.into_parts();
    Rendered {
        status: format!(
            "{} {}",
            parts.status.as_u16(),
            parts.status.canonical_reason().unwrap_or("Unknown")
        ),
        headers: parts
            .headers
            .iter()
            .filter(|(name, _)| *name != header::CONTENT_LENGTH)
            .map(|(name, value)| {
                (
                    name.to_string(),
                    String::from_utf8_lossy(value.as_bytes()).into_owned(),
                )
            })
            .collect(),
        body: body
            .collect()
            .await
            .map(|body| body.to_bytes().to_vec())
            .unwrap_or_default(),
    }
}
