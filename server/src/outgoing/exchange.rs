//! One request to another server: the address is checked when the connection is made, and nothing is followed elsewhere.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::http::{HeaderValue, Request, header};
use bytes::Bytes;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::target::Target;

/// What one exchange may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// From the name to the end of the answer.
    pub(crate) time: Duration,
    /// Bytes of the answer's body.
    pub(crate) bytes: usize,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The body, or why it was not read to its end, in words.
    pub(crate) body: Result<Bytes, String>,
}

/// Sends a request; its address is that of the target. `check` says which addresses may be connected to, all that the name
/// leads to.
///
/// # Errors
/// Why there is no answer, in words.
pub(crate) async fn exchange(
    target: &Target,
    check: impl Fn(IpAddr) -> Result<(), String>,
    request: Request<Full<Bytes>>,
    bounds: Bounds,
) -> Result<Answer, String> {
    let answered = tokio::time::timeout(bounds.time, send(target, check, request, bounds.bytes)).await;
    answered.unwrap_or_else(|_| Err(format!("no answer within {} s", bounds.time.as_secs())))
}

async fn send(
    target: &Target,
    check: impl Fn(IpAddr) -> Result<(), String>,
    mut request: Request<Full<Bytes>>,
    bytes: usize,
) -> Result<Answer, String> {
    *request.uri_mut() = target.path.parse().map_err(|error| format!("this is no path: {error}"))?;
    let host = HeaderValue::from_str(&target.host_header()).map_err(|error| error.to_string())?;
    let headers = request.headers_mut();
    headers.insert(header::HOST, host);
    headers.insert(header::USER_AGENT, HeaderValue::from_static(concat!("muster/", env!("CARGO_PKG_VERSION"))));
    let address = resolve(target, check).await?;
    let stream = TcpStream::connect(address).await.map_err(|error| format!("no connection: {error}"))?;
    if !target.is_encrypted {
        return converse(stream, request, bytes).await;
    }
    let name = ServerName::try_from(target.host.clone()).map_err(|error| error.to_string())?;
    let stream = TlsConnector::from(trust()?).connect(name, stream).await;
    converse(stream.map_err(|error| format!("no encrypted connection: {error}"))?, request, bytes).await
}

/// The address that is connected to, and no other. All that a name leads to must be allowed.
async fn resolve(target: &Target, check: impl Fn(IpAddr) -> Result<(), String>) -> Result<SocketAddr, String> {
    let found = tokio::net::lookup_host((target.host.as_str(), target.port)).await;
    let found: Vec<SocketAddr> = found.map_err(|error| format!("{} is not found: {error}", target.host))?.collect();
    found.iter().try_for_each(|address| check(address.ip()))?;
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

async fn converse(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    request: Request<Full<Bytes>>,
    bytes: usize,
) -> Result<Answer, String> {
    let in_words = |error: hyper::Error| format!("the connection broke: {error}");
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(in_words)?;
    let connection = Ended(tokio::spawn(connection));
    let answer = sender.send_request(request).await.map_err(in_words)?;
    let status = answer.status().as_u16();
    let body = Limited::new(answer.into_body(), bytes).collect().await;
    drop(connection);
    let body = body.map(http_body_util::Collected::to_bytes).map_err(|error| match error.is::<LengthLimitError>() {
        true => format!("the answer is longer than {bytes} bytes"),
        false => format!("the answer broke off: {error}"),
    });
    Ok(Answer { status, body })
}

/// A connection that ends with whoever waits for its answer.
struct Ended<T>(tokio::task::JoinHandle<T>);

impl<T> Drop for Ended<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use crate::limits::{OPENID_ANSWER_BYTES_MAX, WEBHOOK_ANSWER_BYTES_MAX};

    /// What becomes of an answer of so many bytes.
    async fn answered(length: usize, bytes: usize) -> Answer {
        let (near, mut far) = tokio::io::duplex(1 << 20);
        let other = tokio::spawn(async move {
            let asked = far.read(&mut [0; 1 << 10]).await.expect("a request");
            assert!(asked > 0, "it is asked for something");
            let mut answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n").into_bytes();
            answer.resize(answer.len() + length, b'x');
            far.write_all(&answer).await.expect("room for the answer");
            far
        });
        let answer = converse(near, Request::new(Full::default()), bytes).await.expect("an answer");
        drop(other.await);
        answer
    }

    #[tokio::test]
    async fn an_answer_is_read_as_far_as_its_bound() {
        for most in [WEBHOOK_ANSWER_BYTES_MAX, OPENID_ANSWER_BYTES_MAX] {
            let whole = answered(most, most).await;
            assert_eq!((whole.status, whole.body.map(|body| body.len())), (200, Ok(most)));
            let longer = answered(most + 1, most).await;
            let why = format!("the answer is longer than {most} bytes");
            assert_eq!((longer.status, longer.body), (200, Err(why)), "its status counts");
        }
    }
}
