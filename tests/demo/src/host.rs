//! The demo from a host: `xobito-std` against the sandbox, in one process and over real TLS.

use std::error::Error;
use std::thread::sleep;
use std::time::{Duration, Instant};

use xobito_sandbox::{Config, DEFAULT_TOKEN, Sandbox};
use xobito_std::core::message::{
    ButtonMessage, Media, MediaMessage, ReplyButton, TemplateMessage, TextMessage, UrlMessage,
};
use xobito_std::core::{DeliveryState, E164, Message, MessageId, Outcome, checked};
use xobito_std::{Client, OwnedRequest};

use crate::report::{Belief, agree};

const ON_CALL: E164 = checked!(E164::new("+14155551234"));
/// Messages are delivered after two seconds in the sandbox.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) fn show() -> Result<bool, Box<dyn Error>> {
    let sandbox = Sandbox::start(Config::default())?;
    println!(
        "A sandbox of the API listens on {}, with a CA of its own.",
        sandbox.base_url()
    );
    let host = format!("localhost:{}", sandbox.port());
    let subdomain = &sandbox.config().subdomain;
    let client = Client::builder(&host, subdomain, DEFAULT_TOKEN)
        .ca_pem(sandbox.ca_pem())
        .build()?;

    let celsius = -3.5;
    let buttons = [
        ReplyButton {
            id: "ack-7",
            title: "On my way",
        },
        ReplyButton {
            id: "no-7",
            title: "Cannot",
        },
    ];
    let values = ["Freezer 3".into(), "-3.5 °C".into(), "since 14:02".into()];
    let picture = Media::Image {
        url: "https://plant.example/cam/7.jpg",
        caption: Some("Pump 7 🔥".into()),
    };
    let beliefs = [
        send(
            &client,
            "a text",
            &TextMessage::new(&ON_CALL, format_args!("🧊 Freezer 3: {celsius} °C")),
        )?,
        send(
            &client,
            "reply buttons",
            &ButtonMessage::new(&ON_CALL, "Pump 7 stopped. Who goes?", buttons),
        )?,
        send(
            &client,
            "a URL button",
            &UrlMessage::new(
                &ON_CALL,
                "Pump 7 stopped.",
                "Open panel",
                "https://plant.example/pumps/7",
            ),
        )?,
        send(
            &client,
            "a template",
            &TemplateMessage::new(&ON_CALL, "alert", "en_US").fields(&values),
        )?,
        send(&client, "a picture", &MediaMessage::new(&ON_CALL, picture))?,
    ];
    let delivered = match beliefs
        .first()
        .and_then(|belief| MessageId::new(&belief.id).ok())
    {
        Some(id) => follow(&client, &id),
        None => false,
    };
    let beliefs: Vec<Belief> = beliefs
        .into_iter()
        .filter(|belief| !belief.id.is_empty())
        .collect();
    Ok(agree(&beliefs, &sandbox.messages()) && beliefs.len() == 5 && delivered)
}

/// Sends a message, says what went out and what came back, and what to believe: no id where it was not accepted.
fn send(
    client: &Client,
    what: &'static str,
    message: &impl Message,
) -> Result<Belief, Box<dyn Error>> {
    let request = OwnedRequest::new(message)?;
    println!(
        "\n{what}\n  out   {}",
        String::from_utf8_lossy(request.body())
    );
    let outcome = client.send(&request);
    let id = match &outcome {
        Outcome::Accepted(accepted) => accepted.message_id.as_str().to_owned(),
        _ => String::new(),
    };
    println!("  back  {outcome} {id}");
    Ok(Belief {
        what: what.to_owned(),
        id,
    })
}

/// Asks after a message until it is delivered; whether it was.
fn follow(client: &Client, id: &MessageId) -> bool {
    println!("\nwhat became of the first");
    let start = Instant::now();
    let mut last = None;
    while start.elapsed() < PATIENCE {
        match client.status(id) {
            Outcome::Accepted(delivery) => {
                if last != Some(delivery.state()) {
                    println!(
                        "  {:>4} ms  {}",
                        start.elapsed().as_millis(),
                        delivery.state().as_str()
                    );
                }
                if matches!(
                    delivery.state(),
                    DeliveryState::Delivered | DeliveryState::Read
                ) {
                    return true;
                }
                last = Some(delivery.state());
            }
            other => println!("  {other}"),
        }
        sleep(Duration::from_millis(250));
    }
    false
}
