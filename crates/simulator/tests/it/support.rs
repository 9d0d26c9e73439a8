//! A client as simple as can be, and walks to the end of a list.

use std::collections::BTreeMap;

use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use simulator::{Options, Simulator};

pub(crate) struct Api {
    pub(crate) sim: Simulator,
    pub(crate) client: Client,
}

pub(crate) async fn start(options: Options) -> Api {
    let client = Client::builder().build().unwrap();
    Api { sim: Simulator::start(options).await.unwrap(), client }
}

impl Api {
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.sim.url())).bearer_auth(self.sim.key())
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        let response = self.request(Method::GET, path).send().await.unwrap();
        let status = response.status().as_u16();
        (status, serde_json::from_slice(&response.bytes().await.unwrap()).unwrap())
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let request = self.request(Method::POST, path).header("content-type", "application/json");
        let response = request.body(body.to_string()).send().await.unwrap();
        let status = response.status().as_u16();
        (status, serde_json::from_slice(&response.bytes().await.unwrap()).unwrap())
    }

    pub(crate) async fn ok(&self, path: &str) -> Value {
        let (status, body) = self.get(path).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    /// Follows the cursor to an empty page or a missing cursor.
    pub(crate) async fn walk(&self, path: &str, extra: &[(&str, &str)], limit: usize) -> Vec<Value> {
        let mut items = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let page = if path.ends_with("/list") {
                let mut body = json!({"limit": limit});
                for (key, value) in extra {
                    body[*key] = json!(value);
                }
                if let Some(cursor) = &cursor {
                    body["starting_after"] = json!(cursor);
                }
                self.post(path, &body).await.1
            } else {
                let mut request = self.request(Method::GET, path).query(&[("limit", limit)]).query(extra);
                if let Some(cursor) = &cursor {
                    request = request.query(&[("starting_after", cursor)]);
                }
                let response = request.send().await.unwrap();
                assert_eq!(response.status(), 200);
                serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
            };
            let rows = page["items"].as_array().unwrap().clone();
            if rows.is_empty() {
                return items;
            }
            items.extend(rows);
            match page["next_starting_after"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => return items,
            }
        }
    }
}

pub(crate) fn by(key: &str, rows: &[Value]) -> BTreeMap<String, Value> {
    rows.iter().map(|row| (row[key].as_str().unwrap().to_owned(), row.clone())).collect()
}
