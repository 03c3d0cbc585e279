//! Both routers on real listeners.

use std::fmt;
use std::io;
use std::net::SocketAddr;

use axum::Router;
use tidegate_contract::feed::{FeedAct, FeedOrder, close_code};
use tidegate_contract::{Listener, SocketClose};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::{Duration, timeout};

use crate::accept::{self, Port};
use crate::door::Order;
use crate::settings::Settings;
use crate::spaces::Spaces;
use crate::stub::Stub;
use crate::{app, control};

/// A stub that is being served. Dropping it stops the listeners and cuts their connections.
#[derive(Debug)]
#[must_use = "the stub stops when this is dropped"]
pub struct Server {
    spaces: Spaces,
    api: SocketAddr,
    control: SocketAddr,
    tasks: [JoinHandle<()>; 2],
}

/// Starts a stub and returns once both listeners are ready.
///
/// ```
/// # let runtime = tokio::runtime::Runtime::new().unwrap();
/// # runtime.block_on(async {
/// use server_stub::{Settings, serve};
/// let server = serve(&Settings::on_free_ports()).await.unwrap();
/// println!("{} and {}", server.api_url(), server.control_url());
/// server.shutdown().await;
/// # });
/// ```
///
/// # Errors
/// When a port cannot be had, or when everybody could reach it and there is no token; the text says what to do.
pub async fn serve(settings: &Settings) -> io::Result<Server> {
    if !settings.listen.is_loopback() && settings.token.is_none() {
        let address = settings.listen;
        let text = format!(
            "whoever reaches {address} could drive the stub: choose a --token, or listen on 127.0.0.1"
        );
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, text));
    }
    let listener = settings.program().listener;
    let api = take(settings, settings.port, listener, "--port")?;
    let control_port = settings.control_port;
    let control_port = take(settings, control_port, Listener::Open, "--control-port")?;

    let spaces = Spaces::new(settings);
    let stub = spaces.default_space().clone();
    let orders = stub.door().attach(api.address())?;
    // Nobody holds the other end: the control listener stays open.
    let (_, no_orders) = mpsc::channel(1);
    let server = Server {
        api: api.address(),
        control: control_port.address(),
        tasks: [
            spawn(api, app(stub.clone()), orders),
            spawn(control_port, control(spaces.clone()), no_orders),
        ],
        spaces,
    };
    // A script runs from now on, whether or not anybody asks for anything.
    stub.catch_up().await;
    Ok(server)
}

impl Server {
    /// The stub behind the API listener.
    #[must_use]
    pub fn stub(&self) -> &Stub {
        self.spaces.default_space()
    }

    /// Where the API listens, such as `http://127.0.0.1:4780`.
    #[must_use]
    pub fn api_url(&self) -> String {
        format!("http://{}", self.api)
    }

    /// Where the control API listens.
    #[must_use]
    pub fn control_url(&self) -> String {
        format!("http://{}", self.control)
    }

    /// The API's address.
    #[must_use]
    pub fn api_addr(&self) -> SocketAddr {
        self.api
    }

    /// The control API's address.
    #[must_use]
    pub fn control_addr(&self) -> SocketAddr {
        self.control
    }

    /// Stops listening, tells streams to come back later, lets requests under way have their answers, and returns when that is done or
    /// patience is at its end; what is left then is cut.
    pub async fn drain(self, patience: Duration) {
        let going_away = FeedOrder {
            client: None,
            stream: None,
            act: FeedAct::Close(SocketClose::new(close_code::GOING_AWAY, "the stub stops")),
        };
        let stub = self.stub();
        stub.feed().act(stub.now(), &going_away);
        // An error says that the listener has stopped already.
        let _ = timeout(patience, stub.door().drain()).await;
        self.shutdown().await;
    }

    /// Stops both listeners, cuts their connections and returns when that is done.
    pub async fn shutdown(mut self) {
        for task in &mut self.tasks {
            task.abort();
            // The error says that the task was aborted, which is what we asked for.
            let _ = task.await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

fn spawn(port: Port, router: Router, orders: mpsc::Receiver<Order>) -> JoinHandle<()> {
    tokio::spawn(accept::run(port, router, orders))
}

fn take(settings: &Settings, port: u16, wanted: Listener, option: &str) -> io::Result<Port> {
    Port::take(settings.listen, port, wanted).map_err(|error| {
        let kind = error.kind();
        io::Error::new(
            kind,
            PortUnavailable {
                port,
                option: option.to_owned(),
                error,
            },
        )
    })
}

/// Why a stub did not start.
#[derive(Debug)]
struct PortUnavailable {
    port: u16,
    option: String,
    error: io::Error,
}

impl fmt::Display for PortUnavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let PortUnavailable {
            port,
            option,
            error,
        } = self;
        if error.kind() == io::ErrorKind::AddrInUse {
            return write!(
                f,
                "port {port} is in use: stop the program that has it, or choose another one with {option} (0 takes any)"
            );
        }
        write!(
            f,
            "port {port} cannot be opened: {error}; choose another one with {option} (0 takes any)"
        )
    }
}

impl std::error::Error for PortUnavailable {}
