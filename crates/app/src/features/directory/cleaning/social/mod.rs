//! Profiles on social networks, from whatever stands in their column: a handle, a display name or an
//! address. Only addresses of known hosts come out, built anew.

mod networks;

use kit::text::fold;

use networks::Network;

use super::{clean, is_nothing, phone};

/// A profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SocialRead {
    /// The name on the network, without `@`; a display name keeps its spaces.
    pub handle: String,
    /// The address, in one shape, for networks where the handle suffices and where one was given.
    pub url: Option<String>,
    /// The network that the cell itself names, by its address or by a label (« Insta : @noe »).
    pub network: Option<&'static str>,
}

/// Says that there is no profile; what only says « yes » names none either.
const NONE: &[&str] = &[
    "non",
    "x",
    "xx",
    "oui",
    "ok",
    "o",
    "n",
    "no",
    "sans",
    "pas",
    "0",
    "1",
    "a creer",
    "a venir",
    "a faire",
    "a completer",
    "en cours",
    "en cours de creation",
    "en creation",
    "en attente",
    "supprime",
    "compte supprime",
    "ferme",
    "inactif",
    "bloque",
    "compte bloque",
    "pas encore",
    "plus utilise",
    "ne sait pas",
    "inconnu",
    "idem",
    "prive",
    "fait",
    "true",
    "false",
    "vrai",
    "faux",
    "voir avec elle",
    "voir avec lui",
    "a voir",
    "a demander",
    "jamais",
];

/// Addresses whose first step is no profile.
const PLACES: &[&str] = &[
    "p",
    "reel",
    "reels",
    "tv",
    "explore",
    "watch",
    "hashtag",
    "sharer",
    "sharer.php",
    "share",
    "login",
    "home",
    "search",
    "i",
    "intent",
    "shorts",
    "playlist",
    "results",
    "story.php",
    "photo",
    "photo.php",
    "permalink.php",
    "events",
    "joinchat",
    "video",
    "videos",
    "feed",
    "posts",
    "directory",
    "discover",
    "t",
    "invite",
    "channels",
    "jobs",
    "legal",
    "help",
];

/// The code of the network a heading names: « Insta » → `instagram`, « Twitter / X » → `x`. `None` for others.
pub fn network_code(heading: &str) -> Option<&'static str> {
    networks::code(heading)
}

/// Reads a cell of the column of `network`: `@noe_pdn26`, `facebook.com/noe.pdn26`, `yanis_pdn#1712`, « Hugo
/// Haddad Pdn ». The address of another network tells which. `None` for « non », « - », `x`, for addresses
/// of unknown hosts or of no profile, and for sentences.
pub fn read(network: &str, cell: &str) -> Option<SocialRead> {
    let cell = clean(cell);
    if is_nothing(&cell) || says_none(&cell) {
        return None;
    }
    let (told, rest) = labelled(&cell);
    let names = told.map_or(network, |network| network.code) == "facebook";
    let text = one_of_several(rest, names);
    if let Some((host, path)) = address(text) {
        return Network::at(&host).and_then(|network| profile(network, &host, path));
    }
    let network = told.or(Network::of(network));
    let handle = handle(network, text)?;
    let url = match network {
        Some(network) if network.code == "whatsapp" => whatsapp(&handle),
        Some(network) => network.address(&handle),
        None => None,
    };
    Some(SocialRead { handle, url, network: told.map(|network| network.code) })
}

fn says_none(cell: &str) -> bool {
    let folded = fold(cell);
    let starts =
        ["pas de ", "pas d ", "n a pas", "ne veut", "n utilise", "n est pas", "aucun ", "plus de ", "sans "];
    let later = ["a creer", "en creation", "en cours de"].iter().any(|words| folded.contains(words));
    later || NONE.contains(&folded.as_str()) || starts.iter().any(|start| folded.starts_with(start))
}

