//! How does a database pool show its connections in use, its waiting times and its statements?
//!
//! `cargo run --example database_pool` runs some statements and prints what a scrape then shows.

use std::{error::Error, sync::Arc, time::Duration};

use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::sleep,
};
use yardstick::{
    Gauge, Histogram, LabelSet, LabelValue, MetricSchema, handle::InProgress, track, track_duration,
};

#[derive(Clone, Copy, LabelValue)]
enum Operation {
    Select,
    Update,
}

#[derive(LabelSet)]
struct StatementLabels {
    operation: Operation,
    table: &'static str,
}

#[derive(MetricSchema)]
#[metrics(namespace = "database", labels(database = "orders"))]
struct DatabaseMetrics {
    /// Time of a statement.
    #[metric(unit = Seconds, buckets = 1ms..1s)]
    statement_duration: Histogram<StatementLabels>,
    #[metrics(flatten)]
    pool: PoolMetrics,
}

#[derive(MetricSchema)]
#[metrics(namespace = "pool")]
struct PoolMetrics {
    /// Time to wait for a connection.
    #[metric(unit = Seconds, buckets = 1ms..1s)]
    wait_duration: Histogram,
    /// Connections in use.
    connections_active: Gauge,
}

struct Pool {
    permits: Semaphore,
}

/// A connection, which counts as in use until it is dropped, however that happens.
struct Connection<'p> {
    _permit: SemaphorePermit<'p>,
    _in_use: InProgress,
}

#[track]
impl Pool {
    #[track_duration(DatabaseMetrics::pool.wait_duration)]
    async fn connection(&self) -> Result<Connection<'_>, tokio::sync::AcquireError> {
        let permit = self.permits.acquire().await?;
        let in_use = DatabaseMetrics::pool().connections_active.track_in_progress();
        Ok(Connection { _permit: permit, _in_use: in_use })
    }

    async fn transfer(&self) -> Result<(), tokio::sync::AcquireError> {
        let mut connection = self.connection().await?;
        connection.execute(Operation::Select, "accounts").await;
        connection.execute(Operation::Update, "accounts").await;
        Ok(())
    }
}

impl Connection<'_> {
    #[track_duration(
        DatabaseMetrics::statement_duration,
        labels = StatementLabels { operation, table }
    )]
    async fn execute(&mut self, operation: Operation, table: &'static str) {
        sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let exporter = yardstick::exporter().listen("127.0.0.1:0").install()?;
    let pool = Arc::new(Pool { permits: Semaphore::new(2) });
    let transfer = |pool: Arc<Pool>| async move { pool.transfer().await };
    let tasks: Vec<_> = (0..5).map(|_| tokio::spawn(transfer(Arc::clone(&pool)))).collect();
    for task in tasks {
        task.await??;
    }
    print!("{}", yardstick_examples::without_buckets(&exporter.render()));
    Ok(exporter.shutdown().await?)
}
