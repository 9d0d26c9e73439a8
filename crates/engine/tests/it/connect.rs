//! Opening a database by URL, and the words when that fails.

use engine::db::{Database, Settings};

async fn refusal(url: &str) -> String {
    match Database::open(Settings::new("/nonexistent").url(url)).await {
        Ok(_) => panic!("{url} was opened"),
        Err(error) => format!("{error}\nhint: {}", error.hint().expect("every refusal says what to do next")),
    }
}

#[tokio::test]
async fn a_database_by_url_is_opened_and_described_without_its_password() {
    let test = testkit::database().await;
    let url = format!("{}&password=secret", test.url());
    let database = Database::open(Settings::new("/nonexistent").url(url)).await.unwrap();
    let users: i64 =
        sqlx::query_scalar("select count(*) from users").fetch_one(database.pool()).await.unwrap();
    assert_eq!(users, 0);
    let words = database.describe();
    assert!(words.contains(test.name()) && !words.contains("secret"), "{words}");
    assert!(!database.close().await.unwrap());
}

#[tokio::test]
async fn the_search_path_is_the_databases_own_or_the_one_in_the_url() {
    let test = testkit::database().await;
    let own = format!("alter role current_user in database {} set search_path = own, public", test.name());
    sqlx::query(sqlx::AssertSqlSafe(own)).execute(test.pool()).await.unwrap();
    for (end, wanted) in [("", "own, public"), ("&options=-c%20search_path%3Dlab", "lab")] {
        let url = test.url() + end;
        let database = Database::open(Settings::new("/nonexistent").url(url)).await.unwrap();
        let found: String = sqlx::query_scalar("show search_path").fetch_one(database.pool()).await.unwrap();
        assert_eq!(found, wanted);
    }
}

#[tokio::test]
async fn psql_opens_the_database_by_url() {
    let test = testkit::database().await;
    let database = Database::open(Settings::new("/nonexistent").url(test.url())).await.unwrap();
    let output = database.psql_command(["-XAtc", "select current_database()"]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), test.name(), "{output:?}");
}

#[tokio::test]
async fn a_pooler_in_transaction_mode_is_refused() {
    let words = refusal("postgres://postgres.abc:secret@127.0.0.1:6543/postgres").await;
    assert!(words.contains("transaction mode") && words.contains("port 5432"), "{words}");
}

#[tokio::test]
async fn a_place_where_nothing_listens_is_named() {
    let words = refusal("postgres://ada:secret@127.0.0.1:1/leads").await;
    assert!(words.contains("nothing listens at 127.0.0.1:1") && !words.contains("secret"), "{words}");
    let words = refusal("postgres:///leads?host=/nonexistent&password=secret").await;
    assert!(
        words.contains("no PostgreSQL at the socket in /nonexistent") && !words.contains("secret"),
        "{words}"
    );
}

#[tokio::test]
async fn a_host_that_is_not_known_is_named() {
    let words = refusal("postgres://ada:secret@nowhere.invalid/leads").await;
    assert!(words.contains("nowhere.invalid:5432 is not known") && !words.contains("secret"), "{words}");
}

#[tokio::test]
async fn a_database_that_is_not_there_is_named() {
    let test = testkit::empty_database().await;
    let words = refusal(&test.url().replace(test.name(), "no_such_leads")).await;
    assert!(words.contains("no database `no_such_leads`"), "{words}");
}

#[tokio::test]
async fn a_user_who_is_not_let_in_is_named() {
    let server = testkit::private_server().await;
    let words =
        refusal(&server.url("touchline").replace("user=touchline", "user=mallory&password=secret")).await;
    assert!(words.contains("does not let `mallory` in") && !words.contains("secret"), "{words}");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_project_are_told_apart() {
    let url = server_that_refuses("28P01", "password authentication failed for user \"ada\"").await;
    let words = refusal(&url).await;
    assert!(words.contains("does not accept the password of `ada`") && !words.contains("secret"), "{words}");
    let url = server_that_refuses("XX000", "Tenant or user not found").await;
    let words = refusal(&url).await;
    assert!(
        words.contains("does not know the user `ada`") && words.contains("postgres.<project>"),
        "{words}"
    );
}

/// The address of a server that answers one connection with this error, as PostgreSQL writes it.
async fn server_that_refuses(code: &str, message: &str) -> String {
    let fields = format!("SFATAL\0VFATAL\0C{code}\0M{message}\0\0");
    let mut answer = vec![b'E'];
    answer.extend(u32::try_from(fields.len() + 4).unwrap().to_be_bytes());
    answer.extend(fields.as_bytes());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (client, _) = listener.accept().await.unwrap();
        client.readable().await.unwrap();
        client.try_read(&mut [0; 1024]).unwrap();
        client.try_write(&answer).unwrap();
    });
    format!("postgres://ada:secret@127.0.0.1:{port}/leads?sslmode=disable")
}
