//! Which leads a list holds: filters from closed sets, each a fragment of SQL that an index serves. Leaves order and pages
//! to `list`.

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

/// A closed set of words: for arguments, JSON and addresses.
macro_rules! words {
    ($(#[$about:meta])* $kind:ident: $($(#[$each:meta])* $variant:ident $word:literal),* $(,)?) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
        pub enum $kind { $($(#[$each])* #[serde(rename = $word)] $variant),* }

        impl $kind {
            /// Every one, in the order people read them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Its word: argument, JSON, address.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// The one of that word.
            pub fn named(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.word() == word)
            }
        }
    };
}

words!(
    /// `leads.lead_status`: the furthest over all campaigns.
    LeadStatus: New "new", Contacted "contacted", Replied "replied", Qualified "qualified", Converted "converted", Unqualified "unqualified"
);
words!(
    /// By what a person can be reached.
    Reach: Email "email", Phone "phone", Linkedin "linkedin"
);
words!(
    /// When a person was last touched.
    Touched:
    Today "today",
    /// In the last seven days.
    Week "week",
    /// In the last thirty days.
    Month "month",
    /// Once, but not in the last thirty days.
    Longer "longer",
    Never "never",
);
words!(
    /// Whether and how a person answered.
    Answered:
    /// A word by a person, ever.
    Yes "yes",
    /// Touched, and not a word yet.
    No "no",
    /// Answered, and no follow-up is planned.
    NoNextStep "no_next_step",
);
words!(
    /// Whether a person is in a campaign.
    Membership: Any "any", None "none"
);
words!(
    /// In which order.
    Sort:
    /// Last touched first; those never touched at the end.
    LastTouch "touched",
    /// Latest row first.
    Added "added",
    /// By last name.
    Name "name",
);

/// What is looked for; everything where nothing is set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Filter {
    /// How a name, an address, a company or its domain begins.
    pub search: Option<String>,
    pub lead_status: Option<LeadStatus>,
    pub campaign_id: Option<Uuid>,
    pub membership: Option<Membership>,
    pub reach: Option<Reach>,
    pub touched: Option<Touched>,
    pub answered: Option<Answered>,
    /// Only those who must not be contacted, or only those who may.
    pub suppressed: Option<bool>,
    pub company_id: Option<Uuid>,
    /// Made by this import, or by this part of one.
    pub csv_import_id: Option<Uuid>,
}

/// A value that a fragment binds.
#[derive(Debug, Clone)]
pub(crate) enum Bound {
    Text(String),
    Id(Uuid),
    Instant(Timestamp),
}

/// Conditions as SQL, and what they bind, from `$first` on.
pub(crate) struct Conditions {
    pub(crate) sql: String,
    pub(super) bound: Vec<Bound>,
    first: usize,
}

impl Conditions {
    pub(super) fn new(first: usize) -> Self {
        Self { sql: String::new(), bound: Vec::new(), first }
    }

    /// Adds a condition; each `?` in it stands for the value.
    pub(super) fn and(&mut self, sql: &str, value: Bound) {
        self.bound.push(value);
        let place = format!("${}", self.first + self.bound.len() - 1);
        self.plain(&sql.replace('?', &place));
    }

    pub(super) fn plain(&mut self, sql: &str) {
        self.sql.push_str("\n   and ");
        self.sql.push_str(sql);
    }
}

impl Filter {
    /// What holds for a lead `l` of this list.
    pub(crate) fn conditions(&self, first: usize, now: Timestamp) -> Conditions {
        let mut all = Conditions::new(first);
        if let Some(status) = self.lead_status {
            all.and("l.lead_status = ?", Bound::Text(status.word().into()));
        }
        if let Some(id) = self.campaign_id {
            all.and(
                "exists (select from campaign_leads m where m.lead_id = l.id and m.campaign_id = ?)",
                Bound::Id(id),
            );
        }
        match self.membership {
            Some(Membership::Any) => {
                all.plain("exists (select from campaign_leads m where m.lead_id = l.id)")
            }
            Some(Membership::None) => {
                all.plain("not exists (select from campaign_leads m where m.lead_id = l.id)")
            }
            None => {}
        }
        match self.reach {
            Some(Reach::Email) => all.plain("l.email is not null"),
            Some(Reach::Phone) => all.plain("l.phone is not null"),
            Some(Reach::Linkedin) => all.plain("l.linkedin_url is not null"),
            None => {}
        }
        if let Some(touched) = self.touched {
            let days = |days: i64| Bound::Instant(now - jiff::SignedDuration::from_hours(24 * days));
            match touched {
                Touched::Today => all.and("a.last_touch_at >= ?", days(1)),
                Touched::Week => all.and("a.last_touch_at >= ?", days(7)),
                Touched::Month => all.and("a.last_touch_at >= ?", days(30)),
                Touched::Longer => all.and("a.last_touch_at < ?", days(30)),
                Touched::Never => all.plain("a.last_touch_at is null"),
            }
        }
        match self.answered {
            Some(Answered::Yes) => all.plain("a.last_answer_at is not null"),
            Some(Answered::No) => all.plain("a.last_touch_at is not null and a.last_answer_at is null"),
            Some(Answered::NoNextStep) => all.plain(
                "a.last_answer_at is not null
   and not exists (select from campaign_leads m where m.lead_id = l.id and m.next_followup_at is not null)",
            ),
            None => {}
        }
        match self.suppressed {
            Some(true) => all.plain(SUPPRESSED),
            Some(false) => all.plain(&format!("not {SUPPRESSED}")),
            None => {}
        }
        if let Some(id) = self.company_id {
            all.and("l.company_id = ?", Bound::Id(id));
        }
        if let Some(id) = self.csv_import_id {
            // By the id of an import, all its parts; `leads.csv_import_id` names one part.
            const PARTS: &str = "l.csv_import_id = any (array(select ?::uuid union all select p.csv_import_id from touchline.import_parts p where p.import_id = ?))";
            all.and(PARTS, Bound::Id(id));
        }
        if let Some(search) = self.search.as_deref().map(str::trim).filter(|search| !search.is_empty()) {
            searched(&mut all, search);
        }
        all
    }
}

const SUPPRESSED: &str = "exists (select from suppressions s where s.lead_id = l.id and s.lifted_at is null)";

/// Each word begins a name, the address or the company; or all of it begins the company.
fn searched(all: &mut Conditions, search: &str) {
    const COMPANY: &str = "l.company_id = any (array(select c.id from companies c where lower(c.company_name) like ? or c.company_domain like ? limit 1000))";
    let search = search.to_lowercase();
    let words: Vec<&str> = search.split_whitespace().take(4).collect();
    if words.len() > 1 {
        let mut each =
            Conditions { sql: String::new(), bound: Vec::new(), first: all.first + all.bound.len() };
        for word in &words {
            each.and(
                "(lower(l.first_name) like ? or lower(l.last_name) like ? or lower(l.email) like ?)",
                Bound::Text(begins(word)),
            );
        }
        let each_word = each.sql.trim_start().trim_start_matches("and ").to_owned();
        all.bound.extend(each.bound);
        all.and(
            &format!(
                "(({each_word}) or lower(l.last_name) like ? or lower(l.first_name) like ? or {COMPANY})"
            ),
            Bound::Text(begins(&search)),
        );
    } else {
        all.and(
            &format!("(lower(l.first_name) like ? or lower(l.last_name) like ? or lower(l.email) like ? or {COMPANY})"),
            Bound::Text(begins(&search)),
        );
    }
}

/// A pattern for what begins so; signs that mean something to `like` stand for themselves.
pub(crate) fn begins(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 1);
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}
