//! The attributes under this toolkit's own recorder, with local ones over it.

mod program;

use metrics::with_local_recorder;
use metrics_util::layers::FanoutBuilder;
use yardstick::Registry;

#[test]
fn every_call_reaches_the_recorder_that_is_current() {
    program::calls();
    let exporter =
        yardstick::exporter().listen(([127, 0, 0, 1], 0)).install().expect("nothing is installed");
    let local = Registry::new();
    let (first, second) = (Registry::new(), Registry::new());
    let fanout =
        FanoutBuilder::default().add_recorder(first.clone()).add_recorder(second.clone()).build();
    for round in 1..=2 {
        program::calls();
        with_local_recorder(&local, program::calls);
        with_local_recorder(&fanout, program::calls);
        let own: Vec<_> = program::counts(&exporter.render())
            .into_iter()
            .filter(|line| !line.starts_with("yardstick_"))
            .collect();
        assert_eq!(own, program::expected(round));
        for registry in [&local, &first, &second] {
            assert_eq!(program::counts(&registry.render()), program::expected(round));
        }
    }
}
