//! Finds a metric's handle in another recorder.

use std::sync::Arc;

use super::{
    super::{
        metric::Metric,
        recording::{NEAR, Recording, Shared},
    },
    Foreign, ForeignKey,
};
use crate::labels::LabelValues;
#[cfg(feature = "stock")]
use crate::labels::{Texts, combinations};
use crate::{
    base::reentry::Scope,
    labels::lookup::{self, Kept, Key},
};

/// The identity of the remembered recorder where a registry's id stands. No registry has it.
const REMEMBERED_ID: u64 = u64::MAX - 1;

impl Metric {
    /// In a recorder that cannot be told from others: found anew for each call.
    #[cold]
    #[inline(never)]
    pub(in crate::site) fn find_foreign<L: LabelValues>(&'static self, labels: &L) -> Recording {
        let Some(_scope) = Scope::enter_or_refuse(1) else { return Recording::OFF };
        Recording::held(Kept::alone(Arc::new(Shared::Foreign(self.foreign(labels)))))
    }

    /// In the recorder that was installed through us.
    #[inline(never)]
    pub(in crate::site) fn find_remembered<L: LabelValues>(&'static self, labels: &L) -> Recording {
        if L::COMBINATIONS == 1
            && let Some(held) = self.rare_if_any().and_then(|rare| rare.remembered.get())
        {
            return Recording::held(held.clone());
        }
        let Some(_scope) = Scope::enter_or_refuse(1) else { return Recording::OFF };
        let find = || Arc::new(Shared::Foreign(self.foreign(labels)));
        if L::COMBINATIONS == 1 {
            let held = self.rare().remembered.get_or_init(|| Kept::alone(find()));
            return Recording::held(held.clone());
        }
        let key = Key::of(self.owner(REMEMBERED_ID), labels);
        let known = lookup::get(&NEAR, &key, labels);
        Recording::held(known.unwrap_or_else(|| lookup::keep(&NEAR, &key, labels, find())))
    }

    /// Makes the series that are known before the first call, in the remembered recorder.
    #[cfg(feature = "stock")]
    pub(in crate::site) fn create_known_remembered(&'static self) {
        let _scope = Scope::enter();
        for texts in combinations(&self.site_spec().known_values().unwrap_or_default()) {
            self.foreign(&Texts(&texts)).create_known();
        }
    }

    fn foreign<L: LabelValues>(&'static self, labels: &L) -> Foreign {
        let pairs = self.call_labels(labels);
        let labels = pairs.into_iter().map(|(name, value)| metrics::Label::new(name, value));
        let key = ForeignKey {
            name: self.spec(None).exposed_name(),
            labels: labels.collect(),
            module: self.site.module,
            claim: self.site_spec().name.is_none().then(|| self.claim()),
        };
        Foreign::new(
            self.behaviour.foreign,
            key,
            self.behaviour.is_by_result.then(|| self.site_spec()),
        )
    }
}
