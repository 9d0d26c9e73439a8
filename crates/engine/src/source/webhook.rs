//! A webhook as a vendor holds it: where it leads, and whether it delivers. Leaves whose it is to `connections`.

/// A webhook of the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// The vendor's id.
    pub id: String,
    pub target_url: String,
    /// Switched off by the vendor after delivery failures; nothing is delivered until it is resumed.
    pub is_disabled: bool,
    /// When it was switched off, as the vendor writes it.
    pub failed_at: Option<String>,
}
