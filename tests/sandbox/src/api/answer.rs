//! An answer of the API, as PHP writes it, with the truth about it for the record.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use serde::Serialize;
use serde_json::json;

use crate::faults::Fault;
use crate::laravel::{self, Errors};

/// What really happened, beside what the client is told.
#[derive(Clone, Debug, Default)]
pub(crate) struct Verdict {
    pub(crate) accepted: bool,
    pub(crate) message_id: Option<String>,
    /// A fault that the recipient's number asks for.
    pub(crate) fault: Option<Fault>,
    pub(crate) warnings: Vec<String>,
}

/// An answer of the API.
#[derive(Debug)]
pub(crate) struct Answer {
    status: StatusCode,
    headers: Vec<(HeaderName, u64)>,
    body: Vec<u8>,
    pub(crate) verdict: Verdict,
}

/// The error form that most answers share.
#[derive(Serialize)]
struct Failure<'a> {
    status: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<&'a Errors>,
}

impl Answer {
    pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: laravel::encode(body),
            verdict: Verdict::default(),
        }
    }

    /// `{"status":"error","message":...}`
    pub(crate) fn error(status: StatusCode, message: &str) -> Self {
        Self::json(
            status,
            &Failure {
                status: "error",
                message,
                errors: None,
            },
        )
    }

    /// 422 with every failing field.
    pub(crate) fn invalid(errors: &Errors) -> Self {
        let failure = Failure {
            status: "error",
            message: "Validation failed",
            errors: Some(errors),
        };
        Self::json(StatusCode::UNPROCESSABLE_ENTITY, &failure)
    }

    /// 400, whose `errors` is a text, other than everywhere else.
    pub(crate) fn wrong_subdomain() -> Self {
        Self::json(
            StatusCode::BAD_REQUEST,
            &json!({"errors": "Invalid tenant subdomain"}),
        )
    }

    pub(crate) fn failed_to_send() -> Self {
        Self::error(StatusCode::INTERNAL_SERVER_ERROR, "Failed to send message")
    }

    /// 429 with its wait in the body and in a header.
    pub(crate) fn too_many(retry_after_s: u64) -> Self {
        Self::json(
            StatusCode::TOO_MANY_REQUESTS,
            &json!({"message": "Too many requests", "retry_after": retry_after_s}),
        )
        .with_header(header::RETRY_AFTER, retry_after_s)
    }

    pub(crate) fn with_header(mut self, name: HeaderName, value: u64) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(crate) fn with_verdict(mut self, verdict: Verdict) -> Self {
        self.verdict = verdict;
        self
    }

    pub(crate) fn with_fault(mut self, fault: Fault) -> Self {
        self.verdict.fault = Some(fault);
        self
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        headers.insert(
            header::CACHE_CONTROL,
            HeaderValue::from_static("no-cache, private"),
        );
        for (name, value) in self.headers {
            headers.insert(name, HeaderValue::from(value));
        }
        response.extensions_mut().insert(self.verdict);
        response
    }
}
