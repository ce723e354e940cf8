use proptest::prelude::*;

use super::*;

const ID: &str = "0193f0c0-0000-7000-8000-000000000001";

fn picture() -> String {
    format!("<img src=\"/images/{ID}/960.webp\" alt=\"La fresque\">")
}

#[test]
fn paragraphs_are_understood_without_any_tag() {
    assert_eq!(read("Bonjour,\nà tous.\r\n\r\nÀ samedi !"), "<p>Bonjour,<br>à tous.</p>\n<p>À samedi !</p>");
    assert_eq!(read("5 < 7 & 8 > 3"), "<p>5 &lt; 7 &amp; 8 &gt; 3</p>");
    assert_eq!(read("Un <b>grand</b> jour"), "<p>Un <strong>grand</strong> jour</p>");
    assert_eq!(read("  \n "), "");
}

#[test]
fn what_comes_from_a_word_processor_keeps_its_structure_and_loses_its_dress() {
    let pasted = "<html><head><style>p{color:red}</style></head><body lang=FR><!--[if gte mso 9]><xml>x</xml><![endif]-->\
        <h1 style='mso-x:1'>Titre</h1><p class=MsoNormal style='margin:0cm'><b><span style='color:red'>Gras</span></b> \
        et <i>penché</i><o:p></o:p></p><ul type=disc><li class=MsoNormal>un</li></ul><p>&nbsp;</p></body></html>";
    assert_eq!(
        clean(pasted),
        "<h2>Titre</h2><p><strong>Gras</strong> et <em>penché</em></p><ul><li>un</li></ul>"
    );
    assert_eq!(clean("<div>un</div><div><br></div><div>deux</div>"), "<p>un</p><p>deux</p>");
}

#[test]
fn links_lead_out_safely_or_to_a_place_of_the_site() {
    let rel = "rel=\"noopener noreferrer\"";
    for address in ["https://caf.fr/a?b=1", "mailto:a@b.fr", "tel:+33475000001", "/agenda", "#bas"] {
        assert_eq!(
            clean(&format!("<a href=\"{address}\">x</a>")),
            format!("<a href=\"{address}\" {rel}>x</a>")
        );
    }
    for address in [
        "javascript:alert(1)",
        "//evil.test",
        "/\\evil.test",
        "data:text/html,x",
        "/\t/evil.test",
        "vbscript:x",
        "evil.html",
    ] {
        assert_eq!(clean(&format!("<a href=\"{address}\">x</a>")), format!("<a {rel}>x</a>"), "{address}");
    }
}

#[test]
fn pictures_come_from_the_library_only() {
    assert_eq!(clean(&picture()), picture());
    assert_eq!(clean(&picture().replace("960.webp", "1600.jpg")), picture());
    for src in [
        "https://evil.test/a.png",
        "//evil.test/a.png",
        "data:image/png;base64,AA",
        "/images/../x/960.webp",
        "/photo.jpg",
    ] {
        assert_eq!(
            clean(&format!("<p>a<img src=\"{src}\" alt=\"b\" onerror=\"x()\"></p>")),
            "<p>a</p>",
            "{src}"
        );
    }
    assert_eq!(pictures(&format!("<p>{0}</p>{0}", picture())), vec![ID.parse().unwrap()]);
}

#[test]
fn a_shown_picture_has_its_widths_and_its_room_and_a_missing_one_leaves_no_hole() {
    let known = |id| Some(Drawn { id, width: 1600, height: 900, widths: vec![480, 960, 1600] });
    let html = format!("<p>a</p><figure>{}<figcaption>Crest</figcaption></figure><p>b</p>", picture());
    let shown = with_pictures(&html, known);
    assert!(shown.contains(&format!("/images/{ID}/480.webp 480w, /images/{ID}/960.webp 960w")), "{shown}");
    assert!(shown.contains("width=\"1600\" height=\"900\" alt=\"La fresque\""), "{shown}");
    assert_eq!(with_pictures(&html, |_| None), "<p>a</p><p>b</p>");
}

#[test]
fn words_are_read_out_of_a_text() {
    let html = format!(
        "<h2>Fête</h2><p>À <a href=\"https://a.fr\">Die</a>&nbsp;!</p><ul><li>Un</li><li>Deux</li></ul>{}",
        picture()
    );
    assert_eq!(text(&html), "Fête\nÀ Die !\nUn\nDeux");
    assert_eq!(text_with_all(&html), "Fête\nÀ Die (https://a.fr) !\n• Un\n• Deux\n[image : La fresque]");
    assert_eq!(text_with_all("<ul><li><p>Un</p></li></ul>"), text_with_all("<ul><li>Un</li></ul>"));
    assert_eq!(excerpt("<p>Une phrase, assez longue</p>", 12), "Une phrase…");
    assert_eq!(excerpt("<p>Court</p>", 12), "Court");
    assert_eq!(minutes("<p>Court</p>"), 1);
}

