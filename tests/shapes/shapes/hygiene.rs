//! Names and traits that would mislead an expansion.

/// Modules with the names of crates.
// tags: fn
// ends: ok
pub mod shadowed_crates {
    #[allow(dead_code)]
    mod core {}
    #[allow(dead_code)]
    mod std {}
    #[allow(dead_code)]
    mod alloc {}
    #[allow(dead_code)]
    mod yardstick {}
    #[allow(dead_code)]
    mod metrics {}
    #[allow(dead_code)]
    mod linkme {}

    #[measured]
    fn subject(x: u8) -> u8 {
        crate::support::work();
        x
    }

    pub fn call() {
        assert_eq!(subject(1), 1);
    }
}

/// The same around an async function.
// tags: async
// ends: ok
pub mod shadowed_crates_async {
    #[allow(dead_code)]
    mod core {}
    #[allow(dead_code)]
    mod std {}
    #[allow(dead_code)]
    mod alloc {}
    #[allow(dead_code)]
    mod yardstick {}
    #[allow(dead_code)]
    mod metrics {}
    #[allow(dead_code)]
    mod linkme {}

    #[measured]
    async fn subject(x: u8) -> u8 {
        crate::support::wait().await;
        x
    }

    pub fn call() {
        assert_eq!(crate::support::run(subject(1)), 1);
    }
}

/// The same around a boxed future.
// tags: future
// ends: ok
pub mod shadowed_crates_future {
    #[allow(dead_code)]
    mod core {}
    #[allow(dead_code)]
    mod std {}
    #[allow(dead_code)]
    mod alloc {}
    #[allow(dead_code)]
    mod yardstick {}
    #[allow(dead_code)]
    mod metrics {}
    #[allow(dead_code)]
    mod linkme {}

    #[measured]
    fn subject(
        x: u8,
    ) -> ::std::pin::Pin<::std::boxed::Box<dyn ::std::future::Future<Output = u8>>> {
        ::std::boxed::Box::pin(async move {
            crate::support::wait().await;
            x
        })
    }

    pub fn call() {
        assert_eq!(crate::support::run(subject(1)), 1);
    }
}

/// Types and traits with the names of the prelude.
// tags: fn result
// ends: ok
pub mod shadowed_prelude {
    #[allow(dead_code)]
    struct Ok;
    #[allow(dead_code)]
    struct Err;
    #[allow(dead_code)]
    struct Some;
    #[allow(dead_code)]
    struct None;
    #[allow(dead_code)]
    struct Result;
    #[allow(dead_code)]
    struct Option;
    #[allow(dead_code)]
    struct String;
    #[allow(dead_code)]
    struct Vec;
    #[allow(dead_code)]
    struct Box;
    #[allow(dead_code)]
    trait Drop {}
    #[allow(dead_code)]
    trait Send {}
    #[allow(dead_code)]
    trait Sync {}
    #[allow(dead_code)]
    trait Sized {}
    #[allow(dead_code)]
    trait Copy {}
    #[allow(dead_code)]
    trait Fn {}
    #[allow(dead_code)]
    trait FnOnce {}
    #[allow(dead_code)]
    trait Future {}
    #[allow(dead_code)]
    trait Default {}

    #[measured]
    fn subject(x: u8) -> ::std::result::Result<u8, crate::support::Refused> {
        crate::support::work();
        ::std::result::Result::Ok(x)
    }

    pub fn call() {
        assert!(matches!(subject(1), ::std::result::Result::Ok(1)));
    }
}

/// The same around an async function.
// tags: async
// ends: ok
pub mod shadowed_prelude_async {
    #[allow(dead_code)]
    struct Ok;
    #[allow(dead_code)]
    struct Err;
    #[allow(dead_code)]
    struct Some;
    #[allow(dead_code)]
    struct None;
    #[allow(dead_code)]
    struct Result;
    #[allow(dead_code)]
    struct Option;
    #[allow(dead_code)]
    struct String;
    #[allow(dead_code)]
    struct Vec;
    #[allow(dead_code)]
    struct Box;
    #[allow(dead_code)]
    trait Drop {}
    #[allow(dead_code)]
    trait Send {}
    #[allow(dead_code)]
    trait Sync {}
    #[allow(dead_code)]
    trait Sized {}
    #[allow(dead_code)]
    trait Copy {}
    #[allow(dead_code)]
    trait Fn {}
    #[allow(dead_code)]
    trait FnOnce {}
    #[allow(dead_code)]
    trait Future {}
    #[allow(dead_code)]
    trait Default {}

    #[measured]
    async fn subject(x: u8) -> ::std::option::Option<u8> {
        crate::support::wait().await;
        ::std::option::Option::Some(x)
    }

    pub fn call() {
        assert!(crate::support::run(subject(1)).is_some());
    }
}

