//! Addresses of our own pages, put together from a path and what is asked. Leaves what may be asked to the pages.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What may stand in a query as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A path and what is asked, in the order it was added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    path: String,
    asked: Vec<(&'static str, String)>,
}

impl Address {
    pub(crate) fn of(path: impl Into<String>) -> Self {
        Self { path: path.into(), asked: Vec::new() }
    }

    /// With something asked; an empty value is left out, a name again replaces it.
    pub(crate) fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.asked.retain(|(known, _)| *known != name);
        let value = value.to_string();
        if !value.is_empty() {
            self.asked.push((name, value));
        }
        self
    }

    /// The same question at another page.
    pub(crate) fn at(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// As it stands in a link.
    pub(crate) fn text(&self) -> String {
        let asked: Vec<String> = self
            .asked
            .iter()
            .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, PLAIN)))
            .collect();
        if asked.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, asked.join("&")) }
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text())
    }
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn an_address_carries_what_is_asked_and_nothing_else() {
        let address = Address::of("/analytics").with("by", "offer").with("q", "a b&c=1").with("none", "");
        assert_eq!(address.text(), "/analytics?by=offer&q=a%20b%26c%3D1");
        assert_eq!(address.with("by", "week").at("/x").text(), "/x?q=a%20b%26c%3D1&by=week");
        assert_eq!(Address::of("/sync").text(), "/sync");
    }
}
