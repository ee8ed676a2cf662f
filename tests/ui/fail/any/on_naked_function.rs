use std::arch::naked_asm;

use yardstick::{track, track_calls, track_duration};

#[track_duration]
#[unsafe(naked)]
extern "C" fn alone() {
    naked_asm!("ret")
}

#[track_duration]
#[track_calls]
#[unsafe(naked)]
extern "C" fn stacked() {
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
    stacked();
    Machine.method();
    Machine.left_out();
}
