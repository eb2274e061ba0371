//! How long a client may take over a body: nobody holds a connection by sending a byte now and then.
//!
//! A pause ends it, and so does a pace at which the body as a whole is slower than [`BODY_BYTES_PER_SECOND_MIN`], once it
//! has had the time of one pause to get going. Bodies come as they are: what is compressed as a whole is refused, so a few
//! bytes never become many before their length was counted.

use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes};
use axum::http::{HeaderMap, StatusCode, header};
use futures_util::{StreamExt, stream};

use super::error::ApiError;
use crate::clock::Stopwatch;
use crate::limits::{BODY_BYTES_PER_SECOND_MIN, BODY_PAUSE_MAX};

/// A body on its way.
struct Coming {
    pieces: BodyDataStream,
    watch: Stopwatch,
    bytes: u64,
    pause_max: Duration,
}

impl Coming {
    /// Time that is left for the next piece.
    fn patience(&self) -> Duration {
        let earned = Duration::from_secs(self.bytes / BODY_BYTES_PER_SECOND_MIN);
        (self.pause_max + earned).saturating_sub(self.watch.elapsed()).min(self.pause_max)
    }

    async fn next(mut self) -> Option<(Result<Bytes, axum::Error>, Option<Self>)> {
        match tokio::time::timeout(self.patience(), self.pieces.next()).await {
            Ok(Some(Ok(piece))) => {
                self.bytes += piece.len() as u64;
                Some((Ok(piece), Some(self)))
            }
            Ok(piece) => piece.map(|piece| (piece, Some(self))),
            Err(_) => {
                let late = std::io::Error::new(std::io::ErrorKind::TimedOut, "the body came too slowly");
                Some((Err(axum::Error::new(late)), None))
            }
        }
    }
}

/// A body whose sender is given up when it comes too slowly.
pub(super) fn patient(body: Body) -> Body {
    if axum::body::HttpBody::is_end_stream(&body) {
        return body;
    }
    waiting(body, BODY_PAUSE_MAX)
}

fn waiting(body: Body, pause_max: Duration) -> Body {
    let coming = Coming { pieces: body.into_data_stream(), watch: Stopwatch::start(), bytes: 0, pause_max };
    Body::from_stream(stream::unfold(Some(coming), |coming| async { coming?.next().await }))
}

/// Refuses a body that is compressed as a whole.
pub(super) fn check_encoding(headers: &HeaderMap) -> Result<(), ApiError> {
    let is_plain = |value: &header::HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"identity");
    if headers.get_all(header::CONTENT_ENCODING).iter().all(is_plain) {
        return Ok(());
    }
    let message =
        "bodies are sent as they are, without content-encoding; Parquet and Arrow files may be compressed inside";
    Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_encoding", message))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAUSE: Duration = Duration::from_millis(600);

    /// Reads a body whose pieces come `every` so often: the bytes that came before it was given up, if it was.
    async fn read(pieces: usize, length: usize, every: Duration) -> Result<usize, usize> {
        let sent = stream::iter(0..pieces).then(move |_| async move {
            tokio::time::sleep(every).await;
            Ok::<_, std::io::Error>(Bytes::from(vec![0; length]))
        });
        let mut body = waiting(Body::from_stream(Box::pin(sent)), PAUSE).into_data_stream();
        let mut bytes = 0;
        while let Some(piece) = body.next().await {
            match piece {
                Ok(piece) => bytes += piece.len(),
                Err(_) => return Err(bytes),
            }
        }
        Ok(bytes)
    }

    #[tokio::test]
    async fn a_body_that_stops_or_trickles_is_given_up_and_one_that_flows_is_not() {
        let second = usize::try_from(BODY_BYTES_PER_SECOND_MIN).expect("it fits");
        assert_eq!(read(1, 10, 2 * PAUSE).await, Err(0), "a pause that is too long");
        let trickled = read(100, 1, PAUSE / 4).await.expect_err("a byte now and then");
        assert!((1..8).contains(&trickled), "{trickled}");
        assert_eq!(read(12, second, PAUSE / 4).await, Ok(12 * second), "three pauses long, and fast enough");
    }

    #[test]
    fn only_plain_bodies_are_taken() {
        let with = |value: &'static str| {
            HeaderMap::from_iter([(header::CONTENT_ENCODING, header::HeaderValue::from_static(value))])
        };
        assert!(check_encoding(&HeaderMap::new()).is_ok() && check_encoding(&with("Identity")).is_ok());
        for value in ["gzip", "br", "zstd", "gzip, identity", ""] {
            assert!(check_encoding(&with(value)).is_err(), "{value}");
        }
    }
}
