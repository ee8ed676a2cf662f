use std::arch::naked_asm;

use yardstick::{track, track_duration};

#[track_duration]
#[unsafe(naked)]
extern "C" fn alone() {
    naked_asm!("ret")
}

struct Machine;

#[track("instructions")]
impl Machine {
    #[unsafe(naked)]
    extern "C" fn method(&self) {
        naked_asm!("ret")
    }

    #[track(skip)]
    #[unsafe(naked)]
    extern "C" fn left_out(&self) {
        naked_asm!("ret")
    }
}

fn main() {
    alone();
    Machine.method();
    Machine.left_out();
}
