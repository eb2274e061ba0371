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
        let (engine, report, _) = Self::open_marked(disk, None, progress)?;
        Ok((engine, report))
    }

    /// The same for somebody who followed the default tenant up to a version; see [`Tenant::open_marked`].
    ///
    /// # Errors
    /// As [`Tenant::open`].
    pub fn open_marked(
        disk: Arc<dyn Disk>,
        version: Option<u64>,
        progress: &mut dyn FnMut(u64),
    ) -> Result<(Self, Recovery, Marked)> {
        let (tenant, report, marked) = Tenant::open_marked(disk, LogSizes::default(), version, progress)?;
        let tenants = HashMap::from([(TenantId::default(), Arc::new(tenant))]);
        Ok((Self { tenants: RwLock::new(tenants) }, report, marked))
    }

    /// A tenant.
    ///
    /// # Errors
    /// `NotFound` when there is none of that name.
    pub fn tenant(&self, id: &TenantId) -> Result<Arc<Tenant>> {
        self.tenants.read().get(id).cloned().ok_or_else(|| Error::NotFound(format!("there is no tenant \"{id}\"")))
    }
}
