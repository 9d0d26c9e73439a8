//! A made-up Apollo export, the same on every run: 60 columns, about 1.7 kB a row. Row by row out of its number, so a
//! list of any length needs no memory.

use std::io::{self, BufWriter, Write};

use fastrand::Rng;

/// Apollo's columns of 2023, and one of a user's own.
const HEADER: &str = "First Name,Last Name,Title,Company,Company Name for Emails,Email,Email Status,Primary Email Source,\
    Email Confidence,Primary Email Catch-all Status,Primary Email Last Verified At,Seniority,Departments,Contact Owner,\
    Work Direct Phone,Home Phone,Mobile Phone,Corporate Phone,Other Phone,Stage,Lists,Last Contacted,Account Owner,\
    # Employees,Industry,Keywords,Person Linkedin Url,Website,Company Linkedin Url,Facebook Url,Twitter Url,City,State,\
    Country,Company Address,Company City,Company State,Company Country,Company Phone,SEO Description,Technologies,\
    Annual Revenue,Total Funding,Latest Funding,Latest Funding Amount,Last Raised At,Subsidiary of,Email Sent,Email Open,\
    Email Bounced,Replied,Demoed,Number of Retail Locations,Apollo Contact Id,Apollo Account Id,Secondary Email,\
    Secondary Email Source,Tertiary Email,Tertiary Email Source,AI custom field 2656";

const WORDS: &str = "analytics platform saas b2b data cloud logistics freight routing warehouse billing invoices ledger \
    payments retail wholesale sourcing supplier inspection quality metal forging casting tooling plastics polymers coating \
    sensors telemetry firmware robotics automation assembly packaging labels pharmacy clinical trials diagnostics imaging \
    insurance claims broker underwriting lending mortgage treasury audit compliance training onboarding payroll hiring \
    scheduling dispatch fleet charging solar storage metering heating ventilation architecture timber concrete surveying";
const FIRST: [&str; 16] = [
    "Mara", "Tomas", "Ines", "Jonas", "Aiko", "Priya", "Liam", "Zoë", "Omar", "Freya", "Mateo", "Chloé",
    "Sven", "Amara", "Noah", "Leïla",
];
const LAST: [&str; 16] = [
    "Kestrel",
    "Lindqvist",
    "Okafor",
    "Tanaka",
    "Müller",
    "Novak",
    "Rossi",
    "Dubois",
    "Silva",
    "Haas",
    "Iversen",
    "Moreau",
    "Costa",
    "Nagy",
    "Byrne",
    "Šimić",
];
const TITLES: [(&str, &str); 6] = [
    ("Chief Revenue Officer", "C suite"),
    ("Head of Growth", "Head"),
    ("VP Sales, EMEA", "Vp"),
    ("Director of Operations", "Director"),
    ("Procurement Manager", "Manager"),
    ("Senior Buyer", "Senior"),
];

/// A list of that many rows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct List {
    pub(crate) rows: u64,
    /// One row in a hundred is malformed.
    pub(crate) damaged: bool,
}

impl List {
    /// Writes it; how many bytes there were.
    pub(crate) fn write(self, out: impl Write) -> io::Result<u64> {
        let mut out = BufWriter::with_capacity(1 << 20, out);
        let words: Vec<&str> = WORDS.split_whitespace().collect();
        let mut row = HEADER.as_bytes().to_vec();
        row.push(b'\n');
        let mut bytes = 0;
        for number in 0..=self.rows {
            out.write_all(&row)?;
            bytes += row.len() as u64;
            row.clear();
            self.row(number, &words, &mut row);
        }
        out.flush()?;
        Ok(bytes)
    }

    fn row(self, number: u64, words: &[&str], out: &mut Vec<u8>) {
        let mut dice = Rng::with_seed(number);
        let (fate, shares) = (dice.u32(..100), dice.u32(..100) < 30);
        // Three in a hundred are people the list has had already.
        let person = if (1..4).contains(&fate) && number > 0 { dice.u64(..number) } else { number };
        let mut cells = cells(person, shares, self.rows, words);
        if fate == 0 && self.damaged {
            match number / 7 % 5 {
                0 => cells[EMAIL] = "not an address".into(),
                1 => cells.truncate(57),
                2 => cells.push("beyond the header".into()),
                3 => cells[39] = format!("a \u{1}NUL\u{0} and {}", cells[39]),
                _ => {}
            }
        }
        for (index, cell) in cells.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            write_cell(cell, out);
        }
        if fate == 0 && self.damaged && number / 7 % 5 == 4 {
            out.extend_from_slice(b" caf\xE9 \"quote"); // no UTF-8, and a quote in the middle of a cell
        }
        out.push(b'\n');
    }
}

