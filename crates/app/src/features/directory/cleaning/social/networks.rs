//! The social networks: what coordinators call them, which hosts are theirs, and the address of a profile.

use kit::text::{distance, fold};

/// One network.
pub struct Network {
    pub code: &'static str,
    /// What stands for it in a heading or before a name, folded and without spaces.
    names: &'static [&'static str],
    /// Hosts whose profiles are its own; `www.`, `m.` and the like before them are.
    hosts: &'static [&'static str],
    /// The address of a profile around its handle, where a handle suffices.
    profile: Option<(&'static str, &'static str)>,
}

const fn network(
    code: &'static str,
    names: &'static [&'static str],
    hosts: &'static [&'static str],
    profile: Option<(&'static str, &'static str)>,
) -> Network {
    Network { code, names, hosts, profile }
}

pub const NETWORKS: &[Network] = &[
    network(
        "facebook",
        &["facebook", "fb", "fcb", "face", "facebouk", "facebok", "metafacebook"],
        &["facebook.com", "fb.com", "fb.me"],
        Some(("https://www.facebook.com/", "")),
    ),
    network(
        "instagram",
        &["instagram", "insta", "ig", "instag"],
        &["instagram.com", "instagr.am"],
        Some(("https://www.instagram.com/", "/")),
    ),
    network(
        "snapchat",
        &["snapchat", "snap", "sc"],
        &["snapchat.com"],
        Some(("https://www.snapchat.com/add/", "")),
    ),
    network(
        "tiktok",
        &["tiktok", "tik", "tt", "titok"],
        &["tiktok.com"],
        Some(("https://www.tiktok.com/@", "")),
    ),
    network(
        "discord",
        &["discord", "disc", "serveurdiscord"],
        &["discord.com", "discord.gg", "discordapp.com"],
        None,
    ),
    network(
        "messenger",
        &["messenger", "facebookmessenger", "messengerfacebook"],
        &["m.me", "messenger.com"],
        Some(("https://m.me/", "")),
    ),
    network(
        "whatsapp",
        &["whatsapp", "wa", "whatsap", "wattsapp", "whatsup"],
        &["wa.me", "whatsapp.com"],
        None,
    ),
    network("twitch", &["twitch"], &["twitch.tv"], Some(("https://www.twitch.tv/", ""))),
    network(
        "youtube",
        &["youtube", "yt", "chaineyoutube"],
        &["youtube.com"],
        Some(("https://www.youtube.com/@", "")),
    ),
    network(
        "x",
        &["x", "twitter", "twitterx", "xtwitter", "xextwitter", "twitterdevenux"],
        &["x.com", "twitter.com"],
        Some(("https://x.com/", "")),
    ),
    network(
        "linkedin",
        &["linkedin", "linkedn", "linkdin"],
        &["linkedin.com"],
        Some(("https://www.linkedin.com/in/", "/")),
    ),
    network("telegram", &["telegram"], &["t.me", "telegram.me"], Some(("https://t.me/", ""))),
    network("signal", &["signal"], &["signal.me"], None),
    network("skype", &["skype"], &[], None),
    network("games", &["jeux", "jeuxenligne", "jeuenligne", "jeuxvideo", "gaming"], &[], None),
    network("forum", &["forum", "forums"], &[], None),
    network("blog", &["blog", "blogs"], &[], None),
];

/// Said around a network's name in headings.
const AROUND: &[&str] = &[
    "compte",
    "comptes",
    "profil",
    "profils",
    "pseudo",
    "pseudos",
    "page",
    "pages",
    "lien",
    "liens",
    "nom",
    "identifiant",
    "id",
    "url",
    "adresse",
    "pdn",
    "pro",
    "sur",
    "de",
    "du",
    "d",
    "l",
    "le",
    "reseau",
    "social",
    "reseaux",
    "sociaux",
    "username",
    "utilisateur",
    "chaine",
];

/// The code of a network from a heading or a label: « Insta », « Snap », « FB », « Face book »,
/// « Twitter / X », « Tik Tok », « Pseudo Instagram », « compte TikTok PdN ».
pub fn code(heading: &str) -> Option<&'static str> {
    let folded = fold(heading.split('(').next().unwrap_or_default());
    let words: Vec<&str> = folded.split(' ').filter(|word| !AROUND.contains(word)).collect();
    if words.len() > 4 {
        return None;
    }
    let name = words.concat();
    let exact = NETWORKS.iter().find(|network| network.names.contains(&name.as_str()));
    let close = |known: &&str| {
        let long = known.len() >= 6 && name.len() >= 6 && known.len().abs_diff(name.len()) <= 1;
        long && distance(known, &name) <= 1
    };
    exact.or_else(|| NETWORKS.iter().find(|network| network.names.iter().any(close))).map(|n| n.code)
}

impl Network {
    pub fn of(code: &str) -> Option<&'static Self> {
        NETWORKS.iter().find(|network| network.code == code)
    }

    /// The network a host belongs to.
    pub fn at(host: &str) -> Option<&'static Self> {
        let owns =
            |known: &str| host == known || host.strip_suffix(known).is_some_and(|rest| rest.ends_with('.'));
        NETWORKS.iter().find(|network| network.hosts.iter().any(|known| owns(known)))
    }

    /// The address of a profile, when its handle suffices to build it.
    pub fn address(&self, handle: &str) -> Option<String> {
        let (before, after) = self.profile?;
        let mut url = before.to_owned();
        for c in handle.chars() {
            match c {
                c if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '%') => url.push(c),
                // The one network whose handles keep accents.
                c if c.is_alphanumeric() && self.code == "linkedin" => {
                    url.extend(c.to_string().bytes().map(|byte| format!("%{byte:02X}")));
                }
                _ => return None,
            }
        }
        url.push_str(after);
        let whole = handle.len() <= 100 && handle.contains(|c: char| c.is_ascii_alphanumeric());
        whole.then_some(url)
    }
}
