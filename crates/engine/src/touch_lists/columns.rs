//! What the columns of a list of touches mean, by their headers, and how a row becomes touches. Exports of LinkedIn tools
//! come in two forms: one touch a row, with a column that names it; or one person a row, with a column for the time of
//! each touch. LinkedIn's own `Connections.csv` is of the second form.

use serde_json::{Map, Value};
use unicode_normalization::UnicodeNormalization;

use super::dates::DateOrder;
use crate::import::Row;
use crate::sources::linkedin::{Touch, named_by_file};

/// The tool of a touch out of a list.
const PROVIDER: &str = "csv";

/// What a column holds, and the headers that mean it: letters and digits alone, in lower case; the better first.
const FIELDS: &[(&str, &str)] = &[
    (
        "event",
        "event eventtype touch touchtype activity activitytype action actiontype type status leadstatus connectionstatus \
         lastevent lastaction lastactivity",
    ),
    (
        "occurred_at",
        "occurredat date datetime timestamp time eventdate eventtime eventtimestamp activitydate actiondate createdat \
         happenedat lastactiondate lastactivitydate hookdate",
    ),
    (
        "linkedin_url",
        "linkedinurl linkedinprofileurl linkedinprofile profileurl leadlinkedinurl leadprofileurl personlinkedinurl \
         contactlinkedinurl linkedin profilelink defaultprofileurl linkedinprofilelink url link profile query",
    ),
    (
        "email",
        "email emailaddress workemail leademail contactemail corporateemail enrichedemail manualemail linkedinemail mail",
    ),
    (
        "sender",
        "sender senderaccount sendername sentby linkedinaccount linkedinaccountname liaccount liaccountname account owner \
         senderprofileurl",
    ),
    ("campaign", "campaign campaignname campaigninstance sequence sequencename"),
    (
        "message",
        "message messagetext text body content reply replytext lastmessage lastreceivedmessage comment",
    ),
    ("external_id", "externalid messageid eventid activityid"),
];

/// Columns that hold the time of one touch, and the touch.
const TIMES: &[(&str, &str)] = &[
    (
        "connection_sent",
        "connectionsentat connectionrequestsentat invitesentat invitedat invitationsentat connectionsent invitedon requestsentat",
    ),
    (
        "connection_accepted",
        "connectedon connectedat connectionacceptedat connectionaccepted acceptedat acceptedon connectionsince",
    ),
    (
        "message_sent",
        "messagesentat firstmessagesentat lastmessagesentat lastsentmessagedatetime messagesent contactedat",
    ),
    (
        "message_replied",
        "repliedat replyreceivedat firstreplyat lastreplyat lastreceivedmessagedatetime firstreplydatetime messagerepliedat \
         repliedon",
    ),
    ("profile_viewed", "profilevisitedat profileviewedat visitedat viewedat"),
    ("followed", "followedat"),
];

/// Words of a status column that the tools' own events do not have.
const STATUSES: &[(&str, &str)] = &[
    ("connection_sent", "pending invitationpending connectionpending requested"),
    ("connection_accepted", "connectionmade isconnected firstdegree 1st"),
    ("message_sent", "contacted"),
    ("message_replied", "responded answered"),
];

