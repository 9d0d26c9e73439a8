//! What holds for any text at all.

use engine::identity::{company, domain, email, linkedin, mojibake, name, placeholder};
use proptest::prelude::*;

/// Any text, and text made of what addresses, links and names are made of.
fn text() -> impl Strategy<Value = String> {
    let crumbs = prop::sample::select(vec![
        "@",
        ".",
        " ",
        ",",
        ";",
        "/",
        "\\",
        ":",
        "<",
        ">",
        "(",
        ")",
        "\"",
        "'",
        "|",
        "%",
        "%40",
        "%25",
        "-",
        "_",
        "?",
        "a",
        "Ada",
        "QUILL",
        "quill.test",
        "co.uk",
        "gmail.com",
        "github.io",
        "www",
        "xn--",
        "xn--bcher-haus-9db",
        "https://",
        "mailto:",
        "linkedin.com",
        "/in/",
        "in/",
        "/pub/",
        "ACwAAFIXTURE",
        "Dr.",
        "PhD",
        "de",
        "la",
        "ß",
        "İ",
        "ﬁ",
        "ϓ\u{301}",
        "e\u{308}",
        "李",
        "🚀",
        "\u{200d}",
        "\u{feff}",
        "\u{a0}",
        "。",
        "1",
        "192.0.2.10",
    ]);
    prop_oneof![any::<String>(), prop::collection::vec(crumbs, 0..12).prop_map(|crumbs| crumbs.concat())]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_canonical_address_is_its_own_canonical_form(text in text()) {
        if let Ok(found) = email::canonical(&text) {
            for address in found.others.iter().chain([&found.address]) {
                let again = email::canonical(address).unwrap();
                prop_assert_eq!(&again.address, address);
                prop_assert!(again.notes.is_empty() && again.others.is_empty());
            }
        }
    }

    #[test]
    fn a_registrable_domain_is_its_own(text in text()) {
        if let Some(domain) = domain::registrable(&text) {
            prop_assert_eq!(domain::registrable(&domain), Some(domain));
        }
    }

    #[test]
    fn a_company_domain_serves_as_its_own_website(website in text(), email in text()) {
        let found = domain::company_domain(Some(&website), Some(&email));
        if let Some(domain) = found.domain {
            prop_assert_eq!(domain::registrable(&domain), Some(domain));
        }
    }

    /// What is spelled as most are takes a short cut; the same with a blank, or in capitals, does not.
    #[test]
    fn short_cuts_lead_to_the_same_place(
        address in "[a-z0-9._+@-]{0,8}[@.]?[a-z0-9.@-]{0,12}",
        host in "(xn--)?[a-z0-9.-]{0,12}[.][a-z0-9-]{0,4}",
        word in "[A-Z][a-z]{1,6}",
    ) {
        let read = |cell: &str| email::canonical(cell).map(|found| (found.address, found.others));
        prop_assert_eq!(read(&address), read(&format!(" {address}")));
        prop_assert_eq!(domain::host(&host), domain::host(&host.to_uppercase()));
        prop_assert_eq!(name::clean(&word, "").first, name::clean(&format!("{word} "), "").first);
        prop_assert_eq!(name::clean("", &word).last, name::clean("", &format!("{word} ")).last);
    }

    #[test]
    fn a_profile_is_its_own_profile(text in text()) {
        for link in [format!("https://linkedin.com/in/{text}"), text] {
            if let Some(profile) = linkedin::profile(&link) {
                prop_assert_eq!(linkedin::profile(&profile), Some(profile));
            }
        }
    }

    #[test]
    fn a_folded_company_name_is_its_own_key(text in text()) {
        if let Some(key) = company::folded(&text) {
            prop_assert_eq!(company::folded(&key), Some(key));
        }
    }

    #[test]
    fn no_name_is_empty_and_nothing_panics(first in text(), last in text()) {
        for name in [name::clean(&first, &last), name::split(&first)] {
            prop_assert!(name.first.as_deref() != Some("") && name.last.as_deref() != Some(""));
        }
        let _ = (placeholder::is_placeholder(&first), mojibake::is_suspected(&last));
    }
}
