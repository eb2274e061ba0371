//! The bodies of requests and answers, as the OpenAPI document describes them.
//!
//! Requests are read key by key (`form`), so that all mistakes come at once; answers are written where they are
//! computed. These types only say what both look like, and a test compares them with real answers.

#![allow(dead_code, reason = "described, never constructed")]

mod access;
mod accounts;
mod analytics;
mod audiences;
mod catalog;
mod changes;
mod computed;
mod consents;
mod events;
mod everything;
mod explanations;
mod fields;
mod gates;
mod insights;
mod keeping;
mod lookalikes;
mod offers;
mod profiles;
mod prompts;
mod segments;
mod snapshots;
mod values;
mod webhooks;

pub(crate) use access::{
    AuditList, KeyAnswer, KeyList, KeyRequest, MeAnswer, PersonalFields, RotationRequest, TenantAnswer, TenantDeletion,
    TenantDeletionList, TenantList, TenantRequest,
};
pub(crate) use accounts::{
    InvitationRequest, InvitedUserAnswer, PasswordRequest, SessionAnswer, SignInOptions, SignInRequest,
    UserAccountAnswer, UserAccountChange, UserAccountList, UserAccountRequest,
};
pub(crate) use analytics::{PopulationAnalytics, SegmentAnalytics};
pub(crate) use audiences::{
    AudienceAnswer, AudienceList, AudiencePreviewAnswer, AudienceRequest, ListAnswer, ListList,
};
pub(crate) use catalog::{
    DashboardAnswer, DifferenceAnswer, MemberChangesAnswer, MemberChangesRequest, RestoreRequest, UsedByAnswer,
    UserAnswer, VersionAnswer, VersionList,
};
pub(crate) use changes::{Changes, Forecast, SizeHistory};
pub(crate) use computed::{
    RebuildProgress, SegmentTemplateList, SegmentTemplateRequest, TemplateList, TemplateRequest,
};
pub(crate) use consents::{ConsentList, ConsentReport, ConsentRequest, ConsentsRequest};
pub(crate) use events::{EventPage, EventReport, EventSchemaAnswer, EventSchemaRequest, EventsRequest};
pub(crate) use everything::EverythingAnswer;
pub(crate) use explanations::{ExplainRequest, ExplainedMemberAnswer, ExplainedPersonAnswer};
pub(crate) use fields::{DistributionAnswer, DistributionRequest};
pub(crate) use gates::{
    ChannelAnswer, ChannelList, ChannelRequest, ContactsRequest, ControlGroupAnswer, ControlGroupRequest,
    ExcludedPeople, ExclusionGroupAnswer, ExclusionGroupList, ExclusionGroupRequest, ListRequest, NotedAnswer,
    SuppressionAnswer, SuppressionList, SuppressionMembersRequest, SuppressionRequest,
};
pub(crate) use insights::{
    DiffAnswer, DiffRequest, LintAnswer, LintRequest, MatrixAnswer, OverlapAnswer, OverlapRequest, ReachAnswer,
    ReachRequest, RelaxAnswer, RelaxRequest,
};
pub(crate) use keeping::{BackupAnswer, CheckpointAnswer};
pub(crate) use lookalikes::{LookalikePreviewAnswer, LookalikeRequest};
pub(crate) use offers::{
    GenerateRequest, GeneratedAnswer, MatchingAnswer, MatchingRequest, OfferAnswer, OfferList, OfferRequest,
    OfferSegmentRequest, PersonRecommendationsAnswer, RecommendationsAnswer,
};
pub(crate) use profiles::{
    ErasureList, ErasureReceipt, ImportReport, Members, PatchAnswer, ProfileAnswer, ProfilePatch, RebuildAnswer,
    Rejected, SchemaAnswer, SchemaRequest,
};
pub(crate) use prompts::{PromptAnswer, PromptRequest};
pub(crate) use segments::{
    NewSegmentAnswer, PreviewAnswer, PreviewRequest, SegmentAnswer, SegmentList, SegmentRequest,
};
pub(crate) use snapshots::{
    BatchAnswer, BatchRequest, SnapshotAnswer, SnapshotDifferenceAnswer, SnapshotList, SnapshotRequest,
    VerificationAnswer,
};
pub(crate) use webhooks::{WebhookAnswer, WebhookList, WebhookRequest};
