//! Wires everything and owns nothing: from settings to a running server, and back to a closed file.
mod descriptors;
mod instance;
mod machine;
mod stop;

use std::{
    io::{self, Write},
    net::{IpAddr, Ipv4Addr, TcpListener},
    sync::Arc,
};

use serde::Serialize;
use tokio::sync::watch;

use crate::{
    base::{Clock, Error, Result},
    config::{Config, Port},
    db::Clinics,
    features,
    web::{
        Context, Route,
        docs::with_docs,
        edge::{Edge, Names, tls},
        server,
    },
};
pub use instance::{Instance, Running};
use machine::ThisMachine;

/// How many ports are tried after the usual one.
const NEXT_PORTS: u16 = 10;

/// Every route of the program.
pub fn routes() -> Vec<Route> {
    with_docs(features::routes())
}

/// The addresses a running program answers at: the line it prints once it listens.
#[derive(Debug, Clone, Serialize)]
pub struct Addresses {
    /// Plain HTTP, for this machine.
    pub http: String,
    /// HTTPS, for every machine that trusts ours.
    pub https: String,
    /// The process.
    pub pid: u32,
}

/// Serves until told to stop (SIGINT, SIGTERM, Ctrl-C). `ready` is called once it listens.
pub async fn serve(config: &Config, instance: Instance, ready: impl FnOnce(&Addresses)) -> Result<()> {
    let descriptors = descriptors::raise();
    let limits = descriptors::limits_for(descriptors);
    let connections = limits.connections;
    let (http, https) = listeners(config)?;
    let addresses = addresses(&http, &https)?;
    let data = config.data.clone();
    let clinics = Arc::new(Clinics::open(&data, Clock::system())?);
    features::start(&clinics);
    let lan = config.lan;
    let (stop, stopping) = watch::channel(false);
    let (names, named) = watch::channel(Names::of_this_machine(lan));
    let keeper = Arc::new(tls::TlsKeeper::open(&data.join("tls"), &named.borrow())?);
    let machine = Box::new(ThisMachine::new(data, Arc::clone(&keeper)));
    let context = Arc::new(
        Context::new(clinics, machine)
            .with_metrics_key(config.metrics_key.clone())
            .with_backup_folder(config.backup_folder.clone()),
    );
    features::observability::send_messages(
        &context,
        config.alert_webhook.as_deref(),
        config.alert_mail.as_ref(),
    );
    #[cfg(feature = "otel")]
    if let Some(endpoint) = &config.otel_endpoint {
        crate::web::otel::start(&context, endpoint).map_err(Error::internal)?;
    }
    let watching = tokio::spawn(features::observability::watch(Arc::clone(&context), stopping.clone()));
    features::watch(&context, &stopping);
    let front = server::endpoint(routes(), Arc::clone(&context));
    let recall = front.recall();
    let edge = Edge::new(front, named, stopping.clone())
        .at_hand(move |head, peer, id| recall.answer((&head.method, &head.uri, &head.headers), peer, id))
        .limits(limits)
        .plain(http)
        .and_then(|edge| edge.secure(https, keeper.server_config().map_err(io::Error::other)?))
        .map_err(Error::internal)?;
    tokio::spawn(tls::keep_fresh(Some(keeper), move || Names::of_this_machine(lan), names, stopping));
    // Before anyone is told that it runs: whoever hears so may tell it to stop at once.
    let told_to_stop = stop::told()?;
    instance.announce(&addresses).map_err(Error::internal)?;
    tracing::info!(
        http = addresses.http,
        https = addresses.https,
        version = env!("CARGO_PKG_VERSION"),
        descriptors,
        connections,
        "listening"
    );
    ready(&addresses);
    let server = tokio::spawn(edge.serve());
    tokio::select! { () = told_to_stop => {}, () = stop::left_alone(config.until_stdin_ends) => {} }
    tracing::info!("stopping");
    stop.send_replace(true);
    let _ = server.await;
    let _ = watching.await;
    features::stop(&context).await;
    #[cfg(feature = "otel")]
    crate::web::otel::stop(&context).await;
    tokio::task::spawn_blocking(move || context.close()).await.map_err(Error::internal)?;
    tracing::info!("stopped");
    Ok(())
}

/// Prints the addresses as one JSON line on standard output.
pub fn print_addresses(addresses: &Addresses) {
    let line = serde_json::to_string(addresses).unwrap_or_default();
    let mut out = io::stdout().lock();
    // Nobody reading is not an error: a double-click has no one there.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

fn listeners(config: &Config) -> Result<(TcpListener, TcpListener)> {
    let open = if config.lan { IpAddr::from(Ipv4Addr::UNSPECIFIED) } else { Ipv4Addr::LOCALHOST.into() };
    let http = listen(Ipv4Addr::LOCALHOST.into(), config.http_port)?;
    Ok((http, listen(open, config.https_port)?))
}

fn listen(address: IpAddr, port: Port) -> Result<TcpListener> {
    let last = if port.or_next { port.number.saturating_add(NEXT_PORTS) } else { port.number };
    let mut refused = None;
    for number in port.number..=last {
        match TcpListener::bind((address, number)) {
            Ok(listener) => return Ok(listener),
            Err(error) => refused = Some(error),
        }
    }
    let why = refused.map_or_else(String::new, |e| e.to_string());
    Err(Error::internal(format!("cannot listen on {address} port {}: {why}", port.number)))
}

fn addresses(http: &TcpListener, https: &TcpListener) -> Result<Addresses> {
    let port = |listener: &TcpListener| listener.local_addr().map(|a| a.port()).map_err(Error::internal);
    Ok(Addresses {
        http: format!("http://127.0.0.1:{}", port(http)?),
        https: format!("https://localhost:{}", port(https)?),
        pid: std::process::id(),
    })
}
