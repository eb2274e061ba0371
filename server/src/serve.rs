//! Connections: accepting them, bounding them, and letting them finish when the server stops.
//!
//! The loop is our own because `axum::serve` has no time limit for headers, without which idle clients hold
//! connections for nothing. What is answered is in `api`.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_rustls::TlsAcceptor;
use tracing::{debug, error, info, warn};

use crate::api::App;
use crate::house::House;
use crate::limits::{
    ACCEPT_PAUSE, BUFFERED_SYNC_PERIOD, CHECKPOINT_PERIOD, COMPUTED_PERIOD, CONNECTIONS_MAX, DRAIN_TIME_MAX,
    HEADER_READ_TIME_MAX, METRICS_UPKEEP_PERIOD,
};

/// How long connections may take over what.
#[derive(Debug, Clone, Copy)]
struct Patience {
    header_read: Duration,
    drain: Duration,
}

/// Serves requests until `shutdown` is ready, then lets the running ones finish for [`DRAIN_TIME_MAX`].
///
/// # Errors
/// When the listener is of no use from the start; what goes wrong on one connection ends only that.
pub async fn serve(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    house: Arc<House>,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let patience = Patience { header_read: HEADER_READ_TIME_MAX, drain: DRAIN_TIME_MAX };
    run(listener, tls, house, shutdown, patience).await
}

async fn run(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    house: Arc<House>,
    shutdown: impl Future<Output = ()>,
    patience: Patience,
) -> io::Result<()> {
    info!(address = %listener.local_addr()?, "listening");
    let upkeep = [
        tokio::spawn(keep_metrics_small(house.app().clone())),
        tokio::spawn(keep_synced(house.clone())),
        tokio::spawn(keep_log_short(house.clone())),
        tokio::spawn(keep_computed_current(house.clone())),
        tokio::spawn(house.clone().keep_clean()),
        tokio::spawn(house.clone().close_idle()),
        tokio::spawn(house.clone().look_into_all()),
    ];
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(patience.header_read);
    let connections = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let graceful = GracefulShutdown::new();
    tokio::pin!(shutdown);
    loop {
        let (stream, peer, permit) = tokio::select! {
            accepted = accept(&listener, &connections) => accepted,
            () = &mut shutdown => break,
        };
        let client = Client { peer, house: house.clone(), builder: builder.clone(), watcher: graceful.watcher() };
        let tls = tls.clone();
        tokio::spawn(async move {
            match tls {
                None => client.answered(stream).await,
                Some(tls) => match tokio::time::timeout(patience.header_read, tls.accept(stream)).await {
                    Ok(Ok(stream)) => client.answered(stream).await,
                    Ok(Err(error)) => debug!(%error, "a connection was not encrypted"),
                    Err(_) => debug!("a connection took too long to be encrypted"),
                },
            }
            drop(permit);
        });
    }
    drop(listener);
    upkeep.iter().for_each(tokio::task::JoinHandle::abort);
    house.services().for_each(|service| service.app.close_streams());
    info!("stopping, {} connections open", graceful.count());
    if tokio::time::timeout(patience.drain, graceful.shutdown()).await.is_err() {
        warn!("some requests did not finish within {:?} and were cut off", patience.drain);
    }
    for service in house.services() {
        service.app.sync().await;
    }
    info!("stopped");
    Ok(())
}

/// Somebody who is connected.
struct Client {
    peer: SocketAddr,
    house: Arc<House>,
    builder: http1::Builder,
    watcher: Watcher,
}

impl Client {
    /// Answers requests until the connection ends.
    async fn answered(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let Self { peer, house, builder, watcher } = self;
        let service = service_fn(move |request| {
            let house = house.clone();
            async move { house.answer(request, peer).await }
        });
        if let Err(error) = watcher.watch(builder.serve_connection(TokioIo::new(stream), service)).await {
            debug!(%error, "a connection ended early");
        }
    }
}

async fn accept(
    listener: &TcpListener,
    connections: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, Option<OwnedSemaphorePermit>) {
    // The semaphore is never closed, so there always is a permit in the end.
    let permit = connections.clone().acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Answers are small and written whole: waiting for more to send only costs time.
                if let Err(error) = stream.set_nodelay(true) {
                    debug!(%error, "no TCP_NODELAY");
                }
                return (stream, peer, permit);
            }
            Err(error) => {
                error!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

async fn keep_metrics_small(app: App) {
    let mut ticks = tokio::time::interval(METRICS_UPKEEP_PERIOD);
    loop {
        ticks.tick().await;
        app.metrics().run_upkeep();
    }
}

/// Buffered changes do not wait for ever to be safe.
async fn keep_synced(house: Arc<House>) {
    let mut ticks = tokio::time::interval(BUFFERED_SYNC_PERIOD);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        for service in house.services() {
            service.app.sync().await;
        }
    }
}

/// A log does not grow for ever, nor does the time that a restart takes, nor does it name the erased for ever.
async fn keep_log_short(house: Arc<House>) {
    let mut ticks = tokio::time::interval(CHECKPOINT_PERIOD);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        for service in house.services() {
            service.app.checkpoint_when_due().await;
        }
    }
}

