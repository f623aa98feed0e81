//! Starting the server, or finding the one that runs.
use super::Failure;
use crate::{
    app::{self, Addresses, Instance},
    config::{Asked, Config},
    telemetry,
};

/// `taskmed`: starts or finds the running one, and opens the browser on it.
pub fn double_click(asked: &Asked) -> Result<(), Failure> {
    let config = Config::load(asked).map_err(Failure::Config)?;
    start(&config)
}

/// `taskmed serve`: the same in the foreground, without the browser unless the settings ask for it.
pub fn serve(asked: &Asked) -> Result<(), Failure> {
    double_click(asked)
}

fn start(config: &Config) -> Result<(), Failure> {
    match Instance::take(&config.data).map_err(|error| Failure::of_folder(&config.data, &error))? {
        Ok(instance) => run(config, instance),
        Err(running) => match running.http {
            Some(http) => {
                show(config, &http);
                println!("{}", serde_json::json!({ "http": http, "already_running": true }));
                Ok(())
            }
            None => Err(Failure::TryAgain(format!("another TaskMed is using {}", config.data.display()))),
        },
    }
}

fn run(config: &Config, instance: Instance) -> Result<(), Failure> {
    let _logs = telemetry::start(&config.data.join("logs"));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let ready = |addresses: &Addresses| {
        app::print_addresses(addresses);
        show(config, &addresses.http);
    };
    runtime.block_on(app::serve(config, instance, ready))?;
    Ok(())
}

/// Opens the browser; where there is none, the address stands on the terminal.
fn show(config: &Config, address: &str) {
    if config.open_browser && open::that_detached(address).is_err() {
        eprintln!("TaskMed: {address}");
    }
}
