//! The private local server: made, shared, stopped by the last, and back after a kill.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use engine::db::local::{LocalServer, ServerSearch};
use engine::db::{Database, Settings};
use sqlx::{Connection, PgConnection};

fn usual_places() -> ServerSearch {
    ServerSearch::new(None, std::env::var_os("PATH").as_deref())
}

async fn open(root: &Path) -> LocalServer {
    LocalServer::open(root, &usual_places()).await.unwrap()
}

async fn connect(server: &LocalServer) -> PgConnection {
    PgConnection::connect_with(&server.connect_options("touchline")).await.unwrap()
}

async fn answers(server: &LocalServer) -> bool {
    PgConnection::connect_with(&server.connect_options("touchline")).await.is_ok()
}

async fn refusal(root: &Path, search: &ServerSearch) -> String {
    let error = LocalServer::open(root, search).await.expect_err("it was opened");
    format!("{error}\nhint: {}", error.hint().unwrap())
}

#[tokio::test]
async fn the_first_makes_it_the_second_joins_and_the_last_one_out_stops_it() {
    let folder = testkit::folder();
    let root = folder.path().join("deep/pg");
    let first = open(&root).await;
    let second = open(&root).await;
    let options = second.connect_options("touchline");
    assert_eq!(first.server_pid(), second.server_pid());

    assert!(!first.close().await.unwrap(), "the second still uses it");
    assert!(answers(&second).await);
    assert!(second.close().await.unwrap(), "nobody else uses it");
    assert!(PgConnection::connect_with(&options).await.is_err());
}

#[tokio::test]
async fn what_was_stored_is_there_after_a_stop_and_a_start() {
    let folder = testkit::folder();
    let settings = Settings::new(folder.path());
    let database = Database::open(settings.clone()).await.unwrap();
    sqlx::raw_sql("create table kept (); insert into kept default values")
        .execute(database.pool())
        .await
        .unwrap();
    assert!(database.describe().contains("private local server"));
    assert!(database.close().await.unwrap());

    let database = Database::open(settings).await.unwrap();
    let psql = database.psql_command(["-XAtc", "select count(*) from kept"]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&psql.stdout).trim(), "1", "{psql:?}");
    assert!(database.close().await.unwrap());
}

#[tokio::test]
async fn nobody_else_may_enter_and_nothing_listens_on_the_network() {
    use std::os::unix::fs::PermissionsExt;
    let server = testkit::private_server().await;
    for folder in [server.local().root(), server.local().socket_dir()] {
        assert_eq!(fs::metadata(folder).unwrap().permissions().mode() & 0o777, 0o700);
    }
    let mut connection = connect(server.local()).await;
    let addresses: String =
        sqlx::query_scalar("show listen_addresses").fetch_one(&mut connection).await.unwrap();
    assert_eq!(addresses, "");
}

