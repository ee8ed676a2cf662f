//! How does a tight loop record several metrics of which a scrape sees all or none?
//!
//! `cargo run --example batch` moves money between accounts and prints what a scrape then shows.

use yardstick::{Registry, dynamic::Dynamic};

fn main() {
    let metrics = Dynamic::new(Registry::new());
    metrics.describe("transfers", "Transfers between accounts.");
    let mut balances = [1_000.0_f64; 4];
    for round in 0..250_u32 {
        // Money that left one account and has not reached the other is seen by nobody.
        metrics.batch(|batch| {
            for step in 0..4 {
                let (from, to) = (step, (step + 1) % 4);
                let amount = f64::from((round + 7) % 13);
                balances[from] -= amount;
                balances[to] += amount;
                batch.increment_counter("transfers", 1.0, &[]);
                batch.record_summary("transfer.amount", amount, &[]);
                for account in [from, to] {
                    let name = account.to_string();
                    batch.set_gauge("balance", balances[account], &[("account", &name)]);
                }
            }
        });
    }
    let registry = metrics.registry();
    assert_eq!(registry.sample_value("transfers_total", &[]), Some(1_000.0));
    let balance = |account: &str| registry.sample_value("balance", &[("account", account)]);
    let total: f64 = ["0", "1", "2", "3"].into_iter().filter_map(balance).sum();
    assert!((total - 4_000.0).abs() < f64::EPSILON);
    print!("{}", registry.render());
}
