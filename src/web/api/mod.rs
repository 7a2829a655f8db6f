//! `/api/v1`: the institution's own systems do here what staff do on the command line.
//!
//! A route and its description are registered together, so that the description at
//! `/api/v1/openapi.json` cannot leave one out.

mod auth;
mod campaigns;
mod catalogue;
mod consents;
mod contacts;
mod deliveries;
mod explanation;
mod extract;
mod imported;
mod imports;
mod ledger;

use std::sync::LazyLock;

use axum::{
    Router, http::header, middleware::from_fn_with_state, response::IntoResponse, routing::get,
};
use utoipa::{
    Modify, OpenApi as _,
    openapi::{
        Content, OpenApi, Ref, RefOr, Response, ResponseBuilder,
        security::{Http, HttpAuthScheme, SecurityScheme},
    },
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{WebState, error::MEDIA_TYPE};

const PREFIX: &str = "/api/v1";

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Kelisim",
        version = "1",
        description = "Mail only to people whose consent can be proved. Errors are \
            `application/problem+json` (RFC 9457) and say what to do. Times are RFC 3339 in UTC. \
            Lists are read page by page: pass `next` of one page as `before` of the next.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    tags(
        (name = "contacts", description = "People and what is known of their consents"),
        (name = "campaigns", description = "From draft to report"),
        (name = "deliveries", description = "One campaign to one contact, and its proof"),
        (name = "catalogue", description = "Purposes, parties, editions of the policy"),
    ),
    security(("token" = [])),
    modifiers(&Token),
)]
struct Description;

/// `Authorization: Bearer kls_…`.
struct Token;

impl Modify for Token {
    fn modify(&self, description: &mut OpenApi) {
        let mut scheme = Http::new(HttpAuthScheme::Bearer);
        scheme.description = Some("A token made by `kelisim token create`".to_owned());
        let components = description.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(scheme));
    }
}

/// What may take long: its time is bounded by what it reads.
fn described_long() -> OpenApiRouter<WebState> {
    OpenApiRouter::new().routes(routes!(imports::bring_in))
}

fn described() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(contacts::look_up))
        .routes(routes!(consents::withdraw))
        .routes(routes!(catalogue::purposes))
        .routes(routes!(catalogue::parties))
        .routes(routes!(catalogue::editions))
        .routes(routes!(campaigns::look::page, campaigns::create::create))
        .routes(routes!(campaigns::look::show))
        .routes(routes!(campaigns::create::check))
        .routes(routes!(campaigns::look::funnel))
        .routes(routes!(campaigns::deeds::schedule))
        .routes(routes!(campaigns::deeds::start))
        .routes(routes!(campaigns::deeds::pause))
        .routes(routes!(campaigns::deeds::resume))
        .routes(routes!(campaigns::deeds::cancel))
        .routes(routes!(deliveries::explain))
}

/// The description of the API, as OpenAPI 3.1.
#[must_use]
pub fn openapi() -> OpenApi {
    let mut description = OpenApiRouter::<WebState>::with_openapi(Description::openapi())
        .nest(PREFIX, described())
        .nest(PREFIX, described_long())
        .into_openapi();
    for item in description.paths.paths.values_mut() {
        for operation in [&mut item.get, &mut item.post].into_iter().flatten() {
            operation.responses.responses.insert("default".to_owned(), any_error());
        }
    }
    description
}

/// What every operation may answer besides what it names: too large, too many, too slow, broken.
fn any_error() -> RefOr<Response> {
    let problem = Content::new(Some(Ref::from_schema_name("Problem")));
    ResponseBuilder::new()
        .description("Any other error")
        .content(MEDIA_TYPE, problem)
        .build()
        .into()
}

/// The routes under `/api/v1`. All but the description need a token.
pub(super) fn routes(state: &WebState) -> Router<WebState> {
    let open = Router::new().route("/openapi.json", get(description));
    Router::new().nest(PREFIX, with_token(state, described()).merge(open))
}

/// The routes under `/api/v1` that may take long.
pub(super) fn long_routes(state: &WebState) -> Router<WebState> {
    Router::new().nest(PREFIX, with_token(state, described_long()))
}

fn with_token(state: &WebState, described: OpenApiRouter<WebState>) -> Router<WebState> {
    let (router, _) = described.split_for_parts();
    router.route_layer(from_fn_with_state(state.clone(), auth::require_token))
}

async fn description() -> impl IntoResponse {
    static TEXT: LazyLock<String> =
        LazyLock::new(|| openapi().to_pretty_json().unwrap_or_default());
    ([(header::CONTENT_TYPE, "application/json")], TEXT.as_str())
}
