//! The arguments of `offer`, `campaign` and `company`.

use clap::{Args, Subcommand};
use engine::funnel::Channel;
use engine::keyset::After;
use engine::{campaigns, companies, offers};

use super::queue::channel;

#[derive(Subcommand)]
pub(crate) enum Offer {
    /// Make an offer
    Add {
        name: String,
        #[command(flatten)]
        fields: OfferFields,
    },
    /// Offers, newest first, with what came of them
    List {
        /// Words in the name
        #[arg(long)]
        search: Option<String>,
        /// service, product, consulting, subscription
        #[arg(long = "type", value_parser = offers::TYPES)]
        offer_type: Option<String>,
        /// Those that were put away, instead
        #[arg(long)]
        archived: bool,
        #[command(flatten)]
        page: Page,
    },
    /// One offer
    Show {
        /// Its name or id
        offer: String,
    },
    /// Change an offer; an empty value clears a field
    Edit {
        /// Its name or id
        offer: String,
        /// Another name
        #[arg(long)]
        name: Option<String>,
        #[command(flatten)]
        fields: OfferFields,
    },
    /// Put an offer away
    Archive {
        /// Its name or id
        offer: String,
        /// Take it out again
        #[arg(long)]
        undo: bool,
    },
}

#[derive(Args)]
pub(crate) struct OfferFields {
    /// service, product, consulting, subscription
    #[arg(long = "type")]
    offer_type: Option<String>,
    /// Lowest price, in digits
    #[arg(long)]
    price_min: Option<String>,
    /// Highest price, in digits
    #[arg(long)]
    price_max: Option<String>,
    /// Whom it is for (may be repeated)
    #[arg(long = "industry")]
    industries: Vec<String>,
    /// Why somebody should care
    #[arg(long)]
    value_proposition: Option<String>,
}

impl OfferFields {
    pub(crate) fn into_fields(self, offer_name: Option<String>) -> offers::Fields {
        offers::Fields {
            offer_name,
            offer_type: self.offer_type,
            price_min: self.price_min,
            price_max: self.price_max,
            target_industries: (!self.industries.is_empty()).then_some(self.industries),
            value_proposition: self.value_proposition,
        }
    }
}

#[derive(Subcommand)]
pub(crate) enum Campaign {
    /// Make a campaign; a draft, unless --status says otherwise
    Add {
        name: String,
        #[command(flatten)]
        fields: Box<CampaignFields>,
    },
    /// Campaigns, newest first, with what came of them
    List {
        /// Words in the name
        #[arg(long)]
        search: Option<String>,
        /// draft, active, paused, completed, archived; none: all but archived
        #[arg(long, value_parser = campaigns::STATUSES)]
        status: Option<String>,
        /// Only what sells this offer: its name or id
        #[arg(long)]
        offer: Option<String>,
        /// Only this channel: email, call, linkedin
        #[arg(long, value_parser = channel)]
        channel: Option<Channel>,
        #[command(flatten)]
        page: Page,
    },
    /// One campaign: links, steps with their words, what came of it
    Show {
        /// Its name or id
        campaign: String,
    },
    /// Change a campaign; an empty value clears a field
    Edit {
        /// Its name or id
        campaign: String,
        /// Another name
        #[arg(long)]
        name: Option<String>,
        #[command(flatten)]
        fields: Box<CampaignFields>,
    },
    /// Link it to an Instantly campaign, a Vapi campaign or assistant; an empty id unlinks
    Link {
        /// Its name or id
        campaign: String,
        #[arg(long, required_unless_present_any = ["vapi_campaign", "vapi_assistant"])]
        instantly: Option<String>,
        #[arg(long)]
        vapi_campaign: Option<String>,
        #[arg(long)]
        vapi_assistant: Option<String>,
    },
    /// Who is in it; --add and --remove people, with a verdict for each
    Members {
        /// Its name or id
        campaign: String,
        /// Add people: e-mail, phone, LinkedIn profile or id; `-`: one a line from standard input
        #[arg(long, num_args = 1.., value_name = "WHO")]
        add: Vec<String>,
        /// Add everybody of an import, by its id
        #[arg(long, value_name = "IMPORT")]
        add_import: Option<String>,
        /// Take people out
        #[arg(long, num_args = 1.., value_name = "WHO", conflicts_with_all = ["add", "add_import"])]
        remove: Vec<String>,
        /// Only those who stand so: active, replied, converted, disqualified, bounced, unsubscribed
        #[arg(long)]
        status: Option<String>,
        #[command(flatten)]
        page: Page,
    },
}

