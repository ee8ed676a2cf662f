//! What endpoints show of a registry, in every form.

use std::{io::Write as _, time::Instant};

use flate2::{Compression, write::GzEncoder};
use hyper::body::Bytes;

use super::{gathering::Wanted, negotiate::Format, page, scrapes::Scrapes};
use crate::{
    Limits,
    registry::{Registry, gather_until},
};

/// The scrapes of one endpoint of this registry, within these limits.
pub(crate) fn scrapes(limits: &Limits, registry: &Registry) -> Scrapes {
    let (timeout, shown) = (limits.gather_timeout, registry.clone());
    Scrapes::new(limits, registry, move |wanted| {
        gather_until(Instant::now() + timeout, || render(&shown, wanted))
    })
}

/// What is wanted, and its size before it was zipped.
fn render(registry: &Registry, wanted: Wanted) -> (Bytes, usize) {
    let (plain, is_zipped) = match wanted {
        Wanted::Page => (page::render(&registry.notices(), &registry.gather()).into_bytes(), false),
        Wanted::Exposition { format, is_zipped } => {
            let plain = match format {
                Format::Text => registry.render().into_bytes(),
                Format::OpenMetrics => registry.render_openmetrics().into_bytes(),
                Format::Protobuf => registry.render_protobuf(),
            };
            (plain, is_zipped)
        }
    };
    let bytes = plain.len();
    let body = if is_zipped { gzip(&plain) } else { plain };
    (Bytes::from(body), bytes)
}

/// The bytes in gzip's format.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.expect("writing to memory cannot fail")
}
