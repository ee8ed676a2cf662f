//! How does a client of a language model measure its calls and the tokens they use?
//!
//! `cargo run --example model_client` makes some calls and prints what a scrape then shows.

use std::{error::Error, time::Duration};

use tokio::time::sleep;
use yardstick::{
    ByOutcome, Counter, Histogram, LabelSet, LabelValue, MetricSchema, track_calls, track_duration,
};

#[derive(Clone, Copy, LabelValue)]
enum Model {
    Small,
    Large,
}

#[derive(Clone, Copy, LabelValue)]
enum TokenType {
    Prompt,
    Completion,
}

#[derive(LabelSet)]
struct ModelLabels {
    model: Model,
}

#[derive(LabelSet)]
struct TokenLabels {
    #[label(flatten)]
    model: ModelLabels,
    token_type: TokenType,
}

#[derive(MetricSchema)]
#[metrics(namespace = "model")]
struct ModelMetrics {
    /// Time of a call, of those that were not cancelled.
    #[metric(unit = Seconds, buckets = 100ms..30s)]
    call_duration: Histogram<ModelLabels>,
    /// Calls by outcome.
    calls: Counter<ByOutcome<ModelLabels>>,
    /// Tokens of a call.
    #[metric(buckets = [10, 50, 100, 500, 1_000, 5_000, 10_000, 50_000])]
    tokens: Histogram<TokenLabels>,
}

struct Completion {
    text: String,
    prompt_tokens: u32,
    completion_tokens: u32,
}

#[track_duration(ModelMetrics::call_duration, labels = ModelLabels { model }, on_cancel = skip)]
#[track_calls(ModelMetrics::calls, labels = ModelLabels { model })]
async fn complete(model: Model, prompt: &str) -> Result<Completion, String> {
    sleep(Duration::from_millis(5)).await;
    let words = u32::try_from(prompt.split_whitespace().count()).map_err(|e| e.to_string())?;
    if words == 0 {
        return Err("an empty prompt".to_owned());
    }
    let completion = Completion {
        text: prompt.to_uppercase(),
        prompt_tokens: words,
        completion_tokens: words * 20,
    };
    record_tokens(model, &completion);
    Ok(completion)
}

fn record_tokens(model: Model, completion: &Completion) {
    for (token_type, tokens) in [
        (TokenType::Prompt, completion.prompt_tokens),
        (TokenType::Completion, completion.completion_tokens),
    ] {
        let labels = TokenLabels { model: ModelLabels { model }, token_type };
        ModelMetrics::tokens().with(&labels).observe(tokens);
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let exporter = yardstick::exporter().listen("127.0.0.1:0").install()?;
    let completion = complete(Model::Large, "measure twice, cut once").await?;
    println!("# {}", completion.text);
    let _ = complete(Model::Small, "").await;
    let _ = tokio::time::timeout(Duration::ZERO, complete(Model::Small, "too slow")).await;
    print!("{}", yardstick_examples::without_buckets(&exporter.render()));
    Ok(exporter.shutdown().await?)
}
