//! Functions with `unsafe` in them.

/// An unsafe function.
// tags: fn
// ends: ok
pub mod unsafe_fn {
    use crate::support::work;

    static X: u8 = 1;

    #[measured]
    unsafe fn subject(from: *const u8) -> u8 {
        work();
        // SAFETY: the caller has a valid pointer.
        unsafe { *from }
    }

    pub fn call() {
        // SAFETY: the pointer is valid.
        assert_eq!(unsafe { subject(&raw const X) }, 1);
    }
}

/// An unsafe function that is callable from C.
// tags: fn
// ends: ok
pub mod unsafe_foreign_abi {
    use crate::support::work;

    static X: u8 = 1;

    #[measured]
    unsafe extern "C" fn subject(from: *const u8) -> u8 {
        work();
        // SAFETY: the caller has a valid pointer.
        unsafe { *from }
    }

    pub fn call() {
        // SAFETY: the pointer is valid.
        assert_eq!(unsafe { subject(&raw const X) }, 1);
    }
}

/// A function with a name for the linker.
// tags: fn
// ends: ok
pub mod exported {
    use crate::support::work;

    #[measured]
    #[unsafe(export_name = "yardstick_shapes_@variant@")]
    pub extern "C" fn subject() -> u8 {
        work();
        1
    }

    pub fn call() {
        assert_eq!(subject(), 1);
    }
}

/// An unsafe async function.
// tags: async
// ends: ok
pub mod async_unsafe_fn {
    use crate::support::{run, wait};

    #[measured]
    async unsafe fn subject(x: &u8) -> u8 {
        wait().await;
        *x
    }

    pub fn call() {
        // SAFETY: it asks for nothing.
        assert_eq!(run(unsafe { subject(&1) }), 1);
    }
}

/// A method of an unsafe trait.
// tags: fn
// ends: ok
pub mod unsafe_trait {
    use crate::support::work;

    /// # Safety
    ///
    /// None is asked for.
    pub unsafe trait Subject {
        /// # Safety
        ///
        /// None is asked for.
        unsafe fn get(&self) -> u8;
    }

    // SAFETY: it asks for nothing.
    unsafe impl Subject for u8 {
        #[measured]
        unsafe fn get(&self) -> u8 {
            work();
            *self
        }
    }

    pub fn call() {
        // SAFETY: it asks for nothing.
        assert_eq!(unsafe { 1_u8.get() }, 1);
    }
}

/// Needs a feature of the processor.
// tags: fn
// ends: ok
pub mod target_feature {
    use crate::support::work;

    #[measured]
    #[cfg_attr(target_arch = "x86_64", target_feature(enable = "sse2"))]
    fn subject(x: u8) -> u8 {
        work();
        x
    }

    pub fn call() {
        // SAFETY: every processor of this architecture has it.
        #[allow(unused_unsafe)]
        let found = unsafe { subject(1) };
        assert_eq!(found, 1);
    }
}