/// « Insta : @noe_pdn » → Instagram and `@noe_pdn`.
fn labelled(cell: &str) -> (Option<&'static Network>, &str) {
    // « insta noe_pdn »
    if let Some((label, handle)) = cell.split_once(' ').filter(|(_, rest)| !rest.contains(' '))
        && let Some(network) = networks::code(label).and_then(Network::of)
    {
        return (Some(network), handle);
    }
    let Some((label, rest)) = cell.split_once(':').filter(|(_, rest)| !rest.starts_with("//")) else {
        return (None, cell);
    };
    match networks::code(label).and_then(Network::of) {
        Some(network) if !rest.trim().is_empty() => (Some(network), rest.trim()),
        _ if matches!(fold(label).as_str(), "pseudo" | "compte" | "profil" | "nom" | "page" | "id") => {
            (None, rest.trim())
        }
        _ => (None, cell),
    }
}

/// The first of « @a / @b », « @a, @b », « @a et @b », without the comment in brackets. Where people go by
/// `names` of several words, « @Noé Pdn » is one.
fn one_of_several(text: &str, names: bool) -> &str {
    let text = text.split([',', ';', '|', '(', '[', '\n']).next().unwrap_or_default();
    let text = [" / ", " et @", " ou ", " + ", " & @", " puis ", " et http"]
        .iter()
        .fold(text, |text, between| text.split(between).next().unwrap_or_default());
    let text = match text.split_once(" et ") {
        // « noe_pdn26 et hugo_pdn26 » are two handles, « Noé et Hugo » is a name.
        Some((one, _)) if !one.contains(' ') && one.contains(|c: char| c == '_' || c.is_ascii_digit()) => one,
        _ => text.trim(),
    };
    // « @noe_pdn compte pro », « https://… (ancien) »: what begins like a handle or an address ends at the space.
    let whole = text.starts_with('@') && !names || text.contains("://") || text.starts_with("www.");
    if whole && !text.starts_with("@ ") { text.split(' ').next().unwrap_or_default() } else { text }
}

/// Host and path, when the text is an address. A word with a dot is none; one of a known host is.
fn address(text: &str) -> Option<(String, &str)> {
    let lower = text.to_ascii_lowercase();
    let schemes = ["https://", "http://", "//"];
    let scheme = schemes.iter().find(|scheme| lower.starts_with(**scheme));
    let rest = &text[scheme.map_or(0, |scheme| scheme.len())..];
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let host = host.to_ascii_lowercase();
    let is_host =
        host.contains('.') && host.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-');
    let is_path = path.starts_with('/') || Network::at(&host).is_some_and(|_| path.is_empty());
    if scheme.is_some() || host.starts_with("www.") || (is_host && is_path) || lower.contains("://") {
        return Some((if is_host { host } else { String::new() }, path));
    }
    None
}

