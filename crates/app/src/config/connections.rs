//! The arguments of `serve`, `connections` and `deliveries`, and the key that seals secrets.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4};

use clap::{Args, Subcommand, ValueEnum};
use engine::connections::{Algorithm, Encoding, Hmac, Keys};

use super::Global;

#[derive(Args)]
pub(crate) struct Serve {
    /// Serve webhooks and /health, and nothing else
    #[arg(long, env = "TOUCHLINE_HOOKS_ONLY")]
    pub(crate) hooks_only: bool,
    /// Everybody signs in, on loopback too: for a server behind a proxy or a tunnel
    #[arg(long, env = "TOUCHLINE_SIGN_IN")]
    pub(crate) sign_in: bool,
    /// Let passwords travel unencrypted, in a network that encrypts by itself
    #[arg(long, env = "TOUCHLINE_PLAIN_HTTP")]
    pub(crate) plain_http: bool,
    /// Pull nothing by itself
    #[arg(long, env = "TOUCHLINE_NO_SYNC")]
    pub(crate) no_sync: bool,
    #[command(flatten)]
    pub(crate) place: Place,
}

#[derive(Args)]
pub(crate) struct Up {
    /// Fill and show, then end instead of serving
    #[arg(long)]
    pub(crate) once: bool,
    #[command(flatten)]
    pub(crate) serve: Serve,
}

#[derive(Subcommand)]
pub(crate) enum Connections {
    /// Let a vendor send webhooks: makes the address and secrets, and says what to paste where
    Add(Box<Add>),
    /// Who may send, and when each was last heard of
    List,
    /// New address and secrets; the ones before stay valid for a while
    Rotate {
        /// Its id (or the beginning), or its label
        connection: String,
        /// How long the ones before stay valid, hours
        #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u32).range(0..=24 * 365))]
        grace_hours: u32,
        #[command(flatten)]
        place: Place,
        /// File with a secret that exists at the vendor already (`-`: standard input); none: a fresh one
        #[arg(long, value_name = "FILE")]
        secret_file: Option<std::path::PathBuf>,
    },
    /// Send a delivery through the address and see that it is stored
    Test {
        /// Its id (or the beginning), or its label
        connection: String,
        #[command(flatten)]
        place: Place,
    },
    /// Let Instantly deliver again after it switched the webhook off
    Resume {
        /// Its id (or the beginning), or its label
        connection: String,
    },
    /// Refuse its deliveries from now on; what came stays
    Remove {
        /// Its id (or the beginning), or its label
        connection: String,
    },
}

/// Where a server listens unless it is told otherwise.
pub(crate) const USUAL: SocketAddr = SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::LOCALHOST, 7575));

/// Where a server listens, and where vendors reach it.
#[derive(Args, Clone)]
pub(crate) struct Place {
    /// Address the server listens on (127.0.0.1:7575); beyond loopback everybody signs in
    #[arg(long, env = "TOUCHLINE_LISTEN")]
    pub(crate) listen: Option<SocketAddr>,
    /// The address under which vendors and browsers reach this server, e.g. https://hooks.example.com
    #[arg(long, env = "TOUCHLINE_PUBLIC_URL")]
    pub(crate) public_url: Option<String>,
}

impl Place {
    /// What was said, if anything was.
    pub(crate) fn said(&self) -> Option<&str> {
        self.public_url.as_deref().map(str::trim).filter(|url| !url.is_empty())
    }

    /// What was said, else where a server listens on this machine.
    pub(crate) fn or_here(&self, address: SocketAddr) -> String {
        self.said().map_or_else(|| here(address), str::to_owned)
    }

    /// What was said, else where a server listens by these arguments.
    pub(crate) fn or_usual(&self) -> String {
        self.or_here(self.listen.unwrap_or(USUAL))
    }
}

/// How this machine reaches a server that listens there: one that listens everywhere answers on loopback, too.
fn here(mut address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        address.set_ip(if address.is_ipv4() {
            Ipv4Addr::LOCALHOST.into()
        } else {
            Ipv6Addr::LOCALHOST.into()
        });
    }
    format!("http://{address}")
}