/// Macros with the names of the standard ones.
// tags: fn
// ends: ok
pub mod shadowed_macros {
    #[allow(unused_macros)]
    macro_rules! panic {
        ($($any:tt)*) => {
            compile_error!("this is not the macro that was meant")
        };
    }
    #[allow(unused_macros)]
    macro_rules! concat {
        ($($any:tt)*) => {
            compile_error!("this is not the macro that was meant")
        };
    }
    #[allow(unused_macros)]
    macro_rules! module_path {
        ($($any:tt)*) => {
            compile_error!("this is not the macro that was meant")
        };
    }
    #[allow(unused_macros)]
    macro_rules! matches {
        ($($any:tt)*) => {
            compile_error!("this is not the macro that was meant")
        };
    }

    #[measured]
    fn subject(x: u8) -> u8 {
        crate::support::work();
        x
    }

    pub fn call() {
        assert_eq!(subject(1), 1);
    }
}

/// A trait with common methods for every type.
// tags: fn result
// ends: ok
pub mod hostile_trait {
    #[allow(dead_code)]
    trait Hostile: Sized {
        fn increment(self) -> u8 {
            1
        }
        fn record(self) -> u8 {
            1
        }
        fn name(self) -> u8 {
            1
        }
        fn help(self) -> u8 {
            1
        }
        fn doc(self) -> u8 {
            1
        }
        fn labels(self) -> u8 {
            1
        }
        fn buckets(self) -> u8 {
            1
        }
        fn directed(self) -> u8 {
            1
        }
        fn input(self) -> u8 {
            1
        }
        fn clone(self) -> u8 {
            1
        }
        fn map(self) -> u8 {
            1
        }
        fn unwrap(self) -> u8 {
            1
        }
        fn poll(self) -> u8 {
            1
        }
        fn get(self) -> u8 {
            1
        }
        fn enter(&self) -> u8 {
            1
        }
        fn leave(&self) -> u8 {
            1
        }
        fn error_type(&self) -> u8 {
            1
        }
        fn as_ref(&self) -> u8 {
            1
        }
        fn is_some(&self) -> u8 {
            1
        }
        fn borrow(&self) -> u8 {
            1
        }
        fn with_text(&self) -> u8 {
            1
        }
        fn __yardstick_other(&self) -> u8 {
            1
        }
    }

    impl<T> Hostile for T {}

    #[measured]
    fn subject(x: u8) -> Result<u8, crate::support::Refused> {
        crate::support::work();
        Ok(x)
    }

    pub fn call() {
        assert!(subject(1).is_ok());
    }
}

/// The same around an async function.
// tags: async result
// ends: ok
pub mod hostile_trait_async {
    #[allow(dead_code)]
    trait Hostile: Sized {
        fn increment(self) -> u8 {
            1
        }
        fn record(self) -> u8 {
            1
        }
        fn name(self) -> u8 {
            1
        }
        fn help(self) -> u8 {
            1
        }
        fn doc(self) -> u8 {
            1
        }
        fn labels(self) -> u8 {
            1
        }
        fn buckets(self) -> u8 {
            1
        }
        fn directed(self) -> u8 {
            1
        }
        fn input(self) -> u8 {
            1
        }
        fn clone(self) -> u8 {
            1
        }
        fn map(self) -> u8 {
            1
        }
        fn unwrap(self) -> u8 {
            1
        }
        fn poll(self) -> u8 {
            1
        }
        fn get(self) -> u8 {
            1
        }
        fn enter(&self) -> u8 {
            1
        }
        fn leave(&self) -> u8 {
            1
        }
        fn error_type(&self) -> u8 {
            1
        }
        fn as_ref(&self) -> u8 {
            1
        }
        fn is_some(&self) -> u8 {
            1
        }
        fn borrow(&self) -> u8 {
            1
        }
        fn with_text(&self) -> u8 {
            1
        }
        fn __yardstick_other(&self) -> u8 {
            1
        }
    }

    impl<T> Hostile for T {}

    #[measured]
    async fn subject(x: u8) -> Result<u8, crate::support::Refused> {
        crate::support::wait().await;
        Ok(x)
    }

    pub fn call() {
        assert!(crate::support::run(subject(1)).is_ok());
    }
}

/// Locals that have the names of functions.
// tags: fn
// ends: ok
pub mod shadowed_by_locals {
    #[allow(unused_imports)]
    use crate::support::work as enter;

    #[measured]
    fn subject(leave: u8) -> u8 {
        enter();
        let (call, observe, facts, site) = (leave, 1, 1, 1);
        call + observe + facts + site
    }

    pub fn call() {
        assert_eq!(subject(1), 4);
    }
}

/// Items that have the name of the function.
// tags: fn
// ends: ok
pub mod item_named_alike {
    #[allow(dead_code, non_upper_case_globals)]
    mod subject {
        pub static subject: u8 = 1;
    }

    #[measured]
    fn subject() -> u8 {
        crate::support::work();
        subject::subject
    }

    pub fn call() {
        assert_eq!(subject(), 1);
    }
}

/// Constants with the names of the expansion.
// tags: fn
// ends: ok
pub mod constants_named_alike {
    #[allow(dead_code)]
    const __SITE: u8 = 1;
    #[allow(dead_code)]
    const ENTRY: u8 = 1;

    #[measured]
    fn subject() -> u8 {
        crate::support::work();
        __SITE + ENTRY
    }

    pub fn call() {
        assert_eq!(subject(), 2);
    }
}
