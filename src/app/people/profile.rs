//! What is known of a person, changed by staff.

use std::collections::BTreeMap;

use crate::{
    app::{
        App, Error, Problem, Result, contacts,
        import_contacts::{TAG_CHARS_MAX, TAGS_MAX, VALUE_CHARS_MAX},
    },
    domain::{
        address::Address,
        contact::{Contact, Profile},
        forbidden,
        id::ContactId,
        language::Language,
    },
    store,
};

/// A profile as somebody filled it in.
#[derive(Debug, Clone, Default)]
pub struct ProfileForm {
    /// The name as the person writes it.
    pub name: String,
    /// The name to greet by.
    pub given_name: String,
    /// Surname.
    pub family_name: String,
    /// Patronymic.
    pub patronymic: String,
    /// A language code, or nothing.
    pub language: String,
    /// The person's id in another system.
    pub external_id: String,
    /// Between commas.
    pub tags: String,
    /// By key; an empty value is none.
    pub attributes: BTreeMap<String, String>,
}

/// Replaces what is known of a living contact besides the address.
///
/// # Errors
/// [`Error::Invalid`] for values that are too long, hold control characters or data that nobody may
/// keep, for attributes that are not allowed; [`Error::NotFound`]; [`Error::Conflict`] when the
/// external id is another contact's; the database's.
pub async fn edit(app: &App, id: ContactId, form: &ProfileForm) -> Result<()> {
    let (profile, tags) = read(app, form)?;
    let now = app.now();
    let mut tx = app.store.begin().await?;
    let stored = store::contact::find(tx.conn(), id).await?;
    let stored =
        stored.filter(|one| one.address.is_some()).ok_or(Error::NotFound("such contact"))?;
    match store::contact::update_profile(tx.conn(), id, &profile, now).await {
        Err(error) if error.is_unique_violation() => {
            let message = "is that of a contact with another address";
            return Err(Error::invalid("external_id", message));
        }
        other => other?,
    }
    let known = store::contact::tags(tx.conn(), id).await?;
    let gone: Vec<String> = known.iter().filter(|tag| !tags.contains(tag)).cloned().collect();
    store::contact::remove_tags(tx.conn(), id, &gone).await?;
    let tags: Vec<(ContactId, &str)> = tags.iter().map(|tag| (id, tag.as_str())).collect();
    store::contact::add_tags(tx.conn(), &tags).await?;
    store::finding::replace(tx.conn(), &Contact { profile, ..stored }).await?;
    tx.commit().await?;
    Ok(())
}

/// Adds a contact, without any consent. One that is there already learns what is new.
///
/// # Errors
/// As [`edit`], and [`Error::Invalid`] for an address that is none; [`Error::Conflict`] when the
/// person is blocked or was erased.
pub async fn add(app: &App, address: &str, form: &ProfileForm) -> Result<Contact> {
    let read = read(app, form);
    let address: Address = match (address.parse::<Address>(), &read) {
        (Ok(address), _) if forbidden::find_in(address.as_str()).is_none() => address,
        (Ok(_), _) => return Err(Error::invalid("address", "holds data that may not be kept")),
        (Err(bad), Err(Error::Invalid(problems))) => {
            let mut all = vec![Problem::at("address", bad.to_string())];
            all.extend(problems.iter().cloned());
            return Err(Error::Invalid(all));
        }
        (Err(bad), _) => return Err(Error::invalid("address", bad.to_string())),
    };
    let (profile, tags) = read?;
    let upserted = contacts::upsert(app, &address, &profile, &tags).await?;
    let (contacts::Upserted::New(contact)
    | contacts::Upserted::Updated(contact)
    | contacts::Upserted::Unchanged(contact)) = upserted;
    Ok(contact)
}

fn read(app: &App, form: &ProfileForm) -> Result<(Profile, Vec<String>)> {
    let mut problems = Vec::new();
    let mut value = |place: &str, text: &str| -> Option<String> {
        let text = text.trim();
        problems.extend(fault(text, VALUE_CHARS_MAX).map(|why| Problem::at(place, why)));
        (!text.is_empty()).then(|| text.to_owned())
    };
    let mut profile = Profile {
        name: value("name", &form.name),
        given_name: value("given_name", &form.given_name),
        family_name: value("family_name", &form.family_name),
        patronymic: value("patronymic", &form.patronymic),
        language: None,
        external_id: value("external_id", &form.external_id),
        attributes: BTreeMap::new(),
    };
    for (key, text) in &form.attributes {
        let place = format!("attribute-{key}");
        if let Some(text) = value(&place, text) {
            profile.attributes.insert(key.clone(), text);
        }
    }
    let not_allowed = profile.attributes.keys().find(|key| !app.rules.attributes.contains(*key));
    if let Some(key) = not_allowed {
        problems.push(Problem::at(format!("attribute-{key}"), "is not allowed"));
    }
    if !form.language.is_empty() {
        match form.language.parse::<Language>() {
            Ok(language) => profile.language = Some(language),
            Err(error) => problems.push(Problem::at("language", error.to_string())),
        }
    }
    let tags = tags(&form.tags, &mut problems);
    if problems.is_empty() { Ok((profile, tags)) } else { Err(Error::Invalid(problems)) }
}

fn tags(text: &str, problems: &mut Vec<Problem>) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for tag in text.split([',', ';', '|']).map(str::trim).filter(|tag| !tag.is_empty()) {
        problems.extend(fault(tag, TAG_CHARS_MAX).map(|why| Problem::at("tags", why)));
        if !tags.iter().any(|known| known == tag) {
            tags.push(tag.to_owned());
        }
    }
    if tags.len() > TAGS_MAX {
        problems.push(Problem::at("tags", format!("are more than {TAGS_MAX}")));
    }
    tags
}

fn fault(text: &str, chars_max: usize) -> Option<String> {
    if text.chars().count() > chars_max {
        return Some(format!("is longer than {chars_max} characters"));
    }
    if text.chars().any(char::is_control) {
        return Some("holds a line end or another control character".to_owned());
    }
    let kind = forbidden::find_in(text)?;
    Some(format!("holds {kind}, which may not be kept"))
}
