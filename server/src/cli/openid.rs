//! The settings of signing in with OpenID Connect, as flags of `muster serve`.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use muster_engine::id::TenantId;

use super::Failure;
use super::key::role;
use crate::access::Role;
use crate::openid::{ClientSecret, Creation, RelyingParty, Settings, Wanted};

/// Bytes of a file with a secret: more than any has.
const SECRET_BYTES_MAX: u64 = 4 << 10;

/// The setting whose value is never shown, and never read from the command line.
pub(super) const SECRET: &str = "openid-client-secret";

/// A secret as it was given; not printed by accident.
#[derive(Clone)]
pub(crate) struct Given(String);

impl std::fmt::Debug for Given {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Given(...)")
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the form of a reader of arguments")]
fn given(text: &str) -> Result<Given, String> {
    Ok(Given(text.to_owned()))
}

/// Where people sign in beside names and passwords.
#[derive(Debug, Args)]
pub(crate) struct OpenIdArguments {
    /// An issuer of OpenID Connect at which people may sign in, exactly as it calls itself, such as
    /// https://accounts.example.com; without it there are names and passwords only
    #[arg(long, requires = "openid_client_id", requires = "openid_public_url")]
    openid_issuer: Option<String>,
    /// What the issuer calls this server
    #[arg(long, requires = "openid_issuer")]
    openid_client_id: Option<String>,
    /// A file with the secret that goes with the client id; a public client has none
    #[arg(long, requires = "openid_issuer", conflicts_with = "openid_client_secret")]
    openid_client_secret_file: Option<PathBuf>,
    /// The secret itself, from the environment or the file of settings; everybody can read the command line
    #[arg(long, requires = "openid_issuer", value_parser = given)]
    openid_client_secret: Option<Given>,
    /// Where browsers reach this server, such as https://muster.example.com; the issuer has to know the address
    /// /api/session/openid/callback below it
    #[arg(long, requires = "openid_issuer")]
    openid_public_url: Option<String>,
    /// What the button on the page says
    #[arg(long, default_value = "Single sign-on")]
    openid_label: String,
    /// What of the issuer's words is somebody's name here; email counts only where the issuer has verified it, of any other
    /// the issuer must give each to one person for ever
    #[arg(long, default_value = "email")]
    openid_claim: String,
    /// Give everybody whom the issuer vouches for an account of this role, viewer to admin; otherwise only those come in
    /// whom an admin has invited
    #[arg(long, value_parser = role, requires = "openid_issuer")]
    openid_create_role: Option<Role>,
    /// Whose data such accounts are for
    #[arg(long, default_value = TenantId::DEFAULT)]
    openid_create_tenant: String,
}

impl OpenIdArguments {
    /// Whom to rely on; none where no setting says so. Nobody is asked yet.
    pub(super) fn party(&self) -> Result<Option<Arc<RelyingParty>>, Failure> {
        let Some(issuer) = self.openid_issuer.clone() else { return Ok(None) };
        let creation = self.openid_create_role.map(|role| Creation { role, tenant: self.openid_create_tenant.clone() });
        let wanted = Wanted {
            issuer,
            client: self.openid_client_id.clone().unwrap_or_default(),
            secret: self.secret()?,
            public_url: self.openid_public_url.clone().unwrap_or_default(),
            label: self.openid_label.clone(),
            claim: self.openid_claim.clone(),
            creation,
        };
        let settings = Settings::new(wanted).map_err(Failure::Usage)?;
        Ok(Some(Arc::new(RelyingParty::new(settings))))
    }

    fn secret(&self) -> Result<Option<ClientSecret>, Failure> {
        let Some(path) = &self.openid_client_secret_file else {
            return Ok(self.openid_client_secret.as_ref().and_then(|Given(text)| ClientSecret::new(text)));
        };
        let refused = |what: String| Failure::Usage(format!("{}: {what}", path.display()));
        let length = std::fs::metadata(path).map_err(|error| refused(error.to_string()))?.len();
        if length > SECRET_BYTES_MAX {
            return Err(refused(format!("a secret has at most {SECRET_BYTES_MAX} bytes")));
        }
        let text = std::fs::read_to_string(path).map_err(|error| refused(error.to_string()))?;
        ClientSecret::new(&text).map(Some).ok_or_else(|| refused("there is no secret in it".into()))
    }
}
