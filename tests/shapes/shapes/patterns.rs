//! Arguments that are more than names.

/// A tuple.
// tags: fn
// ends: ok
pub mod tuple {
    use crate::support::work;

    #[measured]
    fn subject((a, b): (u8, u8)) -> u8 {
        work();
        a + b
    }

    pub fn call() {
        assert_eq!(subject((1, 2)), 3);
    }
}

/// A structure.
// tags: fn
// ends: ok
pub mod structure {
    use crate::support::work;

    struct Point {
        x: u8,
        y: u8,
    }

    #[measured]
    fn subject(Point { x, y: other }: Point) -> u8 {
        work();
        x + other
    }

    pub fn call() {
        assert_eq!(subject(Point { x: 1, y: 2 }), 3);
    }
}

/// One that is ignored, and one with an underscore.
// tags: fn
// ends: ok
pub mod ignored {
    use crate::support::work;

    #[measured]
    fn subject(_: String, _unused: u8) {
        work();
    }

    pub fn call() {
        subject(String::new(), 1);
    }
}

/// One that changes.
// tags: fn
// ends: ok
pub mod mutable {
    use crate::support::work;

    #[measured]
    fn subject(mut items: Vec<u8>, mut by: u8) -> usize {
        work();
        by += 1;
        items.push(by);
        items.len()
    }

    pub fn call() {
        assert_eq!(subject(Vec::new(), 1), 1);
    }
}

/// An array in parts.
// tags: fn
// ends: ok
pub mod array {
    use crate::support::work;

    #[measured]
    fn subject([first, .., last]: [u8; 3]) -> u8 {
        work();
        first + last
    }

    pub fn call() {
        assert_eq!(subject([1, 2, 3]), 4);
    }
}

/// Through a reference.
// tags: fn
// ends: ok
pub mod by_reference {
    use crate::support::work;

    #[measured]
    fn subject(&(a, b): &(u8, u8)) -> u8 {
        work();
        a + b
    }

    pub fn call() {
        assert_eq!(subject(&(1, 2)), 3);
    }
}

/// Arguments that only some builds have.
// tags: fn
// ends: ok
pub mod conditional {
    use crate::support::work;

    #[measured]
    fn subject(
        #[cfg(not(windows))] x: u8,
        #[cfg(windows)] absent: Absent,
        #[allow(unused_variables)] y: u8,
    ) -> u8 {
        work();
        x
    }

    pub fn call() {
        assert_eq!(subject(1, 2), 1);
    }
}

/// Raw identifiers.
// tags: fn
// ends: ok
pub mod raw_names {
    use crate::support::work;

    #[measured]
    fn r#match(r#type: u8, r#fn: u8) -> u8 {
        work();
        r#type + r#fn
    }

    pub fn call() {
        assert_eq!(r#match(1, 2), 3);
    }
}

/// An argument that the body shadows.
// tags: fn
// ends: ok
pub mod shadowed {
    use crate::support::work;

    #[measured]
    fn subject(x: u8) -> String {
        work();
        let x = x + 1;
        let mut x = x.to_string();
        x.push('a');
        x
    }

    pub fn call() {
        assert_eq!(subject(1), "2a");
    }
}

/// Arguments and locals with the names of the expansion.
// tags: fn
// ends: ok
pub mod our_names {
    use crate::support::work;

    #[measured]
    fn subject(__guard: u8, __returned: u8, start: u8) -> u8 {
        const __SITE: u8 = 1;
        let __yardstick = 1;
        let guard = __guard + __yardstick + __SITE;
        work();
        guard + __returned + start
    }

    pub fn call() {
        assert_eq!(subject(1, 2, 3), 8);
    }
}
