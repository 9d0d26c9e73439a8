//! What is here already: the same file, the same people, other people's words.

use std::time::Duration;

use engine::import::{Field, Options, State};
use futures::future::join_all;

use super::support::{contents, file, import, one, run, stream};

const TWO: &str = "First Name,Last Name,Title,Company,Email,Website,Person Linkedin Url\n\
    Ada,Quill,,Quill Works,ada@quillworks.test,quillworks.test,https://www.linkedin.com/in/ada-quill\n\
    Ben,Marsh,VP Sales,Marsh Labs,ben@marshlabs.test,marshlabs.test,\n";

#[tokio::test]
async fn the_same_file_twice_changes_nothing() {
    let database = testkit::database().await;
    let pool = database.pool();
    let first = import(pool, TWO).await;
    let before = contents(pool).await;
    let second = import(pool, TWO).await;
    assert!(second.known && !first.known);
    assert_eq!(second.report, first.report);
    assert_eq!(contents(pool).await, before);
    assert_eq!(one::<i64>(pool, "select count(*) from touchline.imports").await, 1);
}

#[tokio::test]
async fn a_rebuild_from_the_vendors_finds_nothing_to_put_right_in_a_list() {
    let database = testkit::database().await;
    let pool = database.pool();
    import(pool, TWO).await;
    let before = contents(pool).await;
    let rebuilt = engine::normalise::rebuild(pool, jiff::Timestamp::UNIX_EPOCH, false).await.unwrap();
    assert_eq!(rebuilt.differences, []);
    assert_eq!(contents(pool).await, before);
}

#[tokio::test]
async fn read_again_every_row_is_unchanged() {
    let database = testkit::database().await;
    let pool = database.pool();
    import(pool, TWO).await;
    let before = contents(pool).await;
    let again = run(pool, stream(TWO), &Options { again: true, ..Options::default() }).await.unwrap();
    assert_eq!((again.report.rows, again.report.unchanged), (2, 2));
    assert_eq!(contents(pool).await, before);
    assert_eq!(one::<i64>(pool, "select count(*) from touchline.import_changes").await, 0);
    assert_eq!(one::<i64>(pool, "select count(*) from touchline.import_files").await, 1);
}

#[tokio::test]
async fn eight_at_once_double_nothing() {
    let database = testkit::database().await;
    let pool = database.pool();
    let options = OPTIONS;
    let eight = join_all((0..8).map(|_| run(pool, file("03_apollo_v3_company_name.csv"), &options))).await;
    let known = eight.iter().filter(|imported| imported.as_ref().unwrap().known).count();
    assert_eq!(known, 7);
    assert_eq!(one::<i64>(pool, "select count(*) from leads").await, 3);
    assert_eq!(one::<i64>(pool, "select count(*) from companies").await, 2);
    assert_eq!(one::<i64>(pool, "select count(*) from csv_imports_raw").await, 1);
    assert_eq!(one::<i64>(pool, "select count(*) from touchline.import_rows").await, 3);
}

const OPTIONS: Options = Options {
    dry_run: false,
    again: false,
    mapping: None,
    map: Vec::new(),
    overwrite: Vec::new(),
    first_rows: 0,
};

#[tokio::test]
async fn different_lists_of_the_same_people_at_once_double_nobody() {
    let database = testkit::database().await;
    let pool = database.pool();
    let options = OPTIONS;
    let lists = (0..6)
        .map(|n| run(pool, stream(format!("{TWO}Cy,Orr,,Orr {n},cy{n}@orr.test,orr.test,\n")), &options));
    for imported in join_all(lists).await {
        assert!(imported.unwrap().report.adds_up());
    }
    assert_eq!(one::<i64>(pool, "select count(*) from leads").await, 8);
    assert_eq!(one::<i64>(pool, "select count(*) from companies").await, 3);
    assert_eq!(one::<i64>(pool, "select sum(new_rows)::bigint from touchline.imports").await, 8);
}

