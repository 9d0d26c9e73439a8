//! No key and no password in anything that is printed, however much is logged.

use crate::support::{self, on, reaching, run, small_world, touchline, url};

const PASSWORD: &str = "fjord-violin-4711";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_output_holds_the_key_or_the_password_however_much_is_logged() {
    let (vendor, database) = (small_world().await, support::database().await);
    let key = vendor.key().to_owned();
    let address = format!("{}&password={PASSWORD}", url(&database));
    let closed = format!("postgres://me:{PASSWORD}@127.0.0.1:1/none");
    let unreadable = format!("postgres://me:{PASSWORD}@127.0.0.1:port/none");
    let cases: [(&[&str], &str, i32); 8] = [
        (&["sync"], &address, 0),
        (&["sync", "--json"], &address, 0),
        (&["status"], &address, 0),
        (&["status", "--json"], &address, 0),
        (&["psql", "-XAtc", "select 1"], &address, 0),
        (&["status"], &closed, 1),
        (&["sync"], &unreadable, 1),
        (&["--help"], &address, 0),
    ];
    for (level, cases) in [("debug", &cases[..]), ("trace", &cases[..1])] {
        for &(arguments, address, code) in cases {
            let mut command = touchline(arguments);
            command.env("DATABASE_URL", address).env("TOUCHLINE_LOG", level);
            let ran = run(reaching(&mut command, &vendor)).await.expect(code);
            for secret in [key.as_str(), PASSWORD] {
                let whole = format!("{}{}", ran.stdout, ran.stderr);
                let at = whole.find(secret).map(|at| whole[at.saturating_sub(200)..at].to_owned());
                assert_eq!(at, None, "{level} {arguments:?} prints a secret");
            }
            if arguments == ["sync"] && code == 0 {
                assert!(ran.stderr.contains("DEBUG"), "nothing was logged, so nothing was tried");
            }
        }
    }
    vendor.set_revoked(true);
    let mut refused = on(&database, &["sync"]);
    let ran = run(reaching(refused.env("TOUCHLINE_LOG", "debug"), &vendor)).await.expect(1);
    assert!(!ran.stderr.contains(&key) && !ran.stdout.contains(&key));
}
