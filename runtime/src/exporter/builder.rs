//! The exporter's configuration, and its start.

#[cfg(feature = "http")]
use std::net::{Ipv4Addr, SocketAddr};
use std::{sync::Arc, time::Duration};

use yardstick_model::Location;

#[cfg(feature = "http")]
use super::{address::IntoListenAddress, http, limits::Limits};
use super::{
    environment,
    error::InstallError,
    recorder::{self, GlobalLabels},
    running::Exporter,
};
use crate::{
    base::refusals::warn,
    cells::clock::Choice,
    registry::{Buckets, Matcher, Registry, default_registry},
};

/// Where `/metrics` is served unless [`ExporterBuilder::listen`] says otherwise: on loopback only, at a
/// port that Prometheus' list of default ports leaves to applications.
#[cfg(feature = "http")]
pub const DEFAULT_ADDRESS: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 9464);

/// Configures the exporter; [`install`](ExporterBuilder::install) starts it.
///
/// # Examples
///
/// ```
/// let exporter = yardstick::exporter().listen("127.0.0.1:0").install()?;
/// println!("http://{}/metrics", exporter.local_addr());
/// exporter.shutdown_blocking()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "an exporter does nothing until it is installed"]
pub fn exporter() -> ExporterBuilder {
    ExporterBuilder {
        #[cfg(feature = "http")]
        address: Ok(DEFAULT_ADDRESS),
        #[cfg(feature = "http")]
        limits: Limits::default(),
        #[cfg(feature = "http")]
        hosts: http::Hosts::Automatic,
        #[cfg(feature = "tls")]
        access_files: http::AccessFiles::default(),
        registry: default_registry().clone(),
        clock: Choice::Automatic,
        global_labels: GlobalLabels::default(),
        bucket_rules: Vec::new(),
        exposes_created: true,
        #[cfg(feature = "process")]
        process_metrics: false,
        #[cfg(feature = "tokio")]
        tokio_metrics: None,
        #[cfg(feature = "build-info")]
        build_info: None,
        lane_memory_limit_bytes: None,
    }
}

/// See [`exporter`].
#[derive(Clone, Debug)]
#[must_use = "an exporter does nothing until it is installed"]
pub struct ExporterBuilder {
    #[cfg(feature = "http")]
    address: Result<SocketAddr, String>,
    #[cfg(feature = "http")]
    limits: Limits,
    #[cfg(feature = "http")]
    hosts: http::Hosts,
    #[cfg(feature = "tls")]
    access_files: http::AccessFiles,
    registry: Registry,
    clock: Choice,
    global_labels: GlobalLabels,
    bucket_rules: Vec<(Matcher, Buckets, Location)>,
    exposes_created: bool,
    #[cfg(feature = "process")]
    process_metrics: bool,
    #[cfg(feature = "tokio")]
    tokio_metrics: Option<crate::collectors::TokioMetrics>,
    #[cfg(feature = "build-info")]
    build_info: Option<crate::collectors::BuildInfo>,
    lane_memory_limit_bytes: Option<usize>,
}

impl ExporterBuilder {
    /// The address to serve on, such as `"127.0.0.1:9464"`: see [`IntoListenAddress`]. Port 0 lets the system choose
    /// one, which [`Exporter::local_addr`] tells. Without this, [`DEFAULT_ADDRESS`].
    #[cfg(feature = "http")]
    pub fn listen(mut self, address: impl IntoListenAddress) -> Self {
        self.address = address.into_address();
        self
    }

