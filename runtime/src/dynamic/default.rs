//! Recording by name into the default registry.

use super::Dynamic;
use crate::{base::lock::LazyLock, registry::default_registry};

/// Records into the default registry, which the exporter serves.
#[must_use]
pub fn dynamic() -> &'static Dynamic {
    static DYNAMIC: LazyLock<Dynamic> = LazyLock::new(|| Dynamic::new(default_registry().clone()));
    &DYNAMIC
}
