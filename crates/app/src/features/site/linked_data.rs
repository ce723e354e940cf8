//! What search engines read of the pages of this feature. Nothing is said here that the page does not show.

use kit::Cx;
use kit::web::linked_data::{absolute, organisation, whole};
use serde_json::{Value, json};

use super::shown::Shown;
use crate::features::directory::structure::Structure;

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
