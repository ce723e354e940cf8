//! What a reply says by itself, without what it quotes and without its signature, as programs write them in French and
//! in English.

/// Lines over which a program may break « Le … a écrit : ».
const MOST_BROKEN: usize = 3;
/// Lines within which the headers of a quoted message follow each other.
const MOST_HEADERS: usize = 5;

/// Longest line that opens a quotation: longer ones are sentences.
const MOST_OPENING: usize = 300;

/// The words that are new in a reply: quoted lines, the line that introduces them, what Outlook copies under its reply
/// and the signature are left out. Answers written between quoted lines stay.
pub fn strip_quoted(text: &str) -> String {
    strip(text, is_signature)
}

/// The same with the signature, which a reader of the mailbox wants to see.
pub fn strip_quotes_only(text: &str) -> String {
    strip(text, |_| false)
}

/// What is left of a text up to its end, which `ends` may put earlier, without what it quotes.
fn strip(text: &str, ends: fn(&str) -> bool) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let mut kept: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let rest = &lines[at..];
        if ends(line) || ends_here(line, rest) {
            break;
        }
        if let Some(length) = introduction(rest) {
            // Answers may stand between the lines that follow; without marks, all that follows is the old message.
            let quoted = rest[length..].iter().find(|line| !line.trim().is_empty());
            if !quoted.is_some_and(|line| is_quoted(line)) {
                break;
            }
            at += length;
            continue;
        }
        if !is_quoted(line) {
            kept.push(line);
        }
        at += 1;
    }
    tidy(&kept)
}

fn is_quoted(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with('>') || line.starts_with("&gt;")
}

/// A line in lower case, without the stars of bold text, its spaces plain and none before a colon.
fn plain(line: &str) -> String {
    let line =
        line.replace(['\u{a0}', '\u{202f}', '\t'], " ").replace('*', "").replace('’', "'").to_lowercase();
    line.trim().replace(" :", ":")
}

/// Whether a signature begins here: its sign (RFC 3676, 4.3), whose final space is often lost, or what programs add.
fn is_signature(line: &str) -> bool {
    matches!(line.trim(), "--" | "—" | "__") || is_footer(&plain(line))
}

/// Whether nothing but an earlier message follows.
fn ends_here(line: &str, rest: &[&str]) -> bool {
    is_rule(line.trim(), rest) || is_separator(&plain(line)) || is_header_block(rest)
}

/// A line of dashes or underscores above a copied message.
fn is_rule(line: &str, rest: &[&str]) -> bool {
    let drawn = line.chars().count() >= 10 && line.chars().all(|c| matches!(c, '_' | '-' | '='));
    drawn
        && rest
            .iter()
            .skip(1)
            .find(|line| !line.trim().is_empty())
            .is_some_and(|line| names_sender(&plain(line)))
}

/// « -----Message d’origine----- » and its kin, and the line above which one is asked to answer.
fn is_separator(line: &str) -> bool {
    let words = line.trim_matches(|c: char| matches!(c, '-' | '_' | '=' | ' ' | ':' | '#'));
    let known = [
        "message d'origine",
        "message original",
        "mail original",
        "original message",
        "message transféré",
        "forwarded message",
        "début du message réexpédié",
        "début du message transféré",
        "begin forwarded message",
        "répondez au-dessus de cette ligne",
        "reply above this line",
    ];
    known.contains(&words)
}

/// What telephones and programs add of their own.
fn is_footer(line: &str) -> bool {
    let begins = [
        "envoyé de mon ",
        "envoyé depuis ",
        "envoyé à partir de ",
        "envoyé avec ",
        "sent from my ",
        "sent from outlook",
        "télécharger outlook pour ",
        "obtenir outlook pour ",
        "obtenez outlook pour ",
        "get outlook for ",
    ];
    line.chars().count() < 80 && begins.iter().any(|begin| line.starts_with(begin))
}

/// « De : … Envoyé : … À : … Objet : … », as Outlook copies under a reply.
fn is_header_block(rest: &[&str]) -> bool {
    let Some(first) = rest.first() else { return false };
    if !names_sender(&plain(first)) {
        return false;
    }
    let names = ["envoyé:", "date:", "à:", "objet:", "sent:", "to:", "subject:", "cc:"];
    let following = rest.iter().skip(1).filter(|line| !line.trim().is_empty()).take(MOST_HEADERS);
    following.filter(|line| names.iter().any(|name| plain(line).starts_with(name))).count() >= 2
}

fn names_sender(line: &str) -> bool {
    line.starts_with("de:") || line.starts_with("from:")
}

/// How many lines introduce a quotation here: « Le 3 mars 2026 à 10:05, X a écrit : », perhaps broken.
fn introduction(rest: &[&str]) -> Option<usize> {
    let first = plain(rest.first()?);
    let french = first.starts_with("le ") && first.chars().any(|c| c.is_ascii_digit());
    let english = first.starts_with("on ") && first.chars().any(|c| c.is_ascii_digit());
    // « X <x@exemple.fr> a écrit : », of programs that leave the day out.
    let bare = first.contains('@') && (first.ends_with("a écrit:") || first.ends_with("wrote:"));
    if bare {
        return Some(1);
    }
    if !french && !english {
        return None;
    }
    let mut joined = String::new();
    for (at, line) in rest.iter().take(MOST_BROKEN).enumerate() {
        joined.push(' ');
        joined.push_str(&plain(line));
        if joined.len() > MOST_OPENING {
            return None;
        }
        let ends = ["a écrit:", "écrivait:", "wrote:", "a écrit sur:"];
        if ends.iter().any(|end| joined.ends_with(end)) {
            return Some(at + 1);
        }
    }
    None
}

