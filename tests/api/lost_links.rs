//! A link that leads nowhere still lets a person leave.

use kelisim::domain::token::TokenKind;
use reqwest::{StatusCode, header};

use crate::{house::House, support::database::on_both};

on_both!(
    a_damaged_link_tells_how_to_leave_in_every_language,
    a_link_to_a_message_that_is_gone_is_a_damaged_one,
    one_click_on_a_damaged_link_is_not_acknowledged,
    a_token_of_another_kind_opens_nothing,
);

async fn a_damaged_link_tells_how_to_leave_in_every_language(house: House) {
    let letter = house.a_letter("aigul@example.kz").await;
    let cut = &letter.token[..letter.token.len() - 1];
    for token in [cut, "x", "1.aaaaaa.b", "%D2%9B", "..%2F..%2Fetc"] {
        let request = house.get(&format!("/u/{token}")).header(header::ACCEPT_LANGUAGE, "ru");
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{token}");
        let page = answer.text().await.unwrap();
        assert!(page.contains("<html lang=\"ru\">"), "{page}");
        for said in ["Ссылка не открылась", "Бұл сілтеме ашылмады", "This link does not work"]
        {
            assert!(page.contains(said), "{said} is missing in {page}");
        }
        assert!(page.contains("mailto:support@example.kz?subject") && page.contains("tel:+7"));
    }
}

async fn a_link_to_a_message_that_is_gone_is_a_damaged_one(house: House) {
    let token = house.app.keys.link_token(TokenKind::Unsubscribe, house.id());
    let answer = house.get(&format!("/u/{token}")).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    assert!(answer.text().await.unwrap().contains("mailto:support@example.kz"));
}

async fn one_click_on_a_damaged_link_is_not_acknowledged(house: House) {
    let answer =
        house.post("/u/1.aaaaaa.b").body("List-Unsubscribe=One-Click").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    assert!(!answer.headers().contains_key(header::LOCATION));
}

async fn a_token_of_another_kind_opens_nothing(house: House) {
    let letter = house.a_letter("aigul@example.kz").await;
    let token = house.app.keys.link_token(TokenKind::Feedback, letter.delivery.0);
    let answer = house.get(&format!("/u/{token}")).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
}
