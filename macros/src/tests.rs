//! Snapshots: what the attributes write, printed as a person would write it.
//!
//! Bless with `YARDSTICK_BLESS=1 cargo test -p yardstick-macros`, and read the difference.

use std::path::Path;

use proc_macro2::TokenStream;
use quote::quote;

use crate::{
    attribute,
    derive::{self, Derive},
    kind::{AttributeKind, Measure},
};

fn snapshot(name: &str, kind: AttributeKind, args: TokenStream, item: &TokenStream) {
    compare(name, attribute::expand(kind, args, item));
}

/// Compares an expansion with what `tests/expand` has under a name.
fn compare(name: &str, expansion: TokenStream) {
    let file = syn::parse2(expansion).expect("an expansion is Rust");
    let text = prettyplease::unparse(&file);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/expand/{name}.rs"));
    if std::env::var_os("YARDSTICK_BLESS").is_some() {
        std::fs::write(&path, &text).expect("a writable checkout");
    }
    let golden = std::fs::read_to_string(&path).expect("a snapshot; bless it");
    assert_eq!(text, golden, "{name}");
}

#[test]
fn a_sync_function_gets_a_guard_in_place() {
    let item = quote! {
        /// Answers one query.
        pub fn answer(query: &str) -> usize {
            query.len()
        }
    };
    let args = quote!("query_duration", labels(endpoint = "/query"), buckets = [5ms, 1s]);
    snapshot("sync_guard", AttributeKind::One(Measure::Duration), args, &item);
}

#[test]
fn a_result_is_observed_through_a_closure() {
    let item = quote! {
        #[track_calls]
        fn answer(&mut self, query: &str) -> Result<&mut usize, Error> {
            Ok(&mut self.count)
        }
    };
    snapshot(
        "sync_observed",
        AttributeKind::One(Measure::Errors),
        quote!(labels(query = query)),
        &item,
    );
}

#[test]
fn an_async_function_becomes_one_block() {
    let item = quote!(
        async fn answer(mut query: String, (_, limit): (u8, u8)) -> usize {
            query.len()
        }
    );
    snapshot("async_guard", AttributeKind::One(Measure::Active), TokenStream::new(), &item);
    let item = quote!(
        async fn answer(query: String) -> Result<usize, Error> {
            Ok(query.len())
        }
    );
    snapshot("async_observed", AttributeKind::One(Measure::Calls), TokenStream::new(), &item);
}

