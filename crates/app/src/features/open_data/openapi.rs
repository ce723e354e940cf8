//! `/api/openapi.json`: the document (OpenAPI 3.1) that describes the open data of this network: its own themes,
//! social networks and types of structure are the values that parameters admit.

use axum::response::Response;
use kit::{Choice, Cx, Result};
use serde_json::{Value, json};
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::{Operation, OperationBuilder, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ComponentsBuilder, ObjectBuilder, Ref, Type};
use utoipa::openapi::tag::Tag;
use utoipa::openapi::{
    ContentBuilder, HttpMethod, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, PathItem, PathsBuilder,
    Required, ResponseBuilder, Server,
};

use super::answer::{self, LICENCE};
use super::question::{MOST_PER_PAGE, PER_PAGE};
use super::schema::{Shape, array, flag, maybe, number, object, text};
use super::{events, people, publications, structures};
use crate::features::directory::vocabulary::{List, Vocabulary};

/// Each resource says what it is; a new one is a line here.
const RESOURCES: [fn(&Api) -> Resource; 4] =
    [people::describe, structures::describe, events::describe, publications::describe];

/// A list of the API, and what can be asked of it.
pub struct Resource {
    pub path: &'static str,
    pub tag: &'static str,
    pub summary: &'static str,
    /// What one element is called, when it can be asked for alone.
    pub one: &'static str,
    pub parameters: Vec<Parameter>,
    /// What may be said beside the address of one element.
    pub one_parameters: Vec<Parameter>,
    pub element: Shape,
    pub element_name: &'static str,
    /// Name and shape of one element asked for alone.
    pub whole: Option<(&'static str, Shape)>,
    /// One that was there may be gone: 410.
    pub is_gone: bool,
    pub example: Value,
}

/// What differs from one network to another.
pub struct Api {
    pub origin: String,
    pub structure_types: Vec<Choice>,
    themes: Vec<Choice>,
    networks: Vec<Choice>,
}

impl Api {
    /// A text to look for.
    pub fn text(&self, name: &str, description: &str, most: usize, example: &str) -> Parameter {
        // No control character, nor what stands for bytes that are no text.
        let schema = ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(most))
            .pattern(Some("^[^\\u0000-\\u001f\\u007f\\ufffd]+$"));
        parameter(name, description, schema).example(Some(json!(example))).build()
    }

    /// One of these codes.
    pub fn choice(&self, name: &str, description: &str, codes: &[&str]) -> Parameter {
        let schema = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(codes.iter().copied()));
        parameter(name, description, schema).build()
    }

    /// What promeneurs can be narrowed by, beside the place.
    pub fn filters(&self) -> Vec<Parameter> {
        let listed = |name: &str, what: &str, choices: &[Choice]| {
            let codes: Vec<&str> = choices.iter().map(|choice| choice.value.as_str()).collect();
            let labels: Vec<String> =
                choices.iter().map(|choice| format!("`{}` {}", choice.value, choice.label)).collect();
            self.choice(name, &format!("{what}\u{a0}: {}", labels.join(", ")), &codes)
        };
        vec![
            listed("theme", "Thème", &self.themes),
            listed("reseau", "Réseau social", &self.networks),
            self.choice("public", "À qui la personne s’adresse", &["jeunes", "parents"]),
        ]
    }

    /// How one goes through a list.
    pub fn paging(&self) -> Vec<Parameter> {
        let cursor = ObjectBuilder::new().schema_type(Type::String).max_length(Some(240)).pattern(Some(
            "^([0-9]{1,6}|[^\\u0000-\\u001f\\u007f\\ufffd]{0,200}~[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$",
        ));
        let limit = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(1))
            .maximum(Some(MOST_PER_PAGE))
            .default(Some(json!(PER_PAGE)));
        vec![
            parameter("apres", "Curseur de la page\u{a0}: celui que donne «\u{a0}suivant\u{a0}»", cursor)
                .build(),
            parameter("limite", "Nombre d’éléments de la page", limit).build(),
        ]
    }
}

fn parameter(name: &str, description: &str, schema: ObjectBuilder) -> ParameterBuilder {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(schema))
}

fn problem_shape() -> Shape {
    let wrong = object(
        "Un paramètre refusé",
        [("parametre", text("Nom du paramètre")), ("detail", text("Ce qui est admis"))],
    );
    let fields = [
        ("type", text("Toujours «\u{a0}about:blank\u{a0}»\u{a0}: le statut dit de quoi il s’agit")),
        ("title", text("Titre")),
        ("status", number("Statut HTTP")),
        ("detail", text("Explication en français")),
    ];
    let mut object = ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some("Erreur (RFC 9457)"))
        .property("erreurs", array("Ce qui est refusé, paramètre par paramètre", wrong));
    for (name, shape) in fields {
        object = object.property(name, shape).required(name);
    }
    object.into()
}

fn list_shape(resource: &Resource) -> Shape {
    let element = Ref::from_schema_name(resource.element_name).into();
    object(
        resource.summary,
        [
            ("total", number("Nombre d’éléments en tout")),
            ("total_exact", flag("Faux quand le compte s’est arrêté à «\u{a0}total\u{a0}»")),
            ("elements", array("Les éléments de cette page", element)),
            ("suivant", maybe(text("Adresse de la page suivante"))),
            ("licence", text("Licence des données")),
        ],
    )
}

