//! The short names of environments, as the label `env` has them.

/// What an unknown word is taken for: the least important environment.
pub(super) const UNKNOWN: &str = "dev";

const WORDS: [(&str, &[&str]); 3] = [
    ("dev", &["development", "dev", "test", "local"]),
    ("stg", &["staging", "stage", "stg"]),
    ("prd", &["production", "prod", "prd", "live"]),
];

/// The short name of an environment; `None` if the word is none of those that are known.
pub(super) fn short_name(word: &str) -> Option<&'static str> {
    let word = word.trim();
    if word.is_empty() {
        return Some("dev");
    }
    let means = |words: &[&str]| words.iter().any(|known| known.eq_ignore_ascii_case(word));
    WORDS.iter().find(|(_, words)| means(words)).map(|(name, _)| *name)
}

/// What is said of another word.
pub(super) fn unknown(variable: &str, value: &str) -> String {
    let words: Vec<&str> = WORDS.iter().flat_map(|(_, words)| *words).copied().collect();
    format!(
        "{variable} is `{value}`, which names no environment that is known, so the label `env` is `{UNKNOWN}`; set it to \
         one of {}",
        words.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn environments_have_short_names() {
        let of = |words: &[&str]| words.iter().map(|word| short_name(word)).collect::<Vec<_>>();
        assert_eq!(of(&["production", "prod", "live", "PROD", " prd "]), [Some("prd"); 5]);
        assert_eq!(of(&["staging", "stage", "stg"]), [Some("stg"); 3]);
        assert_eq!(of(&["development", "dev", "test", "local", "", " "]), [Some("dev"); 6]);
        assert_eq!(of(&["qa", "produktion", "prod1"]), [None; 3]);
    }

    #[test]
    fn an_unknown_environment_is_named_with_the_words_that_are_known() {
        assert_eq!(
            unknown("APP_ENV", "qa"),
            "APP_ENV is `qa`, which names no environment that is known, so the label `env` is `dev`; set it to one of \
             development, dev, test, local, staging, stage, stg, production, prod, prd, live"
        );
    }
}