/// What a list's columns mean.
#[derive(Debug)]
pub(super) struct Columns {
    headers: Vec<String>,
    /// Field and the columns that may hold it, the better first.
    fields: Vec<(&'static str, Vec<usize>)>,
    times: Vec<(&'static str, usize)>,
    /// The touch that each row is, where no column says so.
    event: Option<String>,
    order: DateOrder,
}

impl Columns {
    /// `told` is a person's word on what each row is.
    pub(super) fn of(headers: &[String], sample: &[Row], file_name: &str, told: Option<&str>) -> Self {
        let words: Vec<String> = headers.iter().map(|header| squeezed(header)).collect();
        let named = |word: &str| (0..words.len()).filter(|at| words[*at] == word).collect::<Vec<_>>();
        let fields = FIELDS
            .iter()
            .map(|(field, known)| (*field, known.split_whitespace().flat_map(named).collect()))
            .collect();
        let times: Vec<(&'static str, usize)> = words
            .iter()
            .enumerate()
            .filter_map(|(at, word)| {
                let known = TIMES.iter().find(|(_, known)| known.split_whitespace().any(|k| k == word));
                known.map(|(event, _)| (*event, at))
            })
            .collect();
        let mut columns = Self {
            headers: headers.to_vec(),
            fields,
            times,
            event: told.map(str::to_owned).or_else(|| named_by_file(file_name).map(str::to_owned)),
            order: DateOrder::default(),
        };
        let dated: Vec<usize> = columns
            .all("occurred_at")
            .iter()
            .copied()
            .chain(columns.times.iter().map(|(_, at)| *at))
            .collect();
        columns.order = DateOrder::of(sample.iter().flat_map(|row| dated.iter().map(|at| row.cell(*at))));
        columns
    }

    /// Each column that means something, with what it means.
    pub(super) fn told(&self) -> Vec<(String, String)> {
        let field = |at: usize| {
            let field = self
                .fields
                .iter()
                .find(|(_, columns)| columns.contains(&at))
                .map(|(field, _)| (*field).to_owned());
            let time = self
                .times
                .iter()
                .find(|(_, column)| *column == at)
                .map(|(event, _)| format!("time of {event}"));
            time.or(field)
        };
        let headers = self.headers.iter().enumerate();
        headers.filter_map(|(at, header)| Some((header.clone(), field(at)?))).collect()
    }

    /// Whether rows can say who they are about.
    pub(super) fn name_people(&self) -> bool {
        !self.all("linkedin_url").is_empty() || !self.all("email").is_empty()
    }

    /// Whether rows can say what happened.
    pub(super) fn name_touches(&self) -> bool {
        self.event.is_some() || !self.times.is_empty() || !self.all("event").is_empty()
    }

    fn all(&self, field: &str) -> &[usize] {
        self.fields.iter().find(|(name, _)| *name == field).map_or(&[], |(_, columns)| columns)
    }

    fn first<'a>(&self, row: &'a Row, field: &str) -> &'a str {
        self.all(field).iter().map(|at| row.cell(*at)).find(|cell| !cell.is_empty()).unwrap_or("")
    }

    /// The touches of a row, or the code of why there are none.
    pub(super) fn touches(&self, row: &Row) -> Result<Vec<Touch>, &'static str> {
        if row.is_broken {
            return Err("broken_row");
        }
        let status = self.first(row, "event");
        let named = if self.event.is_some() { "" } else { status };
        let timed = || self.times.iter().filter(|(_, at)| !row.cell(*at).is_empty());
        if named.is_empty() && self.event.is_none() && timed().next().is_some() {
            return timed().map(|(event, at)| self.touch(row, event, row.cell(*at))).collect();
        }
        let event = self.event.as_deref().unwrap_or(named);
        if event.is_empty() {
            return Err("no_event");
        }
        // A person a row: the status says which of the times is meant.
        let event = of_status(event).unwrap_or(event);
        let own = timed().find(|(of, _)| *of == event).map(|(_, at)| row.cell(*at));
        let date = self.first(row, "occurred_at");
        self.touch(row, event, own.filter(|_| date.is_empty()).unwrap_or(date)).map(|touch| vec![touch])
    }

    fn touch(&self, row: &Row, event: &str, date: &str) -> Result<Touch, &'static str> {
        let mut fields = Map::new();
        let mut put = |field: &str, text: &str| {
            if !text.is_empty() {
                fields.insert(field.to_owned(), Value::from(text));
            }
        };
        put("event", event);
        if !date.is_empty() {
            put("occurred_at", &self.order.instant(date)?.to_string());
        }
        for field in ["email", "sender", "campaign", "external_id"] {
            put(field, self.first(row, field));
        }
        if event.starts_with("message") || self.event.is_some() || !self.all("event").is_empty() {
            put("message", self.first(row, "message"));
        }
        // Several columns may hold a profile: the first that is one.
        let profiles = self.all("linkedin_url").iter().map(|at| row.cell(*at));
        let profile = profiles.clone().find(|link| crate::identity::linkedin::profile(link).is_some());
        put("linkedin_url", profile.or_else(|| profiles.clone().find(|link| !link.is_empty())).unwrap_or(""));
        Touch::read(&Value::Object(fields), PROVIDER, None).map_err(|_| "nobody")
    }

    /// The row as JSON, under its own headers; repeated headers stay repeated.
    pub(super) fn payload(&self, row: &Row) -> String {
        let quoted = |text: &str| Value::from(text).to_string();
        let cells = row.cells.iter().enumerate().map(|(at, cell)| {
            let header = self.headers.get(at).map_or("", String::as_str);
            format!("{}: {}", quoted(header), quoted(cell))
        });
        format!("{{{}}}", cells.collect::<Vec<_>>().join(", "))
    }
}

fn of_status(word: &str) -> Option<&'static str> {
    let word = squeezed(word);
    STATUSES.iter().find(|(_, known)| known.split_whitespace().any(|k| k == word)).map(|(event, _)| *event)
}

fn squeezed(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect()
}