/// What days make of computed fields is seen soon after they have passed.
async fn keep_computed_current(house: Arc<House>) {
    let mut ticks = tokio::time::interval(COMPUTED_PERIOD);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        for service in house.services() {
            service.app.advance_computed().await;
        }
    }
}

/// Ready once the process is asked to stop: Ctrl-C, or SIGTERM from whoever supervises it. Both are noticed from the
/// call on, which is made within a runtime.
pub fn stop_signal() -> impl Future<Output = ()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let noticed = |kind, name| {
            let listening = signal(kind).inspect_err(|error| error!(%error, "{name} is not noticed"));
            async move {
                match listening {
                    Ok(mut signal) => drop(signal.recv().await),
                    Err(_) => std::future::pending().await,
                }
            }
        };
        let interrupt = noticed(SignalKind::interrupt(), "Ctrl-C");
        let terminate = noticed(SignalKind::terminate(), "SIGTERM");
        async {
            tokio::select! {
                () = interrupt => info!("interrupted"),
                () = terminate => info!("asked to terminate"),
            }
        }
    }
    #[cfg(not(unix))]
    async {
        if let Err(error) = tokio::signal::ctrl_c().await {
            error!(%error, "Ctrl-C is not noticed");
            std::future::pending::<()>().await;
        }
        info!("interrupted");
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::sync::oneshot;

    use super::*;
    use crate::house::{Kept, Opening};

    fn house() -> Arc<House> {
        House::new(Opening::in_memory(), Kept::default()).expect("a house")
    }

    /// Where it answers, what stops it, and its end.
    type Started = (std::net::SocketAddr, oneshot::Sender<()>, tokio::task::JoinHandle<()>);

    async fn start(patience: Patience) -> Started {
        start_with(None, patience).await
    }

    async fn start_with(tls: Option<TlsAcceptor>, patience: Patience) -> Started {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (stop, stopped) = oneshot::channel::<()>();
        let shutdown = async move {
            let _ = stopped.await;
        };
        let server = tokio::spawn(async move {
            run(listener, tls, house(), shutdown, patience).await.expect("a good end");
        });
        (address, stop, server)
    }

    const SHORT: Patience = Patience { header_read: Duration::from_millis(200), drain: Duration::from_millis(300) };

    #[tokio::test]
    async fn a_request_is_answered_and_the_server_stops_when_told() {
        let (address, stop, server) = start(SHORT).await;
        let mut client = TcpStream::connect(address).await.expect("a connection");
        let request = b"GET /api/health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
        client.write_all(request).await.expect("a request");
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
        assert!(answer.contains("x-request-id: "), "{answer}");
        stop.send(()).expect("a running server");
        server.await.expect("an orderly end");
        assert!(TcpStream::connect(address).await.is_err());
    }

    #[tokio::test]
    async fn encrypted_connections_are_answered_and_others_let_go() {
        let patience = Patience { header_read: Duration::from_secs(2), ..SHORT };
        let (address, stop, server) = start_with(Some(crate::tls::tests::example()), patience).await;
        let (connector, name) = crate::tls::tests::trusting();
        let plain = TcpStream::connect(address).await.expect("a connection");
        let mut client = connector.connect(name, plain).await.expect("an encrypted connection");
        let request = b"GET /api/health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
        client.write_all(request).await.expect("a request");
        let mut answer = Vec::new();
        // The end of the stream may come without the alert that says so.
        let _ = client.read_to_end(&mut answer).await;
        assert!(answer.starts_with(b"HTTP/1.1 200 OK"), "{}", String::from_utf8_lossy(&answer));
        for beginning in [&request[..], b""] {
            let mut other = TcpStream::connect(address).await.expect("a connection");
            other.write_all(beginning).await.expect("a beginning");
            let mut answer = Vec::new();
            let read = tokio::time::timeout(Duration::from_secs(5), other.read_to_end(&mut answer)).await;
            assert!(read.is_ok(), "the connection is still open");
            assert!(!answer.starts_with(b"HTTP"), "nothing is answered that is not encrypted");
        }
        stop.send(()).expect("a running server");
        server.await.expect("an orderly end");
    }

    #[tokio::test]
    async fn a_client_that_never_finishes_its_headers_is_let_go() {
        let (address, stop, server) = start(SHORT).await;
        let mut client = TcpStream::connect(address).await.expect("a connection");
        client.write_all(b"GET /api/health HTTP/1.1\r\nhost:").await.expect("half a request");
        let mut answer = Vec::new();
        let read = tokio::time::timeout(Duration::from_secs(5), client.read_to_end(&mut answer)).await;
        assert!(read.is_ok(), "the connection is still open");
        stop.send(()).expect("a running server");
        server.await.expect("an orderly end");
    }

    #[tokio::test]
    async fn a_request_that_does_not_end_delays_the_stop_only_so_long() {
        let patience = Patience { header_read: Duration::from_secs(60), ..SHORT };
        let (address, stop, server) = start(patience).await;
        let mut client = TcpStream::connect(address).await.expect("a connection");
        client.write_all(b"GET /api/health HTTP/1.1\r\nhost:").await.expect("half a request");
        tokio::time::sleep(Duration::from_millis(50)).await;
        stop.send(()).expect("a running server");
        tokio::time::timeout(Duration::from_secs(5), server).await.expect("in time").expect("an orderly end");
    }
}