impl Campaign {
    /// Whether it changes anything.
    pub(crate) fn writes(&self) -> bool {
        match self {
            Self::Members { add, add_import, remove, .. } => {
                !add.is_empty() || add_import.is_some() || !remove.is_empty()
            }
            Self::List { .. } | Self::Show { .. } => false,
            Self::Add { .. } | Self::Edit { .. } | Self::Link { .. } => true,
        }
    }
}

#[derive(Args)]
pub(crate) struct CampaignFields {
    /// What it sells: name or id of an offer
    #[arg(long)]
    pub(crate) offer: Option<String>,
    /// Channels it uses, e.g. email,call,linkedin
    #[arg(long, value_delimiter = ',', value_parser = channel)]
    channels: Option<Vec<Channel>>,
    /// draft, active, paused, completed, archived
    #[arg(long)]
    status: Option<String>,
    /// Id of an Instantly campaign
    #[arg(long)]
    instantly: Option<String>,
    /// Id of a Vapi campaign
    #[arg(long)]
    vapi_campaign: Option<String>,
    /// Id of the Vapi assistant that calls
    #[arg(long)]
    vapi_assistant: Option<String>,
    /// Whether a stop of one person stops the whole company: yes, no
    #[arg(long)]
    stops_company: Option<String>,
    /// Body of the first mail, with {{first_name}}-style variables
    #[arg(long)]
    template: Option<String>,
}

impl CampaignFields {
    /// The fields; the offer by its id.
    pub(crate) fn into_fields(
        self,
        campaign_name: Option<String>,
        offer_id: Option<String>,
    ) -> campaigns::Fields {
        let uses = |channel| self.channels.as_ref().map(|channels| channels.contains(&channel));
        campaigns::Fields {
            campaign_name,
            campaign_status: self.status,
            offer_id,
            uses_email: uses(Channel::Email),
            uses_calls: uses(Channel::Call),
            uses_linkedin: uses(Channel::Linkedin),
            instantly_campaign_id: self.instantly,
            vapi_campaign_id: self.vapi_campaign,
            vapi_assistant_id: self.vapi_assistant,
            stops_company: self.stops_company,
            email_body_template: self.template,
        }
    }
}

#[derive(Subcommand)]
pub(crate) enum Company {
    /// Companies, latest first
    List {
        /// Words in name or domain
        #[arg(long)]
        search: Option<String>,
        #[arg(long)]
        industry: Option<String>,
        #[command(flatten)]
        page: Page,
    },
    /// One company: its people, and what happened with them
    Show {
        /// Its domain, name or id
        company: String,
    },
    /// Change a company; an empty value clears a field
    Edit {
        /// Its domain, name or id
        company: String,
        #[arg(long)]
        name: Option<String>,
        #[arg(long)]
        industry: Option<String>,
        #[arg(long)]
        size: Option<String>,
    },
}

impl Company {
    pub(crate) fn fields(
        name: Option<String>,
        industry: Option<String>,
        size: Option<String>,
    ) -> companies::Fields {
        companies::Fields { company_name: name, industry, company_size: size }
    }
}

/// A page of a list.
#[derive(Args)]
pub(crate) struct Page {
    /// At most so many
    #[arg(long, default_value_t = 50)]
    pub(crate) limit: i64,
    /// Go on where a page ended
    #[arg(long, value_name = "NEXT")]
    pub(crate) after: Option<After>,
}
