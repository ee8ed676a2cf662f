//! Compiles the lanes' source files as loom's model: a `cfg` of this package alone, so that no other
//! crate is built twice.

fn main() {
    println!("cargo::rustc-cfg=yardstick_loom");
    println!("cargo::rustc-check-cfg=cfg(yardstick_loom)");
}