#[tokio::test]
async fn a_long_list_lets_others_who_make_leads_go_first() {
    let database = testkit::database().await;
    let pool = database.pool();
    let text = "x".repeat(1_000_000);
    let rows = (0..75).map(|n| format!("p{n}@c{n}.test,{text}\n"));
    let list = std::iter::once("Email,Notes\n".into()).chain(rows).collect::<String>();
    let other = async {
        while one::<i32>(pool, "select coalesce(max(parts), 0) from touchline.imports").await < 2 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let mut tx = pool.begin().await.unwrap();
        sqlx::query("select pg_advisory_xact_lock(hashtextextended('touchline normalise', 0))")
            .execute(&mut *tx)
            .await
            .unwrap();
        let parts = one::<i32>(pool, "select parts from touchline.imports").await;
        tx.commit().await.unwrap();
        parts
    };
    let (report, parts_before) = futures::join!(import(pool, list), other);
    let report = report.report;
    assert_eq!((report.rows, report.new_rows, report.state), (75, 75, State::Completed));
    assert!(parts_before < report.parts, "{parts_before} of {} parts", report.parts);
}

#[tokio::test]
async fn what_users_hang_on_leads_while_a_list_is_imported_is_minded_from_then_on() {
    let database = testkit::database().await;
    let pool = database.pool();
    let text = "x".repeat(20_000);
    let rows = (0..2_500).map(|n| format!("p{n}@c{}.test,{text}\n", n % 1_250));
    let list = std::iter::once("Email,Notes\n".into()).chain(rows).collect::<String>();
    let user = async {
        while one::<i32>(pool, "select coalesce(max(parts), 0) from touchline.imports").await < 2 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        for statement in [
            "create index leads_by_title on leads (job_title)",
            "create table seen (lead_id uuid)",
            "create function see() returns trigger language plpgsql as $$ begin insert into seen values (new.id); return new; end $$",
            "create trigger seen after insert on leads for each row execute function see()",
            "create index companies_by_size on companies (company_size)",
        ] {
            sqlx::query(statement).execute(pool).await.unwrap();
        }
        one::<i64>(pool, "select count(*) from leads").await
    };
    let (report, leads_by_then) = futures::join!(import(pool, list), user);
    assert_eq!((report.report.new_rows, report.report.state), (2_500, State::Completed));
    let seen = one::<i64>(pool, "select count(*) from seen").await;
    assert!((2_500 - leads_by_then..2_500).contains(&seen), "{seen} seen, {leads_by_then} before");
    assert_ne!(seen, 0, "the list was done before anybody could hang anything on it");
}

#[tokio::test]
async fn a_dry_run_says_what_the_real_one_does_and_changes_nothing() {
    let database = testkit::database().await;
    let pool = database.pool();
    import(pool, TWO).await;
    let list = format!("{TWO}Cy,Orr,COO,Orr,cy@orr.test,orr.test,\nDee,,,,nobody,,\n")
        .replace("Quill,,", "Quill,CTO,");
    let before = contents(pool).await;
    let dry = run(pool, stream(list.clone()), &Options { dry_run: true, ..OPTIONS }).await.unwrap().report;
    assert_eq!(contents(pool).await, before);
    assert_eq!(one::<i64>(pool, "select count(*) from touchline.imports").await, 1);
    let real = run(pool, stream(list), &OPTIONS).await.unwrap().report;
    let sums = |r: &engine::import::Report| {
        (r.rows, r.new_rows, r.updated, r.unchanged, r.duplicate, r.rejected, r.companies_new)
    };
    assert_eq!(sums(&dry), sums(&real));
    assert_eq!(sums(&real), (4, 1, 1, 1, 0, 1, 1));
}

