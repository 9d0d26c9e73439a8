//! Which leads a command is about. Leaves what the words mean to `engine::leads`.

use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser as _;
use engine::leads::{Answered, LeadStatus, Membership, Reach, Sort, Touched};

/// A word of a closed set.
macro_rules! words {
    ($kind:ident) => {
        PossibleValuesParser::new($kind::ALL.iter().map(|one| one.word()))
            .try_map(|word| $kind::named(&word).ok_or("no such word"))
    };
}
pub(super) use words;

/// A list of leads in its order, as the page and the API have it.
#[derive(clap::Args)]
pub(crate) struct Which {
    #[command(flatten)]
    pub(crate) matching: Matching,
    #[arg(long, value_parser = words!(Sort), default_value = "touched", help = "In which order")]
    pub(crate) sort: Sort,
}

/// Leads that match, as the page and the API filter them; all where nothing is said.
#[derive(clap::Args)]
pub(crate) struct Matching {
    /// How a name, an address, a company or its domain begins
    #[arg(long)]
    pub(crate) search: Option<String>,
    #[arg(long, value_parser = words!(LeadStatus), help = "How far they came")]
    pub(crate) status: Option<LeadStatus>,
    /// Name or id of a campaign they are in
    #[arg(long)]
    pub(crate) campaign: Option<String>,
    #[arg(long, value_parser = words!(Membership), conflicts_with = "campaign", help = "In any campaign, or in none")]
    pub(crate) membership: Option<Membership>,
    /// Domain, name or id of the company they work for
    #[arg(long)]
    pub(crate) company: Option<String>,
    /// Id of the import that brought them, or the beginning of it
    #[arg(long)]
    pub(crate) import: Option<String>,
    #[arg(long, value_parser = words!(Reach), help = "Who can be reached by this")]
    pub(crate) reach: Option<Reach>,
    #[arg(long, value_parser = words!(Touched), help = "When last touched")]
    pub(crate) touched: Option<Touched>,
    #[arg(long, value_parser = words!(Answered), help = "Whether and how they answered")]
    pub(crate) answered: Option<Answered>,
    /// Only those who must not be contacted
    #[arg(long, conflicts_with = "contactable")]
    pub(crate) suppressed: bool,
    /// Only those who may be contacted
    #[arg(long)]
    pub(crate) contactable: bool,
}

/// A page of them.
#[derive(clap::Args)]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) which: Which,
    /// At most so many
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=500))]
    pub(crate) limit: i64,
    /// Go on where a page ended
    #[arg(long, value_name = "NEXT")]
    pub(crate) after: Option<String>,
}