#[tokio::test]
async fn a_server_killed_with_all_its_processes_comes_back_with_every_committed_row() {
    let server = testkit::private_server().await;
    let database = Database::open(Settings::new(server.home())).await.unwrap();
    sqlx::raw_sql("create table kept (n bigint)").execute(database.pool()).await.unwrap();
    let mut connection = connect(server.local()).await;
    let writer = tokio::spawn(async move {
        let mut committed = 0_i64;
        while sqlx::query("insert into kept values ($1)")
            .bind(committed)
            .execute(&mut connection)
            .await
            .is_ok()
        {
            committed += 1;
        }
        committed
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    server.kill_all();
    let committed = writer.await.unwrap();
    assert!(committed > 0);

    database.ensure_running().await.unwrap();
    let kept: i64 = sqlx::query_scalar("select count(*) from kept").fetch_one(database.pool()).await.unwrap();
    assert!(kept >= committed, "{kept} rows of {committed} commits");
    database.ensure_running().await.unwrap();
    assert!(!database.close().await.unwrap());
}

#[tokio::test]
async fn a_server_that_lost_its_first_process_alone_comes_back() {
    let server = testkit::private_server().await;
    let mut connection = connect(server.local()).await;
    let busy =
        tokio::spawn(
            async move { sqlx::query("select pg_sleep(60)").execute(&mut connection).await.is_ok() },
        );
    let first = server.local().server_pid().unwrap();
    assert!(Command::new("kill").args(["-KILL", &first.to_string()]).status().unwrap().success());
    server.start().await;
    assert!(answers(server.local()).await);
    assert!(!busy.await.unwrap());
}

#[tokio::test]
async fn a_pid_file_that_names_a_stranger_does_not_stand_in_the_way() {
    let folder = testkit::folder();
    let root = folder.path().join("pg");
    assert!(open(&root).await.close().await.unwrap());
    let stranger = std::process::id();
    fs::write(root.join("data/postmaster.pid"), format!("{stranger}\n{}\n", root.join("data").display()))
        .unwrap();
    fs::write(root.join("s/.s.PGSQL.5432.lock"), format!("{stranger}\n")).unwrap();
    assert!(open(&root).await.close().await.unwrap());
}

#[tokio::test]
async fn a_cluster_that_was_half_made_is_made_anew() {
    let folder = testkit::folder();
    let root = folder.path().join("pg");
    fs::create_dir_all(root.join("data.new/base")).unwrap();
    fs::write(root.join("data.new/PG_VERSION"), "15\n").unwrap();
    assert!(open(&root).await.close().await.unwrap());
}

#[tokio::test]
async fn a_path_too_long_for_a_socket_gets_its_socket_elsewhere() {
    let folder = testkit::folder();
    let root = folder.path().join("a-long-name".repeat(10));
    let server = open(&root).await;
    let socket_dir = server.socket_dir().to_owned();
    assert!(socket_dir.starts_with("/tmp") && !socket_dir.starts_with(&root));
    assert!(answers(&server).await);
    assert!(server.close().await.unwrap());
    fs::remove_dir_all(socket_dir).unwrap();
}

#[tokio::test]
async fn a_link_in_the_place_of_the_folder_is_refused() {
    let folder = testkit::folder();
    fs::create_dir(folder.path().join("elsewhere")).unwrap();
    symlink(folder.path().join("elsewhere"), folder.path().join("pg")).unwrap();
    let words = refusal(&folder.path().join("pg"), &usual_places()).await;
    assert!(words.contains("a file or a link"), "{words}");
}

#[tokio::test]
async fn a_machine_without_server_programs_is_told_how_to_get_them() {
    let folder = testkit::folder();
    let words = refusal(&folder.path().join("pg"), &ServerSearch::default()).await;
    assert!(words.starts_with("no PostgreSQL server program found"), "{words}");
    for remedy in ["DATABASE_URL", "apt install postgresql", "dnf install", "brew install"] {
        assert!(words.contains(remedy), "{words}");
    }
    let named = ServerSearch::new(Some("/nonexistent".into()), None);
    let words = refusal(&folder.path().join("pg"), &named).await;
    assert!(words.starts_with("no PostgreSQL server program found in /nonexistent"), "{words}");
}

#[tokio::test]
async fn data_of_another_major_version_is_named_and_left_alone() {
    let folder = testkit::folder();
    let data = folder.path().join("pg/data");
    fs::create_dir_all(&data).unwrap();
    fs::write(data.join("PG_VERSION"), "12\n").unwrap();
    let words = refusal(&folder.path().join("pg"), &usual_places()).await;
    assert!(
        words.contains("made by PostgreSQL 12, and no PostgreSQL 12 server is on this machine"),
        "{words}"
    );
    assert_eq!(fs::read_dir(data).unwrap().count(), 1);
}

#[tokio::test]
async fn six_processes_at_once_on_a_fresh_folder_share_one_server_and_stop_it_once() {
    let folder = testkit::folder();
    let root = folder.path().join("pg");
    let mut users: Vec<User> = (0..6).map(|_| User::start(&root)).collect();
    let servers: Vec<String> = users.iter_mut().map(User::next_word).collect();
    assert!(servers.iter().all(|server| *server == servers[0]), "{servers:?}");
    let stops: Vec<String> = users.into_iter().map(User::leave).collect();
    assert_eq!(stops.iter().filter(|stopped| *stopped == "true").count(), 1, "{stops:?}");
}

#[tokio::test]
async fn a_user_that_is_killed_leaves_the_server_to_the_next() {
    let folder = testkit::folder();
    let root = folder.path().join("pg");
    let mut killed = User::start(&root);
    let server = killed.next_word();
    killed.process.kill().unwrap();
    killed.process.wait().unwrap();

    let next = open(&root).await;
    assert_eq!(next.server_pid().map(|pid| pid.to_string()), Some(server));
    assert!(next.close().await.unwrap(), "the dead do not count");
}

#[tokio::test]
async fn a_strict_umask_does_not_lock_the_server_out() {
    let folder = testkit::folder();
    let mut user = User::start_with("077", &folder.path().join("deep/pg"));
    user.next_word();
    assert_eq!(user.leave(), "true");
}

/// Another process that uses a server: this test binary, run for the one test below.
struct User {
    process: Child,
    words: BufReader<std::process::ChildStdout>,
}

impl User {
    fn start(root: &Path) -> Self {
        Self::start_with("022", root)
    }

    fn start_with(umask: &str, root: &Path) -> Self {
        let mut command = Command::new("sh");
        command.args(["-c", "umask $0; exec \"$@\"", umask]).arg(std::env::current_exe().unwrap());
        command.args(["--ignored", "--exact", "--nocapture", "local_server::another_process_uses_a_server"]);
        command.env("TOUCHLINE_TEST_ROOT", root).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let words = BufReader::new(process.stdout.take().unwrap());
        Self { process, words }
    }

    /// What it says next: first the server's process id, at the end whether it stopped the server.
    fn next_word(&mut self) -> String {
        let mut line = String::new();
        while self.words.read_line(&mut line).unwrap() > 0 {
            if let Some((_, word)) = line.trim().split_once("says: ") {
                return word.to_owned();
            }
            line.clear();
        }
        panic!("the other process said nothing");
    }

    fn leave(mut self) -> String {
        drop(self.process.stdin.take());
        let word = self.next_word();
        self.process.wait().unwrap();
        word
    }
}

#[tokio::test]
#[ignore = "a part of other tests, which run it as a process of its own"]
async fn another_process_uses_a_server() {
    let Some(root) = std::env::var_os("TOUCHLINE_TEST_ROOT") else { return };
    let server = open(root.as_ref()).await;
    println!("says: {}", server.server_pid().unwrap());
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
    println!("says: {}", server.close().await.unwrap());
}