#[tokio::test]
async fn blanks_are_filled_and_nothing_else_is_touched_unless_asked() {
    let database = testkit::database().await;
    let pool = database.pool();
    import(pool, TWO).await;
    sqlx::query("update leads set lead_status = 'replied', last_name = 'Quill-Orr' where email = 'ada@quillworks.test'")
        .execute(pool)
        .await
        .unwrap();
    let list = "Email,First Name,Last Name,Title,Status\nADA@quillworks.test,Adele,Quill,CTO,new\n";
    let report = import(pool, list).await.report;
    assert_eq!((report.updated, report.new_rows), (1, 0));
    let ada = "select first_name || ' ' || last_name || ', ' || job_title || ', ' || lead_status from leads where email like 'ada%'";
    assert_eq!(one::<String>(pool, ada).await, "Ada Quill-Orr, CTO, replied");
    let asked = Options { overwrite: vec!["first_name".into()], ..OPTIONS };
    run(pool, stream(format!("{list}\n")), &asked).await.unwrap();
    assert_eq!(one::<String>(pool, ada).await, "Adele Quill-Orr, CTO, replied");
}

#[tokio::test]
async fn a_profile_finds_the_person_whose_address_the_list_lacks() {
    let database = testkit::database().await;
    let pool = database.pool();
    import(pool, TWO).await;
    let list = "First Name,Last Name,LinkedIn URL,Mobile Phone\nAda,Quill,linkedin.com/in/Ada-Quill/,+1 555 010 0101\n";
    let report = import(pool, list).await.report;
    assert_eq!((report.updated, report.new_rows), (1, 0));
    assert_eq!(
        one::<String>(pool, "select phone from leads where email like 'ada%'").await,
        "+1 555 010 0101"
    );
}

#[tokio::test]
async fn a_mapping_is_corrected_saved_and_offered_again() {
    let database = testkit::database().await;
    let pool = database.pool();
    let list = |name: &str| {
        format!("Adresse,Rufname,Email Address\n{name}@example.test,{name},office@example.test\n")
    };
    let options = Options {
        map: vec![
            ("Adresse".into(), Some(Field::Email)),
            ("Email Address".into(), None),
            ("Rufname".into(), Some(Field::FirstName)),
        ],
        mapping: Some("ours".into()),
        ..OPTIONS
    };
    run(pool, stream(list("ada")), &options).await.unwrap();
    let second = run(pool, stream(list("ben")), &OPTIONS).await.unwrap();
    assert!(second.offered);
    let names = "select string_agg(email || ' ' || first_name, ', ' order by email) from leads";
    assert_eq!(one::<String>(pool, names).await, "ada@example.test Ada, ben@example.test Ben");
}

#[tokio::test]
async fn a_refused_file_leaves_only_the_attempt() {
    let database = testkit::database().await;
    let pool = database.pool();
    let refused = run(pool, file("55_xlsx_renamed.csv"), &OPTIONS).await.unwrap().report;
    assert_eq!(refused.state, State::Refused);
    assert_eq!(one::<i64>(pool, "select count(*) from touchline.imports").await, 1);
    assert_eq!(one::<i64>(pool, "select count(*) from touchline.import_files").await, 0);
    assert_eq!(one::<i64>(pool, "select count(*) from csv_imports_raw").await, 0);
}

#[tokio::test]
async fn people_who_must_not_be_contacted_are_counted_and_named_and_stay_so() {
    let database = testkit::database().await;
    let pool = database.pool();
    import(pool, TWO).await;
    sqlx::query(
        "insert into suppressions (lead_id, contact_kind, contact_address, channel, reason, source, natural_key, suppressed_at)
         select id, 'email', email, 'all', 'opt_out', 'manual', 'ada', now() from leads where email like 'ada%'",
    )
    .execute(pool)
    .await
    .unwrap();
    let list = format!("{TWO}Cy,Orr,COO,Orr,cy@orr.test,orr.test,\n");
    let dry = run(pool, stream(list.clone()), &Options { dry_run: true, ..OPTIONS }).await.unwrap().report;
    let real = run(pool, stream(list), &OPTIONS).await.unwrap().report;
    assert_eq!((dry.must_not_be_contacted(), real.must_not_be_contacted()), (1, 1));
    assert_eq!(real.repaired, 0);
    let rows = engine::import::rows(pool, real.id, None, 0, 10).await.unwrap();
    assert_eq!(rows[0].notes.as_deref(), Some(&["must_not_be_contacted".to_owned()][..]));
    assert_eq!(one::<i64>(pool, "select count(*) from suppressions where lifted_at is null").await, 1);
}
