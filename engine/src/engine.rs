//! The only door: tenants by name.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::RwLock;

use crate::error::{Error, Result};
use crate::id::TenantId;
use crate::tenant::Tenant;

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

    /// A tenant.
    ///
    /// # Errors
    /// `NotFound` when there is none of that name.
    pub fn tenant(&self, id: &TenantId) -> Result<Arc<Tenant>> {
        self.tenants.read().get(id).cloned().ok_or_else(|| Error::NotFound(format!("there is no tenant \"{id}\"")))
    }
}
