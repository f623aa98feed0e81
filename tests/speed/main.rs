//! How fast TaskMed is, against bare poem answering the same bytes in the same minutes on the same machine, so that every figure
//! is a ratio: `cargo bench`. With `-- --seconds 1` it is quick and rough; `-- --only agenda` measures what has that in its name;
//! `-- --json FILE` writes the figures down, `-- --readme README.md` writes them into its table.
//!
//! Other figures each have a word of their own: `--against PATH` what a part of the program costs, by an executable that lacks it;
//! `--years` twenty years of data against nine months; `--beside` reading while the trail is exported; `--hits` a look for a kept
//! answer inside the program; `--soak MINUTES` and `--day` whether memory stays what it is.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a measurement that cannot be made ends by panicking"
)]
mod against;
mod bare;
mod beside;
mod clinic;
mod desk;
mod disk;
mod hits;
mod load;
mod process;
mod reads;
mod soak;
mod table;
mod trail;
mod versus;
mod writes;
mod years;

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::Parser;

use table::Line;
use versus::Pace;

#[derive(Parser)]
struct Asked {
    /// Seconds of each round, of which each figure has several.
    #[arg(long, default_value_t = 2.0)]
    seconds: f64,
    /// Rounds of each figure: ours and the other's in turn.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Only figures with this in their name.
    #[arg(long, default_value = "")]
    only: String,
    /// Against an executable that was built without a part, in place of bare poem.
    #[arg(long, group = "what")]
    against: Option<PathBuf>,
    /// Twenty years of data against nine months of it.
    #[arg(long, group = "what")]
    years: bool,
    /// Reading with and without an export of the trail beside.
    #[arg(long, group = "what")]
    beside: bool,
    /// A look for a kept answer inside the program.
    #[arg(long, group = "what")]
    hits: bool,
    /// A front desk at work for so many minutes: whether memory stays what it is.
    #[arg(long, group = "what", value_name = "MINUTES")]
    soak: Option<f64>,
    /// The requests of a day, as fast as they are answered: whether memory stays what it is.
    #[arg(long, group = "what")]
    day: bool,
    /// Where to write the figures as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
    /// A README in which to write them as a table.
    #[arg(long, conflicts_with = "what")]
    readme: Option<PathBuf>,
    /// To be bare poem over the files of a folder; the benchmark starts itself so.
    #[arg(long, hide = true)]
    bare: Option<PathBuf>,
    /// Given by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let asked = Asked::parse();
    if let Some(folder) = asked.bare {
        bare::serve(&folder).await;
        return ExitCode::SUCCESS;
    }
    if asked.hits || asked.day || asked.soak.is_some() {
        let met = match asked.soak {
            Some(minutes) => soak::minutes(minutes).await,
            None if asked.day => soak::day().await,
            None => hits::measure(asked.rounds).await,
        };
        return if met { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let lines = compare(&asked).await;
    if let Some(file) = asked.json {
        let lines: Vec<_> = lines.iter().map(Line::json).collect();
        std::fs::write(file, serde_json::to_string_pretty(&lines).unwrap()).unwrap();
    }
    if let Some(file) = asked.readme {
        let readme = std::fs::read_to_string(&file).unwrap();
        std::fs::write(file, table::write_into(&readme, &lines)).unwrap();
    }
    let missed = lines.iter().filter(|line| !line.met()).count();
    println!("{missed} of {} missed", lines.len());
    ExitCode::SUCCESS
}

/// Every figure that is a ratio of what was asked for.
async fn compare(asked: &Asked) -> Vec<Line> {
    let time = Duration::from_secs_f64(asked.seconds);
    let pace = Pace { rounds: asked.rounds, time, only: asked.only.clone() };
    if let Some(other) = &asked.against {
        table::head("whole/s", "without/s");
        return against::measure(&pace, other).await;
    }
    if asked.years {
        table::head("years/s", "months/s");
        return years::measure(&pace).await;
    }
    if asked.beside {
        table::head("beside µs", "alone µs");
        return beside::measure(&pace).await;
    }
    table::head("TaskMed/s", "poem/s");
    let mut lines = reads::measure(&pace).await;
    lines.extend(writes::measure(&pace).await);
    lines
}