    /// Serves this registry, and not the default one, on an endpoint of its own. There may be any number of such
    /// exporters, beside the one for the default registry or without it.
    ///
    /// It does not become the recorder: annotated functions and the `metrics` facade record into the default registry,
    /// once [that](fn@crate::exporter) is installed, or into this one where they run in `metrics::with_local_recorder`.
    /// Global labels, and what [`process_metrics`](Self::process_metrics) and the like expose, are those of this
    /// registry; the clock and the memory of lanes are the process' own, whichever exporter sets them.
    ///
    /// # Examples
    ///
    /// ```
    /// use yardstick::Registry;
    ///
    /// let tenant = Registry::new();
    /// tenant.counter("orders").help("Orders.").register()?.inc();
    /// let exporter = yardstick::exporter()
    ///     .registry(&tenant)
    ///     .global_label("tenant", "acme")
    ///     .listen("127.0.0.1:0")
    ///     .install()?;
    /// assert!(exporter.render().contains("orders_total{tenant=\"acme\"} 1\n"));
    /// exporter.shutdown_blocking()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn registry(mut self, registry: &Registry) -> Self {
        self.registry = registry.clone();
        self
    }

    /// What the endpoint takes from its clients.
    #[cfg(feature = "http")]
    pub const fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The hosts that the endpoint answers for, beside the names of this machine: what the `Host` header of a request
    /// may say, with or without a port. A request for another host is answered with 421 and counted in
    /// `yardstick_requests_refused_total`.
    ///
    /// Without this and [`any_host`](Self::any_host), an endpoint on a loopback address answers for `localhost`, the
    /// names below it and loopback addresses, so that a page in a browser of this machine cannot read it under a name
    /// of its own; on any other address it answers for every host. A proxy on this machine that passes on the name
    /// it was asked for needs this.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// let exporter = yardstick::exporter().allowed_hosts(["metrics.example.com"]).install()?;
    /// # Ok::<(), yardstick::exporter::InstallError>(())
    /// ```
    #[cfg(feature = "http")]
    pub fn allowed_hosts(mut self, hosts: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.hosts = http::Hosts::Named(hosts.into_iter().map(Into::into).collect());
        self
    }

    /// Answers for every host, on loopback too: see [`allowed_hosts`](Self::allowed_hosts).
    #[cfg(feature = "http")]
    pub fn any_host(mut self) -> Self {
        self.hosts = http::Hosts::Any;
        self
    }

    /// TLS and passwords by the [web configuration file] that Prometheus' exporters share. While there are requests it is
    /// looked at every second, with the files that it names, and is in force from then on; if there is a mistake in it,
    /// or a protection is gone, what was in force before stays, a warning says why, and
    /// `yardstick_access_last_reload_successful` is 0. Only regular files of up to 4 MiB are read.
    ///
    /// It protects all pages. Passwords that were right once are compared at once; others wait for each other, one
    /// address after another, as [`Limits::guesses_max`] tells, and a wrong one takes as long as the most expensive of
    /// the hashes. Certificates of clients are verified or not asked for: the modes in between are refused. HTTP/1.1 is
    /// what is spoken.
    ///
    /// [web configuration file]: https://github.com/prometheus/exporter-toolkit/blob/master/docs/web-configuration.md
    ///
    /// # Examples
    ///
    /// ```no_run
    /// // tls_server_config:
    /// //   cert_file: server.crt
    /// //   key_file: server.key
    /// // basic_auth_users:
    /// //   prometheus: $2y$10$...
    /// let exporter = yardstick::exporter().web_config("/etc/service/web.yml").install()?;
    /// # Ok::<(), yardstick::exporter::InstallError>(())
    /// ```
    #[cfg(feature = "tls")]
    pub fn web_config(mut self, path: impl Into<std::path::PathBuf>) -> Self {
        self.access_files.web_config = Some(path.into());
        self
    }

    /// Asks for the token in this file, as `Authorization: Bearer ...`; where there are passwords too, either will do.
    /// The file has one line, and is looked at as [`web_config`](Self::web_config) tells.
    #[cfg(feature = "tls")]
    pub fn bearer_token_file(mut self, path: impl Into<std::path::PathBuf>) -> Self {
        self.access_files.bearer_token = Some(path.into());
        self
    }

    /// Times durations with the monotonic clock even where the time-stamp counter could be trusted.
    pub fn monotonic_clock(mut self) -> Self {
        self.clock = Choice::Monotonic;
        self
    }

    /// Times durations with a clock of the program's own, for tests: `now` answers with the time since
    /// any fixed moment, must not go back, and is called from every recording thread.
    pub fn clock(mut self, now: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        self.clock = Choice::Custom(Arc::new(now));
        self
    }

    /// Gives every series a label: what the process knows about itself, such as the service it is a part of. Labels that
    /// the scraper knows, `job` and `instance`, are better left to it.
    ///
    /// A series that has a label of this name keeps its own value. A metric that is declared with such a label makes
    /// [`install`](Self::install) fail, because one of the two is a mistake.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// let exporter = yardstick::exporter()
    ///     .global_label("service", "shop")
    ///     .environment_label()
    ///     .install()?;
    /// # Ok::<(), yardstick::exporter::InstallError>(())
    /// ```
    #[track_caller]
    pub fn global_label(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.global_labels.labels.push((name.into(), value.into()));
        self.global_labels.location.get_or_insert(std::panic::Location::caller());
        self
    }

    /// Gives histograms of these names their buckets where no declaration does, such as those that libraries record through
    /// the `metrics` facade: see [`Registry::set_buckets_for`].
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use yardstick::buckets::Matcher;
    ///
    /// let exporter = yardstick::exporter()
    ///     .buckets_for(Matcher::Prefix("sqlx.".to_owned()), [0.001, 0.01, 0.1, 1.0])
    ///     .install()?;
    /// # Ok::<(), yardstick::exporter::InstallError>(())
    /// ```
    #[track_caller]
    pub fn buckets_for(mut self, matcher: Matcher, buckets: impl Into<Buckets>) -> Self {
        let location = Location::from_caller("", std::panic::Location::caller());
        self.bucket_rules.push((matcher, buckets.into(), location));
        self
    }

    /// Gives every series the label `env`, by the variable `APP_ENV`, in upper or lower case:
    ///
    /// | `APP_ENV` | `env` |
    /// |---|---|
    /// | `production`, `prod`, `prd`, `live` | `prd` |
    /// | `staging`, `stage`, `stg` | `stg` |
    /// | `development`, `dev`, `test`, `local`, empty or not set | `dev` |
    ///
    /// Any other word is taken for `dev`, and a warning says so.
    #[track_caller]
    pub fn environment_label(self) -> Self {
        self.environment_label_from("APP_ENV")
    }

    /// As [`environment_label`](Self::environment_label), from another variable.
    #[track_caller]
    pub fn environment_label_from(self, variable: &str) -> Self {
        let value = std::env::var_os(variable).unwrap_or_default();
        let value = value.to_string_lossy();
        let environment = environment::short_name(&value).unwrap_or_else(|| {
            warn(&environment::unknown(variable, &value));
            environment::UNKNOWN
        });
        self.global_label("env", environment)
    }

    /// Whether `OpenMetrics` expositions tell when each series began to count, which they do without this: see
    /// [`Registry::expose_created`](crate::Registry::expose_created).
    pub const fn expose_created(mut self, is_exposed: bool) -> Self {
        self.exposes_created = is_exposed;
        self
    }

    /// Exposes the standard metrics of a process too: see [`ProcessMetrics`](crate::collectors::ProcessMetrics).
    #[cfg(feature = "process")]
    pub const fn process_metrics(mut self) -> Self {
        self.process_metrics = true;
        self
    }

    /// Exposes what tokio says of this runtime, as `runtime="main"`: see [`TokioMetrics`](crate::collectors::TokioMetrics), also
    /// for more than one.
    #[cfg(feature = "tokio")]
    pub fn tokio_metrics(mut self, runtime: &tokio::runtime::Handle) -> Self {
        self.tokio_metrics = Some(crate::collectors::TokioMetrics::new().runtime("main", runtime));
        self
    }

    /// Exposes what the program was built from: give it [`build_info!()`](crate::build_info!).
    #[cfg(feature = "build-info")]
    pub const fn build_info(mut self, build_info: crate::collectors::BuildInfo) -> Self {
        self.build_info = Some(build_info);
        self
    }

    /// What all per-thread lanes together may occupy, 64 MiB unless set. Threads beyond it record
    /// into a lane that all share: exact, slower, and counted in `yardstick_shared_lane_records_total`.
    pub const fn lane_memory_limit(mut self, bytes: usize) -> Self {
        self.lane_memory_limit_bytes = Some(bytes);
        self
    }

    /// Binds the address, makes the default registry the global recorder of the facade, registers every
    /// annotated function, and serves `/metrics` from a thread of its own, so that a program whose own
    /// threads are all busy is still scraped. Of [another registry](Self::registry), it is only served.
    ///
    /// # Errors
    ///
    /// When the address is none or cannot be bound, a file of TLS or authentication has a mistake, another recorder is
    /// installed, annotated functions contradict each other, or a clock was asked for after durations had been timed
    /// with another. Whatever the error, no recorder is installed and no port stays bound.
    pub fn install(self) -> Result<Exporter, InstallError> {
        let registry = &self.registry;
        #[cfg(feature = "tls")]
        let access = http::Access::load(self.access_files, &self.limits, registry)
            .map_err(InstallError::WebConfig)?;
        #[cfg(feature = "http")]
        self.hosts.check().map_err(InstallError::Host)?;
        #[cfg(feature = "http")]
        let address = self.address.map_err(|text| InstallError::Address { text })?;
        #[cfg(feature = "http")]
        let prepared = http::prepare(address)?;
        if let Some(bytes) = self.lane_memory_limit_bytes {
            crate::cells::set_lane_memory_limit(bytes);
        }
        for (matcher, buckets, location) in self.bucket_rules {
            registry.set_bucket_rule(matcher, buckets, location).map_err(InstallError::Buckets)?;
        }
        #[cfg(feature = "build-info")]
        if let Some(build_info) = self.build_info {
            let shown = build_info.register(registry);
            shown.map_err(|conflict| InstallError::Conflicts(vec![conflict]))?;
        }
        recorder::install_with(registry, self.clock, &self.global_labels)?;
        registry.expose_created(self.exposes_created);
        #[cfg_attr(
            not(any(feature = "process", feature = "tokio")),
            allow(unused_mut, reason = "without these features there is no collector of ours")
        )]
        let mut collectors = Vec::new();
        #[cfg(feature = "process")]
        if self.process_metrics {
            collectors.push(registry.register_collector(crate::collectors::ProcessMetrics));
        }
        #[cfg(feature = "tokio")]
        if let Some(runtimes) = self.tokio_metrics {
            collectors.push(registry.register_collector(runtimes));
        }
        Ok(Exporter::new(
            registry.clone(),
            collectors,
            #[cfg(feature = "http")]
            prepared.serve(
                registry,
                self.limits,
                &self.hosts,
                #[cfg(feature = "tls")]
                access,
            ),
        ))
    }
}