/// An answer that went well, with what the client may keep.
fn good(description: &str, name: &str, example: Option<Value>) -> ResponseBuilder {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(name))).example(example).build();
    let tag = HeaderBuilder::new()
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .description(Some("À renvoyer dans If-None-Match\u{a0}: 304 quand rien n’a changé"));
    ResponseBuilder::new()
        .description(description)
        .content("application/json", content)
        .header("ETag", tag.build())
}

fn trouble(description: &str) -> ResponseBuilder {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Probleme"))).build();
    ResponseBuilder::new().description(description).content("application/problem+json", content)
}

fn operation(tag: &str, id: String, summary: &str) -> OperationBuilder {
    OperationBuilder::new()
        .tag(tag)
        .operation_id(Some(id))
        .summary(Some(summary))
        .response("304", ResponseBuilder::new().description("Rien n’a changé depuis l’ETag envoyé"))
        .response("429", trouble("Trop de demandes en une minute"))
}

fn listing(resource: &Resource) -> Operation {
    let name = resource.path.rsplit('/').next().unwrap_or_default();
    let example = json!({
        "total": 1, "total_exact": true, "elements": [resource.example], "suivant": null, "licence": LICENCE,
    });
    let link = HeaderBuilder::new()
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
        .description(Some("La page suivante, avec rel=\"next\" (RFC 8288)"));
    let list = format!("{}Page", resource.element_name);
    let good = good("Une page de la liste", &list, Some(example)).header("Link", link.build());
    let mut operation = operation(resource.tag, format!("{name}_liste"), resource.summary)
        .parameters(Some(resource.parameters.iter().cloned()))
        .response("200", good)
        .response(
            "422",
            trouble("Un paramètre au moins n’est pas admis\u{a0}: «\u{a0}erreurs\u{a0}» dit lesquels"),
        );
    if resource.parameters.iter().any(|parameter| parameter.name == "commune") {
        operation = operation.response("404", trouble("Commune inconnue dans ce département"));
    }
    operation.build()
}

fn single(resource: &Resource, shape: &str) -> Operation {
    let name = resource.path.rsplit('/').next().unwrap_or_default();
    let schema = ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[a-z0-9-]{1,200}$"));
    let slug = ParameterBuilder::new()
        .name("slug")
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some("Fin de l’adresse, telle que la donne la liste"))
        .schema(Some(schema))
        .example(resource.example.get("slug").cloned())
        .build();
    let mut operation = operation(resource.tag, format!("{name}_fiche"), resource.one)
        .parameter(slug)
        .parameters(Some(resource.one_parameters.iter().cloned()))
        .response("200", good(resource.one, shape, None))
        .response("404", trouble("Inconnu, ou pas publié"));
    if !resource.one_parameters.is_empty() {
        operation = operation.response("422", trouble("Un paramètre n’est pas admis"));
    }
    if resource.is_gone {
        operation =
            operation.response("410", trouble("A été publié et ne l’est plus\u{a0}: départ, retrait"));
    }
    operation.build()
}

/// The document of a network.
fn describe(cx: &Cx, vocabulary: &Vocabulary) -> OpenApi {
    let api = Api {
        origin: cx.origin.clone(),
        structure_types: vocabulary.choices(List::StructureType),
        themes: vocabulary.choices(List::Theme),
        networks: vocabulary.choices(List::SocialNetwork),
    };
    let resources = RESOURCES.map(|describe| describe(&api));
    let mut components = ComponentsBuilder::new().schema("Probleme", problem_shape());
    let mut paths = PathsBuilder::new();
    for resource in &resources {
        components = components
            .schema(resource.element_name, resource.element.clone())
            .schema(format!("{}Page", resource.element_name), list_shape(resource));
        paths = paths.path(resource.path, PathItem::new(HttpMethod::Get, listing(resource)));
        if let Some((name, shape)) = &resource.whole {
            components = components.schema(*name, shape.clone());
            let path = format!("{}/{{slug}}", resource.path);
            paths = paths.path(path, PathItem::new(HttpMethod::Get, single(resource, name)));
        }
    }
    let licence = LicenseBuilder::new().name("Licence Ouverte 2.0 (Etalab)").identifier(Some("etalab-2.0"));
    let info = InfoBuilder::new()
        .title(format!("Promeneurs du Net – {}", cx.network.name))
        .version("1.0.0")
        .description(Some(
            "Les promeneurs, les structures, les rendez-vous et les publications du réseau. Seul ce que chaque personne \
             a choisi de publier y figure. Ce sont des données personnelles : leur réutilisation suit le RGPD, et \
             une fiche qui répond 410 est à effacer de votre copie. Lecture libre, sans clé ; toute page de tout \
             site peut interroger l’API.",
        ))
        .license(Some(licence.build()))
        .build();
    OpenApiBuilder::new()
        .info(info)
        .servers(Some([Server::new(cx.origin.clone())]))
        .paths(paths)
        .components(Some(components.build()))
        .tags(Some(resources.iter().map(|resource| Tag::new(resource.tag))))
        .build()
}

pub async fn document(cx: Cx) -> Result<Response> {
    let mut tx = cx.read().await?;
    let vocabulary = Vocabulary::load(&mut tx, &cx.network).await?;
    answer::json(&describe(&cx, &vocabulary))
}
