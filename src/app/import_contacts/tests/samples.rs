//! The sample files that come with the program.

use super::*;

fn read(file: &[u8], options: &ReadOptions) -> (usize, usize, usize) {
    let (mut contacts, mut evidenced, mut rejected) = (0, 0, 0);
    for line in open(file, options) {
        match line.unwrap() {
            Line::Contact(row) => {
                contacts += 1;
                let claims = row.consents.iter();
                evidenced += claims.filter(|c| matches!(c.proof, Proof::Evidenced(_))).count();
            }
            Line::Rejected(_) => rejected += 1,
        }
    }
    (contacts, evidenced, rejected)
}

#[test]
fn the_samples_are_read_as_the_documentation_says() {
    let plain = options();
    let kazakh = include_bytes!("../../../../assets/demo/contacts-kk.csv");
    assert_eq!(read(kazakh, &plain), (4, 3, 0));
    let russian = include_bytes!("../../../../assets/demo/contacts-ru-windows-1251.csv");
    assert_eq!(read(russian, &plain), (2, 3, 0));
    let survey = include_bytes!("../../../../assets/demo/contacts-survey.csv");
    let mapping = include_str!("../../../../assets/demo/contacts-survey.toml");
    assert_eq!(read(survey, &mapped(mapping)), (2, 3, 0));
    let faulty = include_bytes!("../../../../assets/demo/contacts-with-faults.csv");
    assert_eq!(read(faulty, &plain), (1, 1, 4));
}
