//! Sample people. The same index is always the same person, so that the demo can be told about.

mod files;
mod names;

use std::{collections::HashSet, ops::Range};

use names::{DOMAINS, ENGLISH, KAZAKH, Patronymics, REGIONS, RUSSIAN, SUBJECTS, Tradition};

pub(super) use files::{ContactsFile, days, files};

/// How many there are.
pub(super) const PEOPLE: usize = 3_000;

/// Who came when; see [`files`].
const FORUM: Range<usize> = 0..420;
const COURSES: Range<usize> = 420..720;
const REGISTERED: Range<usize> = 720..PEOPLE;

/// One person.
#[derive(Debug, Clone)]
pub(super) struct Person {
    /// From 0.
    pub index: usize,
    pub address: String,
    pub given_name: &'static str,
    pub family_name: String,
    pub patronymic: Option<String>,
    /// `kk`, `ru`, `en`, or nothing: some never said.
    pub language: &'static str,
    pub region: &'static str,
    pub subject: &'static str,
    pub school: String,
    pub tags: Vec<&'static str>,
}

/// All of them, each with an address of their own.
pub(super) fn people() -> Vec<Person> {
    let mut taken = HashSet::new();
    (0..PEOPLE).map(|index| person(index, &mut taken)).collect()
}

fn person(index: usize, taken: &mut HashSet<String>) -> Person {
    let mut chance = Chance::of(index);
    // Six of ten read Kazakh, three Russian (one of them bears a Kazakh name), one English.
    let (language, tradition) = match index % 10 {
        0..=5 => ("kk", &KAZAKH),
        6 => ("ru", &KAZAKH),
        7 | 8 => ("ru", &RUSSIAN),
        _ => ("en", &ENGLISH),
    };
    let is_woman = chance.below(100) < 62;
    let given = chance.one(if is_woman { tradition.women } else { tradition.men });
    let (family_name, family_latin) = surname(tradition, is_woman, &mut chance);
    let patronymic = patronymic(tradition, is_woman, &mut chance);
    let domain = domain(&mut chance);
    let address = address(given.1, &family_latin, domain, taken);
    Person {
        index,
        address,
        given_name: given.0,
        family_name,
        patronymic,
        language: if language == "kk" && chance.below(20) == 0 { "" } else { language },
        region: chance.one(REGIONS),
        subject: chance.one(SUBJECTS),
        school: format!("№ {} мектеп", 1 + chance.below(120)),
        tags: tags(language, &mut chance),
    }
}

fn surname(tradition: &'static Tradition, is_woman: bool, chance: &mut Chance) -> (String, String) {
    let inflects = !tradition.inflected.is_empty() && chance.below(4) > 0;
    let (name, latin) = chance.one(if inflects { tradition.inflected } else { tradition.fixed });
    let (end, latin_end) = if inflects && is_woman { tradition.womens_ending } else { ("", "") };
    (format!("{name}{end}"), format!("{latin}{latin_end}"))
}

fn patronymic(
    tradition: &'static Tradition,
    is_woman: bool,
    chance: &mut Chance,
) -> Option<String> {
    if chance.below(3) == 0 {
        return None;
    }
    match tradition.patronymics {
        Patronymics::Endings(mens, womens) => {
            let (father, _) = chance.one(tradition.men);
            Some(format!("{father}{}", if is_woman { womens } else { mens }))
        }
        Patronymics::Pairs(pairs) => {
            let (mens, womens) = chance.one(pairs);
            Some((if is_woman { womens } else { mens }).to_owned())
        }
        Patronymics::None => None,
    }
}

fn domain(chance: &mut Chance) -> &'static str {
    let mut ticket = chance.below(DOMAINS.iter().map(|(_, share)| share).sum());
    for (domain, share) in DOMAINS {
        if ticket < *share {
            return domain;
        }
        ticket -= share;
    }
    DOMAINS[0].0
}

fn address(given: &str, family: &str, domain: &str, taken: &mut HashSet<String>) -> String {
    let spellings = [format!("{given}.{family}"), format!("{}.{family}", &given[..1])];
    let numbered = (2..).map(|number| format!("{given}.{family}{number}"));
    let free = spellings
        .into_iter()
        .chain(numbered)
        .map(|local| format!("{local}@{domain}"))
        .find(|address| taken.insert(address.clone()));
    free.unwrap_or_default()
}

fn tags(language: &str, chance: &mut Chance) -> Vec<&'static str> {
    let role = match chance.below(10) {
        0 => "methodist",
        1 => "school-leader",
        _ if language == "en" => "partner-school",
        _ => "teacher",
    };
    let further = [("alumni", 30), ("trainer", 8)];
    let further =
        further.into_iter().filter_map(|(tag, share)| (chance.below(100) < share).then_some(tag));
    [role].into_iter().chain(further).collect()
}

/// Numbers that look like chance and are not: splitmix64 (Steele, Lea and Flood, 2014) from a
/// person's index.
pub(super) struct Chance(u64);

impl Chance {
    /// The numbers of one person.
    pub(super) fn of(index: usize) -> Self {
        Self(index as u64)
    }

    /// A number from 0 up to, but not, `bound`.
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound.max(1)
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        let at = self.below(of.len() as u64);
        of[usize::try_from(at).unwrap_or_default()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::address::Address;

    #[test]
    fn everybody_has_an_address_of_their_own_that_can_be_read() {
        let people = people();
        let addresses: HashSet<String> =
            people.iter().map(|one| one.address.parse::<Address>().unwrap().key()).collect();
        assert_eq!(addresses.len(), PEOPLE);
        assert!(addresses.iter().filter(|address| address.contains("xn--")).count() > 100);
    }

    #[test]
    fn the_same_people_come_every_time() {
        let (once, again) = (people(), people());
        assert!(once.iter().zip(&again).all(|(a, b)| a.address == b.address && a.tags == b.tags));
    }

    #[test]
    fn endings_agree() {
        for one in people() {
            let family = one.family_name.as_str();
            let Some(patronymic) = &one.patronymic else { continue };
            let is_womans = patronymic.ends_with("қызы") || patronymic.ends_with("на");
            let is_inflected = family.trim_end_matches('а').ends_with(['в']);
            assert!(!is_inflected || is_womans == family.ends_with('а'), "{family} {patronymic}");
        }
    }

    #[test]
    fn most_read_kazakh_then_russian_then_english() {
        let people = people();
        let share = |code: &str| people.iter().filter(|one| one.language == code).count();
        assert!((1_600..=1_800).contains(&share("kk")));
        assert_eq!((share("ru"), share("en")), (900, 300));
    }
}
