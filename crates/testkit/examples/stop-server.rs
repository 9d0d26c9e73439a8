//! Stops the server that test processes share, unless one of them is still at work.

#[tokio::main]
async fn main() {
    let stopped = testkit::stop_shared_server().await;
    println!("{}", if stopped { "the test server is stopped" } else { "the test server is still in use" });
}
