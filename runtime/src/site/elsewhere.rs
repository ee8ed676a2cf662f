//! Finding an attribute's metric in a recorder that is not ours.

use std::sync::Arc;

#[cfg(feature = "stock")]
use super::labels::{Texts, combinations};
use super::{
    SiteInfo,
    bound::{Bound, Held},
    foreign::{Foreign, ForeignKey},
    labels::LabelValues,
    metric::{Instrument, SiteMetric},
};
use crate::{
    diagnostics::{Refusal, refuse},
    lookup::{Key, Owner},
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
            return Bound::OFF;
        }
        let _scope = Scope::enter();
        Bound::held(Arc::new(Held::Foreign(self.foreign(info, labels))))
    }

    /// In the recorder that was installed through us.
    #[inline(never)]
    pub(super) fn find_remembered<L: LabelValues>(
        &'static self,
        info: &'static SiteInfo,
        labels: &L,
    ) -> Bound<K::Cells> {
        if L::COMBINATIONS == 1
            && let Some(held) = self.remembered.get()
        {
            return Bound::held(Arc::clone(held));
        }
        if reentry::is_within() {
            refuse(Refusal::Reentrant, 1);
            return Bound::OFF;
        }
        let _scope = Scope::enter();
        let find = || Arc::new(Held::Foreign(self.foreign(info, labels)));
        if L::COMBINATIONS == 1 {
            return Bound::held(Arc::clone(self.remembered.get_or_init(find)));
        }
        let metric = std::ptr::from_ref(self).addr() as u64;
        let owner = Owner { metric, registry: REMEMBERED_ID };
        let key = Key::of(owner, labels);
        let known = K::cache().try_with(|cache| cache.get(&key, labels)).ok().flatten();
        if let Some(known) = known {
            return Bound::held(known);
        }
        let found = find();
        let kept = Arc::clone(&found);
        // Fails only while the thread ends; then each record finds its series anew.
        let _ = K::cache().try_with(|cache| cache.put(&key, labels, kept));
        Bound::held(found)
    }

    /// Makes the series that are known before the first call, in the remembered recorder.
    #[cfg(feature = "stock")]
    pub(super) fn create_known_remembered(&'static self, info: &'static SiteInfo) {
        let _scope = Scope::enter();
        for texts in combinations(&self.facts.known_values().unwrap_or_default()) {
            self.foreign(info, &Texts(&texts)).create_known();
        }
    }

    fn foreign<L: LabelValues>(&'static self, info: &'static SiteInfo, labels: &L) -> Foreign {
        let pairs = self.call_labels(info, labels);
        let labels = pairs.into_iter().map(|(name, value)| metrics::Label::new(name, value));
        let key = ForeignKey {
            name: self.spec(info, None).exposed_name(),
            labels: labels.collect(),
            module: info.module,
            claim: self.facts.name.is_none().then(|| self.claim(info)),
        };
        Foreign::new(K::FOREIGN, key, K::BY_RESULT.then_some(&self.facts))
    }
}
