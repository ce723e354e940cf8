//! Words as the full-text index knows them: folded and stemmed in Rust, the same on both engines.

use std::borrow::Cow;
use std::collections::BTreeSet;

use rust_stemmers::{Algorithm, Stemmer};

use crate::text;

/// The words of a text as the index wants them: folded, each once, with their stems. Made where time is cheap: a long text
/// takes longer to read than to store.
#[derive(Clone, Debug, Default)]
pub struct Words {
    pub(super) folded: BTreeSet<String>,
    /// What the engines index.
    pub(super) body: String,
}

impl From<String> for Words {
    fn from(text: String) -> Self {
        let folded: BTreeSet<String> = analyse(&text).into_iter().collect();
        Self { body: with_stems(&folded), folded }
    }
}

/// The folded words of a text.
pub(super) fn analyse(text: &str) -> Vec<String> {
    text::fold(text).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

pub(super) fn stem(word: &str) -> String {
    Stemmer::create(Algorithm::French).stem(word).into_owned()
}

fn with_stems(words: &BTreeSet<String>) -> String {
    let stemmer = Stemmer::create(Algorithm::French);
    let mut all: BTreeSet<Cow<'_, str>> = words.iter().map(|word| stemmer.stem(word)).collect();
    all.extend(words.iter().map(|word| Cow::from(word.as_str())));
    all.into_iter().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_and_stemmed() {
        let words = Words::from("Animatrices Éducatives, animatrices".to_owned());
        assert_eq!(words.body, "anim animatrices educ educatives");
    }
}
