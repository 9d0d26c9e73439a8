//! Leads by number: names of many alphabets, companies, addresses on reserved domains only.

use crate::prng::Prng;

/// Someone a campaign writes to.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) first: Option<String>,
    pub(crate) last: Option<String>,
    pub(crate) email: String,
    pub(crate) company: Option<String>,
    pub(crate) domain: String,
    pub(crate) title: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) industry: &'static str,
    pub(crate) employees: u32,
}

/// First name, last name, and both as they appear in an address.
const NAMES: &[(&str, &str, &str)] = &[
    ("Nadia", "Okafor", "nadia.okafor"),
    ("Jürgen", "Weiß", "juergen.weiss"),
    ("Siobhán", "O'Brien", "siobhan.obrien"),
    ("Mei", "Tanaka", "mei.tanaka"),
    ("美咲", "田中", "misaki.tanaka"),
    ("Anaïs", "Lefèvre", "anais.lefevre"),
    ("Tomáš", "Dvořák", "tomas.dvorak"),
    ("Søren", "Kjærgaard", "soeren.kjaergaard"),
    ("Grace", "Mwangi", "grace.mwangi"),
    ("Luca", "D'Angelo", "luca.dangelo"),
    ("Zoë", "van den Berg", "zoe.vandenberg"),
    ("Marek", "Wójcik", "marek.wojcik"),
    ("Hannah", "Müller-Lüdenscheidt", "hannah.mueller"),
    ("伟", "李", "wei.li"),
    ("Priya", "Raghunathan", "priya.raghunathan"),
    ("Óscar", "Muñoz", "oscar.munoz"),
    ("Ingrid", "Åkesson", "ingrid.akesson"),
    ("Daniel", "Friedman", "daniel.friedman"),
    ("Amélie", "Dubois", "amelie.dubois"),
    ("Kwame", "Asante", "kwame.asante"),
    ("Sofia", "Papadopoulou", "sofia.papadopoulou"),
    ("Björn", "Schäfer", "bjoern.schaefer"),
    ("Elif", "Yıldız", "elif.yildiz"),
    ("서연", "김", "seoyeon.kim"),
    ("Patrick", "McAllister", "patrick.mcallister"),
    ("Ruth", "Abebe", "ruth.abebe"),
    ("Jonas", "Hülsmann", "jonas.huelsmann"),
    ("Camila", "Ferreira", "camila.ferreira"),
    ("Noah", "Whitfield", "noah.whitfield"),
    ("Katarzyna", "Łukasik", "k.lukasik"),
    ("Yusuf", "Demir", "y.demir"),
    ("Clara", "Öztürk", "clara.oeztuerk"),
    ("Henrik", "Lund", "henrik.lund"),
    ("Ana", "Petrović", "ana.petrovic"),
    ("Samuel", "Adeyemi", "samuel.adeyemi"),
    ("Lena", "Großmann", "lena.grossmann"),
    ("Olivia", "Hart", "olivia.hart"),
    ("Mateo", "Ríos", "mateo.rios"),
    ("Fatima", "El Amrani", "fatima.elamrani"),
    ("Victor", "Nguyễn", "victor.nguyen"),
    ("Ewa", "Nowak", "ewa.nowak"),
];

/// Company, the name of its domain, and its trade.
const COMPANIES: &[(&str, &str, &str)] = &[
    ("Okafor Supply", "okafor-supply", "Wholesale"),
    ("Weiß & Söhne GmbH", "weiss-soehne", "Machinery"),
    ("O'Brien Freight Ltd", "obrien-freight", "Logistics"),
    ("Kiso 木曽 Woodworks", "kiso-woodworks", "Furniture"),
    ("Atelier Lefèvre", "atelier-lefevre", "Textiles"),
    ("Moravia Steel Parts s.r.o.", "moravia-parts", "Metal"),
    ("Kjærgaard Køl A/S", "kjaergaard-kol", "Cold storage"),
    ("Rift Valley Coffee", "riftvalley-coffee", "Food"),
    ("D'Angelo Ceramiche", "dangelo-ceramiche", "Ceramics"),
    ("Polder & Dijk B.V.", "polder-dijk", "Construction"),
    ("Wisła Packaging", "wisla-packaging", "Packaging"),
    ("Hanse Kontor AG", "hanse-kontor", "Trading"),
    ("Lotus Components", "lotus-components", "Electronics"),
    ("Sierra Verde Foods", "sierra-verde", "Food"),
    ("Åkesson Bygg AB", "akesson-bygg", "Construction"),
    ("Friedman Labs", "friedman-labs", "Laboratory supplies"),
    ("Maison Dubois", "maison-dubois", "Retail"),
    ("Gold Coast Cocoa", "goldcoast-cocoa", "Food"),
    ("Aegean Marine Services", "aegean-marine", "Shipping"),
    ("Schäfer Präzision", "schaefer-praezision", "Machinery"),
    ("Yıldız Tekstil", "yildiz-tekstil", "Textiles"),
    ("Hanok Robotics", "hanok-robotics", "Robotics"),
    ("McAllister & Daughters", "mcallister-daughters", "Distilling"),
    ("Blue Nile Solar", "bluenile-solar", "Energy"),
    ("Ferreira Mar", "ferreira-mar", "Fishing"),
    ("Whitfield Instruments", "whitfield-instruments", "Instruments"),
    ("Lund Maritime", "lund-maritime", "Shipping"),
    ("Petrović Voće", "petrovic-voce", "Food"),
    ("Hart & Sparrow", "hart-sparrow", "Publishing"),
    ("Ríos Cycling", "rios-cycling", "Bicycles"),
    ("Atlas Olive Co.", "atlas-olive", "Food"),
    ("Red River Plastics", "redriver-plastics", "Plastics"),
    ("Nowak Optyka", "nowak-optyka", "Optics"),
    ("Northgate Dental Group", "northgate-dental", "Health"),
    ("Cedar & Pine Homes", "cedar-pine", "Construction"),
    ("Harbour Light Hotels", "harbour-light", "Hospitality"),
    ("Kupfer und Draht eG", "kupfer-draht", "Metal"),
];

