use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use super::{super::key::Owner, *};

const OWNER: Owner = Owner { metric: 1, registry: u64::MAX };

/// A series that may be removed.
#[derive(Clone, Debug, Default)]
struct Removed(Arc<AtomicBool>);

impl Removable for Removed {
    fn is_removed(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

fn put(common: &Common<Removed>, owner: Owner, text: &str, found: &Removed) {
    put_within(common, owner, text, found, 10_000);
}

fn put_within(common: &Common<Removed>, owner: Owner, text: &str, found: &Removed, max: usize) {
    let (key, values) = (Key::of(owner, &(text, ())), (text, ()));
    let kept = Kept::of(&key, &values, found.clone()).expect("it is short");
    common.put(&key, kept, max);
}

fn get(common: &Common<Removed>, owner: Owner, text: &str) -> Option<Removed> {
    common.get(&Key::of(owner, &(text, ())), &(text, ()))
}

#[test]
fn series_that_were_removed_are_let_go() {
    let common = Common::new();
    let stays = Removed::default();
    put(&common, OWNER, "stays", &stays);
    let gone = Removed(Arc::new(AtomicBool::new(true)));
    for index in 0..10_000 {
        put(&common, OWNER, &format!("value-{index}"), &gone);
        assert!(common.len() <= SWEEP_MIN + 1, "{}", common.len());
    }
    assert!(get(&common, OWNER, "stays").is_some());
    assert!(Arc::strong_count(&gone.0) <= SWEEP_MIN + 1);
}

#[test]
fn what_another_owner_kept_is_let_go() {
    let common = Common::new();
    let found = Removed::default();
    for taken_out in 0..1_000 {
        let owner = Owner { registry: taken_out, ..OWNER };
        for text in ["a", "b", "c"] {
            put(&common, owner, text, &found);
        }
        assert!(common.len() <= SWEEP_MIN + 3, "{}", common.len());
        assert!(get(&common, owner, "a").is_some());
        assert!(get(&common, OWNER, "a").is_none());
    }
}

#[test]
fn places_follow_the_limit_of_the_metric() {
    let common = Common::new();
    let found = Removed::default();
    for index in 0..10_000 {
        put_within(&common, OWNER, &format!("value-{index}"), &found, 100);
    }
    let shelf = common.shelf.read().unwrap_or_else(PoisonError::into_inner);
    assert_eq!(shelf.table.places(), 512);
}

#[test]
fn two_that_find_the_same_at_once_keep_it_once() {
    let common = Common::new();
    let long = "longer than sixteen bytes, so that the key is not whole";
    for text in ["a", "b", long, "a", "b", long] {
        put(&common, OWNER, text, &Removed::default());
    }
    assert_eq!(common.len(), 3);
    assert!(get(&common, OWNER, long).is_some());
    assert!(get(&common, OWNER, "longer than sixteen bytes, and the key is not whole").is_none());
}

#[test]
fn a_new_thread_is_answered_with_what_another_one_found() {
    thread_local! {
        static NEAR: Near<Removed> = const { Near::new() };
    }
    let common = Common::new();
    let found = Removed::default();
    for text in ["short", "longer than sixteen bytes, so that the key is not whole"] {
        let (key, values) = (Key::of(OWNER, &(text, ())), (text, ()));
        let kept = share(&NEAR, &common, &key, &values, Lookup::Own(found.clone()), 100);
        assert!(Arc::ptr_eq(&kept.0, &found.0));
        assert!(near::get(&NEAR, &key, &values).is_some());
        std::thread::scope(|scope| {
            let new_thread = || {
                let own = || near::get(&NEAR, &key, &values);
                assert!(own().is_none());
                let fetched = fetch(&NEAR, &common, &key, &values).expect("it was found");
                assert!(Arc::ptr_eq(&fetched.0, &found.0));
                assert!(own().is_some());
            };
            scope.spawn(new_thread);
        });
    }
}
