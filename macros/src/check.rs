//! The rules that concern more than one argument: one function each.

use proc_macro2::Ident;
use quote::ToTokens as _;
use syn::{ReturnType, spanned::Spanned};
use yardstick_model::{exposed_name, shared_sample};

use crate::{
    args::{Key, SchemaPath},
    control_flow,
    errors::{Errors, Message},
    function::Function,
    kind::{AttributeKind, Measure},
    labels::LabelValue,
    returns, rules,
    shape::{Shape, becomes_polled},
    stack::{Stack, Tracked},
    syntax::{find_word, written_of},
};

/// Checks everything that parsing could not.
pub(crate) fn all(function: &Function, stack: &Stack, errors: &mut Errors) {
    let shape = Shape::of(function);
    not_const(function, stack, errors);
    not_naked(function, stack, errors);
    not_polled_later(function, &shape, stack, errors);
    not_track_caller(function, &shape, stack, errors);
    distinct_names(stack, errors);
    names_of_one_kind(stack, errors);
    for tracked in stack.attributes() {
        help_needs_a_name(tracked, errors);
        buckets_need_a_name(tracked, errors);
        schema_sets_it(tracked, errors);
        skip_needs_a_block(tracked, errors);
        function_needs_its_label(tracked, errors);
        label_types_are_closed(function, tracked, errors);
        on_cancel_needs_a_future(&shape, tracked, errors);
        results_need_a_result(function, &shape, tracked, errors);
        errors_need_an_error(function, &shape, tracked, errors);
        label_names(tracked, errors);
        control_flow::stays(tracked, errors);
    }
}

/// A `const fn` may run in the compiler, where there is neither a clock nor a registry.
fn not_const(function: &Function, stack: &Stack, errors: &mut Errors) {
    if let Some(token) = &function.signature.constness {
        let kind = stack.tracked[0].attribute;
        let message = Message::new(format!("`#[{kind}]` cannot be placed on a `const fn`"))
            .maybe_help(
                function.owner.as_ref().map(|_| "leave it out with `#[track(skip)]`".to_owned()),
            )
            .note("it records when the function runs, which a `const fn` must not do");
        errors.push(token.span, message);
    }
}

/// A naked function is its assembly and nothing else.
fn not_naked(function: &Function, stack: &Stack, errors: &mut Errors) {
    let Some(attribute) = function.naked() else { return };
    let kind = stack.tracked[0].attribute;
    let help = match function.owner {
        Some(_) => "leave it out with `#[track(skip)]`",
        None => "place it on the functions that call this one",
    };
    let message = Message::new(format!("`#[{kind}]` cannot be placed on a naked function"))
        .help(help)
        .note("its body is one block of assembly, which leaves no place to measure");
    errors.push_on(&attribute.meta, message);
}

/// What only becomes a future, or is one that cannot be wrapped, would be measured while it is made.
fn not_polled_later(function: &Function, shape: &Shape, stack: &Stack, errors: &mut Errors) {
    if !matches!(shape, Shape::Sync) {
        return;
    }
    let Some((bound, instead)) = becomes_polled(&function.signature.output) else { return };
    let kind = stack.tracked[0].attribute;
    let message = Message::new(format!("`#[{kind}]` cannot measure what `impl {bound}` becomes"))
        .help(format!("return {instead}, or make the function `async`"))
        .note("as it stands, the making of it would be measured, and not its run");
    errors.push(bound.span(), message);
}