#[derive(Args)]
pub(crate) struct Add {
    /// instantly, vapi or linkedin
    pub(crate) source: String,
    /// The LinkedIn tool: generic, heyreach, expandi, phantombuster, dripify
    #[arg(long)]
    pub(crate) provider: Option<String>,
    /// What to call it
    #[arg(long)]
    pub(crate) label: Option<String>,
    /// How deliveries prove themselves besides their address; by itself what the source does best
    #[arg(long, value_enum)]
    pub(crate) auth: Option<Way>,
    /// Another name for the header that carries the secret
    #[arg(long)]
    pub(crate) header: Option<String>,
    #[command(flatten)]
    pub(crate) hmac: HmacArguments,
    #[command(flatten)]
    pub(crate) place: Place,
    /// File with a secret that exists at the vendor already (`-`: standard input); none: a fresh one
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_file: Option<std::path::PathBuf>,
    /// Make the webhook at Instantly, too, with INSTANTLY_API_KEY
    #[arg(long)]
    pub(crate) create: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Way {
    Path,
    Secret,
    Bearer,
    Hmac,
}

impl Way {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Secret => "secret",
            Self::Bearer => "bearer",
            Self::Hmac => "hmac",
        }
    }
}

/// How signatures are put together, where they are not Vapi's defaults.
#[derive(Args)]
#[command(next_help_heading = "For --auth hmac")]
pub(crate) struct HmacArguments {
    /// sha256, sha512 or sha1
    #[arg(long, default_value = "sha256", value_parser = ["sha256", "sha512", "sha1"])]
    algorithm: String,
    #[arg(long, default_value = "x-signature")]
    signature_header: String,
    /// Empty: signatures carry no time
    #[arg(long, default_value = "x-timestamp")]
    timestamp_header: String,
    /// {timestamp}, {body}, {method}, {url} and {svix-id} are filled in
    #[arg(long, default_value = "{timestamp}.{body}")]
    payload_format: String,
    /// Stands before the signature, e.g. sha256=
    #[arg(long, default_value = "")]
    signature_prefix: String,
    /// hex or base64
    #[arg(long, default_value = "hex", value_parser = ["hex", "base64"])]
    signature_encoding: String,
    #[arg(long, default_value = "svix-id")]
    message_id_header: String,
    /// The key is written in Base64
    #[arg(long)]
    key_is_base64: bool,
}

impl HmacArguments {
    pub(crate) fn hmac(&self, base_url: &str) -> Hmac {
        let lower = |name: &str| name.trim().to_ascii_lowercase();
        Hmac {
            algorithm: match self.algorithm.as_str() {
                "sha1" => Algorithm::Sha1,
                "sha512" => Algorithm::Sha512,
                _ => Algorithm::Sha256,
            },
            signature_header: lower(&self.signature_header),
            timestamp_header: Some(lower(&self.timestamp_header)).filter(|name| !name.is_empty()),
            payload_format: self.payload_format.clone(),
            prefix: self.signature_prefix.clone(),
            encoding: if self.signature_encoding == "base64" { Encoding::Base64 } else { Encoding::Hex },
            message_id_header: lower(&self.message_id_header),
            key_is_base64: self.key_is_base64,
            base_url: base_url.to_owned(),
        }
    }
}

#[derive(Subcommand)]
pub(crate) enum Deliveries {
    /// Deliveries, newest first
    List {
        /// Only those: waiting, understood, set_aside
        #[arg(long, value_parser = ["waiting", "understood", "set_aside"])]
        state: Option<String>,
        /// At most so many
        #[arg(long, default_value_t = 20)]
        limit: i64,
    },
    /// One delivery as it came
    Show {
        /// Its id, or the end of it
        id: String,
    },
    /// Read again what was set aside, e.g. after an upgrade
    Retry {
        /// Only this one: its id, or the end of it
        id: Option<String>,
    },
}

impl Global {
    /// The key that seals secrets: a setting, else a file beside the private database.
    pub(crate) fn keys(&self) -> engine::Result<Keys> {
        Ok(Keys { given: std::env::var("TOUCHLINE_SECRET_KEY").ok(), file: self.home()?.join("secret.key") })
    }
}
