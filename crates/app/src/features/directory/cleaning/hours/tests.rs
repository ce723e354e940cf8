use super::*;

fn slots(typed: &str) -> Option<Vec<(u8, u16, u16)>> {
    read(typed).map(|slots| {
        let mut slots: Vec<_> =
            slots.iter().map(|slot| (slot.weekday, slot.from / 60, slot.to / 60)).collect();
        slots.sort_unstable();
        slots
    })
}

fn period(typed: &str) -> Vec<&'static str> {
    read(typed).unwrap_or_default().iter().map(|slot| slot.period).collect()
}

#[test]
fn days_and_hours_are_read_in_many_styles() {
    for (typed, expected) in [
        ("Lundi 18:00-20:00", vec![(1, 18, 20)]),
        ("lundi de 18h à 20h", vec![(1, 18, 20)]),
        ("Lundi : 18h-20h", vec![(1, 18, 20)]),
        ("le lundi soir 18h-20h", vec![(1, 18, 20)]),
        ("tous les lundis de 18 h à 20 h", vec![(1, 18, 20)]),
        ("lundi entre 18h et 20h", vec![(1, 18, 20)]),
        ("de 18h à 20h le lundi", vec![(1, 18, 20)]),
        ("18h-20h lundi", vec![(1, 18, 20)]),
        ("lundi 18-20", vec![(1, 18, 20)]),
        ("lundi 18-20h", vec![(1, 18, 20)]),
        ("LUN. 18H00-20H00", vec![(1, 18, 20)]),
        ("lundi 18.00-20.00", vec![(1, 18, 20)]),
        ("lundi 18 h – 20 h.", vec![(1, 18, 20)]),
        ("lundi - 18h à 20h", vec![(1, 18, 20)]),
        ("Permanence en ligne le lundi 18h → 20h", vec![(1, 18, 20)]),
        ("lundi 18h jusqu’à 20h", vec![(1, 18, 20)]),
        ("mardi et jeudi 17h-19h", vec![(2, 17, 19), (4, 17, 19)]),
        ("mardi, jeudi : 17h-19h", vec![(2, 17, 19), (4, 17, 19)]),
        ("mardi/jeudi 17h/19h", vec![(2, 17, 19), (4, 17, 19)]),
        ("mardi 17h-19h et jeudi 17h-19h", vec![(2, 17, 19), (4, 17, 19)]),
        ("mardi 17h-19h\njeudi 17h-19h", vec![(2, 17, 19), (4, 17, 19)]),
        ("17h-19h le mardi, 18h-20h le jeudi", vec![(2, 17, 19), (4, 18, 20)]),
        ("Mardi 17h/19h - Jeudi 17h/19h", vec![(2, 17, 19), (4, 17, 19)]),
        ("mardi 17h-19h / jeudi 17h-19h", vec![(2, 17, 19), (4, 17, 19)]),
        ("lundi-mercredi-vendredi 17h-19h", vec![(1, 17, 19), (3, 17, 19), (5, 17, 19)]),
        ("mer 14h/17h", vec![(3, 14, 17)]),
        ("mercredi après-midi 14h-17h", vec![(3, 14, 17)]),
        ("ven 22h-minuit", vec![(5, 22, 24)]),
        ("ven 22h-00h", vec![(5, 22, 24)]),
        ("sam 10h-midi", vec![(6, 10, 12)]),
        ("week-end 10h-12h", vec![(6, 10, 12), (7, 10, 12)]),
    ] {
        assert_eq!(slots(typed), Some(expected), "{typed}");
    }
}

#[test]
fn whole_weeks_are_spread_over_their_days() {
    let week = |from, to| (1..=5).map(|day| (day, from, to)).collect::<Vec<_>>();
    for typed in [
        "du lundi au vendredi de 17h à 19h",
        "lun-ven 17h-19h",
        "Lundi à vendredi 17-19h",
        "en semaine 17h-19h",
        "lundi – vendredi : 17h–19h",
    ] {
        assert_eq!(slots(typed), Some(week(17, 19)), "{typed}");
    }
    let mut twice = [week(9, 12), week(14, 17)].concat();
    twice.sort_unstable();
    assert_eq!(slots("lun-ven 9h-12h et 14h-17h"), Some(twice.clone()));
    assert_eq!(slots("lun-ven 9h-12h/14h-17h"), Some(twice.clone()));
    assert_eq!(slots("du lundi au vendredi 9h-12h 14h-17h"), Some(twice));
    assert_eq!(slots("tlj 18-20h").map(|slots| slots.len()), Some(7));
    assert_eq!(slots("7j/7 18h-20h").map(|slots| slots.len()), Some(7));
    assert_eq!(slots("tous les jours sauf le dimanche 18h-20h").map(|slots| slots.len()), Some(6));
}

