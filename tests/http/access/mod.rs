//! Who may what: keys, roles, tenants, personal fields, the audit.

mod house;

mod audit;
mod bombs;
mod everything;
mod evictions;
mod keys;
mod limits;
mod openid;
mod people;
mod personal;
mod reopening;
mod routes;
mod tenants;
