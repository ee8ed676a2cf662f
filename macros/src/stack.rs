//! All attributes of ours on one function, outermost first. The outermost absorbs the others, so that one
//! guard serves them all.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::{Attribute, Meta, Path, spanned::Spanned};

use crate::{
    args::Args,
    errors::{Errors, Message},
    kind::AttributeKind,
};

/// One attribute.
pub(crate) struct Tracked {
    pub(crate) kind: AttributeKind,
    /// Where it stands: the line that a conflict names.
    pub(crate) span: Span,
    /// The path of an absorbed attribute, whose import would otherwise seem unused.
    pub(crate) path: Option<Path>,
    pub(crate) args: Args,
}

/// The attributes of one function.
pub(crate) struct Stack {
    pub(crate) tracked: Vec<Tracked>,
    /// The runtime crate.
    pub(crate) krate: Path,
}

impl Stack {
    /// Reads the outermost attribute and takes the others out of `attributes`.
    pub(crate) fn read(
        kind: AttributeKind,
        args: TokenStream,
        attributes: &mut Vec<Attribute>,
        errors: &mut Errors,
    ) -> Self {
        let args = Args::parse(kind, args, errors);
        // The compiler keeps the attribute itself from us; its place is that of the expansion.
        let mut tracked = vec![Tracked { kind, span: Span::call_site(), path: None, args }];
        let known = tracked[0].args.crate_path.clone();
        attributes.retain(|attribute| {
            let Some(kind) = absorbed(attribute.path(), known.as_ref()) else { return true };
            let args = Args::parse(kind, arguments(attribute, kind, errors), errors);
            let path = Some(attribute.path().clone());
            tracked.push(Tracked { kind, span: attribute.path().span(), path, args });
            false
        });
        let krate = one_crate(&tracked, errors);
        Self { tracked, krate }
    }

    /// Imports that only absorbed attributes use would otherwise seem unused.
    pub(crate) fn uses(&self) -> TokenStream {
        let paths = self.tracked.iter().filter_map(|tracked| tracked.path.as_ref());
        quote::quote!(#(#[allow(unused_imports)] use #paths as _;)*)
    }

    pub(crate) fn observes_result(&self) -> bool {
        self.tracked.iter().any(Tracked::observes_result)
    }
}

impl Tracked {
    /// Whether it needs to know what the function returned, or whether it did.
    pub(crate) fn observes_result(&self) -> bool {
        let asks = self.args.skips_cancelled || self.args.returned_labels().next().is_some();
        self.kind.observes_result() || asks
    }

    /// Its type in the runtime's private module.
    pub(crate) fn type_name(&self) -> String {
        let name = match self.kind {
            AttributeKind::Duration if self.args.skips_cancelled => "Completed",
            AttributeKind::Duration => "Duration",
            AttributeKind::Errors => "Errors",
            AttributeKind::Calls => "Calls",
            AttributeKind::Active => "Active",
        };
        let by_result = self.args.returned_labels().next().map_or("", |_| "ByResult");
        format!("{name}{by_result}")
    }
}

/// Which attribute of ours a path means: by its bare name, or through the crate.
fn absorbed(path: &Path, krate: Option<&Path>) -> Option<AttributeKind> {
    let last = path.segments.last()?.ident.to_string();
    let kind = AttributeKind::ALL.into_iter().find(|kind| kind.name() == last)?;
    let qualifier = |path: &Path, drop: usize| {
        let segments: Vec<_> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        segments[..segments.len() - drop].to_vec()
    };
    let before = qualifier(path, 1);
    let is_ours = before.is_empty()
        || before == ["yardstick"]
        || krate.is_some_and(|krate| before == qualifier(krate, 0));
    is_ours.then_some(kind)
}

fn arguments(attribute: &Attribute, kind: AttributeKind, errors: &mut Errors) -> TokenStream {
    match &attribute.meta {
        Meta::Path(_) => TokenStream::new(),
        Meta::List(list) => list.tokens.clone(),
        Meta::NameValue(pair) => {
            let message = Message::new(format!("`#[{kind}]` takes its arguments in parentheses"))
                .help(format!("write `#[{kind}({})]`", pair.value.to_token_stream()));
            errors.push_on(&pair.value, message);
            TokenStream::new()
        }
    }
}

/// The crate that all attributes agree on.
fn one_crate(tracked: &[Tracked], errors: &mut Errors) -> Path {
    let mut given = tracked.iter().filter_map(|tracked| tracked.args.crate_path.as_ref());
    let Some(first) = given.next() else { return syn::parse_quote!(::yardstick) };
    let text = |path: &Path| path.to_token_stream().to_string();
    for other in given.filter(|other| text(other) != text(first)) {
        let message = Message::new("all attributes on a function must name the same `crate`")
            .help(format!("write `crate = {}`", text(first).replace(' ', "")));
        errors.push_on(other, message);
    }
    first.clone()
}
