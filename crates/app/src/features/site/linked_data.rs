//! What search engines read of a page beside its text: schema.org types as JSON-LD. Nothing is said here that the page
//! does not show.

use kit::Cx;
use serde_json::{Value, json};

use super::shown::Shown;
use crate::features::directory::structure::Structure;

fn absolute(cx: &Cx, path: &str) -> String {
    format!("{}{path}", cx.origin)
}

/// Drops what is absent: schema.org knows no null.
fn tidy(value: Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .map(|(name, value)| (name, tidy(value)))
            .filter(|(_, value)| !value.is_null() && value != &json!([]) && value != &json!(""))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        Value::Array(all) => all.into_iter().map(tidy).filter(|value| !value.is_null()).collect(),
        other => other,
    }
}

fn whole(value: Value) -> Value {
    let mut value = tidy(value);
    value["@context"] = json!("https://schema.org");
    value
}

/// The network as an organisation, by which other data refer to it.
fn organisation(cx: &Cx) -> Value {
    json!({
        "@type": "Organization",
        "@id": absolute(cx, "/#reseau"),
        "name": format!("Promeneurs du Net {}", cx.network.of()),
        "url": absolute(cx, "/"),
    })
}

/// The site and the network, for the home page.
pub fn site(cx: &Cx) -> Value {
    let mut publisher = organisation(cx);
    publisher["areaServed"] = json!({ "@type": "AdministrativeArea", "name": cx.network.name });
    publisher["parentOrganization"] = match cx.network.settings().coordinating_body {
        Some(name) => json!({ "@type": "Organization", "name": name }),
        None => Value::Null,
    };
    whole(json!({
        "@type": "WebSite",
        "name": format!("Promeneurs du Net {}", cx.network.of()),
        "url": absolute(cx, "/"),
        "inLanguage": "fr-FR",
        "publisher": publisher,
        "potentialAction": {
            "@type": "SearchAction",
            "target": { "@type": "EntryPoint", "urlTemplate": absolute(cx, "/promeneurs?q={search_term_string}") },
            "query-input": "required name=search_term_string",
        },
    }))
}

/// A promeneur, as the public sheet shows them.
pub fn person(cx: &Cx, p: &Shown, path: &str) -> Value {
    let structure = json!({
        "@type": "Organization",
        "name": p.structure,
        "url": p.structure_url.as_deref().map(|url| absolute(cx, url)),
        "address": place(p.place.as_str()),
    });
    whole(json!({
        "@type": "Person",
        "name": p.name,
        "url": absolute(cx, path),
        "image": p.photo.as_deref().map(|url| absolute(cx, url)),
        "jobTitle": p.job_title,
        "worksFor": structure,
        "memberOf": organisation(cx),
        "knowsAbout": p.themes,
        "sameAs": p.profiles.iter().filter_map(|profile| profile.url.clone()).collect::<Vec<_>>(),
        "telephone": p.phone.as_ref().map(|(_, number)| number),
    }))
}

fn place(commune: &str) -> Value {
    match commune {
        "" => Value::Null,
        name => json!({ "@type": "PostalAddress", "addressLocality": name, "addressCountry": "FR" }),
    }
}

/// A structure, as its public page shows it.
pub fn structure(cx: &Cx, structure: &Structure) -> Value {
    let address = structure.commune.as_ref().map(|commune| {
        json!({
            "@type": "PostalAddress",
            "streetAddress": structure.address,
            "postalCode": structure.postcode,
            "addressLocality": commune,
            "addressCountry": "FR",
        })
    });
    whole(json!({
        "@type": "Organization",
        "name": structure.name,
        "url": absolute(cx, &structure.public_url()),
        "description": structure.presentation,
        "address": address,
        "telephone": structure.phone,
        "sameAs": structure.website,
        "image": structure.image.is_some().then(|| absolute(cx, &format!("{}/image", structure.public_url()))),
        "memberOf": organisation(cx),
    }))
}

/// Where a page stands: names and addresses from the home page down.
pub fn crumbs(cx: &Cx, steps: &[(&str, &str)]) -> Value {
    let items: Vec<Value> = steps
        .iter()
        .zip(1..)
        .map(|((name, path), position)| {
            json!({ "@type": "ListItem", "position": position, "name": name, "item": absolute(cx, path) })
        })
        .collect();
    whole(json!({ "@type": "BreadcrumbList", "itemListElement": items }))
}

/// Questions and their answers, as the page shows them.
pub fn questions(all: &[(&str, &str)]) -> Value {
    let entities: Vec<Value> = all
        .iter()
        .map(|(question, answer)| {
            json!({
                "@type": "Question",
                "name": question,
                "acceptedAnswer": { "@type": "Answer", "text": answer },
            })
        })
        .collect();
    whole(json!({ "@type": "FAQPage", "mainEntity": entities }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_absent_is_not_said() {
        let value = json!({ "a": null, "b": "", "c": [], "d": { "e": null, "f": 1 }, "g": ["x"] });
        assert_eq!(tidy(value), json!({ "d": { "f": 1 }, "g": ["x"] }));
    }
}
