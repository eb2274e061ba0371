//! The only door: tenants by name.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::RwLock;

use crate::error::{Error, Result};
use crate::id::TenantId;
use crate::store::{Disk, LogSizes};
use crate::tenant::{Marked, Recovery, Tenant};

/// All tenants of one process.
#[derive(Debug)]
pub struct Engine {
    tenants: RwLock<HashMap<TenantId, Arc<Tenant>>>,
}

impl Default for Engine {
    fn default() -> Self {
        Self { tenants: RwLock::new(HashMap::from([(TenantId::default(), Arc::default())])) }
    }
}

impl Engine {
    /// An engine with the default tenant, which is empty.
    pub fn new() -> Self {
        Self::default()
    }

    /// An engine whose default tenant is kept on a disk; what is there is read first. `progress` is told how many
    /// records have been read.
    ///
    /// # Errors
    /// As [`Tenant::open`].
    pub fn open(disk: Arc<dyn Disk>, progress: &mut dyn FnMut(u64)) -> Result<(Self, Recovery)> {
        let (tenant, report) = Tenant::open(disk, LogSizes::default(), progress)?;
        Ok((Self::of(tenant), report))
    }

    /// The same before everything was compared with its checksums, for somebody who followed the default tenant up to a
    /// version; see [`Tenant::open_at_once`].
    ///
    /// # Errors
    /// As [`Tenant::open_at_once`].
    pub fn open_at_once(
        disk: Arc<dyn Disk>,
        version: Option<u64>,
        progress: &mut dyn FnMut(u64),
    ) -> Result<(Self, Recovery, Marked)> {
        let (tenant, report, marked) = Tenant::open_at_once(disk, LogSizes::default(), version, progress)?;
        Ok((Self::of(tenant), report, marked))
    }

    fn of(tenant: Tenant) -> Self {
        Self { tenants: RwLock::new(HashMap::from([(TenantId::default(), Arc::new(tenant))])) }
    }

    /// A tenant.
    ///
    /// # Errors
    /// `NotFound` when there is none of that name.
    pub fn tenant(&self, id: &TenantId) -> Result<Arc<Tenant>> {
        self.tenants.read().get(id).cloned().ok_or_else(|| Error::NotFound(format!("there is no tenant \"{id}\"")))
    }
}
