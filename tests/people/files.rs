//! Files that are uploaded, checked, confirmed and brought in by a task.

use std::{fs::File, io::Write as _, sync::Arc, time::Duration};

use kelisim::{
    app::{
        Error,
        import_contacts::Field,
        import_jobs::{self, Told, Upload},
    },
    domain::{consent::State, id::ImportJobId},
    store::import_job::JobState,
};
use rust_xlsxwriter::Workbook;

use crate::{
    desk::{Desk, consented, file, person},
    support::database::on_both,
};

on_both!(
    a_file_is_checked_shown_confirmed_and_brought_in,
    a_workbook_is_brought_in_with_columns_that_somebody_chose,
    a_file_that_cannot_be_used_says_why_and_can_be_read_in_another_way,
    a_file_is_brought_in_once,
    a_cancelled_file_brings_nobody,
);

fn stored(content: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(content).unwrap();
    file
}

async fn upload(desk: &Desk, content: &[u8]) -> ImportJobId {
    let upload =
        Upload { file: stored(content), name: "a\nб.csv".to_owned(), actor: "staff".to_owned() };
    import_jobs::take_in(&desk.app, upload).await.unwrap()
}

/// Waits until a task has come to an end with the file.
async fn settled(desk: &Desk, id: ImportJobId) -> Told {
    let mut looks = tokio::time::interval(Duration::from_millis(20));
    loop {
        looks.tick().await;
        let told = import_jobs::find(&desk.app, id).await.unwrap();
        // What has been brought in is over once its file is gone.
        let is_over = match told.job.state {
            JobState::Checking | JobState::Running => false,
            JobState::Finished => !told.is_here,
            _ => true,
        };
        if is_over {
            return told;
        }
    }
}

async fn a_file_is_checked_shown_confirmed_and_brought_in(desk: Desk) {
    let rows = [
        consented("aigul@example.kz", "2026-01-01"),
        "asel@example.kz,,,,,,news,,,2026-01-01,1,".to_owned(),
        person("not an address"),
    ];
    let id = upload(&desk, file(&rows).as_bytes()).await;
    let ready = settled(&desk, id).await;
    assert_eq!((ready.job.state, ready.job.file_name.as_str()), (JobState::Ready, "aб.csv"));
    let checked = ready.checked.as_ref().unwrap();
    assert_eq!((checked.tally.new, checked.tally.rejected), (2, 1));
    assert_eq!((checked.kinds[0].purpose.as_str(), checked.kinds[0].n), ("news", 1));
    assert_eq!(checked.kinds[0].sources, ["Form 7"]);
    assert_eq!(checked.lacks["source"], 1);
    assert_eq!(checked.faults["address_invalid"], 1);
    assert_eq!(ready.found.as_ref().unwrap().columns[0].1, "address");
    let look = import_jobs::look(&desk.app, &ready).await.unwrap().unwrap();
    assert_eq!((look.lines.len(), &look.fields[0]), (3, &Field::Address));
    assert_eq!(desk.events().await, 0, "a check stores nothing");
    import_jobs::confirm(&desk.app, id).await.unwrap();
    let done = settled(&desk, id).await;
    assert_eq!((done.job.state, done.now.tally.new), (JobState::Finished, 2));
    assert!(done.job.run_id.is_some() && !done.is_here);
    assert_eq!(desk.state("aigul@example.kz", "news").await, Some(State::Given));
    let rejects = import_jobs::rejects(&desk.app, id, 0, 9).await.unwrap();
    assert_eq!(
        (rejects.len(), rejects[0].line, rejects[0].code.as_str()),
        (1, 4, "address_invalid")
    );
}

async fn a_workbook_is_brought_in_with_columns_that_somebody_chose(desk: Desk) {
    let mut workbook = Workbook::new();
    workbook.add_worksheet().write(0, 0, "Бос").unwrap();
    let sheet = workbook.add_worksheet().set_name("Адамдар").unwrap();
    for (row, cells) in (0..).zip([["Адресат", "Кім"], ["aigul@example.kz", "Айгүл"]])
    {
        for (column, cell) in (0..).zip(cells) {
            sheet.write(row, column, cell).unwrap();
        }
    }
    let id = upload(&desk, &workbook.save_to_buffer().unwrap()).await;
    let failed = settled(&desk, id).await;
    assert_eq!(failed.job.state, JobState::Failed);
    let failure = failed.job.failure.unwrap();
    assert!(failure.starts_with("no_address_column: "), "{failure}");
    let mut how = failed.how.clone();
    how.sheet = Some("Адамдар".to_owned());
    how.columns = vec!["address".to_owned(), "given_name".to_owned()];
    how.constants.purposes = vec!["news".to_owned()];
    how.constants.consent_source = Some("Fair 2026".to_owned());
    how.constants.consent_given_at = Some("2026-05-01".to_owned());
    how.constants.policy_version = Some(1);
    how.constants.tags = vec!["fair".to_owned()];
    import_jobs::check_again(&desk.app, id, how).await.unwrap();
    let ready = settled(&desk, id).await;
    assert_eq!(ready.job.state, JobState::Ready, "{:?}", ready.job.failure);
    assert_eq!(ready.found.as_ref().unwrap().sheets, ["Sheet1", "Адамдар"]);
    import_jobs::confirm(&desk.app, id).await.unwrap();
    assert_eq!(settled(&desk, id).await.job.state, JobState::Finished);
    let history = desk.history("aigul@example.kz").await;
    assert_eq!(history.contact.profile.given_name.as_deref(), Some("Айгүл"));
    assert_eq!(history.consents[0].standing.state, State::Given);
}

async fn a_file_that_cannot_be_used_says_why_and_can_be_read_in_another_way(desk: Desk) {
    let id = upload(&desk, b"email;iin\na@x.kz;1\n").await;
    let failed = settled(&desk, id).await;
    assert!(failed.job.failure.as_deref().unwrap().starts_with("forbidden_column"));
    assert!(failed.is_here);
    let mut how = failed.how;
    how.encoding = Some("klingon".to_owned());
    let refused = import_jobs::check_again(&desk.app, id, how).await;
    assert!(matches!(refused, Err(Error::Invalid(_))));
    assert!(matches!(import_jobs::confirm(&desk.app, id).await, Err(Error::Conflict(_))));
}

async fn a_file_is_brought_in_once(desk: Desk) {
    let id = upload(&desk, file(&[person("aigul@example.kz")]).as_bytes()).await;
    settled(&desk, id).await;
    let (one, two) = (Arc::clone(&desk.app), Arc::clone(&desk.app));
    let (one, two) = tokio::join!(import_jobs::confirm(&one, id), import_jobs::confirm(&two, id));
    assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
    assert_eq!(settled(&desk, id).await.now.tally.new, 1);
    let (list, more) = import_jobs::list(&desk.app, None, 5).await.unwrap();
    assert_eq!((list.len(), more), (1, false));
}

async fn a_cancelled_file_brings_nobody(desk: Desk) {
    let id = upload(&desk, file(&[person("aigul@example.kz")]).as_bytes()).await;
    settled(&desk, id).await;
    import_jobs::cancel(&desk.app, id).await.unwrap();
    let over = settled(&desk, id).await;
    assert!(over.job.state == JobState::Cancelled && !over.is_here);
    assert!(import_jobs::confirm(&desk.app, id).await.is_err());
    assert!(import_jobs::cancel(&desk.app, id).await.is_err());
}
