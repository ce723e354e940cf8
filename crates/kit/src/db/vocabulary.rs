//! The words of a network, from which slips of those who search are mended: each word with its variants of one letter
//! dropped, the same on both engines.

use std::collections::{BTreeSet, HashSet};

use super::fulltext::insert_rows;
use super::table::{lists, places};
use super::{Arg, Id, Tx};
use crate::error::Result;
use crate::{args, text};

pub(super) fn mendable(word: &str) -> bool {
    (4..=24).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_alphabetic())
}

/// The word itself and each way to drop one of its letters.
fn variants(word: &str) -> Vec<String> {
    let mut all: Vec<String> = (0..word.len()).map(|at| [&word[..at], &word[at + 1..]].concat()).collect();
    all.push(word.to_owned());
    all.sort();
    all.dedup();
    all
}

/// Words of the network that may have been meant: one slip away, two for long words.
pub(super) async fn mend(tx: &mut Tx, network: Id, word: &str) -> Result<Vec<String>> {
    if !mendable(word) {
        return Ok(vec![word.to_owned()]);
    }
    let near = variants(word);
    let mut args = args![network];
    args.extend(near.iter().map(Arg::from));
    let text = format!(
        "select distinct word from search_variant where network_id = $1 and variant in ({})",
        places(2, near.len())
    );
    let candidates: Vec<(String,)> = tx.all_built(text, args).await?;
    let slips = if word.len() >= 8 { 2 } else { 1 };
    let mut meant = vec![word.to_owned()];
    meant.extend(
        candidates.into_iter().map(|(w,)| w).filter(|w| w != word && text::distance(w, word) <= slips),
    );
    meant.truncate(12);
    Ok(meant)
}

/// Adds words to the vocabulary from which slips are mended.
pub(super) async fn learn(tx: &mut Tx, network: Id, words: BTreeSet<String>) -> Result<()> {
    let words: Vec<String> = words.into_iter().collect();
    let mut known = HashSet::new();
    for list in lists(&words.iter().map(Arg::from).collect::<Vec<_>>()) {
        let text = format!(
            "select word from search_variant where network_id = $1 and variant = word and word in ({})",
            places(2, list.len())
        );
        let mut args = args![network];
        args.extend(list);
        known.extend(tx.all_built::<(String,)>(text, args).await?.into_iter().map(|(word,)| word));
    }
    let rows: Vec<_> = words
        .iter()
        .filter(|word| !known.contains(*word))
        .flat_map(|word| variants(word).into_iter().map(move |variant| args![network, variant, word]))
        .collect();
    insert_rows(tx, "search_variant", &["network_id", "variant", "word"], rows, " on conflict do nothing")
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_shares_a_variant_with_the_word_meant() {
        let meant: HashSet<String> = variants("perrin").into_iter().collect();
        for slip in ["perin", "perrrin", "perrni", "perron"] {
            assert!(variants(slip).iter().any(|v| meant.contains(v)), "{slip}");
        }
    }
}
