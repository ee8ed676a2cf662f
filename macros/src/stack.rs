//! All attributes of ours on one function, outermost first. The outermost absorbs the others, so that one
//! guard serves them all.

use std::rc::Rc;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::{Attribute, Expr, LitStr, Meta, Path, spanned::Spanned};

use crate::{
    args::{Args, SchemaPath},
    errors::{Errors, Message},
    function::Function,
    kind::{AttributeKind, Measure},
    krate,
    labels::{Label, LabelValue},
    returns,
    shape::Shape,
    syntax::generated,
};

/// Where an attribute stands, and what it was called there.
pub(crate) type Place = (Span, Option<Path>);

/// One metric of an attribute.
pub(crate) struct Tracked {
    /// What it measures.
    pub(crate) measure: Measure,
    /// The attribute that asks for it: its own, or the one for all.
    pub(crate) attribute: AttributeKind,
    /// The attribute's position: metrics of one attribute share its arguments, which are evaluated once.
    pub(crate) origin: usize,
    /// Where it stands: the line that a conflict names.
    pub(crate) span: Span,
    /// The path of an absorbed attribute, whose import would otherwise seem unused.
    pub(crate) path: Option<Path>,
    pub(crate) args: Rc<Args>,
}

/// The attributes of one function.
pub(crate) struct Stack {
    pub(crate) tracked: Vec<Tracked>,
    /// The runtime crate.
    pub(crate) krate: Path,
    /// What the attributes call the function.
    pub(crate) function: Option<LitStr>,
    /// Where the return type stands, if it may or may not be that of an error.
    pub(crate) returned: Option<Span>,
}

impl Stack {
    /// Reads the outermost attribute and takes the others out of `attributes`.
    pub(crate) fn read(
        kind: AttributeKind,
        args: TokenStream,
        attributes: &mut Vec<Attribute>,
        errors: &mut Errors,
    ) -> Self {
        // The compiler keeps the attribute itself from us; its place is that of the expansion.
        let args = Args::parse(kind, args, errors);
        Self::read_at(kind, (Span::call_site(), None), args, attributes, errors)
    }

    /// As [`read`](Self::read), of an attribute that stands elsewhere.
    pub(crate) fn read_at(
        kind: AttributeKind,
        (span, path): Place,
        args: Args,
        attributes: &mut Vec<Attribute>,
        errors: &mut Errors,
    ) -> Self {
        let known = args.crate_path.clone();
        let mut tracked = Vec::new();
        add(&mut tracked, kind, span, path.as_ref(), args);
        attributes.retain(|attribute| {
            let Some(kind) = absorbed(attribute.path(), known.as_ref()) else { return true };
            let args = Args::parse(kind, arguments(attribute, kind, errors), errors);
            let path = attribute.path();
            add(&mut tracked, kind, path.span(), Some(path), args);
            false
        });
        let krate = one_crate(&tracked, errors);
        let function = one_function(&tracked, errors);
        Self { tracked, krate, function, returned: None }
    }

    /// Drops the errors of `#[track]` where there can be none: the function returns a stream, or a type that is never an
    /// error.
    pub(crate) fn drop_errors_that_cannot_be(&mut self, function: &Function, shape: &Shape) {
        let is_open = !returns::is_result(function, shape);
        let value = returns::value(function, shape).filter(|_| is_open);
        self.returned = value.map(Spanned::span);
        let is_stream = matches!(shape, Shape::Stream { .. });
        let has_no_error = is_stream || returns::without_error(function, shape).is_some();
        self.tracked.retain(|tracked| {
            let is_asked = tracked.attribute != AttributeKind::All
                || tracked.measure != Measure::Errors
                || (tracked.args.error_if.is_some() && !is_stream);
            is_asked || !has_no_error
        });
    }

    /// Whether the outermost attribute says that nothing is measured.
    pub(crate) fn skips(&self) -> bool {
        self.tracked.first().is_some_and(|tracked| tracked.args.skip)
    }

    /// The runtime crate, unless an attribute names it.
    pub(crate) fn default_crate(&mut self, krate: &Path) {
        if self.tracked.iter().all(|tracked| tracked.args.crate_path.is_none()) {
            self.krate = generated(krate);
        }
    }

    /// The first metric of each attribute.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = &Tracked> {
        let is_first = |index: usize, tracked: &Tracked| {
            index == 0 || self.tracked[index - 1].origin != tracked.origin
        };
        self.tracked.iter().enumerate().filter(move |(i, t)| is_first(*i, t)).map(|(_, t)| t)
    }

    /// Imports that only absorbed attributes use would otherwise seem unused.
    pub(crate) fn uses(&self) -> TokenStream {
        let paths = self.tracked.iter().filter_map(|tracked| tracked.path.as_ref());
        quote::quote!(#(#[allow(unused_imports)] use #paths as _;)*)
    }

    /// What the function is called in the label `function`.
    pub(crate) fn function_label(&self, function: &Function) -> String {
        self.function.as_ref().map_or_else(|| function.label(), LitStr::value)
    }

    pub(crate) fn observes_result(&self) -> bool {
        self.tracked.iter().any(Tracked::observes_result)
    }
}

