//! One request and its answer.

use std::io::Read;
use std::time::Duration;

use ureq::http::header::{AUTHORIZATION, RETRY_AFTER};
use ureq::http::{HeaderValue, Request, Response};
use ureq::{Agent, AsSendBody, Body, Error};
use xobito_core::{Account, Answer, End, Endpoint, Failure, Head};
use zeroize::Zeroizing;

use crate::failure::{end_of, end_of_body};
use crate::watch::Stage;
use crate::{AnswerReader, Outcome};

/// Bytes of an answer's body that are read, at most. The largest documented answer has about 50 KB.
pub const ANSWER_MAX: usize = 1 << 20;

/// Bytes that are read at a time.
const CHUNK: usize = 8 * 1024;

/// Makes the request, once, and feeds its answer to the core.
pub(crate) fn run<A: Answer>(
    agent: &Agent,
    account: &Account<'_>,
    endpoint: Endpoint<'_>,
    body: Option<&[u8]>,
    timeout: Option<Duration>,
) -> Outcome<A> {
    let mut reader = AnswerReader::new();
    Stage::begin();
    let end = match request(agent, account, endpoint, body, timeout) {
        Ok(response) => read(response, &mut reader),
        Err(error) => end_of(&error),
    };
    reader.finish(end).cloned()
}

fn request(
    agent: &Agent,
    account: &Account<'_>,
    endpoint: Endpoint<'_>,
    body: Option<&[u8]>,
    timeout: Option<Duration>,
) -> Result<Response<Body>, Error> {
    let head = Head::new(account, endpoint);
    let mut url = format!("https://{}", account.host());
    // Writing to a `String` does not fail.
    let _ = head.write_path(&mut url);
    let bearer = Zeroizing::new(format!("Bearer {}", account.token().expose()));
    let mut authorization =
        HeaderValue::from_str(&bearer).map_err(|error| Error::Http(error.into()))?;
    authorization.set_sensitive(true);
    let mut request = Request::builder()
        .method(head.method().as_str())
        .uri(url)
        .header(AUTHORIZATION, authorization);
    for (name, value) in head.public_headers() {
        request = request.header(name, value);
    }
    match body {
        Some(body) => agent.run(within(agent, request.body(body)?, timeout)),
        None => agent.run(within(agent, request.body(())?, timeout)),
    }
}

/// Another deadline than the client's, where one is given.
fn within<B: AsSendBody>(
    agent: &Agent,
    request: Request<B>,
    timeout: Option<Duration>,
) -> Request<B> {
    match timeout {
        Some(_) => agent
            .configure_request(request)
            .timeout_global(timeout)
            .build(),
        None => request,
    }
}

fn read<A: Answer>(mut response: Response<Body>, reader: &mut AnswerReader<A>) -> End {
    reader.status(response.status().as_u16());
    if let Some(value) = response.headers().get(RETRY_AFTER)
        && let Ok(value) = value.to_str()
    {
        reader.retry_after(value);
    }
    let mut body = response.body_mut().as_reader();
    let mut chunk = vec![0; CHUNK];
    let mut left = ANSWER_MAX;
    while !reader.is_settled() {
        let bytes = match body.read(&mut chunk) {
            Ok(0) => break,
            Ok(len) => chunk.get(..len).unwrap_or_default(),
            Err(error) => return end_of_body(&error),
        };
        if bytes.len() > left {
            return End::Failed {
                request_left: true,
                failure: Failure::Buffer,
            };
        }
        left -= bytes.len();
        reader.feed(bytes);
    }
    End::Complete
}