const EMAIL: usize = 5;

/// The cells of one row, by the number of its person.
fn cells(person: u64, shares: bool, rows: u64, words: &[&str]) -> Vec<String> {
    let mut dice = Rng::with_seed(person ^ 0x5EED);
    let some = |dice: &mut Rng, count: usize, between: &str| {
        (0..count).map(|_| words[dice.usize(..words.len())]).collect::<Vec<_>>().join(between)
    };
    let (first, last) = (FIRST[dice.usize(..16)], LAST[dice.usize(..16)]);
    let (title, seniority) = TITLES[dice.usize(..6)];
    // Shared companies are drawn in a Zipf way: the k-th as often as 1/k. The others have one person each.
    let company = if shares {
        let most = (rows / 50).max(2) as f64;
        (most.powf(dice.f64()) as u64) << 40
    } else {
        person + 1
    };
    let mut its = Rng::with_seed(company ^ 0xC0);
    let (a, b) = (words[its.usize(..words.len())], words[its.usize(..words.len())]);
    let (name, domain) = (format!("{a} {b} {company:x}"), format!("{a}-{b}-{company:x}.test"));
    let phone = |dice: &mut Rng| format!("'+1 555-010-{:04}", dice.u32(..10_000));
    let email =
        format!("{}.{person}@{domain}", first.to_ascii_lowercase().replace(|c: char| !c.is_ascii(), "e"));
    let text = |text: &str| text.to_owned();
    vec![
        text(first),
        text(last),
        text(title),
        format!("{name}, Inc."),
        name.clone(),
        email,
        text("Verified"),
        text("Apollo"),
        text(""),
        text("Not Catch-all"),
        text("2026-05-01T09:30:00+00:00"),
        text(seniority),
        text("C-Suite, Sales"),
        text("owner@example.com"),
        phone(&mut dice),
        text(""),
        phone(&mut dice),
        phone(&mut its),
        text(""),
        text("Cold"),
        text("Q3 list, Fixture list"),
        text(""),
        text("owner@example.com"),
        its.u32(1..5000).to_string(),
        text("information technology & services"),
        some(&mut its, 28, ", "),
        format!("http://www.linkedin.com/in/person-{person}"),
        format!("http://www.{domain}"),
        format!("http://www.linkedin.com/company/{company}"),
        format!("https://www.facebook.com/{a}{company}"),
        format!("https://twitter.com/{a}{company}"),
        text("Springfield"),
        text("Oregon"),
        text("United States"),
        text("1 Test St, Springfield, Oregon, United States, 97477"),
        text("Springfield"),
        text("Oregon"),
        text("United States"),
        phone(&mut its),
        some(&mut its, 22, " "),
        some(&mut its, 18, ", "),
        its.u32(100_000..9_000_000).to_string(),
        its.u32(100_000..9_000_000).to_string(),
        text("Series A"),
        its.u32(100_000..9_000_000).to_string(),
        text("2025-01-01"),
        text(""),
        text("False"),
        text("False"),
        text("False"),
        text("False"),
        text("False"),
        text(""),
        format!("{:024x}", u128::from(person) << 30),
        format!("{:024x}", u128::from(company) << 20),
        text(""),
        text(""),
        text(""),
        text(""),
        format!("{first} leads {} at {name}. {}.", some(&mut dice, 6, " and "), some(&mut dice, 18, " ")),
    ]
}

fn write_cell(cell: &str, out: &mut Vec<u8>) {
    if !cell.contains([',', '"', '\n']) {
        out.extend_from_slice(cell.as_bytes());
        return;
    }
    out.push(b'"');
    out.extend_from_slice(cell.replace('"', "\"\"").as_bytes());
    out.push(b'"');
}
