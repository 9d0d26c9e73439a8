//! E-mail addresses.

use engine::identity::{Note, email};
use serde_json::json;

use super::fixture::{Fixture, codes};

#[test]
fn every_form_of_an_address_in_file_43_has_its_promised_outcome() {
    let file = Fixture::read("43_email_forms.csv", 1);
    let (mut leads, mut rejected, mut notes, mut accepted) = (vec![], vec![], vec![], 0);
    let mut others = serde_json::Map::new();
    for row in &file.rows {
        match email::canonical(row.get("Email")) {
            Ok(found) => {
                accepted += usize::from(found.notes.is_empty());
                notes.extend(found.notes);
                if !found.others.is_empty() {
                    others.insert(found.address.clone(), json!(found.others));
                }
                leads.push(found.address);
            }
            Err(problem) => rejected.push(json!([row.line, problem.code()])),
        }
    }
    assert_eq!(leads, file.words("/leads"));
    assert_eq!(json!(rejected), file.expected["rejected"]);
    assert_eq!(accepted, file.count("/accepted"));
    assert_eq!(codes(notes), file.notes());
    assert_eq!(json!(others), file.expected["check"]["secondary_emails"]);
}

#[test]
fn addresses_in_all_their_clothes_come_out_bare() {
    for (cell, address) in [
        ("\u{feff}Ada@Quill.test\u{a0}", "ada@quill.test"),
        ("ada\u{200b}@quill.test", "ada@quill.test"),
        ("MAILTO:ada@quill.test?subject=Hi", "ada@quill.test"),
        ("mailto:ada%40quill.test", "ada@quill.test"),
        ("<ada@quill.test>", "ada@quill.test"),
        ("Ada Quill <ada@quill.test>", "ada@quill.test"),
        ("Quill, Ada <ada@quill.test>", "ada@quill.test"),
        ("\"Quill, Ada\" <ada@quill.test>;", "ada@quill.test"),
        ("'ada@quill.test", "ada@quill.test"),
        ("\"ada@quill.test\"", "ada@quill.test"),
        ("ada@quill.test.", "ada@quill.test"),
        ("ada@quill.test (work)", "ada@quill.test"),
        ("Email: ada@quill.test", "ada@quill.test"),
        ("ada@ quill . test", "ada@quill.test"),
        ("ada@bücher-haus.test", "ada@xn--bcher-haus-9db.test"),
        ("ada@ＱＵＩＬＬ.test", "ada@quill.test"),
        ("ada@mail.quill.co.uk", "ada@mail.quill.co.uk"),
    ] {
        assert_eq!(email::key(cell).as_deref(), Some(address), "{cell:?}");
    }
}

#[test]
fn what_no_mail_can_reach_is_refused_with_a_reason() {
    let long_local = format!("{}@quill.test", "a".repeat(65));
    let long_total = format!("a@{}test", "quill.".repeat(50));
    for cell in [
        "ada",
        "@quill.test",
        "ada@",
        "ada@@quill.test",
        "a@da@quill.test",
        "ada@quill",
        "ada@localhost",
        "ada@192.0.2.10",
        "ada@[192.0.2.10]",
        "ada..quill@quill.test",
        "ada.@quill.test",
        "ada@quill..test",
        "ada@-quill.test",
        "ada@qu_ill.test",
        "ada quill@quill.test",
        "zoë@quill.test",
        "a\"b@quill.test",
        "https://quill.test/@ada",
        &long_local,
        &long_total,
    ] {
        let problem = email::canonical(cell).unwrap_err();
        assert_eq!(problem.code(), Some("invalid_email"), "{cell:?}");
        assert!(!problem.to_string().is_empty());
    }
}

#[test]
fn addresses_that_stand_for_none_are_placeholders() {
    for cell in [
        "email_not_unlocked@domain.com",
        "noemail@quill.test",
        "No-Email@quill.test",
        "none@none.com",
        "not.available@quill.test",
        "na@na.com",
        "someone@quill.invalid",
    ] {
        assert_eq!(email::canonical(cell).unwrap_err().code(), Some("placeholder_email"), "{cell:?}");
    }
}

#[test]
fn a_word_for_nothing_is_no_address_and_no_failure() {
    for cell in ["", "  ", "N/A", "-", "null", "#N/A", "(blank)", "\u{200b}"] {
        assert_eq!(email::canonical(cell), Err(email::EmailProblem::Absent), "{cell:?}");
    }
}

#[test]
fn the_first_good_address_of_several_is_the_main_one() {
    for cell in [
        "ada@quill.test, a.quill@quill.test",
        "ada@quill.test a.quill@quill.test",
        "ada@quill.test / a.quill@quill.test",
        "ada@quill.test\na.quill@quill.test",
        "ada@quill.test|Ada@Quill.test|a.quill@quill.test",
        "Ada <ada@quill.test>, \"Quill, Ada\" <a.quill@quill.test>",
        "ada(at)quill.test; ada@quill.test; a.quill@quill.test",
        "ada@@quill.test; ada@quill.test; a.quill@quill.test",
    ] {
        let found = email::canonical(cell).unwrap();
        assert_eq!(found.address, "ada@quill.test", "{cell:?}");
        assert_eq!(found.others, ["a.quill@quill.test"], "{cell:?}");
        assert_eq!(found.notes, [Note::MultipleEmails], "{cell:?}");
    }
}

#[test]
fn letter_case_alone_is_not_worth_a_note() {
    assert_eq!(email::canonical("Ada.Quill@QuillWorks.test").unwrap().notes, []);
    assert_eq!(email::canonical("ada@quill.test,").unwrap().notes, [Note::EmailCleaned]);
}
