//! LinkedIn profiles.

use engine::identity::linkedin::{is_member_id, profile};

use super::fixture::Fixture;

#[test]
fn a_profile_has_one_spelling() {
    for link in [
        "https://www.linkedin.com/in/Ada-Quill",
        "http://linkedin.com/in/ada-quill/",
        "linkedin.com/in/ada-quill?trk=public_profile#about",
        "//uk.linkedin.com/in/ada-quill/en",
        "https://m.linkedin.com/mwlite/in/ada-quill",
        "https://de.linkedin.com/in/%61da-quill/details/experience/",
        "HTTPS://WWW.LINKEDIN.COM:443/IN/ADA-QUILL",
        " <https://www.linkedin.com/in/ada-quill>, ",
        "https:\\\\www.linkedin.com\\in\\ada-quill",
        "in/ada-quill",
        "/in/ada-quill/",
        "https://www.linkedin.com/pub/ada-quill",
    ] {
        assert_eq!(profile(link).as_deref(), Some("in/ada-quill"), "{link:?}");
    }
    for link in [
        "https://www.linkedin.com/in/zo%C3%AB-quill",
        "linkedin.com/in/zo%25C3%25AB-quill",
        "in/ZOE\u{308}-quill",
    ] {
        assert_eq!(profile(link).as_deref(), Some("in/zoë-quill"), "{link:?}");
    }
    let old = "https://sy.linkedin.com/pub/ada-quill/a7/576/b50?trk=x";
    assert_eq!(profile(old).as_deref(), Some("in/ada-quill-b50576a7"));
}

#[test]
fn what_is_no_person_has_no_profile() {
    for link in [
        "https://www.linkedin.com/company/quill-works",
        "https://www.linkedin.com/school/quill",
        "https://www.linkedin.com/sales/company/1",
        "https://www.linkedin.com/sales/search/people",
        "https://www.linkedin.com/feed/update/urn:li:activity:1",
        "https://www.linkedin.com/in/",
        "https://www.linkedin.com/",
        "https://linkedin.com.evil.test/in/ada-quill",
        "https://notlinkedin.com/in/ada-quill",
        "https://quill.test/in/ada-quill",
        "ada-quill",
        "n/a",
        "",
    ] {
        assert_eq!(profile(link), None, "{link:?}");
    }
}

#[test]
fn a_sales_navigator_export_prefers_the_public_name_over_member_ids() {
    let file = Fixture::read("61_phantombuster_salesnav.csv", 1);
    let row = &file.rows[0];
    let sales = profile(row.get("profileUrl")).unwrap();
    assert_eq!(Some(&sales), profile(row.get("linkedInProfileUrl")).as_ref());
    assert!(is_member_id(&sales));
    let public = profile(row.get("defaultProfileUrl")).unwrap();
    assert!(!is_member_id(&public));
    assert_eq!([format!("linkedin:{public}").as_str()], *file.words("/leads"));
    assert_eq!(profile(row.get("companyUrl")), None);
    assert_eq!(profile(row.get("regularCompanyUrl")), None);
    let with_search = "https://www.linkedin.com/sales/lead/ACwAAFIXTURE,NAME_SEARCH,x1Yz?_ntb=1";
    assert_eq!(profile(with_search).as_deref(), Some("in/ACwAAFIXTURE"));
}
