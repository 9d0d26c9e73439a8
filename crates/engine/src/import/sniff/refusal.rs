//! Why a file is not imported, and what to do about it.

/// A file that is not imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    Empty,
    Xlsx,
    Zip,
    Html,
    Json,
    Binary,
    TooManyColumns,
    NoHeader,
    NoContactColumn,
}

impl Refusal {
    /// The refusal of a code.
    pub fn named(code: &str) -> Option<Self> {
        let all = [
            Self::Empty,
            Self::Xlsx,
            Self::Zip,
            Self::Html,
            Self::Json,
            Self::Binary,
            Self::TooManyColumns,
            Self::NoHeader,
            Self::NoContactColumn,
        ];
        all.into_iter().find(|refusal| refusal.code() == code)
    }

    /// The code, as reports and tables spell it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty_file",
            Self::Xlsx => "not_csv_xlsx",
            Self::Zip => "not_csv_zip",
            Self::Html => "not_csv_html",
            Self::Json => "not_csv_json",
            Self::Binary => "not_csv_binary",
            Self::TooManyColumns => "too_many_columns",
            Self::NoHeader => "no_header_row",
            Self::NoContactColumn => "no_contact_column",
        }
    }

    /// What is the matter.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Empty => "the file is empty",
            Self::Xlsx => "this is an Excel workbook, not a CSV file",
            Self::Zip => "this is a zip archive, not a CSV file",
            Self::Html => "this is a web page, not a CSV file",
            Self::Json => "this is JSON, not a CSV file",
            Self::Binary => "this is no text, and so no CSV file",
            Self::TooManyColumns => "the file has more than 1,024 columns",
            Self::NoHeader => "the file has no header row: its first row is a person already",
            Self::NoContactColumn => {
                "no column holds an e-mail address, a LinkedIn profile or a phone number"
            }
        }
    }

    /// What to do next.
    pub const fn hint(self) -> &'static str {
        match self {
            Self::Empty => "export the list again",
            Self::Xlsx => "open it and save it as `CSV UTF-8`",
            Self::Zip => "unpack it and import the CSV file inside",
            Self::Html => "the download met a sign-in or error page: sign in and export the list again",
            Self::Json => "export the list as CSV",
            Self::Binary => "export the list as CSV (UTF-8)",
            Self::TooManyColumns => "is the delimiter or the line end broken? export fewer columns",
            Self::NoHeader => {
                "put a line with the names of the columns first, e.g. First Name,Last Name,Email"
            }
            Self::NoContactColumn => {
                "export it with e-mail addresses, or say which column holds them: --map 'Header=email'"
            }
        }
    }
}