/// Looking at the result takes a closure, and so does wrapping a future; `#[track_caller]` ends at closures.
fn not_track_caller(function: &Function, shape: &Shape, stack: &Stack, errors: &mut Errors) {
    let Some(attribute) = function.track_caller() else { return };
    let (what, help) = match shape {
        Shape::Async | Shape::AsyncKept => return,
        Shape::Future { .. } | Shape::Stream { .. } => {
            let kind = stack.tracked[0].attribute;
            (format!("`#[{kind}]` on a function that returns a future"), "remove one of the two")
        }
        Shape::Sync => {
            let observer = stack.tracked.iter().find(|tracked| tracked.observes_result());
            let Some(Tracked { measure, attribute, .. }) = observer else { return };
            if *attribute == AttributeKind::All {
                let help =
                    "place `#[track_duration]` and `#[track_active]` instead, or remove the other";
                ("`#[track]`".to_owned(), help)
            } else if measure.observes_result() {
                let help =
                    "remove one of the two; `#[track_duration]` and `#[track_active]` can stay";
                (format!("`#[{measure}]`"), help)
            } else {
                ("`result_labels`".to_owned(), "remove one of the two")
            }
        }
    };
    let message = Message::new(format!("{what} cannot be combined with `#[track_caller]`"))
        .help(help)
        .note("the body runs in a closure, where the caller's location ends");
    errors.push(attribute.path().span(), message);
}

/// Two metrics of one kind and one name would count each call twice.
fn distinct_names(stack: &Stack, errors: &mut Errors) {
    let name = |tracked: &Tracked| {
        let schema = tracked.args.schema.as_ref().map(SchemaPath::text);
        (tracked.name(), schema)
    };
    for (index, tracked) in stack.tracked.iter().enumerate() {
        let repeats =
            |before: &&Tracked| before.measure == tracked.measure && name(before) == name(tracked);
        let Some(before) = stack.tracked[..index].iter().find(repeats) else { continue };
        let measure = tracked.measure;
        let message =
            Message::new(format!("`#[{measure}]` is given more than once for the same metric"));
        let message = if [before.attribute, tracked.attribute].contains(&AttributeKind::All) {
            message
                .help("remove one of the two")
                .note("`#[track]` stands for `#[track_duration]`, `#[track_errors]`, `#[track_calls]` and `#[track_active]`")
        } else if tracked.args.schema.is_some() {
            message.help("remove one")
        } else {
            message.help(format!("remove one, or name their metrics: `#[{measure}(\"...\")]`"))
        };
        errors.push(tracked.name_span(), message);
        if tracked.attribute == AttributeKind::All {
            return;
        }
    }
}

/// A name belongs to one metric; of two kinds, even names that only look alike collide in a scrape.
fn names_of_one_kind(stack: &Stack, errors: &mut Errors) {
    let exposed = |tracked: &Tracked| {
        let metric = tracked.measure.metric();
        Some((exposed_name(&tracked.name()?, Some(tracked.measure.unit()), metric), metric))
    };
    for (index, tracked) in stack.tracked.iter().enumerate() {
        let (Some((own, metric)), Some(name)) = (exposed(tracked), tracked.name()) else {
            continue;
        };
        let other = stack.tracked[..index].iter().find(|before| {
            let is_taken = |(taken, kind): (String, _)| {
                shared_sample((&own, metric), (&taken, kind)).is_some()
            };
            before.measure != tracked.measure && exposed(before).is_some_and(is_taken)
        });
        if let Some(other) = other {
            let text =
                format!("`{name}` is the metric of `#[{}]` on this function", other.attribute);
            let message = Message::new(text)
                .help("give one of the two another name")
                .note("their samples would have the same names in a scrape");
            errors.push(tracked.name_span(), message);
        }
    }
}

/// The default families have one help text for all functions.
fn help_needs_a_name(tracked: &Tracked, errors: &mut Errors) {
    needs_a_name(tracked, Key::Help, "the default metric has a help text of its own", errors);
}

/// The default families have one list of buckets for all functions.
fn buckets_need_a_name(tracked: &Tracked, errors: &mut Errors) {
    needs_a_name(
        tracked,
        Key::Buckets,
        "all functions share the buckets of the default metric",
        errors,
    );
}