#[test]
fn minutes_are_kept() {
    let read = read("Lundi 18:00-20:00, vendredi 17h30 - 19h").unwrap();
    let expected = [
        HoursRead { weekday: 1, from: 1080, to: 1200, period: "all" },
        HoursRead { weekday: 5, from: 1050, to: 1140, period: "all" },
    ];
    assert_eq!(read, expected);
}

#[test]
fn school_holidays_are_set_apart() {
    for typed in [
        "lundi 18-20h (sauf vacances)",
        "lundi 18-20h hors vacances scolaires",
        "en période scolaire : lundi 18-20h",
        "lundi 18-20h, sauf pendant les vacances",
    ] {
        assert_eq!(period(typed), ["school"], "{typed}");
    }
    assert_eq!(period("tlj 18-20h (sauf vacances)"), ["school"; 7]);
    assert_eq!(period("lundi 18-20h, mardi 18-20h hors vacances"), ["school", "school"]);
    assert_eq!(period("lundi 18-20h (hors vacances), mardi 18-20h"), ["school", "all"]);
    assert_eq!(period("lundi 18-20h (pendant les vacances)"), ["holidays"]);
}

#[test]
fn what_is_not_clear_is_left_as_a_note() {
    for typed in [
        "",
        "sur rdv",
        "mercredi après-midi",
        "lundi",
        "18h-20h",
        "lundi 18h",
        "lundi à partir de 18h",
        "lundi 20h-18h",
        "un mardi sur deux 17h-19h",
        "1er mardi du mois 17h-19h",
        "lundi 18h-20h sur Instagram",
        "lundi 25h-26h",
        "lundi 10/12",
        "mardi 17h-19h, jeudi",
        "semaines paires : lundi 18h-20h",
        "lundi 17h75-19h",
        "à définir",
        "lundi 18h-20h ou mardi",
        "vendredi-lundi 18h-20h",
        "lundi 18h-20h 06 12 34 56 78",
        "ma 17h-19h ?",
        "22h-2h lundi",
    ] {
        assert_eq!(read(typed), None, "{typed}");
    }
}

#[test]
fn slots_are_written_in_french() {
    let written = |typed: &str| display(&read(typed).unwrap()).replace('\u{a0}', " ");
    assert_eq!(
        written("Lundi 18:00-20:00, vendredi 17h30 - 19h"),
        "lundi 18 h – 20 h, vendredi 17 h 30 – 19 h"
    );
    assert_eq!(written("mardi et jeudi 17h-19h"), "mardi et jeudi 17 h – 19 h");
    assert_eq!(written("lun-ven 9h-12h et 14h-17h"), "du lundi au vendredi 9 h – 12 h et 14 h – 17 h");
    assert_eq!(written("tlj 18-20h (sauf vacances)"), "tous les jours 18 h – 20 h (hors vacances scolaires)");
    assert!(display(&read("lundi 17h05-19h").unwrap()).contains("17\u{a0}h\u{a0}05"));
    assert_eq!(display(&[]), "");
}

#[test]
fn what_is_written_is_read_again() {
    for typed in [
        "lundi 18h-20h, mardi 17h05-19h",
        "tlj 18-20h (sauf vacances)",
        "lundi 18-20h (hors vacances), mardi 18-20h",
        "lun, mer et ven 9h-12h et 14h-17h",
        "sam 22h-minuit",
        "lundi 9h-10h (pendant les vacances), jeudi 9h-10h hors vacances",
    ] {
        let sorted = |text: &str| {
            let mut slots = read(text).unwrap_or_else(|| panic!("{text}"));
            slots.sort_unstable_by_key(|slot| (slot.weekday, slot.from, slot.to, slot.period));
            slots
        };
        assert_eq!(sorted(&display(&sorted(typed))), sorted(typed), "{typed}");
    }
}
