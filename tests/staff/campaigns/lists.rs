//! The list of campaigns, and the people behind a funnel's numbers.

use super::*;

on_both!(each_number_of_the_funnel_leads_to_its_people, the_list_says_what_waits_for_whom);

async fn each_number_of_the_funnel_leads_to_its_people(desk: Desk) {
    let letter = desk.0.a_letter("willing@example.kz").await;
    let stranger =
        desk.0.a_contact("stranger@example.kz", kelisim::domain::contact::Profile::default()).await;
    assert_ne!(letter.contact.id, stranger.id);
    let author = desk.author().await;
    let campaign = author.writes("Күз").await;
    let page = author.page(&format!("{campaign}/about")).await;
    assert!(page.contains("1 of 2 will get it"), "{page}");
    let allowed = author.page(&format!("{campaign}/funnel?who=allowed")).await;
    assert!(allowed.contains("willing@") && !allowed.contains("stranger@"), "{allowed}");
    let refused = author.page(&format!("{campaign}/funnel?who=no_consent")).await;
    assert!(refused.contains("stranger@") && !refused.contains("willing@"), "{refused}");
    assert_eq!(author.get(&format!("{campaign}/funnel?who=x")).send().await.unwrap().status(), 422);
}

async fn the_list_says_what_waits_for_whom(desk: Desk) {
    desk.0.a_letter("somebody@example.kz").await;
    let (author, approver) = (desk.author().await, desk.approver().await);
    let campaign = author.writes("Күзгі жаңалық").await;
    author.submits(&campaign).await;
    let waits = async |who: &Colleague<'_>, query: &str| {
        who.page(&format!("/campaigns?{query}")).await.contains(&campaign)
    };
    assert!(waits(&approver, "show=mine").await);
    assert!(!waits(&author, "show=mine").await);
    assert!(waits(&author, "show=approval&q=КҮЗГІ").await);
    assert!(!waits(&author, "show=writing").await);
    approver.approves(&campaign).await;
    assert!(waits(&author, "show=mine").await);
    // One that came by the API is in the list too, and can be looked at.
    let given = desk.0.a_campaign("news", kelisim::domain::party::PartyKey::institution()).await;
    assert!(author.page("/campaigns?show=writing").await.contains(&given.id.to_string()));
    assert!(author.page(&format!("/campaigns/{}", given.id)).await.contains("came as files"));
}
