//! What LinkedIn tools call their events, in our words. Spelling, case and prefixes differ between tools and even
//! between receivers of one tool; a name that is not here is kept and reported.

/// Our word, and the names for it without case and punctuation.
const NAMES: &[(&str, &[&str])] = &[
    (
        "connection_sent",
        &[
            "connectionsent",
            "connectionrequestsent",
            "invitesent",
            "invitedone",
            "sendconnection",
            "invitationsent",
            "connectionrequested",
            "connectionrequest",
            "invited",
        ],
    ),
    (
        "connection_accepted",
        &[
            "connectionaccepted",
            "connectionrequestaccepted",
            "connected",
            "newcontact",
            "inviteaccepted",
            "acceptinvite",
            "newrelation",
            "invitationaccepted",
            "accepted",
            "newconnection",
        ],
    ),
    ("message_sent", &["messagesent", "sent", "sendmsg", "inmailsent", "messaged", "sendmessage"]),
    (
        "message_replied",
        &[
            "messagereplied",
            "messagereplyreceived",
            "everymessagereplyreceived",
            "replied",
            "firstreply",
            "contactreplied",
            "hasmsgreplied",
            "messagereceived",
            "inmailreplyreceived",
            "inmailreplied",
            "reply",
            "replyreceived",
        ],
    ),
    ("profile_viewed", &["profileviewed", "viewedprofile", "profilevisited", "visitdone", "profilevisit"]),
    ("post_liked", &["postliked", "likedpost"]),
    ("followed", &["followed", "followsent", "followdone"]),
    ("campaign_completed", &["campaigncompleted", "finished"]),
    ("tag_updated", &["tagupdated", "leadtagupdated", "contacttagged"]),
];

/// Phantoms by the words of their script, and the touch that each of their rows is.
const PHANTOMS: &[(&str, &str)] = &[
    ("autoconnect", "connection_sent"),
    ("connectionsender", "connection_sent"),
    ("networkbooster", "connection_sent"),
    ("messagesender", "message_sent"),
    ("connectionsexport", "connection_accepted"),
    ("profilevisitor", "profile_viewed"),
    ("autoliker", "post_liked"),
    ("autofollow", "followed"),
];

/// Our word for an event's name; `other` where nobody has explained it to us.
pub(super) fn canonical(name: &str) -> &'static str {
    // linked_in_messenger.campaign_replied, linkedinReplied, MESSAGE_REPLY_RECEIVED
    let name = squeezed(name.rsplit('.').next().unwrap_or(name));
    let bare = name.strip_prefix("linkedin").unwrap_or(&name);
    let bare = bare.strip_prefix("campaign").unwrap_or(bare);
    let of = |spelling: &str| {
        NAMES
            .iter()
            .find(|(_, names)| names.iter().any(|n| n.eq_ignore_ascii_case(spelling)))
            .map(|(word, _)| *word)
    };
    of(&name).or_else(|| of(bare)).unwrap_or("other")
}

/// The touch a phantom does, by its script or name.
pub(super) fn of_phantom(script: &str) -> Option<&'static str> {
    let script = squeezed(script);
    PHANTOMS.iter().find(|(word, _)| script.contains(word)).map(|(_, event)| *event)
}

/// Letters and digits alone, in lower case.
fn squeezed(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_tool_is_one_event() {
        for (names, event) in [
            (
                "CONNECTION_REQUEST_SENT linked_in_messenger.campaign_invite_sent linkedinInviteDone send_connection",
                "connection_sent",
            ),
            (
                "connection_request_accepted linked_in_messenger.campaign_connected linkedinInviteAccepted new_relation",
                "connection_accepted",
            ),
            (
                "MESSAGE_SENT linked_in_messenger.campaign_message_sent linkedinSent send_msg INMAIL_SENT",
                "message_sent",
            ),
            (
                "EVERY_MESSAGE_REPLY_RECEIVED linked_in_messenger.contact_replied linkedinReplied has_msg_replied inmail_replied",
                "message_replied",
            ),
            (
                "VIEWED_PROFILE linked_in_messenger.campaign_profile_visited linkedinVisitDone",
                "profile_viewed",
            ),
            ("LIKED_POST campaign_post_liked", "post_liked"),
            ("FOLLOW_SENT linkedinFollowDone", "followed"),
            ("LEAD_TAG_UPDATED linked_in_messenger.campaign_contact_tagged", "tag_updated"),
            ("CAMPAIGN_COMPLETED campaign_finished", "campaign_completed"),
            ("linkedinInviteFailed nothing_scheduled", "other"),
        ] {
            for name in names.split(' ') {
                assert_eq!(canonical(name), event, "{name}");
            }
        }
        assert_eq!(of_phantom("LinkedIn Auto Connect.js"), Some("connection_sent"));
    }
}
