//! The exposition of a registry with the warning that it is not installed.
//!
//! Invariant: what is missing from the default registry because it is not installed is said in its exposition, where the
//! format has a place for that, and in the log.

use super::recorder;
use crate::{
    exposition::{openmetrics, protobuf, text},
    registry::Registry,
};

impl Registry {
    /// The exposition in the Prometheus text format 0.0.4: families, series and labels in one order,
    /// always. Waits for other readers, never for a writer, and makes none wait.
    #[must_use]
    pub fn render(&self) -> String {
        let mut text = String::new();
        self.render_into(&mut text);
        text
    }

    /// As [`render`](Self::render), at the end of `text`: who renders often, and keeps its text, asks for memory once.
    ///
    /// # Examples
    ///
    /// ```
    /// let registry = yardstick::Registry::new();
    /// registry.counter("jobs").help("Jobs that were started.").register()?.inc();
    /// let mut text = String::new();
    /// for _ in 0..2 {
    ///     text.clear();
    ///     registry.render_into(&mut text);
    ///     assert!(text.ends_with("\njobs_total 1\n"));
    /// }
    /// # Ok::<(), yardstick::RegisterError>(())
    /// ```
    pub fn render_into(&self, text: &mut String) {
        for notice in self.notices() {
            text.push_str("# yardstick: ");
            text.push_str(&notice.replace('\n', " "));
            text.push('\n');
        }
        text::write(self, text);
    }

    /// What a reader of this exposition must know: that something is missing from it, and why.
    pub(crate) fn notices(&self) -> Vec<String> {
        if self.is_default() { recorder::notices() } else { Vec::new() }
    }

    /// The exposition in the format of `OpenMetrics` 1.0, in the same order. Waits as [`render`](Self::render) does.
    ///
    /// # Examples
    ///
    /// ```
    /// let registry = yardstick::Registry::new();
    /// registry.expose_created(false);
    /// registry.counter("jobs").help("Jobs that were started.").register()?.inc();
    /// assert_eq!(
    ///     registry.render_openmetrics(),
    ///     "# TYPE jobs counter\n# HELP jobs Jobs that were started.\njobs_total 1\n# EOF\n"
    /// );
    /// # Ok::<(), yardstick::RegisterError>(())
    /// ```
    #[must_use]
    pub fn render_openmetrics(&self) -> String {
        let mut exposition = String::new();
        self.render_openmetrics_into(&mut exposition);
        exposition
    }

    /// As [`render_openmetrics`](Self::render_openmetrics), at the end of `text`, as [`render_into`](Self::render_into)
    /// does.
    pub fn render_openmetrics_into(&self, text: &mut String) {
        // The format has no place for them; the log has.
        let _ = self.notices();
        openmetrics::write(self, text);
    }

    /// The exposition in Prometheus' protobuf format, each family after its length, in the same order. It alone carries
    /// [native histograms](crate::buckets::NativeBuckets). Waits as [`render`](Self::render) does.
    #[must_use]
    pub fn render_protobuf(&self) -> Vec<u8> {
        let mut exposition = Vec::new();
        self.render_protobuf_into(&mut exposition);
        exposition
    }

    /// As [`render_protobuf`](Self::render_protobuf), at the end of `bytes`, as [`render_into`](Self::render_into) does.
    pub fn render_protobuf_into(&self, bytes: &mut Vec<u8>) {
        let _ = self.notices();
        protobuf::write(self, bytes);
    }
}
