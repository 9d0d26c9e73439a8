//! Headers as vendors write them, and the field each one means. Never by position.

use unicode_normalization::UnicodeNormalization;

use super::Field;
use Field::{
    CompanyLinkedinUrl, CompanyName, CompanySize, Email, FirstName, FullName, Industry, JobTitle, LastName,
    LinkedinUrl, Phone, Seniority, Website,
};

/// A header's meaning: the field (none: known, and kept as it is), its rank among columns of that field (smaller
/// first), and whether it speaks of the company.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::import) struct Meaning {
    pub(in crate::import) field: Option<Field>,
    pub(in crate::import) rank: usize,
    pub(in crate::import) of_company: bool,
}

/// In order of preference within each field; words as [`normal`] leaves them.
const FIELDS: &[(Field, &str)] = &[
    (
        Email,
        "email emailaddress workemail primaryemail businessemail corporateemail professionalemail companyemail \
         enrichedemailaddress leademail contactemail personemail emails email1 mail contactmail directemail \
         additionalemail1 additionalemail2 emailadresse adresseemail correoelectronico",
    ),
    (
        FirstName,
        "firstname first givenname fname forename vorname prénom prenom executivefirstname nombre personfirstname",
    ),
    (
        LastName,
        "lastname last surname familyname lname nachname nom executivelastname apellido apellidos personlastname",
    ),
    (FullName, "fullname name contactname leadname personname contact vollständigername personfullname"),
    (
        JobTitle,
        "title jobtitle position role designation currentjob currenttitle jobposition jobrole currentposition personjobtitle headline",
    ),
    (Seniority, "seniority senioritylevel managementlevel jobtitlehierarchylevel level personseniority"),
    (
        CompanyName,
        "companyname company organization organisation organizationname accountname associatedcompany employer \
         currentcompany companynamecleaned account vendorname firma unternehmen entreprise empresa companynameforemails",
    ),
    (
        Website,
        "website companywebsite websiteurl companydomain domain domainname companydomainname companyurl companywebsiteurl \
         webpage homepage organizationdomain site emaildomain",
    ),
    (
        Industry,
        "industry primaryindustry companyindustry mainindustry companymainindustry sector branche primarynaicsdescription",
    ),
    (
        CompanySize,
        "employees numberofemployees employeecount noofemployees numemployees companysize companynumberofemployees headcount \
         companyheadcount companystaffcount numberofcompanyemployees companyemployees employeerange staffcount \
         locationemployeesizeactual",
    ),
    (
        LinkedinUrl,
        "personlinkedinurl linkedincontactprofileurl defaultprofileurl linkedinurl linkedinprofile linkedinprofileurl \
         linkedin linkedinprofilelink contactliprofileurl personlinkedin personalinkedinurl linkedinlink profilelink \
         profileurl salesnavigatorurl",
    ),
    (
        CompanyLinkedinUrl,
        "companylinkedinurl regularcompanyurl linkedincompanypage companyliprofileurl companylinkedin companylinkedinprofile",
    ),
    (
        Phone,
        "mobilephone mobilephonenumber mobile directphonenumber workdirectphone directphone directdial phone phonenumber \
         phone1 contactphone1 personphone telephone tel telefon workphone firstphone homephone otherphone contactphone",
    ),
];

/// As [`FIELDS`], the company's own: they serve where nothing better is there.
const COMPANY_PHONES: &str = "corporatephone companyphone companyhqphone companyphonenumber";

/// Known columns of the company that stay in `apollo_data`.
const COMPANY_KEPT: &str = "keywords facebookurl twitterurl companyaddress companycity companystate companycountry \
    companypostalcode companyzip companystreet seodescription shortdescription companydescription technologies annualrevenue \
    totalfunding latestfunding latestfundingamount lastraisedat subsidiaryof subsidiaryoforganizationid \
    parentcompanyapollodata parentcompanyapollodataorganizationid numberofretaillocations siccodes naicscodes siccode1 \
    naicscode1 apolloaccountid accountstage accountowner foundedyear companyid companylocation companyrevenue revenue \
    revenuerange companysubindustry ticker zoominfocompanyid logourl";

/// Known columns of the person that stay in `apollo_data`.
const PERSON_KEPT: &str = "emailstatus emailconfidence primaryemailsource primaryemailverificationsource \
    primaryemailcatchallstatus primaryemaillastverifiedat departments department subdepartments jobfunction contactowner \
    donotcall stage lists lastcontacted city state country stateregion countryregion address location emailsent emailopen \
    emailbounced replied demoed apollocontactid apollorecordid secondaryemail secondaryemailsource secondaryemailstatus \
    secondaryemailverificationsource secondaryemaillastverifiedat tertiaryemail tertiaryemailsource tertiaryemailstatus \
    tertiaryemailverificationsource tertiaryemaillastverifiedat primaryintenttopic primaryintentscore secondaryintenttopic \
    secondaryintentscore qualifycontact personalization icebreaker firstline leadstatus status connectedon connectiondegree \
    middlename salutation suffix zoominfocontactid recordid vmid timestamp";

/// Headers that mean a profile or a site, as their values say.
const LINKS: &str = "url link profile";

/// A header in the form the table has: compatibility letters folded, lower case, letters and digits only.
pub(in crate::import) fn normal(header: &str) -> String {
    header.nfkc().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect()
}

/// What a header means by name alone.
pub(in crate::import) fn meaning(header: &str) -> Option<Meaning> {
    let word = normal(header);
    if word.is_empty() {
        return None;
    }
    for (field, words) in FIELDS {
        if let Some(rank) = words.split_whitespace().position(|known| known == word) {
            return Some(Meaning { field: Some(*field), rank, of_company: field.is_of_company() });
        }
    }
    if let Some(rank) = COMPANY_PHONES.split_whitespace().position(|known| known == word) {
        return Some(Meaning { field: Some(Phone), rank: rank + 100, of_company: true });
    }
    let kept = |words: &str| words.split_whitespace().any(|known| known == word);
    if kept(COMPANY_KEPT) {
        return Some(Meaning { field: None, rank: 0, of_company: true });
    }
    (kept(PERSON_KEPT) || kept(LINKS)).then_some(Meaning { field: None, rank: 0, of_company: false })
}

/// Whether the values have to say what a header means.
pub(in crate::import) fn is_link(header: &str) -> bool {
    let word = normal(header);
    LINKS.split_whitespace().any(|known| known == word)
}
