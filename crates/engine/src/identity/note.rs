//! What was changed or noticed in a value, as codes that a report can count.

use std::fmt;

/// One change or finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Note {
    /// An address was found inside other text, or blanks were taken out of or from around it.
    EmailCleaned,
    /// A cell held several addresses; the first good one serves.
    MultipleEmails,
    /// A domain was found inside other text, or blanks were taken out of it.
    WebsiteCleaned,
    /// The website is a page at a social network or directory.
    WebsiteIsSocial,
    /// The website gives no domain, nor does the e-mail address.
    WebsiteUnusable,
    /// The website gives no domain; the one of the e-mail address serves.
    WebsiteUnusableEmailDomainUsed,
    /// A free-mail domain was turned away as a company's domain.
    FreeMailDomain,
    /// A company is known by name only, after what it offered as domain was turned away.
    CompanyWithoutDomain,
    /// A name in capitals or in lower case was re-cased.
    NameRecased,
    /// Titles, degrees, pronouns or pictures were cut from a name.
    NameCleaned,
    /// A word for "nothing" was taken as empty.
    PlaceholderAsEmpty,
    /// A spreadsheet formula where a name belongs.
    FormulaLike,
    /// Text that looks decoded with the wrong encoding; left as it is.
    MojibakeSuspected,
}

impl Note {
    /// The code, as reports and tables spell it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::EmailCleaned => "email_cleaned",
            Self::MultipleEmails => "multiple_emails",
            Self::WebsiteCleaned => "website_cleaned",
            Self::WebsiteIsSocial => "website_is_social",
            Self::WebsiteUnusable => "website_unusable",
            Self::WebsiteUnusableEmailDomainUsed => "website_unusable_email_domain_used",
            Self::FreeMailDomain => "free_mail_domain",
            Self::CompanyWithoutDomain => "company_without_domain",
            Self::NameRecased => "name_recased",
            Self::NameCleaned => "name_cleaned",
            Self::PlaceholderAsEmpty => "placeholder_as_empty",
            Self::FormulaLike => "formula_like",
            Self::MojibakeSuspected => "mojibake_suspected",
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// Adds a note once.
pub(super) fn add(notes: &mut Vec<Note>, note: Note) {
    if !notes.contains(&note) {
        notes.push(note);
    }
}
