//! Finds htmx where npm put it, so that it can be embedded: nothing third-party is committed or fetched by a page.

use std::path::Path;

const HTMX: &str = "node_modules/htmx.org/dist/htmx.min.js";

fn main() {
    // As node looks: in this folder, then in each above it.
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Some(htmx) = here.ancestors().map(|folder| folder.join(HTMX)).find(|file| file.is_file()) else {
        eprintln!("error: the pages embed htmx, and `{HTMX}` is not there");
        eprintln!(
            "hint: run `npm ci` in the folder that holds package-lock.json (bin/up, bin/dev and bin/test do it)"
        );
        std::process::exit(1);
    };
    println!("cargo::rustc-env=HTMX={}", htmx.display());
    println!("cargo::rerun-if-changed={}", htmx.display());
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=templates");
}
