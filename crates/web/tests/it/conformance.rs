//! Every operation of the document, asked as every role with sound and unsound values: no 5xx, no answer that the document
//! does not tell of, nothing without a key. The long form is `checks/api`.

use engine::actor::{Role, Scope};
use serde_json::Value;

use crate::support::{Answer, Server};

/// What is put into every gap.
const ODD: [&str; 8] = [
    "0198f3c2-7d1e-7000-8000-000000000000",
    "-1",
    "9223372036854775808",
    "",
    "x%27--",
    "%F0%9F%98%80",
    "%00",
    "9999-12-31T23:59:59Z",
];

struct Operation {
    method: String,
    path: String,
    parameters: Vec<(String, String)>,
    has_body: bool,
    answers: Vec<String>,
}

fn operations(document: &Value) -> Vec<Operation> {
    let paths = document["paths"].as_object().unwrap();
    let all = paths
        .iter()
        .flat_map(|(path, methods)| methods.as_object().unwrap().iter().map(move |one| (path, one)));
    all.map(|(path, (method, operation))| Operation {
        method: method.to_uppercase(),
        path: path.clone(),
        parameters: operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|one| (one["in"].as_str().unwrap().to_owned(), one["name"].as_str().unwrap().to_owned()))
            .collect(),
        has_body: operation["requestBody"].is_object(),
        answers: operation["responses"].as_object().unwrap().keys().cloned().collect(),
    })
    .collect()
}

impl Operation {
    fn address(&self, value: &str) -> String {
        let mut path = self.path.clone();
        let mut query = Vec::new();
        for (place, name) in &self.parameters {
            match place.as_str() {
                "path" => {
                    path = path.replace(&format!("{{{name}}}"), if value.is_empty() { "x" } else { value })
                }
                "query" => query.push(format!("{name}={value}")),
                _ => {}
            }
        }
        if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
    }
}

#[tokio::test]
async fn every_operation_answers_as_the_document_says_whatever_is_asked() {
    let server = Server::guarded().await;
    let all: Vec<Scope> = engine::actor::SCOPES.iter().map(|(_, scope)| *scope).collect();
    let mut keys = Vec::new();
    for (email, role) in
        [("a@acme.example", Role::Admin), ("m@acme.example", Role::Member), ("r@acme.example", Role::Reader)]
    {
        let user = server.somebody(email, role).await;
        keys.push(server.key(Some(&user), &all).await);
    }
    let bearer = |key: &str| format!("Bearer {key}");
    let document = server.ask("GET", "/api/v1/openapi.json").header("authorization", bearer(&keys[0]));
    let document = Answer::of(document.send().await.unwrap()).await.json();
    let operations = operations(&document);
    assert!(operations.len() > 25);
    let mut asked = 0;
    for operation in &operations {
        let naked = server.ask(&operation.method, &operation.address(ODD[0]));
        assert_eq!(naked.send().await.unwrap().status(), 401, "{} {}", operation.method, operation.path);
        for key in &keys {
            for value in ODD {
                let mut request = server.ask(&operation.method, &operation.address(value));
                request = request.header("authorization", bearer(key));
                if operation.has_body {
                    let body = format!("{{\"label\": \"{}\", \"scopes\": 7}}", value.replace('%', ""));
                    request = request.header("content-type", "application/json").body(body);
                }
                let answer = Answer::of(request.send().await.unwrap()).await;
                asked += 1;
                let told = format!(
                    "{} {} with {value:?}: {} {}",
                    operation.method, operation.path, answer.status, answer.text
                );
                assert!(answer.status < 500, "{told}");
                assert!(operation.answers.contains(&answer.status.to_string()), "not told of: {told}");
                if answer.status >= 400 {
                    assert_eq!(answer.header("content-type"), "application/problem+json", "{told}");
                    assert!(answer.json()["title"].as_str().is_some_and(|title| !title.is_empty()), "{told}");
                }
            }
        }
        // Every role and value asked fast: the limit of a key is not what is tried here.
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert!(asked > 500, "{asked}");
}