/// One text, no blank lines around it, at most one in a row.
fn tidy(lines: &[&str]) -> String {
    let mut text = String::new();
    let mut blank = true;
    for line in lines {
        let is_blank = line.trim().is_empty();
        if !(is_blank && blank) {
            text.push_str(line);
            text.push('\n');
        }
        blank = is_blank;
    }
    text.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::strip_quoted;

    #[test]
    fn a_reply_of_gmail_or_thunderbird_in_french() {
        let text = "Bonjour,\n\nC’est d’accord pour jeudi.\n\nNoé\n\nLe lun. 3 mars 2026 à 10:05, Coordination PdN 26 \
            <coordination@exemple.fr>\na écrit :\n\n> Bonjour Noé,\n> Jeudi te convient-il ?\n>\n";
        assert_eq!(strip_quoted(text), "Bonjour,\n\nC’est d’accord pour jeudi.\n\nNoé");
        let thunderbird = "Oui.\n\nLe 03/03/2026 à 10:05, Amandine Perrot a écrit\u{a0}:\n> Ça va ?";
        assert_eq!(strip_quoted(thunderbird), "Oui.");
    }

    #[test]
    fn a_reply_in_english() {
        let text = "Thanks, works for me.\n\nOn Tue, Mar 3, 2026 at 10:05 AM Jane Doe <jane@example.org>\nwrote:\n> Hi";
        assert_eq!(strip_quoted(text), "Thanks, works for me.");
        let original =
            "Fine.\n\n-----Original Message-----\nFrom: Jane\nSent: Tuesday\nTo: me\nSubject: x\n\nHi";
        assert_eq!(strip_quoted(original), "Fine.");
    }

    #[test]
    fn the_block_of_outlook_ends_the_reply() {
        let text = "Bonjour,\nJe vous envoie la convention demain.\nCordialement\n\n________________________________\n\
            De : Coordination <coordination@exemple.fr>\nEnvoyé : mardi 3 mars 2026 10:05\nÀ : mjc@exemple.fr\n\
            Objet : Convention\n\nBonjour, où en êtes-vous ?";
        assert_eq!(strip_quoted(text), "Bonjour,\nJe vous envoie la convention demain.\nCordialement");
        let bold =
            "Reçu.\n\n*De :* Amandine\n*Envoyé\u{a0}:* mardi\n*À :* moi\n*Objet :* Convention\n\nBonjour";
        assert_eq!(strip_quoted(bold), "Reçu.");
        assert_eq!(strip_quoted("Ok\n\n-----Message d’origine-----\nDe : A\n\nBonjour"), "Ok");
    }

    #[test]
    fn signatures_and_footers_of_telephones_are_left_out() {
        assert_eq!(strip_quoted("Oui, 14 h.\n-- \nNoé Lefèvre\nMJC de Crest"), "Oui, 14 h.");
        assert_eq!(strip_quoted("Oui.\n\nEnvoyé de mon iPhone"), "Oui.");
        assert_eq!(strip_quoted("Oui.\n\nTélécharger Outlook pour Android<https://aka.ms/x>"), "Oui.");
        assert_eq!(strip_quoted("Yes\n\nSent from my Galaxy\n\nOn 3 March 2026, X wrote:\n> a"), "Yes");
    }

    #[test]
    fn answers_between_the_lines_stay() {
        let text = "Le 3 mars 2026 à 10:05, X a écrit :\n> Jeudi ou vendredi ?\n\nJeudi.\n\n> À quelle heure ?\n\n10 h.";
        assert_eq!(strip_quoted(text), "Jeudi.\n\n10 h.");
    }

    #[test]
    fn a_quotation_without_marks_is_cut_whole() {
        assert_eq!(
            strip_quoted("Bien reçu.\n\nLe 3 mars 2026, X <x@y.fr> a écrit :\n\nBonjour,\nVoici."),
            "Bien reçu."
        );
    }

    #[test]
    fn sentences_that_only_look_like_it_stay() {
        for text in [
            "Le 12 mars 2026 nous serons à Crest.\nOn vient à 14 h.\nDe : rien de spécial.",
            "Date : jeudi\nLieu : Crest",
            "Le projet a écrit une belle page.",
            "Le 3 mars, la mairie nous a écrit : elle accepte.",
            "- un point\n- un autre",
        ] {
            assert_eq!(strip_quoted(text), text);
        }
    }

    #[test]
    fn nothing_new_is_nothing() {
        assert_eq!(strip_quoted(""), "");
        assert_eq!(strip_quoted("> seulement\n> cité"), "");
        assert_eq!(strip_quoted("\r\n\r\nOui\r\n"), "Oui");
    }
}
