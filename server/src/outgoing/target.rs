//! The address of another server, taken apart.

use axum::http::Uri;

/// Bytes of an address: browsers and proxies take no longer ones.
const URL_BYTES_MAX: usize = 2_048;

/// Where something is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    /// A name or an address, without brackets.
    pub(crate) host: String,
    pub(crate) port: u16,
    /// Path and query.
    pub(crate) path: String,
    pub(crate) is_encrypted: bool,
}

impl Target {
    /// Takes an address apart: `https://`, or `http://` where the callers allow it afterwards.
    ///
    /// # Errors
    /// Why it is none, in words.
    pub(crate) fn parse(url: &str) -> Result<Self, String> {
        if url.len() > URL_BYTES_MAX {
            return Err(format!("an address has at most {URL_BYTES_MAX} bytes"));
        }
        let uri: Uri = url.parse().map_err(|error| format!("this is no address: {error}"))?;
        let is_encrypted = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err("the address begins neither with https:// nor with http://".into()),
        };
        let authority = uri.authority().ok_or("the address names no host")?;
        if authority.as_str().contains('@') {
            return Err("an address holds no user and no password".into());
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        let port = authority.port_u16().unwrap_or(if is_encrypted { 443 } else { 80 });
        let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        Ok(Self { host, port, path, is_encrypted })
    }

    /// What the header `Host` says.
    pub(super) fn host_header(&self) -> String {
        match (self.host.contains(':'), self.port) {
            (false, 80 | 443) => self.host.clone(),
            (false, port) => format!("{}:{port}", self.host),
            (true, port) => format!("[{}]:{port}", self.host),
        }
    }
}
