//! The key by which names of structures are compared.

use kit::text::fold;

/// Dropped: they come and go from one spelling to the next.
const DROPPED: [&str; 9] = ["de", "du", "des", "d", "l", "la", "le", "les", "et"];

/// Abbreviations of one word, written out.
const SHORT: &[(&str, &str)] = &[
    ("cs", "centre social"),
    ("csc", "centre socioculturel"),
    ("evs", "espace vie sociale"),
    ("fjt", "foyer jeunes travailleurs"),
    ("mda", "maison adolescents"),
    ("mdj", "maison jeunes"),
    ("paej", "point accueil ecoute jeunes"),
    ("ml", "mission locale"),
    ("ij", "info jeunes"),
    ("pij", "info jeunes"),
    ("bij", "info jeunes"),
    ("sij", "info jeunes"),
    ("sj", "service jeunesse"),
    ("smj", "service jeunesse"),
    ("epn", "espace public numerique"),
    ("esj", "espace sante jeunes"),
    ("mfr", "maison familiale rurale"),
    ("mpt", "maison pour tous"),
    ("alsh", "accueil loisirs"),
    ("ccas", "centre communal action sociale"),
    ("laep", "lieu accueil enfants parents"),
    ("st", "saint"),
    ("ste", "sainte"),
    ("sts", "saints"),
    ("asso", "association"),
    ("assoc", "association"),
    ("ados", "adolescents"),
    ("ado", "adolescents"),
    ("adolescent", "adolescents"),
    ("prev", "prevention"),
    ("spe", "specialisee"),
    ("ctre", "centre"),
    ("socio", "socioculturel"),
];

/// Several words that say the same as others, after the links are dropped; longest first.
const SAME: &[(&str, &str)] = &[
    ("maison jeunes culture", "mjc"),
    ("maison jeune culture", "mjc"),
    ("accueil loisirs sans hebergement", "accueil loisirs"),
    ("point information jeunesse", "info jeunes"),
    ("bureau information jeunesse", "info jeunes"),
    ("point info jeunes", "info jeunes"),
    ("point info jeunesse", "info jeunes"),
    ("bureau info jeunes", "info jeunes"),
    ("structure info jeunes", "info jeunes"),
    ("structure information jeunesse", "info jeunes"),
    ("information jeunesse", "info jeunes"),
    ("information jeunes", "info jeunes"),
    ("info jeunesse", "info jeunes"),
    ("info jeune", "info jeunes"),
    ("service municipal jeunesse", "service jeunesse"),
    ("service jeunes", "service jeunesse"),
    ("socioculturel culturel", "socioculturel"),
    ("social culturel", "socioculturel"),
    ("foyer jeune travailleur", "foyer jeunes travailleurs"),
    ("point accueil et ecoute jeunes", "point accueil ecoute jeunes"),
    ("point accueil ecoute jeune", "point accueil ecoute jeunes"),
];

/// The key two spellings of one structure share: folded, abbreviations written out, links dropped.
/// « CS de Chabeuil » and « Centre social de Chabeuil » → `centre social chabeuil`. Never empty unless
/// the name holds no letter or digit.
pub fn key(text: &str) -> String {
    let folded = fold(&undotted(text));
    let kept: Vec<&str> = folded.split(' ').filter(|word| !DROPPED.contains(word)).collect();
    if kept.is_empty() {
        return folded;
    }
    let written: Vec<&str> = kept
        .iter()
        .map(|word| SHORT.iter().find(|(short, _)| short == word).map_or(*word, |(_, long)| *long))
        .collect();
    let mut key = format!(" {} ", written.join(" "));
    for (from, to) in SAME {
        key = key.replace(&format!(" {from} "), &format!(" {to} "));
    }
    once(key.trim())
}

/// « Maison des adolescents (MDA) » says the same twice: words that follow themselves are kept once.
fn once(key: &str) -> String {
    let mut words: Vec<&str> = key.split(' ').collect();
    for length in 1..=4 {
        let mut at = 0;
        while at + 2 * length <= words.len() {
            if words[at..at + length] == words[at + length..at + 2 * length] {
                words.drain(at..at + length);
            } else {
                at += 1;
            }
        }
    }
    words.join(" ")
}

/// « M.J.C. » → « MJC »: single letters tied by dots.
fn undotted(text: &str) -> String {
    let words = text.split_whitespace().map(|word| {
        let letters: Vec<&str> = word.split('.').filter(|part| !part.is_empty()).collect();
        let initials = letters.len() > 1 && letters.iter().all(|part| part.chars().count() == 1);
        if initials { letters.concat() } else { word.to_owned() }
    });
    words.collect::<Vec<_>>().join(" ")
}
