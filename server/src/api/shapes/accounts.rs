//! Signing in, and those who may.

use serde::Serialize;
use utoipa::ToSchema;

/// How to sign in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignInRequest {
    /// The name of the account, in any case.
    #[schema(example = "ann@example.com")]
    name: String,
    /// The password.
    password: String,
    /// The tenant of the account; `default` when left out.
    tenant: Option<String>,
}

/// How one can sign in here.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignInOptions {
    /// An issuer of OpenID Connect; none where there are names and passwords only.
    openid: Option<OpenIdOption>,
}

/// Signing in at an issuer of OpenID Connect.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OpenIdOption {
    /// What a button says that leads to `GET /api/session/openid`.
    label: String,
}

/// How to take an invitation.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InvitationRequest {
    /// The invitation, as it was made.
    invitation: String,
    /// The password to sign in with from now on: 12 characters or more.
    password: String,
}

/// How to change the own password.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PasswordRequest {
    /// The password until now.
    old_password: String,
    /// The password from now on: 12 characters or more.
    password: String,
}

/// Who one is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionAnswer {
    /// `session` (signed in), `key`, or `open` on a server without keys and people, where everybody may everything.
    by: String,
    /// Whose data.
    tenant: String,
    /// Who is signed in.
    name: Option<String>,
    /// The prefix of the key.
    key: Option<String>,
    /// The role of the account or the key.
    role: Option<String>,
    /// What one may: `count`, `read_people`, `see_personal`, `write`, `administer`, `oversee`, `operate`.
    rights: Vec<String>,
    /// Personal fields of the tenant that one may not see.
    hidden_fields: Vec<String>,
    /// The currency of the tenant's amounts, a code of ISO 4217; none where nobody has said.
    currency: Option<String>,
    /// The time zone of the tenant's days, a name of the IANA time zone database; none where nobody has said.
    time_zone: Option<String>,
    /// When the session ends if nobody uses it any more.
    ends_at: Option<String>,
    /// Seconds after which an unused session ends.
    idle_seconds_max: Option<u64>,
}

/// An account to make.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserAccountRequest {
    /// What to sign in with: an e-mail address is a good one.
    name: String,
    /// `viewer`, `analyst`, `marketer`, `admin` or `operator`, as for keys.
    role: String,
    /// Whose data; the own tenant when left out.
    tenant: Option<String>,
}

/// What to change of an account; what is left out stays.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserAccountChange {
    /// The role, at once.
    role: Option<String>,
    /// `true` signs out everywhere and lets nobody sign in.
    disabled: Option<bool>,
}

/// Somebody who may sign in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserAccountAnswer {
    /// What they sign in with.
    name: String,
    /// Whose data.
    tenant: String,
    /// What they may.
    role: String,
    /// Whether they may not sign in.
    disabled: bool,
    /// Whether they have chosen a password.
    has_password: bool,
    /// Whether they have signed in at an issuer of OpenID Connect; then nobody else can by their name.
    has_issuer: bool,
    /// When the account was made.
    created_at: String,
    /// Since when they may not sign in.
    disabled_at: Option<String>,
    /// When they last signed in.
    signed_in_at: Option<String>,
    /// Until when an invitation waits for them.
    invited_until: Option<String>,
}

/// The same with an invitation.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InvitedUserAnswer {
    /// The account.
    #[serde(flatten)]
    user: UserAccountAnswer,
    /// What the person takes at `POST /api/session/invitation`; good once, and shown to nobody again.
    invitation: String,
}

/// Everybody who may sign in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserAccountList {
    /// By name.
    items: Vec<UserAccountAnswer>,
}
