//! The attributes of a parameter, which the statement that binds it again has to have too: conditions, because a
//! parameter that is not there cannot be bound, and levels of lints. Those of others stay where they are.

use syn::{Attribute, Meta, Token, punctuated::Punctuated};

/// What a statement that binds the parameter again needs.
pub(super) fn of_statement(attributes: &[Attribute]) -> Vec<Attribute> {
    select(attributes, |meta| is_condition(meta) || is_level(meta))
}

/// What a statement that only names the parameter needs.
pub(super) fn conditions(attributes: &[Attribute]) -> Vec<Attribute> {
    select(attributes, is_condition)
}

/// Leaves out what is expected of the parameter: it is the statement now that fulfils it.
pub(super) fn move_expectations(attributes: &mut Vec<Attribute>) {
    *attributes = select(attributes, |meta| !meta.path().is_ident("expect"));
}

/// The attributes of which `keeps` is true, also those that a condition stands before.
fn select(attributes: &[Attribute], keeps: impl Fn(&Meta) -> bool) -> Vec<Attribute> {
    let select = |attribute: &Attribute| {
        let meta = select_meta(&attribute.meta, &keeps)?;
        Some(Attribute { meta, ..attribute.clone() })
    };
    attributes.iter().filter_map(select).collect()
}

fn select_meta(meta: &Meta, keeps: &dyn Fn(&Meta) -> bool) -> Option<Meta> {
    if !meta.path().is_ident("cfg_attr") {
        return keeps(meta).then(|| meta.clone());
    }
    let list = meta.require_list().ok()?;
    let parsed = list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated).ok()?;
    let mut metas = parsed.iter();
    let condition = metas.next()?;
    let kept: Vec<_> = metas.filter_map(|meta| select_meta(meta, keeps)).collect();
    (!kept.is_empty()).then(|| syn::parse_quote!(cfg_attr(#condition, #(#kept),*)))
}

fn is_condition(meta: &Meta) -> bool {
    meta.path().is_ident("cfg")
}

fn is_level(meta: &Meta) -> bool {
    ["allow", "deny", "expect", "forbid", "warn"].iter().any(|level| meta.path().is_ident(level))
}
