//! Sockets: accepts connections, secures them, lets the HTTP server work on them, and takes them away from it when a
//! fault has other plans.
//!
//! ```text
//! accept -> fault in the handshake?  -> alert, FIN, RST or silence
//!        -> TLS -> HTTP server -> answer, next request ...
//!                      | an exchange hands over a plan
//!                      v
//!                  raw steps -> the connection is gone, or goes back to the HTTP server
//! ```

use std::io;
use std::net::Shutdown;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::exchange::Exchange;
use crate::faults::{Fault, Phase};
use crate::plan::Step;
use crate::sandbox::App;

const HANDSHAKE_LIMIT: Duration = Duration::from_secs(10);
/// How long a closed connection waits for the client's own FIN, so that nothing it still sends provokes a reset.
const LINGER_LIMIT: Duration = Duration::from_secs(2);

/// Accepts connections for ever.
pub(crate) async fn listen(listener: std::net::TcpListener, acceptor: TlsAcceptor, app: Arc<App>) {
    let Ok(listener) = TcpListener::from_std(listener) else {
        return;
    };
    let router = crate::api::router(Arc::clone(&app));
    loop {
        let Ok((tcp, _)) = listener.accept().await else {
            // Out of file descriptors, most likely: give connections time to end.
            sleep(Duration::from_millis(20)).await;
            continue;
        };
        let (number, fault) = {
            let mut state = app.state();
            state.connections.opened += 1;
            (
                state.connections.opened,
                state.take_fault(|phase| phase == Phase::Handshake),
            )
        };
        let exchange = Exchange::new(Arc::clone(&app), router.clone(), number);
        let acceptor = acceptor.clone();
        tokio::spawn(async move {
            // An error here is the client's going away or an injected fault: nothing to report to anybody.
            let _ = match fault {
                Some(fault) => spoil_handshake(fault, tcp).await,
                None => serve(tcp, acceptor, exchange).await,
            };
        });
    }
}

async fn spoil_handshake(fault: Fault, mut tcp: TcpStream) -> io::Result<()> {
    let mut hello = [0; 4096];
    if tcp.read(&mut hello).await? == 0 {
        return Ok(());
    }
    match fault {
        Fault::ResetInHandshake => tcp.set_zero_linger(),
        Fault::RefuseHandshake => {
            // Record: alert, TLS 1.2 on the wire, 2 bytes: fatal, handshake_failure.
            tcp.write_all(&[0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x28])
                .await?;
            close(tcp).await
        }
        Fault::StallInHandshake => wait_for_end(&mut tcp).await,
        _ => close(tcp).await,
    }
}

async fn serve(tcp: TcpStream, acceptor: TlsAcceptor, exchange: Exchange) -> io::Result<()> {
    tcp.set_nodelay(true)?;
    let mut stream = timeout(HANDSHAKE_LIMIT, acceptor.accept(tcp)).await??;
    exchange.app().state().connections.secured += 1;
    let exchange = Arc::new(exchange);
    loop {
        let (plans, mut handed_over) = mpsc::channel(1);
        let service = Arc::clone(&exchange).into_service(plans);
        let mut server = http1::Builder::new()
            .max_buf_size(256 * 1024)
            .serve_connection(TokioIo::new(stream), service);
        let plan = tokio::select! {
            ended = &mut server => return ended.map_err(io::Error::other),
            Some(plan) = handed_over.recv() => plan,
        };
        match carry_out(plan, server.into_parts().io.into_inner()).await? {
            Some(open) => stream = open,
            None => return Ok(()),
        }
    }
}

/// Takes the steps. The connection comes back if they left it open.
async fn carry_out(
    plan: Vec<Step>,
    mut stream: TlsStream<TcpStream>,
) -> io::Result<Option<TlsStream<TcpStream>>> {
    for step in plan {
        match step {
            Step::Send(bytes) => {
                stream.write_all(&bytes).await?;
                stream.flush().await?;
            }
            Step::SendInRecords(bytes, size) => {
                for record in bytes.chunks(size) {
                    stream.write_all(record).await?;
                    stream.flush().await?;
                }
            }
            Step::Pause(duration) => sleep(duration).await,
            Step::Stall => {
                wait_for_end(&mut stream).await?;
                return Ok(None);
            }
            Step::Close => {
                stream.shutdown().await?;
                close(stream.into_inner().0).await?;
                return Ok(None);
            }
            Step::Cut => {
                close(stream.into_inner().0).await?;
                return Ok(None);
            }
            Step::Reset => {
                stream.get_ref().0.set_zero_linger()?;
                return Ok(None);
            }
        }
    }
    Ok(Some(stream))
}

/// Sends FIN and waits for the other side's.
async fn close(mut tcp: TcpStream) -> io::Result<()> {
    socket2::SockRef::from(&tcp).shutdown(Shutdown::Write)?;
    timeout(LINGER_LIMIT, wait_for_end(&mut tcp))
        .await
        .unwrap_or(Ok(()))
}

async fn wait_for_end(stream: &mut (impl AsyncReadExt + Unpin)) -> io::Result<()> {
    let mut unread = [0; 4096];
    while stream.read(&mut unread).await? > 0 {}
    Ok(())
}
