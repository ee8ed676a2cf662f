//! Installs the recorder of annotated functions and the `metrics` facade, and warns where there is none.
//!
//! Invariants: at most one object of this module ever becomes the global recorder, and it stays that for the rest of the
//! process. All families of the program exist before it does, so nothing can record before its family exists. Asking who
//! the recorder is changes nothing.

use std::sync::{
    PoisonError,
    atomic::{AtomicBool, Ordering},
};

use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};
use yardstick_model::Location;

use crate::{
    base::{lock::Mutex, refusals::warn},
    cells::clock::{self, Choice},
    exporter::InstallError,
    registry::{
        Registry,
        current::{self, CurrentRecorder},
        default_registry,
    },
    site::catalog,
};

/// Makes the default registry the global recorder of the facade, without an endpoint: for programs that serve it
/// themselves, by [`render`](crate::render), or that only read it back. Every annotated function is registered, and
/// series that are known beforehand exist at zero from here on.
///
/// Calling it again changes nothing and succeeds; [`exporter`](fn@crate::exporter), `axum::router()` and
/// `tower::MetricsService` do it by themselves.
///
/// # Errors
///
/// [`InstallError::AlreadyInstalled`] when another recorder is the global one, [`InstallError::Conflicts`] when annotated
/// functions or schemas contradict each other. Nothing is installed then.
///
/// # Examples
///
/// ```
/// #[yardstick::track_calls("greetings", labels(language = "en"))]
/// fn greet() {}
///
/// yardstick::install()?;
/// greet();
/// assert!(yardstick::render().contains("greetings_total{language=\"en\",outcome=\"ok\"} 1\n"));
/// # Ok::<(), yardstick::exporter::InstallError>(())
/// ```
pub fn install() -> Result<(), InstallError> {
    install_with(default_registry(), Choice::Automatic, &GlobalLabels::default())
}

/// Labels of every series, and where they were given.
#[derive(Clone, Debug, Default)]
pub(crate) struct GlobalLabels {
    pub(crate) labels: Vec<(String, String)>,
    pub(crate) location: Option<&'static std::panic::Location<'static>>,
}

/// Held while a recorder is being installed, so that two threads do not both find that none is.
static INSTALLING: Mutex<()> = Mutex::new(());

/// As [`install`], with the settings of an exporter. Of a registry that is not the default one, only these are made: it
/// does not become the recorder.
pub(crate) fn install_with(
    registry: &Registry,
    clock: Choice,
    global: &GlobalLabels,
) -> Result<(), InstallError> {
    let _turn = INSTALLING.lock().unwrap_or_else(PoisonError::into_inner);
    let becomes_recorder = registry.is_default() && !current::is_ours_installed();
    if !clock::choose(clock) {
        return Err(InstallError::ClockInUse);
    }
    if becomes_recorder {
        catalog::register_in_default().map_err(InstallError::Conflicts)?;
    }
    let location = global.location.map(|location| Location::from_caller("", location));
    if let Some(location) = location {
        registry
            .check_global_labels(&global.labels, location)
            .map_err(InstallError::GlobalLabels)?;
    }
    if becomes_recorder {
        become_recorder(registry)?;
    }
    if let Some(location) = location {
        registry.replace_global_labels(global.labels.clone(), location);
    }
    Ok(())
}

fn become_recorder(registry: &Registry) -> Result<(), InstallError> {
    metrics::set_global_recorder(Facade { registry: registry.clone() })
        .map_err(|_| InstallError::AlreadyInstalled)?;
    current::set_ours();
    Ok(())
}

/// Installs for a service of the default registry, which cannot answer with an error: where annotated functions contradict
/// each other, the first has its family and the others record nothing. What went wrong is logged, counted, and said in
/// every exposition.
#[cfg(feature = "tower")]
pub(crate) fn install_for_service() {
    let Err(error) = install() else { return };
    let is_new = !has_problem(&error.to_string());
    if is_new {
        warn(&format!("not all of what this program records will be served: {error}"));
    }
    if matches!(error, InstallError::Conflicts(_)) {
        let _turn = INSTALLING.lock().unwrap_or_else(PoisonError::into_inner);
        // Another recorder may have come meanwhile, which the next exposition says.
        let _ = become_recorder(default_registry());
    }
    crate::registry::self_metrics::count_conflict();
    if is_new {
        PROBLEMS.lock().unwrap_or_else(PoisonError::into_inner).push(error.to_string());
    }
}

/// What could not be installed, each thing once.
static PROBLEMS: Mutex<Vec<String>> = Mutex::new(Vec::new());

#[cfg(feature = "tower")]
fn has_problem(text: &str) -> bool {
    let problems = PROBLEMS.lock().unwrap_or_else(PoisonError::into_inner);
    problems.iter().any(|problem| problem == text)
}

/// Whether the default registry is the global recorder.
pub(crate) fn is_installed() -> bool {
    current::is_ours_installed()
}

/// What a reader of the default registry's exposition must know: that it lacks what annotated functions record, and why.
/// The first time that it is asked for, the log is told too.
pub(crate) fn notices() -> Vec<String> {
    let mut notices: Vec<String> = Vec::new();
    if let Some(missing) = missing() {
        static SAID: AtomicBool = AtomicBool::new(false);
        if !SAID.swap(true, Ordering::Relaxed) {
            warn(missing);
        }
        notices.push(missing.to_owned());
    }
    notices.extend(PROBLEMS.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned());
    notices
}

/// Why what annotated functions record is not in the default registry, if there are any.
fn missing() -> Option<&'static str> {
    if is_installed() || !catalog::has_sites() {
        return None;
    }
    match current::global() {
        CurrentRecorder::Ours => None,
        CurrentRecorder::Off => Some(
            "annotated functions record nothing, because no recorder is installed; call \
             yardstick::install() or install an exporter at the start of main",
        ),
        CurrentRecorder::Remembered | CurrentRecorder::Foreign => Some(
            "annotated functions record into another metrics recorder; what it does not pass on is not \
             shown here",
        ),
    }
}

/// What the facade holds as its recorder: an object that is made once, is not zero-sized, and whose
/// address therefore tells call sites that recording goes to the default registry.
struct Facade {
    registry: Registry,
}

impl Recorder for Facade {
    fn describe_counter(&self, name: KeyName, unit: Option<Unit>, help: SharedString) {
        self.registry.describe_counter(name, unit, help);
    }

    fn describe_gauge(&self, name: KeyName, unit: Option<Unit>, help: SharedString) {
        self.registry.describe_gauge(name, unit, help);
    }

    fn describe_histogram(&self, name: KeyName, unit: Option<Unit>, help: SharedString) {
        self.registry.describe_histogram(name, unit, help);
    }

    fn register_counter(&self, key: &Key, metadata: &Metadata<'_>) -> Counter {
        self.registry.register_counter(key, metadata)
    }

    fn register_gauge(&self, key: &Key, metadata: &Metadata<'_>) -> Gauge {
        self.registry.register_gauge(key, metadata)
    }

    fn register_histogram(&self, key: &Key, metadata: &Metadata<'_>) -> Histogram {
        self.registry.register_histogram(key, metadata)
    }
}
