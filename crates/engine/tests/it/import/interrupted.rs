//! An import that is cut off goes on, and ends like one that was not.

use engine::import::{self, Options, Progress, Report, State, Watch};
use engine::sync::{Stop, StopHandle};

use super::support::{clock, contents, import, one, stream};

struct StopAfter(StopHandle, i32);

impl Watch for StopAfter {
    fn part(&self, progress: Progress) {
        if progress.parts >= self.1 {
            self.0.ask();
        }
    }
}

/// More rows than two parts hold, with every kind of verdict.
fn list() -> String {
    let mut list = String::from("Email,First Name,Company,Website\n");
    for n in 0..21_000 {
        match n % 1000 {
            7 => list.push_str("nobody,No,One,\n"),
            8 => list.push_str("p1@c1.test,Again,C,\n"),
            9 => list.push('\n'),
            _ => list.push_str(&format!("p{n}@c{}.test,P{n},C{},\n", n % 300, n % 300)),
        }
    }
    list
}

fn sums(report: &Report) -> Vec<i64> {
    let r = report;
    vec![
        r.rows,
        r.new_rows,
        r.updated,
        r.unchanged,
        r.duplicate,
        r.rejected,
        r.repaired,
        r.blank_rows,
        r.companies_new,
        r.companies_filled,
        r.parts.into(),
    ]
}

#[tokio::test]
async fn an_import_goes_on_in_the_dialect_it_began_in() {
    let database = testkit::database().await;
    let pool = database.pool();
    let list = (0..10_500).fold(String::from("\"Email\", \"Company\"\n"), |list, n| {
        list + &format!("\"p{n}@c{n}.test\", \"C, and {n}\"\n")
    });
    let (handle, stop) = Stop::new();
    let watch = StopAfter(handle, 1);
    let stopped =
        import::import(pool, stream(list.clone()), &Options::default(), &clock(), &stop, &watch).await;
    assert_eq!(stopped.unwrap().report.state, State::Reading);
    let whole = import(pool, list).await;
    assert!(whole.resumed);
    assert_eq!((whole.report.new_rows, whole.report.rows), (10_500, 10_500));
    assert_eq!(
        one::<i64>(pool, "select count(*) from companies where company_name like 'C, and %'").await,
        10_500
    );
}

#[tokio::test]
async fn a_stopped_import_goes_on_where_it_was() {
    let undisturbed = testkit::database().await;
    let whole = import(undisturbed.pool(), list()).await.report;
    assert_eq!((whole.rows, whole.rejected, whole.blank_rows), (20_979, 21, 21));

    let database = testkit::database().await;
    let pool = database.pool();
    for parts in 1..=2 {
        let (handle, stop) = Stop::new();
        let watch = StopAfter(handle, parts);
        let stopped =
            import::import(pool, stream(list()), &Options::default(), &clock(), &stop, &watch).await.unwrap();
        assert_eq!((stopped.report.state, stopped.report.parts), (State::Reading, parts));
        assert!(stopped.report.adds_up());
    }
    let done = import(pool, list()).await;
    assert!(done.resumed);
    assert_eq!(sums(&done.report), sums(&whole));
    assert_eq!(contents(pool).await, contents(undisturbed.pool()).await);
    assert_eq!(one::<i64>(pool, "select count(*) from csv_imports_raw").await, 3);
    assert_eq!(
        one::<i64>(pool, "select sum(jsonb_array_length(raw_data))::bigint from csv_imports_raw").await,
        20_979
    );
}
