//! Domains of companies.

use engine::identity::website::Website;
use engine::identity::{Note, company, domain, free_mail, social};

use super::fixture::{Fixture, Row, codes};

/// Decides as an import does: the domain, else the folded name.
fn decide(row: &Row) -> (Option<String>, Vec<Note>) {
    let name = company::name(row.get("Company"));
    let mut found = domain::company_domain(Some(row.get("Website")), Some(row.get("Email")));
    if name.is_some() && found.was_turned_away() {
        found.notes.push(Note::CompanyWithoutDomain);
    }
    (found.domain.or(name.map(|name| format!("NULL:{name}"))), found.notes)
}

#[test]
fn every_website_of_file_46_gives_the_promised_domain_and_note() {
    let file = Fixture::read("46_website_forms.csv", 1);
    let decided: Vec<_> = file.rows.iter().map(decide).collect();
    let domains: Vec<_> = decided.iter().map(|(domain, _)| domain.as_deref().unwrap()).collect();
    assert_eq!(domains, file.words("/companies"));
    let repaired = file.rows.iter().zip(&decided).filter(|(_, (_, notes))| !notes.is_empty());
    let repaired: Vec<_> = repaired.map(|(row, _)| row.line).collect();
    assert_eq!(serde_json::json!(repaired), file.expected["check"]["repaired_rows"]);
    assert_eq!(codes(decided.into_iter().flat_map(|(_, notes)| notes)), file.notes());
}

#[test]
fn social_pages_and_free_mail_never_become_a_company_in_file_47() {
    let file = Fixture::read("47_social_and_freemail.csv", 1);
    let decided: Vec<_> = file.rows.iter().map(decide).collect();
    let mut companies: Vec<_> = decided.iter().filter_map(|(company, _)| company.as_deref()).collect();
    companies.sort_unstable();
    companies.dedup();
    let mut promised = file.words("/companies");
    promised.sort_unstable();
    assert_eq!(companies, promised);
    assert_eq!(decided[3].0, None);
    assert!(decided.iter().all(|(_, notes)| !notes.is_empty()), "all six are repairs");
    assert_eq!(codes(decided.into_iter().flat_map(|(_, notes)| notes)), file.notes());
    for host in file.words("/check/forbidden_company_domains") {
        assert!(free_mail::is_free_mail(host) || social::is_social(host), "{host}");
    }
}

#[test]
fn tenants_of_one_hosting_service_stay_apart_in_file_48() {
    let file = Fixture::read("48_hosted_subdomains.csv", 1);
    let (domains, notes): (Vec<_>, Vec<_>) = file.rows.iter().map(decide).unzip();
    assert_eq!(domains.into_iter().map(Option::unwrap).collect::<Vec<_>>(), file.words("/companies"));
    assert_eq!(codes(notes.into_iter().flatten()), file.notes());
    for host in file.words("/check/forbidden_company_domains") {
        assert_eq!(domain::registrable(host), None);
    }
}

#[test]
fn the_registrable_domain_is_found_or_there_is_none() {
    for (host, domain) in [
        ("www.Example.CO.UK", Some("example.co.uk")),
        ("quill.test.", Some("quill.test")),
        ("bücher-haus.test", Some("xn--bcher-haus-9db.test")),
        ("a.b.zz-fixture.github.io", Some("zz-fixture.github.io")),
        ("my_shop.quill.test", Some("quill.test")),
        ("myshopify.com", None),
        ("co.uk", None),
        ("localhost", None),
        ("192.0.2.10", None),
        ("2001:db8::1", None),
        ("[2001:db8::1]", None),
        ("0x7f.1", None),
        ("quill..test", None),
        ("qu ill.test", None),
        ("", None),
    ] {
        assert_eq!(domain::registrable(host).as_deref(), domain, "{host:?}");
    }
}