#[test]
fn a_small_function_has_a_small_expansion() {
    let sync = quote!(
        fn answer(query: String) -> Result<usize, Error> {
            Ok(query.len())
        }
    );
    let asynchronous = quote!(async #sync);
    for (item, kind) in [
        (&sync, AttributeKind::One(Measure::Duration)),
        (&asynchronous, AttributeKind::One(Measure::Calls)),
    ] {
        let expansion = attribute::expand(kind, TokenStream::new(), item).to_string();
        println!("{kind}: {} bytes", expansion.len());
        assert!(expansion.len() < 900, "{} bytes: {expansion}", expansion.len());
    }
}

#[test]
fn a_returned_future_is_wrapped() {
    let item = quote! {
        fn answer(query: String) -> Pin<Box<dyn Future<Output = usize> + Send>> {
            Box::pin(async move { query.len() })
        }
    };
    snapshot("returned_future", AttributeKind::One(Measure::Calls), TokenStream::new(), &item);
}

#[test]
fn each_shape_of_a_function_has_its_guard() {
    let one = |measure| AttributeKind::One(measure);
    let stream = quote!(
        fn answers(query: String) -> impl Stream<Item = usize> {
            stream::iter(0..query.len())
        }
    );
    snapshot("stream", one(Measure::Calls), TokenStream::new(), &stream);
    let kept = quote!(
        #[track_caller]
        async fn answer(query: String) -> usize {
            query.len()
        }
    );
    snapshot("async_kept", one(Measure::Duration), TokenStream::new(), &kept);
    let result = quote!(
        fn answer(query: &str) -> Result<usize, Error> {
            Ok(query.len())
        }
    );
    snapshot("all_metrics", AttributeKind::All, quote!("queries"), &result);
    let args = quote!("queries", result_labels(size = |ret| size(ret)));
    snapshot("result_labels", one(Measure::Calls), args, &result);
    let args = quote!(Shop::queries, labels = Labels { kind });
    snapshot("schema_metric", one(Measure::Calls), args, &result);
    let never = quote!(
        fn run() -> ! {
            loop {}
        }
    );
    snapshot("never", one(Measure::Active), TokenStream::new(), &never);
    let block = quote!(
        impl Shop {
            fn get(&self) -> usize {
                1
            }

            #[track(skip)]
            fn put(&self) {}
        }
    );
    snapshot("block", AttributeKind::All, TokenStream::new(), &block);
}

#[test]
fn each_derive_writes_one_implementation() {
    let label_value = quote!(
        enum Method {
            Get,
            #[label_value(rename = "write")]
            Post,
        }
    );
    compare("derive_label_value", derive::expand(Derive::LabelValue, label_value));
    let label_set = quote!(
        struct Request {
            method: Method,
            #[label(flatten)]
            tenant: Tenant,
        }
    );
    compare("derive_label_set", derive::expand(Derive::LabelSet, label_set));
    let schema = quote!(
        #[metrics(namespace = "shop")]
        struct Shop {
            /// Requests by method.
            requests: Counter<Request>,
            /// Time spent.
            #[metric(unit = Seconds, buckets = [5ms, 1s])]
            duration: Histogram,
            #[metrics(flatten)]
            pool: Pool,
        }
    );
    compare("derive_metric_schema", derive::expand(Derive::MetricSchema, schema));
    let error_type = quote!(
        enum Refused<E> {
            Full,
            #[error_type(transparent)]
            Other(E),
        }
    );
    compare("derive_error_type", derive::expand(Derive::ErrorType, error_type));
}

/// Formatted, without what is only there for documentation.
fn parts(args: TokenStream, item: &TokenStream) -> Vec<String> {
    let expansion = attribute::expand(AttributeKind::One(Measure::Duration), args, item);
    let file: syn::File = syn::parse2(expansion).expect("an expansion is Rust");
    let items = file.items.iter().map(|item| {
        prettyplease::unparse(&syn::File { items: vec![item.clone()], ..file.clone() })
    });
    items.collect()
}

#[test]
fn documentation_shows_the_signature_that_was_written() {
    for written in [
        "/// Doc.\npub async fn later(text: String) -> usize",
        "/// Doc.\npub async fn later(State(db): State<Db>, _: Extra) -> impl Sized",
        "/// Doc.\npub fn now(State(db): State<Db>, _: Extra) -> usize",
    ] {
        let item = format!("{written} {{ db.len() }}").parse().expect("Rust");
        let parts = parts(TokenStream::new(), &item);
        let documented = parts.iter().find(|part| part.contains("#[cfg(doc)]"));
        let signature = written.strip_prefix("/// Doc.\n").expect("its doc comment");
        let documented = documented.expect("a signature for documentation");
        assert!(documented.contains(signature), "{documented}");
        assert!(documented.contains("/// Doc."), "{documented}");
        assert_eq!(parts.len(), 2, "{parts:?}");
    }
    for written in [
        "pub fn pair((a, b): (u8, u8)) -> u8",
        "pub fn words((a, b): (String, String), mut c: String) -> usize",
        "pub fn first(Query { text, .. }: &Query) -> &str",
        "#[instrument]\npub async fn seen(State(db): State<Db>) -> usize",
    ] {
        let item = format!("{written} {{ 1 }}").parse().expect("Rust");
        let parts = parts(TokenStream::new(), &item);
        assert!(parts.concat().contains(&written.replace("mut c", "c")), "{parts:?}");
        assert_eq!(parts.len(), 1, "{parts:?}");
    }
}

#[test]
fn a_mistake_leaves_the_item_as_it_was() {
    let item = quote!(
        fn answer() -> usize {
            1
        }
    );
    let expansion =
        attribute::expand(AttributeKind::One(Measure::Calls), quote!(nmae = "x"), &item)
            .to_string();
    assert!(expansion.contains("unknown argument `nmae`"), "{expansion}");
    assert!(expansion.ends_with("fn answer () -> usize { 1 }"), "{expansion}");
}

#[test]
fn a_body_is_never_parsed() {
    // What a user has typed so far is no Rust yet; their editor shows one error about it, the compiler's.
    let item = quote!(
        fn answer(query: &str) -> usize {
            let found = query.;
            found.len(,)
        }
    );
    for args in [quote!("answer"), quote!("answer", labels(a = query)), quote!(lables(a = b))] {
        let expansion =
            attribute::expand(AttributeKind::One(Measure::Calls), args, &item).to_string();
        assert!(expansion.contains("let found = query . ;"), "{expansion}");
    }
}

#[test]
fn an_item_that_is_half_written_is_kept() {
    for item in
        ["fn", "fn answer", "fn answer(", "pub async fn answer() -> ", "struct", "#[inline]", ""]
    {
        let Ok(item) = item.parse::<TokenStream>() else { continue };
        let expansion =
            attribute::expand(AttributeKind::One(Measure::Calls), TokenStream::new(), &item)
                .to_string();
        assert!(expansion.contains("compile_error"), "{expansion}");
        assert!(expansion.ends_with(&item.to_string()), "{expansion}");
    }
}
