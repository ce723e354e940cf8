//! E-mail addresses in what was typed or copied around them. Whether the address can be is for
//! `kit::web::form::email` to say.

use super::clean;

/// Takes the first address out of a cell, in lower case: `mailto:A@B.fr`, « Noé <noe@b.fr> », « a@b.fr ; c@d.fr »,
/// « a@b.fr / c@d.fr », « noe (at) b.fr », « noe@b,fr », « noe @ b.fr ». `None` when nothing looks like one.
pub fn candidate(text: &str) -> Option<String> {
    let text = spelled_out(&clean(text).to_lowercase());
    let text = mend_comma(&text);
    let separators = |c: char| c.is_whitespace() || "<>;,/()[]{}\"|«»“”".contains(c);
    text.split(separators).map(bare).find(|part| is_like_an_address(part)).map(str::to_owned)
}

/// « (at) » and « [at] » made `@`, spaces around `@` dropped.
fn spelled_out(text: &str) -> String {
    let mut text = text.to_owned();
    for at in ["(at)", "[at]", "(arobase)", "[arobase]", "(@)"] {
        text = text.replace(at, "@");
    }
    text.replace(" @", "@").replace("@ ", "@")
}

/// A comma typed for the last dot: `noe@orange,fr`.
fn mend_comma(text: &str) -> String {
    let Some((head, tail)) = text.rsplit_once(',') else { return text.to_owned() };
    let unfinished = head.rsplit_once('@').is_some_and(|(_, domain)| {
        !domain.is_empty() && domain.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    });
    let ending = matches!(tail.trim_end_matches(['.', ' ']), "fr" | "com" | "org" | "net" | "eu");
    if unfinished && ending { format!("{head}.{tail}") } else { text.to_owned() }
}

fn bare(part: &str) -> &str {
    // « mél:noe@b.fr », « mailto:noe@b.fr »: a label stuck to the address.
    let part = part.trim_end_matches(':');
    let part = part.rsplit_once(':').map_or(part, |(_, rest)| rest);
    let part = part.trim_start_matches(['\'', '.', '-', '=', '*', '!', '?', '#']);
    let part = part.split(['?', '#']).next().filter(|head| head.contains('@')).unwrap_or(part);
    part.trim_end_matches(['.', ':', '!', '?', '\'', '*', '-', '_'])
}

fn is_like_an_address(part: &str) -> bool {
    part.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found_in_what_stands_around_it() {
        for typed in [
            " Noe.Lefevre@Caf.fr ",
            "mailto:noe.lefevre@caf.fr",
            "mailto:noe.lefevre@caf.fr?subject=Bonjour",
            "Noé Lefèvre <noe.lefevre@caf.fr>",
            "\"Lefèvre, Noé\" <noe.lefevre@caf.fr>;",
            "noe.lefevre@caf.fr.",
            "noe.lefevre@caf.fr ; accueil@caf.fr",
            "noe.lefevre@caf.fr, accueil@caf.fr",
            "noe.lefevre@caf.fr/accueil@caf.fr",
            "noe.lefevre@caf.fr et accueil@caf.fr",
            "noe.lefevre@caf.fr\naccueil@caf.fr",
            "noe.lefevre@caf.fr (pro)",
            "Mail : noe.lefevre@caf.fr",
            "mél:noe.lefevre@caf.fr",
            "noe.lefevre (at) caf.fr",
            "noe.lefevre[at]caf.fr",
            "noe.lefevre @ caf.fr",
            "noe.lefevre@caf,fr",
            "\u{200b}noe.lefevre@caf.fr\u{200e}",
        ] {
            assert_eq!(candidate(typed).as_deref(), Some("noe.lefevre@caf.fr"), "{typed}");
        }
    }

    #[test]
    fn a_name_is_no_address() {
        for typed in ["", "@", "noe", "@noe_pdn26", "noe@", "à demander", "@@@"] {
            assert_eq!(candidate(typed), None, "{typed}");
        }
    }

    #[test]
    fn letters_of_other_alphabets_are_kept_for_the_check_to_judge() {
        assert_eq!(candidate("Zoé@Exemple.fr").as_deref(), Some("zoé@exemple.fr"));
        assert_eq!(candidate("o'connor@exemple.fr").as_deref(), Some("o'connor@exemple.fr"));
    }
}
