//! Codes besides the password.

use axum::{extract::State, response::Response};
use qrcode::{QrCode, render::svg};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};

use crate::{
    app::staff::second_factor::{self, Offer},
    web::{
        Problem, WebState,
        staff::{Form, Staff, page::to_be_mended, render, said},
    },
};

#[derive(Serialize)]
struct Offered {
    secret: String,
    spaced: String,
    picture: String,
    wrong: bool,
}

/// What the form holds: the secret that was offered, and a code made with it.
#[derive(Deserialize)]
pub(super) struct Given {
    secret: SecretString,
    code: String,
}

pub(super) async fn offer(
    State(state): State<WebState>,
    staff: Staff,
) -> Result<Response, Problem> {
    let offer = second_factor::offer(state.app(), &staff.user)?;
    page(&state, &staff, &offer, false)
}

fn page(state: &WebState, staff: &Staff, offer: &Offer, wrong: bool) -> Result<Response, Problem> {
    let secret = offer.secret.expose_secret().to_owned();
    let spaced: Vec<&str> =
        secret.as_bytes().chunks(4).map(|part| std::str::from_utf8(part).unwrap_or("")).collect();
    let offered = Offered {
        spaced: spaced.join(" "),
        picture: picture(offer.url.expose_secret()),
        secret,
        wrong,
    };
    render(state, staff, "staff/account/second-factor", "second-factor-title", &offered)
}

/// A QR code as a data URL; empty when the text is too long for one, which ours is not.
fn picture(text: &str) -> String {
    let Ok(code) = QrCode::new(text) else { return String::new() };
    let picture = code.render::<svg::Color<'_>>().min_dimensions(240, 240).build();
    format!("data:image/svg+xml;base64,{}", data_encoding::BASE64.encode(picture.as_bytes()))
}

#[derive(Serialize)]
struct Set {
    codes: Vec<String>,
}

pub(super) async fn set(
    State(state): State<WebState>,
    staff: Staff,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    match second_factor::set(state.app(), &staff.user, &given.secret, &given.code).await {
        Ok(codes) => {
            let codes = codes.iter().map(|code| code.expose_secret().to_owned()).collect();
            let set = Set { codes };
            render(&state, &staff, "staff/account/recovery-codes", "recovery-title", &set)
        }
        Err(crate::app::Error::Invalid(_)) => {
            let offer = second_factor::described(state.app(), &staff.user, given.secret)?;
            page(&state, &staff, &offer, true).map(to_be_mended)
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn remove(
    State(state): State<WebState>,
    staff: Staff,
) -> Result<Response, Problem> {
    second_factor::remove(state.app(), staff.user.id, &staff.user).await?;
    Ok(said("/account", "said-second-factor-removed"))
}
