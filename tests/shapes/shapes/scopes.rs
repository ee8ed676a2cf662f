//! The body's own scope: its temporaries, its items, and its arguments with their attributes.

/// A temporary of the last expression borrows an argument.
// tags: fn
// ends: ok
pub mod borrows_an_argument {
    use std::{cell::RefCell, rc::Rc};

    #[measured]
    fn subject(db: Rc<RefCell<Vec<u8>>>) -> usize {
        crate::support::work();
        db.borrow().len()
    }

    pub fn call() {
        assert_eq!(subject(Rc::default()), 0);
    }
}

/// The same of what a pattern binds, next to what it leaves.
// tags: fn
// ends: ok
pub mod borrows_part_of_an_argument {
    use std::{cell::RefCell, rc::Rc};

    type Rows = Rc<RefCell<Vec<u8>>>;

    #[measured]
    fn subject((db, _): (Rows, String), [_, other]: [Rows; 2]) -> usize {
        crate::support::work();
        db.borrow().len() + other.borrow().len()
    }

    pub fn call() {
        assert_eq!(subject((Rc::default(), String::new()), [Rc::default(), Rc::default()]), 0);
    }
}

/// The same of the object.
// tags: fn
// ends: ok
pub mod borrows_its_object {
    use std::{cell::RefCell, rc::Rc};

    struct Rows(Rc<RefCell<Vec<u8>>>);

    impl Rows {
        #[measured]
        fn subject(self) -> usize {
            crate::support::work();
            self.0.borrow().len()
        }
    }

    pub fn call() {
        assert_eq!(Rows(Rc::default()).subject(), 0);
    }
}

/// The usual handler of a web server.
// tags: async
// ends: ok
pub mod handler {
    use std::{cell::RefCell, rc::Rc};

    struct State<T>(T);
    struct Json<T> {
        body: T,
    }

    #[measured]
    async fn subject(
        State(db): State<Rc<RefCell<Vec<u8>>>>,
        Json { body }: Json<String>,
    ) -> usize {
        crate::support::wait().await;
        db.borrow_mut().extend(body.bytes());
        db.borrow().len()
    }

    pub fn call() {
        let json = Json { body: "ab".to_owned() };
        assert_eq!(crate::support::run(subject(State(Rc::default()), json)), 2);
    }
}

/// An argument with a raw name.
// tags: async
// ends: ok
pub mod borrows_a_raw_argument {
    use std::{cell::RefCell, rc::Rc};

    #[measured]
    async fn subject(r#db: Rc<RefCell<Vec<u8>>>, r#type: String) -> usize {
        crate::support::wait().await;
        r#db.borrow().len() + r#type.len()
    }

    pub fn call() {
        assert_eq!(crate::support::run(subject(Rc::default(), String::new())), 0);
    }
}

/// An async method that takes its object over.
// tags: async
// ends: ok
pub mod borrows_its_object_async {
    use std::{cell::RefCell, rc::Rc};

    struct Rows(Rc<RefCell<Vec<u8>>>);

    impl Rows {
        #[measured]
        async fn subject(self: Box<Self>, by: String) -> usize {
            crate::support::wait().await;
            self.0.borrow().len() + by.len()
        }
    }

    pub fn call() {
        assert_eq!(crate::support::run(Box::new(Rows(Rc::default())).subject(String::new())), 0);
    }
}

/// What is returned may be a temporary's.
// tags: future
// ends: ok
pub mod borrows_while_making_a_future {
    use std::{cell::RefCell, future::Future, rc::Rc};

    #[measured]
    fn subject((db, _): (Rc<RefCell<Vec<u8>>>, String)) -> impl Future<Output = usize> {
        crate::support::later(db.borrow().len())
    }

    pub fn call() {
        assert_eq!(crate::support::run(subject((Rc::default(), String::new()))), 0);
    }
}

/// Items of the body have the names of the types that the signature means.
// tags: fn result
// ends: error
pub mod items_named_like_types {
    type Error = crate::support::Refused;

    #[measured]
    fn subject(text: String) -> Result<u64, Error> {
        use std::fmt::Error;
        type String = u8;
        fn inner(number: String) -> Result<u64, Error> {
            Ok(number.into())
        }
        crate::support::work();
        let _ = (inner(String::MAX), text.len());
        Err(crate::support::Refused)
    }

    pub fn call() {
        assert!(subject(String::new()).is_err());
    }
}

/// The same in an async function.
// tags: async result
// ends: error
pub mod items_named_like_types_async {
    type Error = crate::support::Refused;

    #[measured]
    async fn subject(text: String) -> Result<u64, Error> {
        use std::fmt::Error;
        fn inner(number: u8) -> Result<u64, Error> {
            Ok(number.into())
        }
        crate::support::wait().await;
        let _ = inner(u8::try_from(text.len()).unwrap_or_default());
        Err(crate::support::Refused)
    }

