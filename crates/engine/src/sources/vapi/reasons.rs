//! What `endedReason` amounts to. The vendor knows about 600 and adds more every few weeks, so they are told by their
//! beginnings; one that fits nothing is kept as text and reported. Source: the fact sheet, 4.

/// Whole reasons, by bucket.
const EXACT: &[(&str, &[&str])] = &[
    (
        "answered",
        &[
            "customer-ended-call",
            "assistant-ended-call",
            "assistant-ended-call-after-message-spoken",
            "assistant-ended-call-with-hangup-task",
            "assistant-said-end-call-phrase",
            "exceeded-max-duration",
            "call.in-progress.twilio-completed-call",
            "call.in-progress.sip-completed-call",
            "vonage-completed",
            "vonage-disconnected",
        ],
    ),
    (
        "transferred",
        &[
            "assistant-forwarded-call",
            "customer-ended-call-before-warm-transfer",
            "customer-ended-call-after-warm-transfer-attempt",
            "customer-ended-call-during-transfer",
            "call.in-progress.error-transfer-failed",
        ],
    ),
    ("voicemail", &["voicemail"]),
    (
        "no_answer",
        &[
            "customer-did-not-answer",
            "call.in-progress.error-providerfault-outbound-sip-408-request-timeout",
            "call.in-progress.error-providerfault-outbound-sip-480-temporarily-unavailable",
        ],
    ),
    ("busy", &["customer-busy"]),
    ("bad_number", &["twilio-reported-customer-misdialed"]),
    ("canceled", &["manually-canceled", "scheduled-call-deleted", "call-deleted"]),
    (
        "not_placed",
        &[
            "call.start.assistant-version-error-validation",
            "call-start-error-neither-assistant-nor-server-set",
            "assistant-not-found",
            "assistant-not-valid",
        ],
    ),
    (
        "unclear",
        &[
            "silence-timed-out",
            "assistant-join-timed-out",
            "customer-did-not-give-microphone-permission",
            "call.in-progress.error-assistant-did-not-receive-customer-audio",
        ],
    ),
    (
        "transport",
        &[
            "twilio-failed-to-connect-call",
            "vonage-failed-to-connect-call",
            "vonage-rejected",
            "phone-call-provider-closed-websocket",
            "phone-call-provider-bypass-enabled-but-no-call-received",
            "call.ringing.sip-inbound-caller-hungup-before-call-connect",
            "worker-shutdown",
        ],
    ),
];

/// Beginnings, the longer before the shorter.
const BEGINNINGS: &[(&str, &str)] = &[
    ("call.start.error-", "not_placed"),
    ("assistant-request-", "not_placed"),
    ("call.forwarding.", "transferred"),
    ("call.in-progress.error-warm-transfer-", "transferred"),
    ("call.ringing.hook-executed-", "hook"),
    ("call.ending.hook-executed-", "hook"),
    ("call.in-progress.error-providerfault-outbound-sip-", "transport"),
    ("call.in-progress.error-sip-", "transport"),
    ("call.ringing.error-sip-", "transport"),
    ("call.in-progress.error-providerfault-", "pipeline"),
    ("call.in-progress.error-vapifault-", "pipeline"),
    ("call.in-progress.error-pipeline-", "pipeline"),
    ("pipeline-", "pipeline"),
];

/// Words within a fault that say it was the line, not the conversation.
const OF_THE_LINE: &[&str] =
    &["transport", "worker-died", "worker-not-available", "pipeline-failed-to-start"];

/// The bucket of a reason; `unknown` where nobody has explained it to us.
pub(super) fn bucket(reason: &str) -> &'static str {
    let reason = reason.trim().to_ascii_lowercase();
    if let Some((bucket, _)) = EXACT.iter().find(|(_, reasons)| reasons.contains(&reason.as_str())) {
        return bucket;
    }
    match BEGINNINGS.iter().find(|(beginning, _)| reason.starts_with(beginning)) {
        Some((_, "pipeline")) if OF_THE_LINE.iter().any(|word| reason.contains(word)) => "transport",
        Some((_, bucket)) => bucket,
        None => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_of_the_vendors_list_has_its_bucket() {
        let listed: serde_json::Value =
            serde_json::from_str(include_str!("../../../tests/it/fixtures/vapi_ended_reasons.json")).unwrap();
        let expected = |group: &str| match group {
            "answered" => "answered",
            "answered_transfer" => "transferred",
            "ambiguous_check_transcript" => "unclear",
            "failed_before_dial" => "not_placed",
            "cancelled" => "canceled",
            "hook" => "hook",
            "failed_pipeline_llm_voice_transcriber" => "pipeline",
            "failed_transport_or_platform" => "transport",
            "no_answer" => "no_answer",
            "busy" => "busy",
            "invalid_number" => "bad_number",
            "voicemail" => "voicemail",
            other => panic!("{other}"),
        };
        let mut count = 0;
        for (group, reasons) in listed["groups"].as_object().unwrap() {
            for reason in reasons.as_array().unwrap() {
                let reason = reason.as_str().unwrap();
                count += 1;
                let allowed = [expected(group), if group.starts_with("failed_") { "transport" } else { "" }];
                assert!(allowed.contains(&bucket(reason)), "{reason}: {} for {group}", bucket(reason));
            }
        }
        assert_eq!(count, 595);
        for unheard_of in ["call.in-progress.error-some-reason-added-next-month", "", "hangup", "completed"] {
            assert_eq!(bucket(unheard_of), "unknown", "{unheard_of}");
        }
    }
}
