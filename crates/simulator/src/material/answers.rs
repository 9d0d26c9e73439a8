//! What comes back: replies by mood and language, automatic ones, bounces, and what we answer by hand.

/// Replies of one mood: English first, German second.
pub(crate) type Texts = [&'static [&'static str]; 2];

pub(crate) static INTERESTED: Texts = [
    &[
        "Hi {sender},\n\ngood timing, we were just talking about this. Can you send something I can forward to our warehouse lead? A page is enough.\n\n{first}",
        "Sounds interesting. What does it cost for one site with about {employees} people?\n\nThanks\n{first}",
        "Yes, I'd like to see it – the idea with last week's orders is a good one. 👍\n\n{first}",
    ],
    &[
        "Hallo {sender},\n\ndas klingt gut, gerne mehr dazu. Können Sie mir vorab ein paar Unterlagen schicken?\n\nViele Grüße\n{first}",
        "Grundsätzlich interessant für uns. Wie aufwendig ist die Einführung?\n\nGruß\n{first}",
    ],
];

pub(crate) static MEETING: Texts = [
    &[
        "Hi {sender},\n\nWednesday 10:00 works for me, please send an invite. I'll bring our dispatcher.\n\n{first}",
        "Sure, let's talk. Thursday afternoon, any time after 2?\n\nBest\n{first}",
    ],
    &[
        "Hallo {sender},\n\nDienstag 10 Uhr passt. Bitte eine Einladung mit Link, dann nehme ich Frau Köhler dazu.\n\nBeste Grüße\n{first}",
        "Gerne, Mittwoch zwischen 14 und 16 Uhr. Melden Sie sich einfach.\n\n{first}",
    ],
];

pub(crate) static NOT_INTERESTED: Texts = [
    &[
        "Thanks, but we have just signed with someone else for two years. Please take me off the list.\n\n{first}",
        "Not for us, thank you.\n\n{first}",
        "Hi, no need at the moment. Good luck with it!",
    ],
    &[
        "Vielen Dank, aber wir haben dafür keinen Bedarf.\n\nMit freundlichen Grüßen\n{first} {last}",
        "Bitte keine weiteren E-Mails. Danke.",
    ],
];

pub(crate) static QUESTION: Texts = [
    &[
        "Does it work with the ERP we have? It is rather old (AS/400, don't laugh).\n\n{first}",
        "Where is the data kept, and who can see it?\n\nRegards\n{first}",
    ],
    &["Läuft das auch ohne Cloud? Unsere Fahrer haben oft kein Netz.\n\n{first}"],
];

pub(crate) static REFERRAL: Texts = [
    &[
        "Hi, I moved to sales in summer. The right person is our head of dispatch: dispatch@{domain}.\n\n{first}",
        "Not my table any more – please write to planning@{domain}, they decide.\n\n{first}",
    ],
    &["Da bin ich der Falsche, bitte an disposition@{domain} wenden.\n\nGruß\n{first}"],
];

pub(crate) static OTHER_MAILBOX: Texts = [
    &[
        "Hi {sender},\n\nwriting from my other mailbox – looping in our COO. Wednesday 10:00?\n\n{first}",
        "(from my phone) yes, send me the page please. {first}",
    ],
    &[
        "Hallo {sender},\n\nich schreibe von meiner privaten Adresse, im Büro ist heute das Netz weg. Bitte Unterlagen hierher.\n\n{first}",
    ],
];

pub(crate) static PRICING: Texts = [
    &["Please send pricing for 3 sites, we budget in spring.\n\n{first}"],
    &["Bitte einmal die Preise für drei Standorte schicken, wir planen das Budget im Frühjahr.\n\n{first}"],
];

pub(crate) static CONFIRMED: Texts = [
    &["Got the invite, see you then. Thanks!\n\n{first}", "Perfect, thank you {sender}.\n\n{first}"],
    &["Einladung ist da, bis dann!\n\n{first}"],
];

/// What we answer by hand.
pub(crate) static OURS: Texts = [
    &[
        "Hi {first},\n\nthank you – here is the page, and Wednesday 10:00 works. 日程ありがとうございます 🙏\n\nThe invite is on its way.\n\n{sender}",
        "Hi {first},\n\ngood question: yes, and the details are on one page. I have attached it.\n\nBest\n{sender}",
    ],
    &[
        "Hallo {first},\n\nvielen Dank! Die Unterlagen hängen an, und der Termin passt. Die Einladung ist unterwegs.\n\nHerzliche Grüße\n{sender}",
    ],
];

/// Automatic answers: subject and text.
pub(crate) const AUTOMATIC: &[(&str, &str)] = &[
    (
        "Automatische Antwort: {subject}",
        "Vielen Dank für Ihre Nachricht. Ich bin bis zum 07.12. nicht im Büro.\nIn dringenden Fällen: zentrale@{domain}",
    ),
    (
        "Automatic reply: {subject}",
        "Thank you for your e-mail. I am out of the office until Monday with limited access to my inbox.\nFor anything urgent, please call reception.",
    ),
    (
        "Réponse automatique : {subject}",
        "Bonjour,\n\nje suis absente jusqu'au 4 décembre inclus. Je vous répondrai à mon retour.\n\nCordialement\n{first}",
    ),
    (
        "Respuesta automática: {subject}",
        "Hola:\n\nestoy de vacaciones y volveré el lunes. Para asuntos urgentes escriba a info@{domain}.\n\nUn saludo",
    ),
    (
        "Autosvar: {subject}",
        "Hej! Jag är på semester och läser inte min e-post. Jag är tillbaka på måndag.\n\nVänliga hälsningar\n{first}",
    ),
    (
        "Out of Office",
        "I have left {company}. Your message was not forwarded. Please contact hello@{domain}.",
    ),
    (
        "自動返信: {subject}",
        "お問い合わせありがとうございます。ただいま休暇中のため、ご返信は来週となります。",
    ),
    (
        "Ticket #48213 received: {subject}",
        "Thanks for contacting us! We have received your request and will get back to you within two working days.",
    ),
];

/// Bounce notices; the failed address and its host are filled in.
pub(crate) const BOUNCES: &[&str] = &[
    "This is the mail system at host mx.{domain}.\n\nI'm sorry to have to inform you that your message could not be delivered to one or more recipients.\n\n<{email}>: host mx.{domain} said: 550 5.1.1 User unknown",
    "Delivery has failed to these recipients:\n\n{email}\n\nThe recipient's mailbox is full and can't accept messages now.\nRemote server returned '552 5.2.2 mailbox full'",
];

/// People who write although nobody wrote to them: address, name, subject, text.
pub(crate) const STRANGERS: &[(&str, &str, &str, &str)] = &[
    (
        "press@trade-journal.example.org",
        "Trade Journal",
        "Your comment on spring freight rates",
        "Hello,\n\nwe are writing about freight planning and would like to quote you. Two lines by Friday would be wonderful.\n\nKind regards\nThe editors",
    ),
    (
        "k.hartmann@freemail.example.net",
        "K. Hartmann",
        "Fwd: quick question",
        "Hi,\n\na colleague forwarded me your mail. Is this something for small workshops too? We are five people.\n\nK. Hartmann",
    ),
    (
        "billing@hosting.example.net",
        "Hosting",
        "Your invoice for November",
        "Please find your invoice attached. No action is needed.",
    ),
];
