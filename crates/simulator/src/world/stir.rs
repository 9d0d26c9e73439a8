//! Something to watch: one happening after the other, each at the world's now, while somebody looks. A quiet
//! workspace has a few an hour; a newcomer wants to see them within a minute.

use super::World;

/// What happened, for who directs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happening {
    Opened,
    Clicked,
    Replied,
    AutoReplied,
    Bounced,
    Unsubscribed,
    Stranger,
    AcceptedOnLinkedIn,
    AnsweredOnLinkedIn,
}

/// How the show begins; after it chance decides.
const BEGINNING: [Happening; 9] = [
    Happening::Opened,
    Happening::AcceptedOnLinkedIn,
    Happening::Replied,
    Happening::Opened,
    Happening::Stranger,
    Happening::Clicked,
    Happening::AnsweredOnLinkedIn,
    Happening::Bounced,
    Happening::Unsubscribed,
];

impl World {
    /// Lets the next thing happen, the `number`th since somebody looks. None: nobody was left for it.
    pub fn stir(&mut self, number: usize) -> Option<Happening> {
        let happening = match BEGINNING.get(number) {
            Some(happening) => *happening,
            None => match self.prng.below(100) {
                0..45 => Happening::Opened,
                45..55 => Happening::Clicked,
                55..65 => Happening::AcceptedOnLinkedIn,
                65..80 => Happening::Replied,
                80..86 => Happening::AutoReplied,
                86..94 => Happening::AnsweredOnLinkedIn,
                94..97 => Happening::Bounced,
                97..99 => Happening::Unsubscribed,
                _ => Happening::Stranger,
            },
        };
        let happened = match happening {
            Happening::AcceptedOnLinkedIn => self.accept_on_linkedin().is_some(),
            Happening::AnsweredOnLinkedIn => self.answer_on_linkedin().is_some(),
            Happening::Stranger => self.add_reply_from_stranger().is_some(),
            _ => {
                let lead = self.somebody()?;
                let at = self.moment();
                match happening {
                    Happening::Clicked => {
                        self.add_open(&lead);
                        let step = self.enrolments.get(&lead).and_then(|enrolment| enrolment.step);
                        self.click(&lead, step.unwrap_or(0), at);
                    }
                    Happening::Replied => drop(self.add_reply(&lead)),
                    Happening::AutoReplied => drop(self.add_auto_reply(&lead)),
                    Happening::Bounced => self.bounce(&lead, at),
                    Happening::Unsubscribed => self.unsubscribe(&lead, at),
                    _ => self.add_open(&lead),
                }
                true
            }
        };
        happened.then_some(happening)
    }

    /// Somebody who was written to, has a name, and has neither answered nor left.
    fn somebody(&mut self) -> Option<String> {
        let open: Vec<String> = self
            .enrolments
            .iter()
            .filter(|(id, enrolment)| {
                enrolment.step.is_some()
                    && enrolment.person.first.is_some()
                    && self.leads.get(*id).is_some_and(|lead| {
                        lead["email_reply_count"] == 0
                            && lead["status"].as_i64().is_some_and(|status| status > 0)
                    })
            })
            .map(|(id, _)| id.clone())
            .collect();
        (!open.is_empty()).then(|| self.prng.pick(&open).clone())
    }
}