fn needs_a_name(tracked: &Tracked, key: Key, note: &str, errors: &mut Errors) {
    let args = &tracked.args;
    if let (Some(span), None, None) = (args.span_of(key), &args.name, &args.schema) {
        let (kind, argument) = (tracked.attribute, key.name());
        let message = Message::new(format!("`{argument}` needs a metric of its own"))
            .help(format!("name it: `#[{kind}(\"...\", {argument} = ...)]`"))
            .note(note);
        errors.push(span, message);
    }
}

/// A metric of a schema has its help, its buckets and its registry from there.
fn schema_sets_it(tracked: &Tracked, errors: &mut Errors) {
    let Some(schema) = &tracked.args.schema else { return };
    let of_field = "the field of the schema already sets it";
    for (key, note) in [
        (Key::Help, of_field),
        (Key::Buckets, of_field),
        (Key::Registry, "it records where the schema does: in the default registry"),
    ] {
        let Some(span) = tracked.args.span_of(key) else { continue };
        let key = key.name();
        let text = format!("`{key}` cannot be given together with a metric of a schema");
        errors.push(span, Message::new(text).help("remove it").note(note));
    }
    let returned = tracked.returned_labels().next();
    if let (Some((label, _)), None) = (returned, &tracked.args.label_set) {
        let text = format!("`result_labels` changes labels that `{}` was not given", schema.text());
        let message = Message::new(text)
            .help("write `labels = YourLabels { ... }` too, as they are where there is no result");
        errors.push(label.key.span(), message);
    }
}

/// The name of the function is the value of one label.
fn function_needs_its_label(tracked: &Tracked, errors: &mut Errors) {
    let args = &tracked.args;
    let has_label = args.labels.iter().any(|label| matches!(label.value, LabelValue::Function));
    let is_default = args.name.is_none() && args.schema.is_none();
    if let (Some(span), false, false) = (args.span_of(Key::Function), is_default, has_label) {
        let message = Message::new("`function` has no effect on a metric without that label");
        let message = match &args.schema {
            Some(_) => {
                message.help("give the metric a label for it: `labels = YourLabels { ... }`")
            }
            None => message.help("add the label: `labels(function)`"),
        };
        errors.push(span, message);
    }
}

/// What all values of a label are is asked outside of the function, where its parameters mean nothing.
fn label_types_are_closed(function: &Function, tracked: &Tracked, errors: &mut Errors) {
    let types: Vec<_> = function.signature.generics.type_params().map(|p| &p.ident).collect();
    for label in &tracked.args.labels {
        let LabelValue::Given(value, Some(ty)) = &label.value else { continue };
        let is_parameter = |word: &Ident| types.contains(&word);
        if let Some(parameter) = find_word(ty.to_token_stream(), &is_parameter) {
            let name = &label.name;
            let value = written_of(value);
            let text =
                format!("the type of label `{name}` cannot depend on the parameter `{parameter}`");
            let message = Message::new(text)
                .help(format!("write `{name} = {value}`"))
                .note("a written type makes the series of all its values exist from the start, whatever the parameter is");
            errors.push_on(ty, message);
        }
    }
}

/// `skip` has a meaning only on a method of a block that is tracked.
fn skip_needs_a_block(tracked: &Tracked, errors: &mut Errors) {
    if let Some(span) = tracked.args.span_of(Key::Skip) {
        let message = Message::new("`skip` has no effect on a function of its own")
            .help("remove the attribute")
            .note("on a method of a block with `#[track]`, it leaves that method out");
        errors.push(span, message);
    }
}

