//! A request on its way through the gate that all endpoints share.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Path, Request};
use axum::http::{HeaderMap, HeaderName, Method, Response, StatusCode, header};
use axum::response::IntoResponse;

use super::Answer;
use crate::config::Ability;
use crate::laravel::Input;
use crate::sandbox::App;
use crate::state::Pace;

/// A request before the gate.
pub(crate) struct Call {
    app: Arc<App>,
    segments: Vec<(String, String)>,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
}

/// A request that passed the gate.
pub(crate) struct Passed {
    pub(crate) app: Arc<App>,
    pub(crate) input: Input,
    limit: u32,
    remaining: u32,
    segments: Vec<(String, String)>,
}

impl FromRequest<Arc<App>> for Call {
    type Rejection = Response<Body>;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self, Self::Rejection> {
        let (mut parts, body) = request.into_parts();
        let Path(segments) =
            axum::RequestPartsExt::extract::<Path<Vec<(String, String)>>>(&mut parts)
                .await
                .map_err(IntoResponse::into_response)?;
        let body = Bytes::from_request(Request::from_parts(parts.clone(), body), app)
            .await
            .map_err(IntoResponse::into_response)?;
        Ok(Self {
            app: Arc::clone(app),
            segments,
            method: parts.method,
            headers: parts.headers,
            body,
        })
    }
}

impl Call {
    /// Lets the request pass, or says why not.
    pub(crate) fn pass(self, ability: Ability) -> Result<Passed, Answer> {
        if !self.header_says(header::ACCEPT, "application/json") {
            return Err(Answer::error(
                StatusCode::NOT_ACCEPTABLE,
                "The Accept header must be application/json",
            ));
        }
        if self.method == Method::POST
            && !self.header_says(header::CONTENT_TYPE, "application/json")
        {
            return Err(Answer::error(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "The Content-Type header must be application/json",
            ));
        }
        if segment(&self.segments, "subdomain") != self.app.config.subdomain {
            return Err(Answer::wrong_subdomain());
        }
        let offered = self
            .bearer()
            .ok_or_else(|| Answer::error(StatusCode::UNAUTHORIZED, "API token is required"))?;
        let token = self
            .app
            .config
            .tokens
            .iter()
            .find(|token| token.secret == offered)
            .ok_or_else(|| Answer::error(StatusCode::UNAUTHORIZED, "Invalid API token"))?;
        let limit = self.app.config.rate_limit;
        let remaining = match self.app.state().pace(&token.secret, limit) {
            Pace::Allowed { remaining } => remaining,
            Pace::TooFast { retry_after_s } => {
                return Err(with_limits(Answer::too_many(retry_after_s), limit, 0));
            }
        };
        if !token.may(ability) {
            let message = format!(
                "Token does not have the required ability: {}",
                ability.name()
            );
            return Err(with_limits(
                Answer::error(StatusCode::FORBIDDEN, &message),
                limit,
                remaining,
            ));
        }
        let input = Input::from_body(&self.body);
        Ok(Passed {
            app: Arc::clone(&self.app),
            input,
            limit,
            remaining,
            segments: self.segments,
        })
    }

    fn bearer(&self) -> Option<&str> {
        let value = self.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
        let (scheme, token) = value.split_once(' ')?;
        (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
    }

    /// Whether a header's value is `media_type`, with or without parameters.
    fn header_says(&self, name: HeaderName, media_type: &str) -> bool {
        self.headers
            .get_all(name)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|value| {
                value
                    .split(';')
                    .next()
                    .is_some_and(|essence| essence.trim().eq_ignore_ascii_case(media_type))
            })
    }
}

impl Passed {
    /// A part of the path, percent-decoded.
    pub(crate) fn segment(&self, name: &str) -> &str {
        segment(&self.segments, name)
    }

    /// Adds the headers that tell a client where it stands.
    pub(crate) fn finish(&self, answer: Answer) -> Answer {
        with_limits(answer, self.limit, self.remaining)
    }
}

fn segment<'a>(segments: &'a [(String, String)], name: &str) -> &'a str {
    segments
        .iter()
        .find(|(known, _)| known == name)
        .map_or("", |(_, value)| value)
}

fn with_limits(answer: Answer, limit: u32, remaining: u32) -> Answer {
    answer
        .with_header(HeaderName::from_static("x-ratelimit-limit"), limit.into())
        .with_header(
            HeaderName::from_static("x-ratelimit-remaining"),
            remaining.into(),
        )
}
