//! Taking an import back, and doing it again.

use engine::clock::Clock;
use engine::import::{self, Options, redo};
use engine::sync::Stop;

use super::support::{clock, contents, import, one, run, stream};

const FIRST: &str = "First Name,Last Name,Title,Company,Email,Website\n\
    Ada,Quill,,Quill Works,ada@quillworks.test,quillworks.test\n\
    Ben,Marsh,VP Sales,Marsh Labs,ben@marshlabs.test,marshlabs.test\n";
const SECOND: &str = "First Name,Last Name,Title,Company,Email,Website,Industry,Person Linkedin Url,City\n\
    Ada,Quill,CTO,Quill Works,ada@quillworks.test,quillworks.test,software,https://linkedin.com/in/ada,Oslo\n\
    Cy,Orr,COO,Orr,cy@orr.test,orr.test,ink,,\n\
    Dee,Vane,CEO,Vane,dee@vane.test,vane.test,pens,,\n";

#[tokio::test]
async fn undo_takes_back_exactly_what_was_made_and_filled_and_redo_brings_it_again() {
    let database = testkit::database().await;
    let pool = database.pool();
    import(pool, FIRST).await;
    let before = contents(pool).await;
    let second = import(pool, SECOND).await.report;
    let after = contents(pool).await;
    let undone = import::undo(pool, second.id, clock().now()).await.unwrap();
    assert_eq!((undone.leads_removed, undone.companies_removed, undone.leads_kept), (2, 2, 0));
    assert_eq!(contents(pool).await, before);

    let twice = import::undo(pool, second.id, clock().now()).await.unwrap();
    assert!(twice.was_undone);
    assert_eq!(contents(pool).await, before);

    redo(pool, second.id, &clock(), &Stop::never(), &()).await.unwrap();
    assert_eq!(contents(pool).await, after);
}

#[tokio::test]
async fn undo_keeps_what_people_and_later_imports_have_touched() {
    let database = testkit::database().await;
    let pool = database.pool();
    import(pool, FIRST).await;
    let second = import(pool, SECOND).await.report;
    sqlx::query("update leads set first_name = 'Cyrus' where email = 'cy@orr.test'")
        .execute(pool)
        .await
        .unwrap();
    sqlx::query("update leads set job_title = 'Chief' where email = 'ada@quillworks.test'")
        .execute(pool)
        .await
        .unwrap();
    import(pool, "Email,First Name\ndee@vane.test,Dee\n").await;
    let undone = import::undo(pool, second.id, Clock::new(|| clock().now()).now()).await.unwrap();
    assert_eq!((undone.leads_removed, undone.leads_kept, undone.companies_kept), (0, 2, 2));
    assert_eq!(undone.fields_kept, 1);
    let left =
        "select string_agg(first_name || ' ' || coalesce(job_title, '-'), ', ' order by email) from leads";
    assert_eq!(one::<String>(pool, left).await, "Ada Chief, Ben VP Sales, Cyrus COO, Dee CEO");
}

#[tokio::test]
async fn an_undone_file_can_simply_be_imported_again() {
    let database = testkit::database().await;
    let pool = database.pool();
    let first = import(pool, FIRST).await.report;
    let after = contents(pool).await;
    import::undo(pool, first.id, clock().now()).await.unwrap();
    assert_eq!(one::<i64>(pool, "select count(*) from leads").await, 0);
    let again = run(pool, stream(FIRST), &Options::default()).await.unwrap();
    assert!(!again.known);
    assert_eq!(contents(pool).await, after);
}
