//! How a file would be read, before anything is stored.

use engine::import::{self, Field, Options};

use super::support::{file, one, run, stream};

const LIST: &str = "Adresse;Rufname;Email Address\n\
    ada@example.test;Ada;office@example.test\n\
    ;Ben;office@example.test\n";

#[tokio::test]
async fn a_preview_shows_columns_with_reasons_and_values_and_stores_nothing() {
    let database = testkit::database().await;
    let pool = database.pool();
    let preview = import::preview(pool, stream(LIST), &Options::default()).await.unwrap();
    assert_eq!((preview.refusal, preview.delimiter, preview.header_line), (None, Some(';'), Some(1)));
    assert_eq!(
        preview.rows,
        [["ada@example.test", "Ada", "office@example.test"], ["", "Ben", "office@example.test"]]
    );
    let address = &preview.columns[2];
    assert_eq!((address.column.field, address.column.reason.as_str()), (Some(Field::Email), "its name"));
    assert_eq!(address.samples, ["office@example.test"]);
    assert_eq!(one::<i64>(pool, "select count(*) from touchline.imports").await, 0);
}

#[tokio::test]
async fn corrections_show_in_the_preview_and_a_saved_mapping_is_offered() {
    let database = testkit::database().await;
    let pool = database.pool();
    let map = vec![("Adresse".to_owned(), Some(Field::Email)), ("Email Address".to_owned(), None)];
    let options = Options { map, mapping: Some("ours".into()), ..Options::default() };
    let corrected = import::preview(pool, stream(LIST), &options).await.unwrap();
    assert_eq!(corrected.columns[0].column.field, Some(Field::Email));
    assert_eq!(corrected.columns[0].column.reason, "you said so");
    run(pool, stream(LIST), &options).await.unwrap();
    let next = import::preview(pool, stream(LIST.replace("Ada", "Cy")), &Options::default()).await.unwrap();
    assert!(next.offered);
    assert_eq!((next.mapping_name.as_deref(), next.saved.len()), (Some("ours"), 1));
    assert_eq!(next.columns[0].column.field, Some(Field::Email));
}

#[tokio::test]
async fn a_preview_of_what_is_no_list_says_so() {
    let database = testkit::database().await;
    let preview = |name| import::preview(database.pool(), file(name), &OPTIONS);
    assert_eq!(preview("55_xlsx_renamed.csv").await.unwrap().refusal, Some("not_csv_xlsx"));
    let unusable = preview("37_no_email_column.csv").await.unwrap();
    assert_eq!(unusable.refusal, Some("no_contact_column"));
    assert!(!unusable.columns.is_empty(), "its columns are shown: one of them may be told");
}

static OPTIONS: Options = Options {
    dry_run: false,
    again: false,
    mapping: None,
    map: Vec::new(),
    overwrite: Vec::new(),
    first_rows: 0,
};