    pub fn call() {
        assert!(crate::support::run(subject(String::new())).is_err());
    }
}

/// The same around a future.
// tags: future result
// ends: error
pub mod items_named_like_types_future {
    use std::{future::Future, pin::Pin};

    type Error = crate::support::Refused;

    #[measured]
    fn subject(text: String) -> Pin<Box<dyn Future<Output = Result<u64, Error>>>> {
        use std::fmt::Error;
        fn inner(number: u8) -> Result<u64, Error> {
            Ok(number.into())
        }
        let _ = inner(u8::try_from(text.len()).unwrap_or_default());
        Box::pin(async {
            crate::support::wait().await;
            Err(crate::support::Refused)
        })
    }

    pub fn call() {
        assert!(crate::support::run(subject(String::new())).is_err());
    }
}

/// An item of the body has the name of the expansion's crate, and of what labels are read from.
// tags: fn
// ends: ok
pub mod items_named_like_ours {
    #[measured]
    fn subject(x: u8) -> u8 {
        mod yardstick {
            pub mod support {
                pub const X: u8 = 1;
            }
        }
        use yardstick as __yardstick;
        crate::support::work();
        x + __yardstick::support::X
    }

    pub fn call() {
        assert_eq!(subject(1), 2);
    }
}

/// The body is one block that a macro was given.
// tags: fn
// ends: ok
pub mod block_of_a_macro {
    macro_rules! constant {
        ($name:ident, $body:block) => {
            #[measured]
            pub fn $name() -> u8 $body
        };
    }

    constant!(subject, { crate::support::one() });

    pub fn call() {
        assert_eq!(subject(), 1);
    }
}

/// The same of an async function, whose argument has the macro's own name.
// tags: async
// ends: ok
pub mod block_of_a_macro_async {
    macro_rules! constant {
        ($name:ident, $argument:ident, $body:block) => {
            #[measured]
            pub async fn $name($argument: String, of_the_macro: String) -> usize {
                let length: usize = $body;
                length + of_the_macro.len()
            }
        };
    }

    constant!(subject, text, {
        crate::support::wait().await;
        text.len()
    });

    pub fn call() {
        assert_eq!(crate::support::run(subject(String::new(), "a".to_owned())), 1);
    }
}

/// Attributes of arguments that are bound again.
// tags: fn
// ends: ok
pub mod attributes_of_arguments {
    #[measured]
    fn subject(
        #[allow(unused_variables)] dry_run: String,
        #[expect(unused_variables, reason = "on purpose")] wet_run: String,
        #[cfg_attr(all(), allow(unused_variables))] (other, _): (String, String),
        #[cfg_attr(all(), cfg(any()))] only_elsewhere: String,
        #[cfg_attr(all(), expect(unused_mut), cfg(all()))] mut here: String,
    ) -> usize {
        crate::support::work();
        here.len()
    }

    pub fn call() {
        let new = String::new;
        assert_eq!(subject(new(), new(), (new(), new()), new()), 0);
    }
}

/// The same in an async function.
// tags: async
// ends: ok
pub mod attributes_of_arguments_async {
    #[measured]
    async fn subject(
        #[allow(unused_variables)] dry_run: String,
        #[expect(unused_variables, reason = "on purpose")] wet_run: String,
        #[cfg_attr(all(), allow(unused_variables))] (other, _): (String, String),
        #[cfg_attr(all(), cfg(any()))] only_elsewhere: String,
        #[cfg_attr(all(), expect(unused_mut), cfg(all()))] mut here: String,
    ) -> usize {
        crate::support::wait().await;
        here.len()
    }

    pub fn call() {
        let new = String::new;
        assert_eq!(crate::support::run(subject(new(), new(), (new(), new()), new())), 0);
    }
}

/// The same of plain arguments, which are not bound again.
// tags: async
// ends: ok
pub mod attributes_of_plain_arguments_async {
    #[measured]
    async fn subject(
        #[allow(unused_variables)] dry_run: String,
        #[expect(unused_variables, reason = "on purpose")] wet_run: String,
        #[cfg_attr(all(), cfg(any()))] only_elsewhere: String,
        #[expect(unused_mut, reason = "on purpose")] mut here: String,
        #[allow(unused_variables)] small: bool,
    ) -> usize {
        crate::support::wait().await;
        here.len()
    }

    pub fn call() {
        let new = String::new;
        assert_eq!(crate::support::run(subject(new(), new(), new(), true)), 0);
    }
}

/// Only a string names the argument.
// tags: async
// ends: ok
pub mod named_in_a_string {
    #[measured]
    async fn subject(text: String, mut number: String) -> String {
        crate::support::wait().await;
        number.push('1');
        format!("{text}{number}")
    }

    pub fn call() {
        assert_eq!(crate::support::run(subject("a".to_owned(), String::new())), "a1");
    }
}
