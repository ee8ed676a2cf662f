//! What leaves the expression of an argument. It stands in the function that is measured, or in a closure of ours: it
//! would return from the function before the call has begun, leave no loop, or wait where nothing can wait.

use proc_macro2::Span;
use syn::{
    Expr, ExprAsync, ExprAwait, ExprBlock, ExprBreak, ExprClosure, ExprContinue, ExprForLoop,
    ExprLoop, ExprMacro, ExprReturn, ExprTry, ExprTryBlock, ExprWhile, ExprYield, Item, Label,
    Token,
    punctuated::Punctuated,
    spanned::Spanned,
    visit::{Visit, visit_expr_for_loop, visit_expr_loop, visit_expr_while},
};

use crate::{
    errors::{Errors, Message},
    labels::LabelValue,
    stack::Tracked,
};

/// Refuses what leaves an expression of this attribute, on the token that does.
pub(crate) fn stays(tracked: &Tracked, errors: &mut Errors) {
    let args = &tracked.args;
    for label in &args.labels {
        if let LabelValue::Given(value, _) | LabelValue::Returned(value) = &label.value {
            check(value, &format!("label `{}`", label.name), errors);
        }
    }
    let others = [
        ("`labels`", &args.label_set),
        ("`registry`", &args.registry),
        ("`error_if`", &args.error_if),
        ("`error_type`", &args.error_type),
    ];
    for (what, value) in others {
        if let Some(value) = value {
            check(value, what, errors);
        }
    }
}

fn check(value: &Expr, what: &str, errors: &mut Errors) {
    Leaving { what, errors, loops: 0, labels: Vec::new() }.visit_expr(value);
}

/// Looks for what leaves an expression. Closures, `async` blocks and items are left by it, and not what is around them.
struct Leaving<'a> {
    what: &'a str,
    errors: &'a mut Errors,
    /// How many loops of the expression's own are around.
    loops: usize,
    labels: Vec<String>,
}

impl Leaving<'_> {
    fn refuse(&mut self, span: Span, token: &str, does: &str, help: &str) {
        let text = format!("`{token}` in the value of {} {does}", self.what);
        let note = match token {
            ".await" | "yield" => "the value is wanted the moment the call begins or has ended",
            _ => "a call is counted from its beginning, which this would prevent",
        };
        self.errors.push(span, Message::new(text).help(help).note(note));
    }

    fn returns(&mut self, span: Span, token: &str, help: &str) {
        self.refuse(span, token, "would return from the function", help);
    }

    /// `break` or `continue`, out of a loop that the expression does not have.
    fn leaves(&mut self, span: Span, token: &str, label: Option<&syn::Lifetime>) {
        let is_inside = match label {
            Some(label) => self.labels.contains(&label.ident.to_string()),
            None => self.loops > 0,
        };
        if !is_inside {
            let help = "write an expression that has a value in every case";
            self.refuse(span, token, "has no loop to leave", help);
        }
    }

    fn within(&mut self, loops: usize, label: Option<&Label>, visit: impl FnOnce(&mut Self)) {
        self.loops += loops;
        self.labels.extend(label.map(|label| label.name.ident.to_string()));
        visit(self);
        self.loops -= loops;
        if label.is_some() {
            self.labels.pop();
        }
    }
}

impl<'ast> Visit<'ast> for Leaving<'_> {
    fn visit_expr_try(&mut self, node: &'ast ExprTry) {
        self.visit_expr(&node.expr);
        let help = "give a value where there is none, such as `.unwrap_or(\"none\")`";
        self.returns(node.question_token.span(), "?", help);
    }

    fn visit_expr_return(&mut self, node: &'ast ExprReturn) {
        let help = "write an expression that has a value in every case";
        self.returns(node.return_token.span(), "return", help);
    }

    fn visit_expr_break(&mut self, node: &'ast ExprBreak) {
        self.leaves(node.break_token.span(), "break", node.label.as_ref());
        if let Some(value) = &node.expr {
            self.visit_expr(value);
        }
    }

    fn visit_expr_continue(&mut self, node: &'ast ExprContinue) {
        self.leaves(node.continue_token.span(), "continue", node.label.as_ref());
    }

    fn visit_expr_await(&mut self, node: &'ast ExprAwait) {
        self.visit_expr(&node.base);
        let help = "await it before the call, and pass the value as an argument";
        self.refuse(node.await_token.span(), ".await", "cannot wait", help);
    }

    fn visit_expr_yield(&mut self, node: &'ast ExprYield) {
        let help = "write an expression that has a value in every case";
        self.refuse(node.yield_token.span(), "yield", "cannot wait", help);
    }

    fn visit_expr_loop(&mut self, node: &'ast ExprLoop) {
        self.within(1, node.label.as_ref(), |within| visit_expr_loop(within, node));
    }

    fn visit_expr_while(&mut self, node: &'ast ExprWhile) {
        self.within(1, node.label.as_ref(), |within| visit_expr_while(within, node));
    }

    fn visit_expr_for_loop(&mut self, node: &'ast ExprForLoop) {
        self.within(1, node.label.as_ref(), |within| visit_expr_for_loop(within, node));
    }

    fn visit_expr_block(&mut self, node: &'ast ExprBlock) {
        self.within(0, node.label.as_ref(), |within| within.visit_block(&node.block));
    }

    /// These evaluate what they are given, where they stand; of other macros nothing is known.
    fn visit_expr_macro(&mut self, node: &'ast ExprMacro) {
        const EVALUATE: &[&str] = &["dbg", "format", "format_args", "vec"];
        let name = node.mac.path.segments.last().map(|last| last.ident.to_string());
        if !name.is_some_and(|name| EVALUATE.contains(&name.as_str())) {
            return;
        }
        let expressions = Punctuated::<Expr, Token![,]>::parse_terminated;
        if let Ok(expressions) = node.mac.parse_body_with(expressions) {
            expressions.iter().for_each(|expression| self.visit_expr(expression));
        }
    }

    fn visit_expr_closure(&mut self, _: &'ast ExprClosure) {}

    fn visit_expr_async(&mut self, _: &'ast ExprAsync) {}

    fn visit_expr_try_block(&mut self, _: &'ast ExprTryBlock) {}

    fn visit_item(&mut self, _: &'ast Item) {}
}
