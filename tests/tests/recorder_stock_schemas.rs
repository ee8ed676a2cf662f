//! A schema under `metrics-exporter-prometheus`: that exporter cannot show it, and says so when it is installed.
#![cfg(feature = "stock")]

use metrics_exporter_prometheus::PrometheusBuilder;
use yardstick::{Counter, MetricSchema, default_registry, stock::StockError};

#[derive(Debug, MetricSchema)]
#[metrics(namespace = "shop")]
struct ShopMetrics {
    /// Orders.
    orders: Counter,
    /// Refunds.
    refunds: Counter,
}

#[derive(Debug, MetricSchema)]
#[metrics(namespace = "pool", unlisted)]
struct PoolMetrics {
    /// Connections.
    connections: Counter,
}

#[test]
fn a_schema_that_would_not_be_shown_is_told() {
    let error = yardstick::stock::install(PrometheusBuilder::new()).expect_err("there is a schema");
    let text = error.to_string();
    let StockError::Schemas(schemas) = error else { panic!("{text}") };
    let names: Vec<_> = schemas.iter().map(|schema| schema.name.as_str()).collect();
    assert_eq!(names, ["shop_orders_total"]);
    assert!(
        text.starts_with(
            "schemas record into the default registry, which this exporter does not show; "
        ) && text.contains(
            "the schema of `shop_orders_total` at tests/tests/recorder_stock_schemas.rs:"
        ),
        "{text}"
    );
    // Nothing was installed, and the schemas record where they always do.
    ShopMetrics::orders().inc();
    ShopMetrics::refunds().inc();
    PoolMetrics::connections().inc();
    for name in ["shop_orders_total", "shop_refunds_total", "pool_connections_total"] {
        assert_eq!(default_registry().sample_value(name, &[]), Some(1.0), "{name}");
    }
    assert!(yardstick::exporter().install().is_ok(), "no other recorder stands in the way");
}
