//! The kinds of metrics whose values are recorded: the one list of them, for what has to be written for each.

/// Calls a macro with a row for each kind: its handle, what stands for it in the types of handles with labels, its kind
/// in an exposition, and its series.
macro_rules! each_kind {
    ($apply:ident) => {
        $apply! {
            Counter, CounterKind, Counter, $crate::registry::series::CounterSeries;
            Gauge, GaugeKind, Gauge, $crate::registry::series::GaugeSeries;
            Histogram, HistogramKind, Histogram, $crate::registry::series::HistogramSeries;
            Summary, SummaryKind, Summary, $crate::registry::SummarySeries;
        }
    };
}
pub(crate) use each_kind;