#[test]
fn two_texts_are_compared_word_by_word() {
    let parts = compare("Samedi à Crest", "Dimanche à Crest");
    assert_eq!(parts[0], Part { said: Said::Removed, text: "Samedi".to_owned() });
    assert!(parts[1].is_added() && parts[2].said == Said::Same);
}

/// Pieces that hostile texts are made of.
fn hostile() -> impl Strategy<Value = String> {
    let parts = prop::sample::select(vec![
        "<script>alert(1)</script>",
        "<SCRIPT SRC=//evil.test>",
        "<img src=x onerror=alert(1)>",
        "<img src=\"https://evil.test/t.gif\">",
        "<a href=\"javascript:alert(1)\">",
        "<a href=\" jAvAsCript:alert(1)\">",
        "<a href=\"&#106;avascript:alert(1)\">",
        "<svg><script>1</script></svg>",
        "<svg onload=alert(1)>",
        "<math><mtext><table><mglyph><style><img src=x onerror=1>",
        "<iframe srcdoc=\"<script>1</script>\">",
        "<p style=\"background:url(javascript:1)\" onclick=\"1\" class=\"x\">",
        "<template><img src=x onerror=1></template>",
        "<noscript><p title=\"</noscript><img src=x onerror=1>\">",
        "<textarea>",
        "<table><tr><td>",
        "<b><p>",
        "</p>",
        "</div><div>",
        "<h1>",
        "<ul><li>",
        "</a>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "&lt;script&gt;",
        "&amp;lt;",
        "\"'><",
        "<",
        ">",
        "&",
        "texte é « oui »",
        "<img src=\"/images/0193f0c0-0000-7000-8000-000000000001/960.webp\" alt=\"<b>&quot;x&quot;\" onload=1>",
        "<figure>",
        "<figcaption>",
        "\u{0}",
        "&#1;\u{8}\u{ffff}",
        "\u{feff}",
        "\n\n",
        "<form action=//evil.test><button formaction=javascript:1>",
        "<base href=//evil.test>",
        "<meta http-equiv=refresh content=0>",
        "<link rel=stylesheet href=//evil.test>",
    ]);
    prop::collection::vec(parts, 0..14).prop_map(|parts| parts.concat())
}

/// What a browser would find in a text: its tags with their attributes, read by the parser of the cleaner.
fn is_harmless(html: &str) -> bool {
    pieces(html).iter().all(|piece| match piece {
        Piece::Open { name, attrs } => {
            let allowed = TAGS.contains(name) && !matches!(*name, "b" | "i");
            let mut names = attrs.split("=\"").map(|part| part.rsplit('"').next().unwrap_or_default().trim());
            let plain = match *name {
                "a" => names.all(|n| ["", "href", "rel"].contains(&n)),
                "img" => names.all(|n| ["", "src", "alt", "width", "height"].contains(&n)),
                _ => attrs.is_empty(),
            };
            let leads = pieces::attribute(attrs, "href").is_none_or(|href| safe_address(&href));
            let own = *name != "img"
                || pieces::attribute(attrs, "src").and_then(|src| pictures::own(&src)).is_some();
            allowed && plain && leads && own
        }
        Piece::Close(name) => TAGS.contains(name),
        Piece::Text(text) => !text.contains('<') && !text.contains('>'),
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_hostile_is_left_and_cleaning_again_changes_nothing(html in hostile()) {
        for cleaned in [clean(&html), read(&html)] {
            prop_assert!(is_harmless(&cleaned), "{cleaned}");
            prop_assert_eq!(&clean(&cleaned), &cleaned);
            let lower = cleaned.to_lowercase();
            prop_assert!(!cleaned.chars().any(|c| c.is_control() && c != '\n' && c != '\t'), "{:?}", cleaned);
            prop_assert!(!lower.contains("<script") && !lower.contains("href=\"javascript"), "{}", cleaned);
        }
    }

    #[test]
    fn any_text_at_all_is_taken(html in "\\PC{0,200}") {
        let cleaned = read(&html);
        prop_assert!(is_harmless(&cleaned), "{cleaned}");
        prop_assert_eq!(&clean(&cleaned), &cleaned);
    }
}
