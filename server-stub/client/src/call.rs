//! One call of the control API: a path, perhaps a body, and an answer that is data or a problem.

use std::error::Error as _;

use reqwest::{Client, Method, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tidegate_contract::Problem;

use crate::error::Error;

/// Where the control listener is, and what it asks for.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// Without a slash at the end.
    pub(crate) control: String,
    pub(crate) token: Option<String>,
    http: Client,
}

impl Line {
    pub(crate) fn to(control: &str) -> Line {
        let http = Client::builder()
            // A stub is near, whatever proxy the environment names.
            .no_proxy()
            // A kept connection belongs to the runtime that opened it, and each test has one of its own.
            .pool_max_idle_per_host(0)
            .build()
            .expect("a client without TLS has nothing that can fail");
        Line {
            control: control.trim_end_matches('/').to_owned(),
            token: None,
            http,
        }
    }

    /// Asks for data.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Error> {
        self.order(Method::GET, path, None::<&()>).await
    }

    /// Orders something that is answered with data.
    pub(crate) async fn order<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<&impl Serialize>,
    ) -> Result<T, Error> {
        let answer = self.send(method, path, body).await?;
        let status = answer.status().as_u16();
        let data = answer.json().await;
        data.map_err(|error| self.strange(path, status, &error))
    }

    /// Orders something that is done in silence.
    pub(crate) async fn tell(
        &self,
        method: Method,
        path: &str,
        body: Option<&impl Serialize>,
    ) -> Result<(), Error> {
        self.send(method, path, body).await.map(drop)
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&impl Serialize>,
    ) -> Result<Response, Error> {
        let mut request = self
            .http
            .request(method.clone(), format!("{}{path}", self.control));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await;
        let answer = answer.map_err(|error| Error::Unreachable {
            control: self.control.clone(),
            reason: whole(&error),
        })?;
        if answer.status().is_success() {
            return Ok(answer);
        }
        let status = answer.status().as_u16();
        match answer.json().await {
            Ok(problem) => Err(Error::Problem(Box::new(refusal(&method, path, problem)))),
            Err(error) => Err(self.strange(path, status, &error)),
        }
    }

    fn strange(&self, path: &str, status: u16, error: &reqwest::Error) -> Error {
        Error::Strange {
            url: format!("{}{path}", self.control),
            status,
            reason: whole(error),
        }
    }
}

/// A problem that says what was asked for: the caller of a test sees only this.
fn refusal(method: &Method, path: &str, mut problem: Problem) -> Problem {
    problem.detail = format!("{method} {path}: {}", problem.detail);
    problem
}

/// An error with its causes: reqwest's own words end before "connection refused".
fn whole(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
