//! The attributes under a recorder that passes everything on to two.

mod program;

use metrics::{set_global_recorder, with_local_recorder};
use metrics_util::layers::FanoutBuilder;
use yardstick::Registry;

#[test]
fn every_call_reaches_both_recorders() {
    program::calls();
    let (first, second) = (Registry::new(), Registry::new());
    let fanout =
        FanoutBuilder::default().add_recorder(first.clone()).add_recorder(second.clone()).build();
    set_global_recorder(fanout).expect("nothing else is installed");
    for round in 1..=2 {
        program::calls();
        for registry in [&first, &second] {
            assert_eq!(program::counts(&registry.render()), program::expected(round));
        }
    }

    let local = Registry::new();
    with_local_recorder(&local, program::calls);
    assert_eq!(program::counts(&local.render()), program::expected(1));
    assert_eq!(program::counts(&first.render()), program::expected(2));
}
