//! How fast TaskMed is, against bare poem answering the same bytes in the same minutes on the same machine, so that every figure
//! is a ratio: `cargo bench`. With `-- --seconds 1` it is quick and rough; `-- --only agenda` measures what has that in its name;
//! `-- --json FILE` writes the figures down, `-- --readme README.md` writes them into its table.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a measurement that cannot be made ends by panicking"
)]
mod bare;
mod clinic;
mod disk;
mod load;
mod reads;
mod table;
mod versus;
mod writes;

use std::{path::PathBuf, time::Duration};

use clap::Parser;

#[derive(Parser)]
struct Asked {
    /// Seconds of each round, of which each figure has several.
    #[arg(long, default_value_t = 2.0)]
    seconds: f64,
    /// Rounds of each figure: ours and bare poem's in turn.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Only figures with this in their name.
    #[arg(long, default_value = "")]
    only: String,
    /// Where to write the figures as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
    /// A README in which to write them as a table.
    #[arg(long)]
    readme: Option<PathBuf>,
    /// To be bare poem over the files of a folder; the benchmark starts itself so.
    #[arg(long, hide = true)]
    bare: Option<PathBuf>,
    /// Given by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

#[tokio::main]
async fn main() {
    let asked = Asked::parse();
    if let Some(folder) = asked.bare {
        return bare::serve(&folder).await;
    }
    let pace =
        versus::Pace { rounds: asked.rounds, time: Duration::from_secs_f64(asked.seconds), only: asked.only };
    table::head();
    let mut lines = reads::measure(&pace).await;
    lines.extend(writes::measure(&pace).await);
    if let Some(file) = asked.json {
        let lines: Vec<_> = lines.iter().map(table::Line::json).collect();
        std::fs::write(file, serde_json::to_string_pretty(&lines).unwrap()).unwrap();
    }
    if let Some(file) = asked.readme {
        let readme = std::fs::read_to_string(&file).unwrap();
        std::fs::write(file, table::write_into(&readme, &lines)).unwrap();
    }
    let missed = lines.iter().filter(|line| !line.met()).count();
    println!("{missed} of {} missed", lines.len());
}
