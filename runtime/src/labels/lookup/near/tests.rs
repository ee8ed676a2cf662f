use super::{
    super::{
        key::Owner,
        table::{Entry, WAYS, group},
    },
    *,
};
use crate::labels::long_value::LABEL_VALUE_BYTES_MAX;

const OWNER: Owner = Owner { metric: 1, registry: u64::MAX };

fn put_values(near: &Near<usize>, values: &impl LabelValues, found: usize) {
    let key = Key::of(OWNER, values);
    if let Ok(kept) = Kept::of(&key, values, found) {
        near.put(&key, kept);
    }
}

fn get_values(near: &Near<usize>, values: &impl LabelValues) -> Option<usize> {
    near.with(&Key::of(OWNER, values), values, |kept| **kept)
}

fn put(near: &Near<usize>, text: &str, found: usize) {
    put_values(near, &(text, ()), found);
}

fn get(near: &Near<usize>, text: &str) -> Option<usize> {
    get_values(near, &(text, ()))
}

/// Texts that share their places in a table of any size, as many as asked for.
fn neighbours(count: usize) -> Vec<String> {
    let place = |text: &str| group(Key::of(OWNER, &(text, ())).hash(), PLACES_MAX / WAYS);
    let texts = (0..).map(|index| format!("value-{index}"));
    texts.filter(|text| place(text) == place("value-0")).take(count).collect()
}

#[test]
fn values_whose_places_are_the_same_stay_side_by_side() {
    let near = Near::new();
    let texts = neighbours(WAYS);
    for (found, text) in texts.iter().enumerate() {
        put(&near, text, found);
    }
    for (found, text) in texts.iter().enumerate() {
        assert_eq!(get(&near, text), Some(found), "{text}");
    }
}

#[test]
fn the_oldest_of_too_many_makes_room() {
    let near = Near::new();
    let texts = neighbours(WAYS + 1);
    for (found, text) in texts.iter().enumerate() {
        put(&near, text, found);
    }
    assert_eq!(near.table.borrow().places(), PLACES_MAX);
    assert_eq!(get(&near, &texts[0]), None);
    assert_eq!(get(&near, &texts[1]), Some(1));
    assert_eq!(get(&near, &texts[WAYS]), Some(WAYS));
}

/// How many of so many values stay that are in use at once.
fn stay(count: usize) -> usize {
    let near = Near::new();
    let texts: Vec<_> = (0..count).map(|index| format!("/path/{index}")).collect();
    for (found, text) in texts.iter().enumerate() {
        put(&near, text, found);
    }
    let stays = |(found, text): &(usize, &String)| match get(&near, text) {
        Some(kept) => {
            assert_eq!(kept, *found, "{text}");
            true
        }
        None => false,
    };
    texts.iter().enumerate().filter(stays).count()
}

/// The table grows until each has a place: that they share nine places in the largest one is next to impossible.
#[test]
fn a_hundred_values_in_use_at_once_all_stay() {
    assert_eq!(stay(100), 100);
}

/// The seed is another one in each process. With some one in five, nine of so many share the places of eight, and one of
/// them has to be found again now and then.
#[test]
fn of_two_thousand_values_in_use_at_once_nearly_all_stay() {
    let staying = stay(2_000);
    assert!(staying >= 1_980, "{staying} of 2,000");
}

#[test]
fn values_with_equal_ends_are_told_apart() {
    let near = Near::new();
    let texts: Vec<_> =
        (0..100).map(|index| format!("/the/same/start/{index:03}/the/same/end")).collect();
    for (found, text) in texts.iter().enumerate() {
        put(&near, text, found);
    }
    for (found, text) in texts.iter().enumerate() {
        assert_eq!(get(&near, text), Some(found), "{text}");
    }
    assert_eq!(get(&near, "/the/same/start/100/the/same/end"), None);
}

#[test]
fn values_that_are_cut_are_not_kept() {
    let near = Near::new();
    let long = "x".repeat(LABEL_VALUE_BYTES_MAX + 1);
    put(&near, &long, 1);
    put(&near, &long[1..], 2);
    assert_eq!((get(&near, &long), get(&near, &long[1..])), (None, Some(2)));
}

#[test]
fn what_a_table_occupies_follows_what_it_keeps_and_has_an_end() {
    let near = Near::new();
    let occupied = || near.table.borrow().bytes();
    assert_eq!(occupied(), 0);
    put(&near, "first", 0);
    assert!(occupied() < 8 << 10, "{}", occupied());
    for index in 0..100_000 {
        put(&near, &format!("value-{index}"), index);
    }
    let entry = size_of::<Entry<usize>>() + 2 * size_of::<usize>();
    let most = PLACES_MAX * (entry + 2 * size_of::<u64>());
    assert!(occupied() <= most, "{} of {most}", occupied());
}

#[test]
fn a_value_that_asks_while_it_is_compared_is_answered() {
    struct Asking<'n>(&'n Near<usize>, &'static str);

    impl LabelValues for Asking<'_> {
        const COMBINATIONS: usize = 0;

        fn dense_index(&self) -> usize {
            usize::MAX
        }

        fn each_values(_: &mut dyn FnMut(&'static [&'static str])) {}

        fn each_text(&self, read: &mut dyn FnMut(&str)) {
            put(self.0, "inner", 7);
            let _ = get(self.0, "inner");
            read(self.1);
        }
    }

    let near = Near::new();
    let values = Asking(&near, "longer than sixteen bytes");
    put_values(&near, &values, 1);
    assert_eq!(get_values(&near, &values), Some(1));
    assert_eq!(get(&near, "inner"), Some(7));
}