impl Tracked {
    /// Whether it needs to know what the function returned, or whether it did.
    pub(crate) fn observes_result(&self) -> bool {
        let asks = self.skips_cancelled() || self.returned_labels().next().is_some();
        self.measure.observes_result() || asks
    }

    /// The name of its metric, if it has one of its own.
    pub(crate) fn name(&self) -> Option<String> {
        let name = self.args.name.as_ref()?.value();
        Some(match self.attribute {
            AttributeKind::One(_) => name,
            AttributeKind::All => format!("{name}_{}", self.measure.word()),
        })
    }

    /// Where its metric is named, or else where it stands.
    pub(crate) fn name_span(&self) -> Span {
        let args = &self.args;
        let name = args.name.as_ref().map(LitStr::span);
        name.or_else(|| args.schema.as_ref().map(SchemaPath::span)).unwrap_or(self.span)
    }

    /// The labels that the returned value gives, with what reads them.
    pub(crate) fn returned_labels(&self) -> impl Iterator<Item = (&Label, &Expr)> {
        let labels = if self.measure == Measure::Active { &[] } else { &self.args.labels[..] };
        labels.iter().filter_map(|label| match &label.value {
            LabelValue::Returned(value) => Some((label, value)),
            _ => None,
        })
    }

    /// The labels of its metric.
    pub(crate) fn labels(&self) -> impl Iterator<Item = &Label> {
        let is_its = |label: &&Label| match label.value {
            LabelValue::Returned(_) => self.measure != Measure::Active,
            _ => true,
        };
        self.args.labels.iter().filter(is_its)
    }

    /// What names an error, if that is what it counts.
    pub(crate) fn error_type(&self) -> Option<&Expr> {
        self.args.error_type.as_ref().filter(|_| self.measure == Measure::Errors)
    }

    /// Whether it leaves cancelled calls out.
    pub(crate) fn skips_cancelled(&self) -> bool {
        self.args.skips_cancelled && self.measure == Measure::Duration
    }

    /// What makes its metric, of `Metric` in the runtime's private module.
    pub(crate) fn constructor(&self) -> String {
        let by_result = self.returned_labels().next().map_or("", |_| "_by_result");
        self.type_name().to_lowercase() + by_result
    }

    /// What is recorded, as a type.
    fn type_name(&self) -> &'static str {
        match self.measure {
            Measure::Duration if self.skips_cancelled() => "Completed",
            Measure::Duration => "Duration",
            Measure::Errors => "Errors",
            Measure::Calls => "Calls",
            Measure::Active => "Active",
        }
    }

    /// Its type in the runtime's private module.
    pub(crate) fn instrument(&self, private: &Ident) -> TokenStream {
        let name = Ident::new(self.type_name(), Span::call_site());
        if self.args.schema.is_some() {
            quote!(#private::OfSchema<#private::#name>)
        } else if self.returned_labels().next().is_some() {
            quote!(#private::ByResult<#private::#name>)
        } else {
            quote!(#private::#name)
        }
    }
}

/// Adds the metrics of one attribute.
fn add(
    tracked: &mut Vec<Tracked>,
    attribute: AttributeKind,
    span: Span,
    path: Option<&Path>,
    args: Args,
) {
    let args = Rc::new(args);
    let origin = tracked.last().map_or(0, |last| last.origin + 1);
    tracked.extend(attribute.measures().iter().enumerate().map(|(index, measure)| Tracked {
        measure: *measure,
        attribute,
        origin,
        span,
        path: path.filter(|_| index == 0).cloned(),
        args: Rc::clone(&args),
    }));
}

/// Which attribute of ours a path means: by its bare name, or through the crate.
pub(crate) fn absorbed(path: &Path, krate: Option<&Path>) -> Option<AttributeKind> {
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

pub(crate) fn arguments(
    attribute: &Attribute,
    kind: AttributeKind,
    errors: &mut Errors,
) -> TokenStream {
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

/// The name of the function that all attributes agree on.
fn one_function(tracked: &[Tracked], errors: &mut Errors) -> Option<LitStr> {
    let mut given = tracked.iter().filter_map(|tracked| tracked.args.function.as_ref());
    let first = given.next()?;
    for other in given.filter(|other| other.value() != first.value()) {
        let message = Message::new("all attributes on a function must give it the same name")
            .help(format!("write `function = \"{}\"`", first.value()));
        errors.push(other.span(), message);
    }
    Some(first.clone())
}

/// The crate that all attributes agree on.
fn one_crate(tracked: &[Tracked], errors: &mut Errors) -> Path {
    let mut given = tracked.iter().filter_map(|tracked| tracked.args.crate_path.as_ref());
    let Some(first) = given.next() else { return krate::find(errors) };
    let text = |path: &Path| path.to_token_stream().to_string();
    for other in given.filter(|other| text(other) != text(first)) {
        let message = Message::new("all attributes on a function must name the same `crate`")
            .help(format!("write `crate = {}`", text(first).replace(' ', "")));
        errors.push_on(other, message);
    }
    generated(first)
}
