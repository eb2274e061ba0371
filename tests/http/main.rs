//! The server as its clients see it: the real binary, asked over HTTP and on the command line.

mod acceptance;
mod access;
mod backup;
mod bodies;
mod bounds;
mod catalog;
mod command;
mod events;
mod feed;
mod fields;
mod gates;
mod imports;
mod insights;
mod keeping;
mod lookalikes;
mod offers;
mod page;
mod profiles;
mod refusals;
mod segments;
mod snapshots;
mod stopping;
mod surface;
mod versions;
mod webhooks;