/// Valid, not reserved, not the attribute's own, and each once.
fn label_names(first: &Tracked, errors: &mut Errors) {
    if first.args.schema.is_some() {
        // They are fields, which the compiler checks.
        return;
    }
    let kind = first.attribute;
    // One attribute may ask for several metrics, each with a rule of its own.
    let measures = kind.measures();
    let default_labels: &[&str] = match (&first.args.name, &first.args.block) {
        (None, _) => &["function", "module"],
        (Some(_), Some(_)) => &["function"],
        (Some(_), None) => &[],
    };
    for (index, label) in first.args.labels.iter().enumerate() {
        let name = label.name.as_str();
        // Of a name that stands on a block, the label is written by its rule and not by the user's word.
        let is_its_rule = matches!(label.value, LabelValue::Function) && first.args.name.is_some();
        let is_own = measures.iter().any(|measure| measure.own_label() == Some(name))
            || (default_labels.contains(&name) && !is_its_rule);
        let repeats = first.args.labels[..index].iter().any(|before| before.name == name);
        let rule = |measure: &Measure| {
            rules::label_name(name, measure.metric(), "choose another label name")
        };
        let message = if let Some(message) = measures.iter().find_map(rule) {
            message
        } else if is_own {
            Message::new(format!("`#[{kind}]` sets the label `{name}` itself"))
                .help("choose another label name")
        } else if repeats {
            Message::new(format!("label `{name}` is given more than once"))
                .help("keep one of the two")
        } else {
            continue;
        };
        errors.push(label.key.span(), message);
    }
}

/// A call of a sync function cannot be cancelled.
fn on_cancel_needs_a_future(shape: &Shape, tracked: &Tracked, errors: &mut Errors) {
    if let (Shape::Sync, Some(span)) = (shape, tracked.args.span_of(Key::OnCancel)) {
        let message = Message::new("`on_cancel` has no effect on a function that is not `async`")
            .help("remove it")
            .note("only a future can be dropped before it is ready");
        errors.push(span, message);
    }
}

/// What never returns has no result, and a stream has many.
fn results_need_a_result(
    function: &Function,
    shape: &Shape,
    tracked: &Tracked,
    errors: &mut Errors,
) {
    let (what, note) = if matches!(shape, Shape::Stream { .. }) {
        ("returns a stream", "a stream gives items until it ends, and none of them is its result")
    } else if function.is_never() {
        ("never returns", "a function that returns `!` has no result to inspect")
    } else {
        return;
    };
    let kind = tracked.attribute;
    if kind == AttributeKind::One(Measure::Errors) && !function.is_never() {
        let message =
            Message::new(format!("`#[{kind}]` cannot be placed on a function that {what}"))
                .help("count the calls with `#[track_calls]`, and the items where they are made")
                .note(note);
        errors.push_on(&function.signature.output, message);
        return;
    }
    for key in [Key::ErrorIf, Key::ErrorType, Key::ResultLabels] {
        if let Some(span) = tracked.args.span_of(key) {
            let text = format!("`{}` has no effect on a function that {what}", key.name());
            errors.push(span, Message::new(text).help("remove it").note(note));
        }
    }
}

/// Where nothing can be an error, nothing is counted.
fn errors_need_an_error(
    function: &Function,
    shape: &Shape,
    tracked: &Tracked,
    errors: &mut Errors,
) {
    let args = &tracked.args;
    let error_if = args.span_of(Key::ErrorIf);
    let (None, Some(returned)) = (error_if, returns::without_error(function, shape)) else {
        return;
    };
    let note =
        "an error is the `Err` of a `Result`; calls that panic are counted by `#[track_calls]` too";
    match tracked.attribute {
        AttributeKind::One(Measure::Errors) => {
            let text =
                format!("`#[track_errors]` finds no error in a function that returns {returned}");
            let message = Message::new(text).note(note);
            match &function.signature.output {
                ReturnType::Default => errors.push(
                    function.signature.ident.span(),
                    message.help("return a `Result`, or place `#[track_calls]` instead"),
                ),
                output @ ReturnType::Type(..) => errors.push_on(
                    output,
                    message.help("say which values are errors: `error_if = |ret| ...`"),
                ),
            }
        }
        AttributeKind::All if args.block.is_none() => {
            if let Some(span) = args.span_of(Key::ErrorType) {
                let text =
                    format!("`error_type` has no effect on a function that returns {returned}");
                let help = "remove it, or say which values are errors: `error_if = |ret| ...`";
                errors.push(span, Message::new(text).help(help).note(note));
            }
        }
        AttributeKind::One(_) | AttributeKind::All => {}
    }
}