const TITLES: &[&str] = &[
    "Head of Operations",
    "COO",
    "Geschäftsführerin",
    "VP Supply Chain",
    "Leiter Einkauf",
    "Founder & CEO",
    "Directrice logistique",
    "Finance Director",
    "Plant Manager",
    "Head of People",
];

/// The `number`th person of a world. Every number gives another address.
pub(crate) fn person(number: usize, prng: &mut Prng) -> Person {
    let (first, last, local) = NAMES[number % NAMES.len()];
    // 41 names and 37 companies share no divisor, so the pairs repeat only after 1,517 people.
    let (company, domain, industry) = COMPANIES[number % COMPANIES.len()];
    let round = number / (NAMES.len() * COMPANIES.len());
    let local = if round == 0 { local.to_owned() } else { format!("{local}{}", round + 1) };
    let domain = format!("{domain}.test");
    let mut person = Person {
        first: Some(first.to_owned()),
        last: Some(last.to_owned()),
        email: format!("{local}@{domain}"),
        company: Some(company.to_owned()),
        domain,
        title: prng.chance(80).then(|| (*prng.pick(TITLES)).to_owned()),
        phone: prng.chance(45).then(|| phone(prng)),
        industry,
        employees: prng.between(8, 900) as u32,
    };
    match number % 20 {
        // Plus-addressed: another mailbox to the vendor, the same person to us.
        3 => person.email = format!("{local}+ops@{}", person.domain),
        // A provider many people share: its domain says nothing about the company.
        8 => {
            person.domain = "freemail.example.net".to_owned();
            person.email = format!("{local}.{number}@freemail.example.net");
            person.company = None;
        }
        // Bought without a name.
        13 => {
            person.first = None;
            person.last = None;
            person.title = None;
            person.email = format!("office{number}@{}", person.domain);
        }
        17 => {
            // Written as its owner types it.
            let (head, tail) = person.email.split_at(1);
            person.email = format!("{}{tail}", head.to_uppercase());
        }
        _ => {}
    }
    person
}

/// A number from the ranges kept for fiction (555 01xx of any area), in one of the forms people write.
fn phone(prng: &mut Prng) -> String {
    let number = prng.between(0, 78_899);
    let (area, line) = (201 + number / 100, number % 100);
    match prng.below(4) {
        0 => format!("+1 {area} 555 01{line:02}"),
        1 => format!("+1-{area}-555-01{line:02}"),
        2 => format!("+1{area}55501{line:02}"),
        _ => format!("+1 ({area}) 555-01{line:02}"),
    }
}

/// Our mailboxes: address, first name, last name.
pub(crate) const SENDERS: &[(&str, &str, &str)] = &[
    ("mira@outreach.example.com", "Mira", "Lindqvist"),
    ("jonas@try.example.org", "", ""),
    ("team@go.example.com", "Team", "Lotse"),
    ("mira.lindqvist@hello.example.org", "Mira", "Lindqvist"),
    ("tobias@outreach.example.com", "Tobias", "Brandt"),
    ("tobias.brandt@hello.example.org", "Tobias", "Brandt"),
    ("amara@go.example.com", "Amara", "Diallo"),
    ("amara.diallo@try.example.org", "Amara", "Diallo"),
    ("hello+lotse@outreach.example.net", "Lotse", "Team"),
];
