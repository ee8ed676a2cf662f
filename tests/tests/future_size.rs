//! Annotated futures are as small as plain ones: three deep, with an argument of 256 bytes.

use yardstick::{track_active, track_calls, track_duration, track_errors};

type Argument = [u8; 256];

/// Three functions, each of which passes its argument on to the next: the plain ones keep it twice.
macro_rules! nested {
    ($name:ident($argument:ident) $(, #[$attribute:meta])*) => {
        mod $name {
            #[allow(unused_imports, reason = "the plain ones need none")]
            use super::*;

            $(#[$attribute])*
            async fn inner($argument: Argument) -> Result<usize, std::fmt::Error> {
                tokio::task::yield_now().await;
                Ok($argument.len())
            }

            $(#[$attribute])*
            async fn middle($argument: Argument) -> Result<usize, std::fmt::Error> {
                let found = inner($argument).await?;
                Ok(found)
            }

            $(#[$attribute])*
            pub(super) async fn outer($argument: Argument) -> Result<usize, std::fmt::Error> {
                let found = middle($argument).await?;
                Ok(found)
            }
        }
    };
}

nested!(plain(argument));
nested!(duration(argument), #[track_duration]);
nested!(errors(argument), #[track_errors]);
nested!(calls(argument), #[track_calls]);
nested!(active(argument), #[track_active]);
nested!(stacked(argument), #[track_duration], #[track_errors], #[track_calls], #[track_active]);
nested!(labelled(argument), #[track_calls("labelled", labels(first = argument[0]), result_labels(ok = Result::is_ok))]);

#[test]
fn annotated_futures_are_as_small_as_plain_ones() {
    let plain = size_of_val(&plain::outer([0; 256]));
    let annotated = [
        ("duration", size_of_val(&duration::outer([0; 256]))),
        ("errors", size_of_val(&errors::outer([0; 256]))),
        ("calls", size_of_val(&calls::outer([0; 256]))),
        ("active", size_of_val(&active::outer([0; 256]))),
        ("stacked", size_of_val(&stacked::outer([0; 256]))),
        ("labelled", size_of_val(&labelled::outer([0; 256]))),
    ];
    println!("plain: {plain} bytes");
    for (name, size) in annotated {
        println!("{name}: {size} bytes");
        assert!(size * 10 <= plain * 11, "{name}: {size} bytes, and plain {plain}");
    }
}
