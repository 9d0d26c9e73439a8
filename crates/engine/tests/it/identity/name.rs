//! Names of people.

use engine::identity::name::{Name, clean, split};
use engine::identity::{Note, email};
use serde_json::json;

use super::fixture::{Fixture, codes};

#[test]
fn every_name_of_file_50_comes_out_as_promised() {
    let file = Fixture::read("50_names.csv", 1);
    let (mut accepted, mut notes) = (0, vec![]);
    for row in &file.rows {
        let name = clean(row.get("First Name"), row.get("Last Name"));
        assert_eq!(json!([name.first, name.last]), file.expected["check"]["name"][row.get("Email")]);
        accepted += usize::from(name.notes.is_empty());
        notes.extend(name.notes);
    }
    assert_eq!(accepted, file.count("/accepted"));
    assert_eq!(codes(notes), file.notes());
}

#[test]
fn a_single_column_of_file_51_is_split_as_promised() {
    let file = Fixture::read("51_full_name_only.csv", 1);
    for row in &file.rows {
        let name = split(row.get("Name"));
        let address = email::key(row.get("Work Email")).unwrap();
        assert_eq!(json!([name.first, name.last]), file.expected["check"]["name"][address]);
        assert_eq!(name.notes, []);
    }
}

#[test]
fn a_formula_of_file_42_is_no_name() {
    let file = Fixture::read("42_formula_injection.csv", 1);
    let name = clean(file.rows[0].get("First Name"), file.rows[0].get("Last Name"));
    assert_eq!((name.first, name.last.as_deref(), codes(name.notes)), (None, Some("Quill"), file.notes()));
}

#[test]
fn letters_decoded_wrongly_in_file_11_are_kept_and_noted() {
    let file = Fixture::read("11_mojibake.csv", 1);
    let name = clean(file.rows[0].get("First Name"), file.rows[0].get("Last Name"));
    assert_eq!(vec![name.first.unwrap()], file.words("/check/first_name"));
    assert_eq!(codes(name.notes), file.notes());
}

#[test]
fn the_dash_of_file_52_is_no_surname() {
    let file = Fixture::read("52_placeholders.csv", 1);
    let name = clean(file.rows[0].get("First Name"), file.rows[0].get("Last Name"));
    assert_eq!((name.last, codes(name.notes)), (None, file.notes()));
}

#[test]
fn names_in_one_case_are_recased() {
    for (first, last, expected_first, expected_last) in [
        ("MARÍA DEL MAR", "DE LA CRUZ", "María del Mar", "de la Cruz"),
        ("vincent", "van gogh", "Vincent", "van Gogh"),
        ("ANNE-MARIE", "D’ANGELO", "Anne-Marie", "D’Angelo"),
        ("j.r.", "LA ROSA", "J.R.", "La Rosa"),
        ("AJ", "NG", "AJ", "Ng"),
        ("AL", "GORE", "Al", "Gore"),
        ("ИВАН", "ПЕТРОВ", "Иван", "Петров"),
    ] {
        let name = clean(first, last);
        assert_eq!(
            (name.first.as_deref(), name.last.as_deref()),
            (Some(expected_first), Some(expected_last))
        );
        assert_eq!(name.notes, [Note::NameRecased], "{first} {last}");
    }
    for (first, last) in
        [("Ada", "McAllister"), ("J", "Quill"), ("JP", "van den Berg"), ("Madonna", ""), ("علی‌رضا", "کریمی")]
    {
        let name = clean(first, last);
        assert_eq!((name.first.unwrap(), name.last.unwrap_or_default()), (first.into(), last.into()));
        assert_eq!(name.notes, [], "{first} {last}");
    }
}

#[test]
fn titles_degrees_pronouns_and_pictures_are_cut() {
    for (first, last, expected_first, expected_last) in [
        ("Prof. Dr. Ada", "Quill, MBA, CFA", "Ada", "Quill"),
        ("Ada", "Quill Ph.D.", "Ada", "Quill"),
        ("Ada", "Quill Jr.", "Ada", "Quill"),
        ("Ada she/her", "Quill 👩‍💻", "Ada", "Quill"),
        ("✨Ada✨", "Quill | CEO", "Ada", "Quill"),
        ("Robert (Bob)", "Marsh [he/him]", "Robert", "Marsh"),
        ("\"Ada\"", "Quill,", "Ada", "Quill"),
    ] {
        let name = clean(first, last);
        assert_eq!(
            (name.first.as_deref(), name.last.as_deref()),
            (Some(expected_first), Some(expected_last))
        );
        assert_eq!(name.notes, [Note::NameCleaned], "{first} {last}");
    }
    for surname in ["Ma", "Null", "None", "Na", "Do", "Sir-Lee"] {
        assert_eq!(clean("Yo-Yo", surname).last.as_deref(), Some(surname));
    }
    assert_eq!(clean("Dr.", "Quill").first, None);
    assert_eq!(clean("ada@quill.test", "Quill").first, None);
    assert_eq!(clean("🚀", "n/a"), Name { notes: vec![Note::PlaceholderAsEmpty], ..Name::default() });
}

#[test]
fn a_whole_name_is_split_with_its_particles() {
    for (full, first, last) in [
        ("Ada Maria Quill", "Ada Maria", Some("Quill")),
        ("Maria José de la Cruz", "Maria José", Some("de la Cruz")),
        ("Van Quill", "Van", Some("Quill")),
        ("DE LA CRUZ, MARÍA", "María", Some("de la Cruz")),
        ("Dr. Ada Quill, PhD", "Ada", Some("Quill")),
        ("Marsh, Ben, MBA", "Ben", Some("Marsh")),
        ("Quill, Dr. Ada", "Ada", Some("Quill")),
        ("Madonna", "Madonna", None),
        ("李 雷", "李 雷", None),
        ("김철수", "김철수", None),
    ] {
        let name = split(full);
        assert_eq!((name.first.as_deref(), name.last.as_deref()), (Some(first), last), "{full}");
    }
    assert_eq!(split("  "), Name::default());
}
