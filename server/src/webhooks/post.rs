//! One message to one receiver: the address is checked when the connection is made, and nothing is followed elsewhere.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use axum::http::{HeaderName, Request, header};
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::address::{Policy, Target};
use crate::limits::{WEBHOOK_ANSWER_BYTES_MAX, WEBHOOK_TIME_MAX};

/// A message, ready to be sent.
#[derive(Debug, Clone)]
pub(super) struct Message {
    pub(super) id: String,
    /// Seconds since 1970.
    pub(super) seconds: i64,
    pub(super) signature: String,
    pub(super) body: Bytes,
}

/// Sends a message; the receiver's status.
///
/// # Errors
/// Why there is none, in words.
pub(super) async fn post(target: &Target, policy: Policy, message: &Message) -> Result<u16, String> {
    let sent = tokio::time::timeout(WEBHOOK_TIME_MAX, send(target, policy, message)).await;
    sent.unwrap_or_else(|_| Err(format!("no answer within {} s", WEBHOOK_TIME_MAX.as_secs())))
}

async fn send(target: &Target, policy: Policy, message: &Message) -> Result<u16, String> {
    let address = resolve(target, policy).await?;
    let stream = TcpStream::connect(address).await.map_err(|error| format!("no connection: {error}"))?;
    if !target.is_encrypted {
        return exchange(stream, target, message).await;
    }
    let name = ServerName::try_from(target.host.clone()).map_err(|error| error.to_string())?;
    let stream = TlsConnector::from(trust()?).connect(name, stream).await;
    exchange(stream.map_err(|error| format!("no encrypted connection: {error}"))?, target, message).await
}

/// The address that is connected to, and no other. All that a name leads to must be allowed.
async fn resolve(target: &Target, policy: Policy) -> Result<SocketAddr, String> {
    let found = tokio::net::lookup_host((target.host.as_str(), target.port)).await;
    let found: Vec<SocketAddr> = found.map_err(|error| format!("{} is not found: {error}", target.host))?.collect();
    found.iter().try_for_each(|address| policy.check(address.ip(), target.is_encrypted))?;
    found.first().copied().ok_or_else(|| format!("{} has no address", target.host))
}

/// The certificates that the system trusts.
fn trust() -> Result<Arc<ClientConfig>, String> {
    static TRUST: OnceLock<Result<Arc<ClientConfig>, String>> = OnceLock::new();
    let load = || {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = config.map_err(|error| error.to_string())?;
        Ok(Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
    };
    TRUST.get_or_init(load).clone()
}

async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    target: &Target,
    message: &Message,
) -> Result<u16, String> {
    let in_words = |error: hyper::Error| format!("the connection broke: {error}");
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(in_words)?;
    let connection = tokio::spawn(connection);
    let host = match (target.host.contains(':'), target.port) {
        (false, 80 | 443) => target.host.clone(),
        (false, port) => format!("{}:{port}", target.host),
        (true, port) => format!("[{}]:{port}", target.host),
    };
    let request = Request::post(&target.path)
        .header(header::HOST, host)
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::USER_AGENT, concat!("muster/", env!("CARGO_PKG_VERSION")))
        .header(HeaderName::from_static("webhook-id"), &message.id)
        .header(HeaderName::from_static("webhook-timestamp"), message.seconds)
        .header(HeaderName::from_static("webhook-signature"), &message.signature)
        .body(Full::new(message.body.clone()))
        .map_err(|error| error.to_string())?;
    let answer = sender.send_request(request).await.map_err(in_words)?;
    let status = answer.status().as_u16();
    // The answer's body says nothing here; it is read so far that a polite receiver is not cut off.
    let _: Result<_, Box<dyn std::error::Error + Send + Sync>> =
        Limited::new(answer.into_body(), WEBHOOK_ANSWER_BYTES_MAX).collect().await;
    drop(sender);
    connection.abort();
    Ok(status)
}

/// Why an answer does not count; none when the message was taken.
pub(super) fn objection(status: u16) -> Option<String> {
    match status {
        200..=299 => None,
        300..=399 => Some(format!("it answered {status}; redirections are not followed")),
        _ => Some(format!("it answered {status}")),
    }
}