/// The profile at an address of that network.
fn profile(network: &'static Network, host: &str, path: &str) -> Option<SocialRead> {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let path = path.split('#').next().unwrap_or_default();
    let steps: Vec<&str> = path.split('/').filter(|step| !step.is_empty()).collect();
    let told = |handle: &str, url: Option<String>| {
        (!handle.is_empty()).then(|| SocialRead {
            handle: handle.to_owned(),
            url,
            network: Some(network.code),
        })
    };
    let at = |handle: &str| network.address(handle).and_then(|url| told(handle, Some(url)));
    let fixed = |before: &str, handle: &str| plain(handle).then(|| format!("{before}{handle}"));
    match (network.code, steps.as_slice()) {
        ("facebook", ["profile.php"]) => profile_number(query, &told),
        ("facebook", ["people", _, number, ..] | ["pages", _, number, ..]) => by_number(number, &told),
        ("facebook", ["groups", group, ..]) => {
            told(group, Some(fixed("https://www.facebook.com/groups/", group)?))
        }
        ("facebook", ["p" | "pg", page, ..]) => at(page),
        ("instagram", ["stories", handle, ..]) => at(handle),
        ("snapchat", ["add" | "p", handle, ..]) => at(handle),
        ("youtube", ["channel", id, ..]) => told(id, Some(fixed("https://www.youtube.com/channel/", id)?)),
        ("youtube", [kind @ ("c" | "user"), name, ..]) => {
            told(name, Some(fixed(&format!("https://www.youtube.com/{kind}/"), name)?))
        }
        ("linkedin", ["in", handle, ..]) => at(handle),
        ("linkedin", [kind @ ("company" | "school"), name, ..]) => {
            told(name, Some(fixed(&format!("https://www.linkedin.com/{kind}/"), name)?))
        }
        ("linkedin", _) => None,
        ("telegram", ["s", handle, ..]) => at(handle),
        ("discord", [code]) if host.ends_with("discord.gg") => {
            told(code, Some(fixed("https://discord.gg/", code)?))
        }
        ("discord", ["invite", code, ..]) => told(code, Some(fixed("https://discord.gg/", code)?)),
        ("discord", ["users", number, ..]) => {
            told(number, Some(fixed("https://discord.com/users/", number)?))
        }
        ("whatsapp", [number]) if host == "wa.me" => {
            let number = phone::read(&format!("+{}", number.trim_start_matches('+'))).ok()?;
            let url = whatsapp(&number);
            told(&number, url)
        }
        ("whatsapp" | "discord" | "signal", _) => None,
        ("messenger", ["t", handle, ..]) => at(handle),
        (_, [first, ..]) => {
            let handle = first.trim_start_matches('@');
            let place = PLACES.contains(&handle.to_ascii_lowercase().as_str()) || host.starts_with("vm.");
            if place { None } else { at(handle) }
        }
        (_, []) => None,
    }
}

type Told<'t> = &'t dyn Fn(&str, Option<String>) -> Option<SocialRead>;

/// `profile.php?id=1000123`.
fn profile_number(query: &str, told: Told) -> Option<SocialRead> {
    let number = query.split(['&', ';', '#']).find_map(|pair| pair.strip_prefix("id="))?;
    by_number(number, told)
}

fn by_number(number: &str, told: Told) -> Option<SocialRead> {
    let number = number.split('#').next().unwrap_or_default();
    let digits = (1..=20).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| told(number, Some(format!("https://www.facebook.com/profile.php?id={number}")))).flatten()
}

fn plain(step: &str) -> bool {
    step.len() <= 100 && step.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '%'))
}

fn whatsapp(number: &str) -> Option<String> {
    number.strip_prefix('+').map(|digits| format!("https://wa.me/{digits}"))
}

/// A handle or a display name, when it can be one.
fn handle(network: Option<&'static Network>, text: &str) -> Option<String> {
    let text = text.strip_prefix('@').unwrap_or(text).trim();
    if network.is_some_and(|network| matches!(network.code, "whatsapp" | "signal")) {
        return phone::read(text).ok().or_else(|| plausible(text));
    }
    // `facebook/noe.pdn26`, `in/noe-lefevre`.
    let text = match text.split_once('/') {
        Some((before, after)) if networks::code(before).is_some() || matches!(before, "in" | "add") => {
            after.trim_start_matches('@').trim_end_matches('/')
        }
        _ => text.trim_end_matches('/'),
    };
    plausible(text)
}

fn plausible(text: &str) -> Option<String> {
    let words = text.split(' ').count();
    let allowed = |c: char| c.is_alphanumeric() || " ._-#'’·:!".contains(c) || is_mark(c);
    let scheme = text.to_ascii_lowercase();
    let scheme =
        ["javascript:", "data:", "vbscript:", "file:", "blob:"].iter().any(|bad| scheme.starts_with(bad));
    let fits = words <= 5 && text.chars().count() <= 60 && text.chars().all(allowed);
    (fits && !scheme && text.contains(char::is_alphanumeric) && !says_none(text)).then(|| text.to_owned())
}

/// Letters' own marks, and the small signs people put beside their names.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{2600}'..='\u{27bf}' | '\u{fe0f}' | '\u{1f300}'..='\u{1faff}')
}

#[cfg(test)]
mod tests;
