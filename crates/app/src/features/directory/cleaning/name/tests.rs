use super::*;

#[test]
fn capitals_become_names_again() {
    for (typed, name) in [
        ("LE GOFF", "Le Goff"),
        ("N'DIAYE", "N'Diaye"),
        ("N’DIAYE", "N'Diaye"),
        ("DUPONT-AUBERT", "Dupont-Aubert"),
        ("DUPONT - AUBERT", "Dupont-Aubert"),
        ("DUPONT\u{2011}AUBERT", "Dupont-Aubert"),
        ("MÜNCH", "Münch"),
        ("LEFÈVRE", "Lefèvre"),
        ("L'HÔTE", "L'Hôte"),
        ("L' HÔTE", "L'Hôte"),
        ("O'CONNOR", "O'Connor"),
        ("MCDONALD", "Mcdonald"),
        ("ČAPEK", "Čapek"),
        ("DE LA TOUR", "De La Tour"),
        ("CHARLES DE GAULLE", "Charles de Gaulle"),
        ("JEAN DE LA FONTAINE", "Jean de La Fontaine"),
        ("JEANNE D'ARC", "Jeanne d'Arc"),
        ("D'ORMESSON", "D'Ormesson"),
        ("E\u{301}LODIE", "Élodie"),
        ("M'BAREK", "M'Barek"),
    ] {
        assert_eq!(person(typed), name, "{typed}");
    }
}

#[test]
fn small_letters_get_their_capitals() {
    for (typed, name) in [
        ("jean-baptiste", "Jean-Baptiste"),
        ("le goff", "Le Goff"),
        ("élodie", "Élodie"),
        ("o'connor", "O'Connor"),
        ("charles de gaulle", "Charles de Gaulle"),
        ("Jean-baptiste", "Jean-Baptiste"),
        ("Le GOFF", "Le Goff"),
        ("Marie DUPONT", "Marie Dupont"),
    ] {
        assert_eq!(person(typed), name, "{typed}");
    }
}

#[test]
fn names_written_with_care_stay() {
    for name in [
        "McDonald",
        "Da Silva",
        "Čapek",
        "d'Ormesson",
        "de La Tour",
        "Charles de Gaulle",
        "van der Berg",
        "JB Martin",
        "N'Diaye",
        "DiCaprio",
        "El Amrani",
        "Ben Ali",
        "Nguyễn",
        "Dupont née Martin",
        "Dupont ép. Martin",
        "Jean-Marie",
        "Le Goff",
        "",
    ] {
        assert_eq!(person(name), name);
    }
    assert_eq!(person("\u{a0} Yanis \u{200b}"), "Yanis");
}

#[test]
fn a_name_read_twice_is_read_once() {
    for typed in
        ["A DE B", "DE", "d'", "D'", "ŉ", "ǆ ǅ", "ß", "İSTANBUL", "ﬁ", "A-D'É - b", "L' ' - -", "ΌΣΟΣ Σ"]
    {
        assert_eq!(person(&person(typed)), person(typed), "{typed}");
    }
}

fn full(typed: &str) -> Option<(String, String)> {
    split_full(typed)
}

#[test]
fn full_names_are_cut_in_either_order() {
    for (typed, first, last) in [
        ("Fatou Le Goff", "Fatou", "Le Goff"),
        ("LE GOFF Fatou", "Fatou", "Le Goff"),
        ("Fatou LE GOFF", "Fatou", "Le Goff"),
        ("LE GOFF FATOU", "Fatou", "Le Goff"),
        ("Mme Le Goff Fatou", "Fatou", "Le Goff"),
        ("Mme LE GOFF Fatou", "Fatou", "Le Goff"),
        ("M. Rémi Béraud", "Rémi", "Béraud"),
        ("Béraud, Rémi", "Rémi", "Béraud"),
        ("BÉRAUD, M. Rémi", "Rémi", "Béraud"),
        ("Béraud Rémi", "Rémi", "Béraud"),
        ("BERAUD REMI", "Remi", "Beraud"),
        ("rémi béraud", "Rémi", "Béraud"),
        ("Monsieur Jean-Baptiste Traoré", "Jean-Baptiste", "Traoré"),
        ("Jean Baptiste Traoré", "Jean Baptiste", "Traoré"),
        ("Traoré Jean-Baptiste", "Jean-Baptiste", "Traoré"),
        ("Aïcha O'Connor", "Aïcha", "O'Connor"),
        ("Gaël Da Silva", "Gaël", "Da Silva"),
        ("Maria Garcia Lopez", "Maria", "Garcia Lopez"),
        ("Charles de Gaulle", "Charles", "de Gaulle"),
        ("Ben Affleck", "Ben", "Affleck"),
        ("Léa Béraud (directrice)", "Léa", "Béraud"),
        ("Léa Béraud, directrice", "Léa", "Béraud"),
        ("Léa Béraud - directrice", "Léa", "Béraud"),
        ("Dr Anne Martin", "Anne", "Martin"),
        ("Karim Bernard", "Karim", "Bernard"),
        ("Dupont-Aubert Benoît", "Benoît", "Dupont-Aubert"),
        ("Léa Béraud - Directrice", "Léa", "Béraud"),
        ("A. Martin", "A.", "Martin"),
        ("Léa Dupont - Aubert", "Léa", "Dupont-Aubert"),
        ("Léa  Béraud <lea@b.fr>", "Léa", "Béraud"),
    ] {
        assert_eq!(full(typed), Some((first.to_owned(), last.to_owned())), "{typed}");
    }
}

#[test]
fn what_is_no_full_name_is_left() {
    for typed in [
        "",
        "Béraud",
        "Mme Béraud",
        "Le Goff",
        "Léa Béraud / Paul Martin",
        "Léa et Paul Béraud",
        "lea@b.fr",
        "43",
        "poste à pourvoir depuis le départ de la personne",
        "à recruter",
        "Poste vacant",
        "en cours de recrutement",
        "Direction générale",
        ", Rémi",
        "Béraud,",
        "?",
    ] {
        assert_eq!(full(typed), None, "{typed}");
    }
}
