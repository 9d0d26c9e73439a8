//! Codes the vendor has explained (fact sheet, 2). Others are kept as they are and reported, never guessed.

use crate::raw::Fields;

/// Field and its known values.
pub(super) type Codes = &'static [(&'static str, &'static [i32])];

pub(super) const CAMPAIGN: Codes = &[("status", &[0, 1, 2, 3, 4, -99, -1, -2])];
pub(super) const CAMPAIGN_ANALYTICS: Codes = &[("campaign_status", &[0, 1, 2, 3, 4, -99, -1, -2])];
pub(super) const ACCOUNT: Codes =
    &[("status", &[1, 2, 3, -1, -2, -3]), ("warmup_status", &[0, 1, -1, -2, -3])];
pub(super) const LEAD: Codes = &[("status", &[1, 2, 3, -1, -2, -3])];
pub(super) const EMAIL: Codes = &[("ue_type", &[1, 2, 3, 4])];
pub(super) const NONE: Codes = &[];

/// Codes of one payload that are not on the list, as `field=value`.
pub(super) fn unknown<'a>(fields: &'a Fields, codes: Codes) -> impl Iterator<Item = String> + 'a {
    codes.iter().filter_map(|(field, known)| {
        let value = fields.text(field)?;
        let explained = fields.integer(field).is_some_and(|code| known.contains(&code));
        (!explained).then(|| format!("{field}={}", value.chars().take(40).collect::<String>()))
    })
}
