//! What the campaigns say: a story in three or four steps for each, with placeholders in braces.

use crate::clock::HOUR;

/// The material of one campaign.
#[derive(Debug)]
pub(crate) struct Sequence {
    pub(crate) name: &'static str,
    pub(crate) language: &'static str,
    pub(crate) timezone: &'static str,
    /// When its sending day begins in UTC, and how long it lasts, in milliseconds.
    pub(crate) opens: i64,
    pub(crate) lasts: i64,
    pub(crate) tracks_opens: bool,
    /// Subjects of the first step, one a variant.
    pub(crate) subjects: [&'static str; 2],
    pub(crate) steps: &'static [Step],
}

/// One mail of a sequence.
#[derive(Debug)]
pub(crate) struct Step {
    /// Days until the next step.
    pub(crate) delay_days: i64,
    /// One text a variant.
    pub(crate) variants: &'static [&'static str],
}

pub(crate) static SEQUENCES: &[Sequence] = &[
    Sequence {
        name: "Q4 Ops leaders – DACH 🇩🇪",
        language: "en",
        timezone: "Europe/Belgrade",
        opens: 8 * HOUR,
        lasts: 8 * HOUR,
        tracks_opens: true,
        subjects: ["{first}, quick question", "{company} and the Monday plan"],
        steps: &[
            Step {
                delay_days: 3,
                variants: &[
                    "Hi {first},\n\nI saw that {company} is hiring for the warehouse – congratulations. Growth is usually when the Monday planning sheet starts to hurt.\n\nLotse turns the orders you already have into a plan for the week: who, where, with which truck. Teams like yours get about six hours a week back.\n\nWould a fifteen-minute look be worth it to you?\n\nBest,\n{sender}",
                    "Hello {first},\n\nhow does {company} decide on Monday morning what leaves the yard first?\n\nMost people in {industry} tell me: one person, one spreadsheet, and hope. Lotse does it from the order book, and the person stays in charge.\n\nMay I show you with made-up data? It takes a quarter of an hour.\n\nBest,\n{sender}",
                ],
            },
            Step {
                delay_days: 4,
                variants: &[
                    "Hi {first},\n\njust bumping this & adding one thought: the “naïve” plan is rarely bad because people are careless – it is bad because it is made on Monday with Friday's numbers.\n\nHere is how a haulier with 40 trucks went about it: https://www.example.com/stories/haulier\n\nCurious what you think.\n\n{sender}",
                ],
            },
            Step {
                delay_days: 6,
                variants: &[
                    "Hi {first},\n\none last idea before I leave you in peace: send me last week's orders as they are (names removed, of course) and I send back the plan Lotse would have made. You compare. No call needed.\n\nFair?\n\n{sender}",
                ],
            },
            Step {
                delay_days: 5,
                variants: &[
                    "Hi {first},\n\nI take it the timing is off, which is fine. I'll close the file on my side; if the spring season gets busy you know where I am.\n\nAll the best to {company}\n{sender}",
                ],
            },
        ],
    },
    Sequence {
        name: "O'Brien & Søn – \"re-touch\"",
        language: "de",
        timezone: "Arctic/Longyearbyen",
        opens: 7 * HOUR,
        lasts: 9 * HOUR,
        tracks_opens: false,
        subjects: ["{first}, kurze Frage", "Wochenplanung bei {company}"],
        steps: &[
            Step {
                delay_days: 3,
                variants: &[
                    "Hallo {first},\n\nwir hatten im Frühjahr kurz Kontakt, damals passte es zeitlich nicht. Inzwischen plant Lotse auch Teillieferungen, wonach Sie gefragt hatten.\n\nLohnt sich ein zweiter Blick, vielleicht nächste Woche für 15 Minuten?\n\nHerzliche Grüße\n{sender}",
                    "Guten Tag {first},\n\neine Frage aus Neugier: Wie viele Stunden gehen bei {company} montags in die Wochenplanung?\n\nBei Betrieben aus der Branche {industry} hören wir meist „zu viele“. Lotse nimmt davon gut die Hälfte ab.\n\nDarf ich es Ihnen zeigen?\n\nViele Grüße\n{sender}",
                ],
            },
            Step {
                delay_days: 5,
                variants: &[
                    "Hallo {first},\n\nnur ein kleiner Nachtrag: Unsere Kundinnen und Kunden starten fast immer mit einem einzigen Standort, ohne IT-Projekt. Nach zwei Wochen sieht man, ob es trägt.\n\nWäre das auch für {company} ein Weg?\n\nViele Grüße\n{sender}",
                ],
            },
            Step {
                delay_days: 6,
                variants: &[
                    "Hallo {first},\n\nich möchte nicht lästig werden: Wenn das Thema gerade nicht dran ist, genügt ein kurzes „nein“. Wenn doch, schlage ich Dienstag um 10 Uhr vor.\n\nBeste Grüße\n{sender}",
                ],
            },
            Step {
                delay_days: 5,
                variants: &[
                    "Hallo {first},\n\ndann lasse ich es für dieses Jahr gut sein. Falls im Frühjahr die Saison anzieht: Ein Satz von Ihnen genügt, und ich bin wieder da.\n\nAlles Gute für {company}\n{sender}",
                ],
            },
        ],
    },
    Sequence {
        name: "Finance teams, Central US",
        language: "en",
        timezone: "America/Chicago",
        // The end of their working day is past midnight in UTC, which is how days split in the analytics.
        opens: 17 * HOUR,
        lasts: 9 * HOUR,
        tracks_opens: true,
        subjects: ["Closing the month at {company}", "{first} – freight invoices"],
        steps: &[
            Step {
                delay_days: 2,
                variants: &[
                    "Hi {first},\n\nwhen {company} closes the month, how many freight invoices don't match the order?\n\nAcross the finance teams we work with it is one in eleven. Lotse matches them on arrival, so the close is about the exceptions only.\n\nOpen to seeing it on Thursday?\n\nThanks,\n{sender}",
                    "Hi {first},\n\nfreight invoices: the last stack of paper on an otherwise tidy desk.\n\nIf that rings true at {company}, I'd love to show you how others in {industry} got rid of it. Twelve minutes, promise.\n\nThanks,\n{sender}",
                ],
            },
            Step {
                delay_days: 4,
                variants: &[
                    "Hi {first},\n\nI put the arithmetic on one page – volume, mismatch rate, hours: https://www.example.org/freight-arithmetic\n\nPlug in your own numbers; if the result is under a day a month, forget about me.\n\n{sender}",
                    "{first}, a quick follow-up.\n\nA controller told me last week: “I didn't need software, I needed to stop finding out in week five.” That is the whole product.\n\nWorth a look?\n\n{sender}",
                ],
            },
            Step {
                delay_days: 5,
                variants: &[
                    "Hi {first},\n\nshould I be talking to someone else about freight invoices? A name is plenty, I'll be polite.\n\n{sender}",
                ],
            },
            Step {
                delay_days: 6,
                variants: &[
                    "{first}, I'll stop here.\n\nIf month-end ever becomes week-two, my number is in the signature. Until then: a calm close to {company}.\n\n{sender}",
                ],
            },
        ],
    },
];