#[test]
fn websites_are_read_in_all_their_spellings() {
    let domain = |name: &str, cleaned| Website::Domain { domain: name.into(), cleaned };
    let social = |name: &str, bare| Website::Social { domain: name.into(), bare };
    for (cell, website) in [
        ("https:\\\\www.quill.test\\about", domain("quill.test", false)),
        ("http:/quill.test", domain("quill.test", false)),
        ("http//quill.test", domain("quill.test", false)),
        ("http://https://quill.test", domain("quill.test", false)),
        ("https://quill.test/a,b;c?d=e@f.test", domain("quill.test", false)),
        ("info@quill.test", domain("quill.test", false)),
        ("\u{feff}quill\u{200b}.test", domain("quill.test", true)),
        ("Quill Works (www.quill.test)", domain("quill.test", true)),
        ("quill . co . uk", domain("quill.co.uk", true)),
        ("quill. test", domain("quill.test", true)),
        ("https://facebook.com/quill, quill.test", domain("quill.test", true)),
        ("quill.test | quill.example", domain("quill.test", true)),
        ("https://fb.com/quill", social("fb.com", false)),
        ("https://de.linkedin.com/company/quill", social("linkedin.com", false)),
        ("https://www.linkedin.com/", social("linkedin.com", true)),
        ("https://www.amazon.co.uk/shops/quill", social("amazon.co.uk", false)),
        ("https://sites.google.com/view/quill", social("google.com", false)),
        ("www.gmail.com", Website::FreeMail),
        ("quill.free.fr", Website::FreeMail),
        ("Orr. Co", Website::Unusable),
        ("Quill Works Co. Ltd", Website::Unusable),
        ("index.html", Website::Unusable),
        ("http://[2001:db8::1]/", Website::Unusable),
        ("myshopify.com", Website::Unusable),
        ("https://", Website::Unusable),
        ("n/a", Website::Placeholder),
        ("--", Website::Placeholder),
        (" \u{a0}", Website::Absent),
    ] {
        assert_eq!(domain::from_website(cell), website, "{cell:?}");
    }
}

#[test]
fn a_person_at_a_social_network_keeps_the_employer() {
    let found = domain::company_domain(Some("https://www.linkedin.com/"), Some("zz-fixture@linkedin.com"));
    assert_eq!((found.domain.as_deref(), found.notes), (Some("linkedin.com"), vec![]));
    let found = domain::company_domain(Some("https://www.linkedin.com/"), Some("zz-fixture@gmail.com"));
    assert_eq!((found.domain, codes(found.notes)), (None, ["free_mail_domain", "website_is_social"].into()));
}

#[test]
fn the_address_serves_where_the_website_is_silent() {
    for (website, email, domain) in [
        (None, Some("ada@mail.quill.co.uk"), Some("quill.co.uk")),
        (Some("n/a"), Some("Ada <ada@quill.test>"), Some("quill.test")),
        (Some("Quill Works"), None, None),
        (None, Some("zz-fixture@users.noreply.github.com"), None),
        (None, Some("not an address"), None),
        (None, None, None),
    ] {
        assert_eq!(domain::company_domain(website, email).domain.as_deref(), domain, "{website:?} {email:?}");
    }
}

#[test]
fn a_row_that_offers_no_domain_has_nothing_turned_away() {
    assert!(!domain::company_domain(None, None).was_turned_away());
    assert!(domain::company_domain(None, Some("zz-fixture@gmail.com")).was_turned_away());
}

#[test]
fn well_known_free_mail_providers_are_listed_and_reserved_names_are_not() {
    for host in "gmail.com googlemail.com outlook.com outlook.de hotmail.co.uk live.nl yahoo.co.uk icloud.com me.com \
        proton.me protonmail.com pm.me hey.com duck.com gmx.de gmx.net gmx.at gmx.ch web.de t-online.de posteo.de \
        mailbox.org fastmail.com tuta.com qq.com 163.com naver.com yandex.ru mail.ru libero.it wp.pl seznam.cz \
        orange.fr laposte.net comcast.net btinternet.com mail.yahoo.co.uk"
        .split_whitespace()
    {
        assert!(free_mail::is_free_mail(host), "{host}");
    }
    for host in ["example.com", "example.org", "quill.test", "linkedin.com", "google.com", "siemens.com"] {
        assert!(!free_mail::is_free_mail(host), "{host}");
    }
}
