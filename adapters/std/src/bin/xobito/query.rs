//! `xobito status` and `xobito validate`.

use xobito_std::core::message::PhoneQuery;
use xobito_std::core::{MessageId, PhoneRequest};

use crate::arguments::Global;
use crate::connection::client;
use crate::failure::{Exit, Invalid};
use crate::output::Output;
use crate::report;

pub(crate) fn status(id: &MessageId, global: &Global, output: &Output) -> Result<Exit, Invalid> {
    if global.dry_run {
        output.hint("a status query is a GET without a body: there is nothing to print");
        return Ok(Exit::Accepted);
    }
    let outcome = client(global, global.timeout)?.status(id);
    Ok(report::delivery(&outcome, output))
}

pub(crate) fn validate(number: &str, global: &Global, output: &Output) -> Result<Exit, Invalid> {
    let invalid = |error| {
        Invalid::new(
            format!("NUMBER: {error}"),
            "give a number such as +14155551234",
        )
    };
    let query = PhoneQuery::new(number).map_err(invalid)?;
    if global.dry_run {
        let request = PhoneRequest::new(&query).map_err(|error| Invalid::new(error, ""))?;
        output.body(request.body())?;
        return Ok(Exit::Accepted);
    }
    let outcome = client(global, global.timeout)?.validate(&query);
    Ok(report::validation(&outcome, output))
}
