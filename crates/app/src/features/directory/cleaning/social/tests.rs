use super::*;

fn found(network: &str, cell: &str) -> (String, Option<String>) {
    let read = read(network, cell).unwrap_or_else(|| panic!("{cell} is a profile"));
    (read.handle, read.url)
}

#[test]
fn a_handle_or_an_address_gives_one_address() {
    for cell in [
        "@noe_pdn26",
        "noe_pdn26",
        " @noe_pdn26 ",
        "https://www.instagram.com/noe_pdn26/",
        "http://instagram.com/noe_pdn26",
        "www.instagram.com/noe_pdn26",
        "instagram.com/noe_pdn26/?hl=fr",
        "https://instagram.com/noe_pdn26?igshid=abc",
        "Insta : @noe_pdn26",
        "@noe_pdn26 (compte pro)",
        "@noe_pdn26 / @autre",
        "@noe_pdn26, @autre",
        "@noe_pdn26 et @autre",
        "HTTPS://WWW.INSTAGRAM.COM/noe_pdn26",
        "https://www.instagram.com/stories/noe_pdn26/123/",
        "instagram/noe_pdn26",
        "@noe_pdn26 compte pro",
        "insta noe_pdn26",
        "noe_pdn26 et hugo_pdn26",
    ] {
        let address = "https://www.instagram.com/noe_pdn26/";
        assert_eq!(found("instagram", cell), ("noe_pdn26".to_owned(), Some(address.to_owned())), "{cell}");
    }
}

#[test]
fn each_network_has_its_own_address() {
    for (network, cell, handle, url) in [
        ("facebook", "facebook.com/noe.pdn26", "noe.pdn26", "https://www.facebook.com/noe.pdn26"),
        (
            "facebook",
            "https://fr-fr.facebook.com/noe.pdn26/about",
            "noe.pdn26",
            "https://www.facebook.com/noe.pdn26",
        ),
        ("facebook", "https://m.facebook.com/noe.pdn26", "noe.pdn26", "https://www.facebook.com/noe.pdn26"),
        (
            "facebook",
            "www.facebook.com/profile.php?id=1000123",
            "1000123",
            "https://www.facebook.com/profile.php?id=1000123",
        ),
        (
            "facebook",
            "https://www.facebook.com/people/Noé-Pdn/1000123/",
            "1000123",
            "https://www.facebook.com/profile.php?id=1000123",
        ),
        ("snapchat", "noepdn", "noepdn", "https://www.snapchat.com/add/noepdn"),
        (
            "snapchat",
            "https://www.snapchat.com/add/noepdn?share_id=1",
            "noepdn",
            "https://www.snapchat.com/add/noepdn",
        ),
        ("tiktok", "@noe.pdn", "noe.pdn", "https://www.tiktok.com/@noe.pdn"),
        ("tiktok", "https://www.tiktok.com/@noe.pdn?lang=fr", "noe.pdn", "https://www.tiktok.com/@noe.pdn"),
        ("youtube", "https://www.youtube.com/@noepdn", "noepdn", "https://www.youtube.com/@noepdn"),
        ("youtube", "youtube.com/channel/UC123", "UC123", "https://www.youtube.com/channel/UC123"),
        ("x", "https://twitter.com/noepdn", "noepdn", "https://x.com/noepdn"),
        (
            "linkedin",
            "https://fr.linkedin.com/in/noe-lefevre-123/",
            "noe-lefevre-123",
            "https://www.linkedin.com/in/noe-lefevre-123/",
        ),
        ("twitch", "twitch.tv/noepdn", "noepdn", "https://www.twitch.tv/noepdn"),
        ("telegram", "t.me/noepdn", "noepdn", "https://t.me/noepdn"),
        ("whatsapp", "06 12 34 56 78", "+33612345678", "https://wa.me/33612345678"),
        ("whatsapp", "https://wa.me/33612345678", "+33612345678", "https://wa.me/33612345678"),
        ("discord", "https://discord.gg/AbC123", "AbC123", "https://discord.gg/AbC123"),
    ] {
        assert_eq!(found(network, cell), (handle.to_owned(), Some(url.to_owned())), "{cell}");
        assert_eq!(found(network, url).1.as_deref(), Some(url), "{cell}");
    }
}

#[test]
fn names_that_make_no_address_are_kept_as_they_are() {
    for (network, cell) in [
        ("facebook", "Hugo Haddad Pdn"),
        ("facebook", "Noé et Hugo Pdn"),
        ("facebook", "Idriss L'Hôte Pdn"),
        ("facebook", "Aïcha O'Connor Promeneuse du Net"),
        ("discord", "yanis_pdn#1712"),
        ("discord", "yanis_pdn"),
        ("skype", "live:noe.pdn"),
        ("instagram", "Noé Pdn"),
    ] {
        assert_eq!(found(network, cell), (cell.to_owned(), None), "{cell}");
    }
}

#[test]
fn an_address_of_another_network_tells_it() {
    let read = read("facebook", "https://www.instagram.com/yanis_pdn/").unwrap();
    assert_eq!((read.network, read.handle.as_str()), (Some("instagram"), "yanis_pdn"));
    assert_eq!(super::read("facebook", "snap: noepdn").unwrap().network, Some("snapchat"));
    assert_eq!(super::read("facebook", "Noé Pdn").unwrap().network, None);
}

#[test]
fn nothing_and_foreign_addresses_are_no_profile() {
    for cell in [
        "",
        "non",
        "NON",
        "-",
        "néant",
        "x",
        "X",
        "/",
        "?",
        "oui",
        "à créer",
        "pas de compte",
        "compte à créer",
        "aucun compte",
        "n'utilise pas",
        "javascript:alert(1)",
        "https://evil.example/noe",
        "https://instagram.com@evil.example/noe",
        "evil.example/noe",
        "https://instagram.com.evil.example/noe",
        "https://www.instagram.com/",
        "https://www.instagram.com/p/AbC/",
        "https://instagram.com\\@evil.example",
        "data:text/html,x",
        "noe@caf.fr",
        "@",
        "https://",
        "//evil.example/x",
        "https://www.instagram.com/<script>",
        "https://www.facebook.com/profile.php?id=abc",
        "se renseigner auprès de la direction avant de publier son compte",
    ] {
        assert_eq!(read("instagram", cell), None, "{cell}");
    }
}

#[test]
fn headings_name_networks_in_many_ways() {
    for (heading, code) in [
        ("Insta", "instagram"),
        ("INSTAGRAM", "instagram"),
        ("Instagramm", "instagram"),
        ("Snap", "snapchat"),
        ("Snap Chat", "snapchat"),
        ("FB", "facebook"),
        ("Face book", "facebook"),
        ("Profil Facebook", "facebook"),
        ("Facebook (lien)", "facebook"),
        ("Twitter / X", "x"),
        ("X (ex-Twitter)", "x"),
        ("Tik Tok", "tiktok"),
        ("compte TikTok PdN", "tiktok"),
        ("Linked In", "linkedin"),
        ("What's App", "whatsapp"),
        ("Chaîne YouTube", "youtube"),
        ("Pseudo Discord", "discord"),
        ("Jeux en ligne", "games"),
    ] {
        assert_eq!(network_code(heading), Some(code), "{heading}");
    }
    for heading in ["", "Nom", "Réseaux sociaux", "Adresse", "Structure", "Fax"] {
        assert_eq!(network_code(heading), None, "{heading}");
    }
}
