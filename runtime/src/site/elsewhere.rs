//! Finding an attribute's metric in a recorder that is not ours.

use std::sync::Arc;

use super::{
    SiteInfo,
    cache::{Owner, hash},
    foreign::{Foreign, ForeignKey},
    labels::LabelValues,
    metric::{Bound, Instrument, SiteMetric},
};
use crate::{
    diagnostics::{Refusal, refuse},
    reentry::{self, Scope},
};

/// The identity of the remembered recorder where a registry's id stands. No registry has it.
const REMEMBERED_ID: u64 = u64::MAX - 1;

impl<K: Instrument> SiteMetric<K> {
    /// In a recorder that cannot be told from others: found anew for each call.
    #[cold]
    #[inline(never)]
    pub(super) fn find_foreign<L: LabelValues>(
        &'static self,
        info: &'static SiteInfo,
        labels: &L,
    ) -> Bound<K::Cells> {
        if reentry::is_within() {
            refuse(Refusal::Reentrant, 1);
            return Bound::Off;
        }
        let _scope = Scope::enter();
        Bound::Foreign(Arc::new(self.foreign(info, labels)))
    }

    /// In the recorder that was installed through us.
    #[inline(never)]
    pub(super) fn find_remembered<L: LabelValues>(
        &'static self,
        info: &'static SiteInfo,
        labels: &L,
    ) -> Bound<K::Cells> {
        if L::COMBINATIONS == 1
            && let Some(foreign) = self.remembered.get()
        {
            return Bound::ForeignPinned(foreign);
        }
        if reentry::is_within() {
            refuse(Refusal::Reentrant, 1);
            return Bound::Off;
        }
        let _scope = Scope::enter();
        if L::COMBINATIONS == 1 {
            let find = || self.foreign(info, labels);
            return Bound::ForeignPinned(self.remembered.get_or_init(find));
        }
        let metric = std::ptr::from_ref(self).addr() as u64;
        let owner = Owner { metric, registry: REMEMBERED_ID };
        let hash = hash(owner, labels);
        let cache = Foreign::cache();
        let known = cache.try_with(|cache| cache.get(owner, hash, labels)).ok().flatten();
        if let Some(known) = known {
            return Bound::Foreign(known);
        }
        let found = Arc::new(self.foreign(info, labels));
        let kept = Arc::clone(&found);
        // Fails only while the thread ends; then each record finds its series anew.
        let _ = cache.try_with(|cache| cache.put(owner, hash, labels, kept));
        Bound::Foreign(found)
    }

    /// Finds the metric in the remembered recorder, before any call, and makes its series.
    #[cfg(feature = "stock")]
    pub(super) fn create_known_remembered(&'static self, info: &'static SiteInfo) {
        if let Bound::ForeignPinned(foreign) = self.find_remembered(info, &()) {
            foreign.create_known();
        }
    }

    fn foreign<L: LabelValues>(&'static self, info: &'static SiteInfo, labels: &L) -> Foreign {
        let pairs = self.call_labels(info, labels);
        let labels = pairs.into_iter().map(|(name, value)| metrics::Label::new(name, value));
        let key = ForeignKey {
            name: self.spec(info, None).exposed_name(),
            labels: labels.collect(),
            module: info.module,
        };
        Foreign::new(K::FOREIGN, key, K::BY_RESULT.then_some(&self.facts))
    }
}
