//! Names of companies, and words for nothing.

use engine::identity::{company, domain, email, linkedin, placeholder};

use super::fixture::Fixture;

#[test]
fn one_company_in_several_spellings_has_one_key() {
    for name in ["Quill Works", " quill  works ", "QUILL\u{a0}WORKS", "\u{feff}Ｑｕｉｌｌ Works"] {
        assert_eq!(company::folded(name).as_deref(), Some("quill works"), "{name:?}");
    }
    assert_ne!(company::folded("Quill Works"), company::folded("Quill Works Inc"));
}

#[test]
fn placeholders_of_file_52_are_empty_and_the_rest_is_found() {
    let file = Fixture::read("52_placeholders.csv", 1);
    let (mut leads, mut companies) = (vec![], vec![]);
    for row in &file.rows {
        if let Some(address) = email::key(row.get("Email")) {
            companies.extend(domain::company_domain(Some(row.get("Website")), Some(&address)).domain);
            leads.push(address);
        }
        assert!(placeholder::is_placeholder(row.get("Title")), "{}", row.get("Title"));
    }
    assert_eq!(leads, file.words("/leads"));
    assert_eq!(companies, file.words("/companies"));
    let names: Vec<_> = file.rows.iter().map(|row| company::folded(row.get("Company"))).collect();
    assert_eq!(names, [Some("quill works".into()), None, Some("orr & co".into()), None]);
}

#[test]
fn a_connection_of_file_32_is_known_by_address_or_profile() {
    let file = Fixture::read("32_linkedin_connections_notes.csv", 4);
    let (mut leads, mut companies) = (vec![], vec![]);
    for row in &file.rows {
        let profile = linkedin::profile(row.get("URL")).map(|profile| format!("linkedin:{profile}"));
        leads.extend(email::key(row.get("Email Address")).or(profile));
        let found = domain::company_domain(None, Some(row.get("Email Address")));
        assert_eq!(found.notes, []);
        companies
            .extend(found.domain.or_else(|| Some(format!("NULL:{}", company::name(row.get("Company"))?))));
    }
    assert_eq!(leads, file.words("/leads"));
    assert_eq!(companies, file.words("/companies"));
}

#[test]
fn a_company_without_a_person_to_reach_still_has_a_domain() {
    let file = Fixture::read("37_no_email_column.csv", 1);
    assert_eq!(
        domain::company_domain(Some(file.rows[0].get("Website")), None).domain.unwrap(),
        "quillworks.test"
    );
}
