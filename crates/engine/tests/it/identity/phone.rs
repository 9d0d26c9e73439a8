//! Phone numbers: one spelling, the same in Rust and in the database.

use engine::identity::phone::e164;

use crate::mirror::support::Store;

/// What people write, and its one spelling.
const NUMBERS: &[(&str, Option<&str>)] = &[
    ("+12025550101", Some("+12025550101")),
    ("+1 (202) 555-0101", Some("+12025550101")),
    ("'+1 202.555.0101", Some("+12025550101")),
    ("1-202-555-0101", Some("+12025550101")),
    ("001 202 555 0101", Some("+12025550101")),
    ("tel:+1-202-555-0101", Some("+12025550101")),
    ("\u{a0}+1\u{a0}202\u{2011}555\u{2013}0101 ", Some("+12025550101")),
    ("+44 (0)20 7946 0000", Some("+442079460000")),
    ("+1 555 0142", Some("+15550142")),
    // no country
    ("(202) 555-0101", None),
    ("020 7946 0000", None),
    ("1 102 555 0101", None),
    // no number, or not one
    ("", None),
    ("+", None),
    ("+0 202 555 0101", None),
    ("+1 202 555 0101 x12", None),
    ("+1 202 555 0101, +1 202 555 0102", None),
    ("+1 800 FLOWERS", None),
    ("+1234567890123456", None),
    ("1.20256E+10", None),
    ("++12025550101", None),
];

#[test]
fn a_number_that_names_its_country_has_one_spelling() {
    for (written, expected) in NUMBERS {
        assert_eq!(e164(written).as_deref(), *expected, "{written:?}");
        if let Some(number) = expected {
            assert_eq!(e164(number).as_deref(), Some(*number), "its own form is its form");
        }
    }
}

#[tokio::test]
async fn the_database_spells_numbers_alike_and_finds_leads_by_their_end() {
    let store = Store::new().await;
    for (written, expected) in NUMBERS {
        let spelled: Option<String> = sqlx::query_scalar("select touchline.phone($1)")
            .bind(written)
            .fetch_one(store.pool())
            .await
            .unwrap();
        assert_eq!(spelled.as_deref(), *expected, "{written:?}");
        let Some(number) = expected else { continue };
        let end = "right(translate($1, E' ()-./+\\'\"\\t\\u00a0\\u2010\\u2011\\u2012\\u2013\\u202f', ''), 7) = right($2, 7)";
        let found: bool = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("select {end}")))
            .bind(written)
            .bind(number)
            .fetch_one(store.pool())
            .await
            .unwrap();
        assert!(found, "{written:?} is not found by its end");
    }
}
