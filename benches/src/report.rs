//! The report: every figure beside that of the reference, and the goals.

use std::fmt::Write as _;

use crate::timed::{Column, Measured, Round};

/// What was counted of one peer, exactly.
pub(crate) struct Exact {
    pub(crate) name: &'static str,
    /// Without the hash: 256 B, 4 KiB, forged.
    pub(crate) instructions: [u64; 3],
    pub(crate) allocations: f64,
    pub(crate) system_calls: f64,
}

/// A figure of a round, by its title.
type Figure = (&'static str, fn(&Round) -> f64);

const FIGURES: [Figure; 6] = [
    ("requests/s", |it| it.rate),
    ("p50, µs", |it| it.p50),
    ("p99, µs", |it| it.p99),
    ("core, µs a request", |it| it.core),
    ("busy", |it| it.busy),
    ("resident, MiB", |it| it.resident),
];

/// The tables of the timed run.
pub(crate) fn timed(measured: &Measured, names: &[String]) -> String {
    let mut text = String::new();
    for column in Column::ALL {
        let _ = writeln!(text, "### {}\n", column.title());
        let titles = FIGURES.map(|(title, _)| title).join(" | ");
        let _ = writeln!(text, "| receiver | {titles} | requests/s to the reference |\n|{}", " --- |".repeat(8));
        for name in names {
            let Some(rounds) = measured.get(&(name.clone(), column)) else { continue };
            let values = FIGURES.map(|(title, of)| shown(title, median(rounds.iter().map(of)))).join(" | ");
            let ratio = ratio(measured, name, column, |it| it.rate);
            let ratio = ratio.map_or_else(String::new, |it| it.to_string());
            let _ = writeln!(text, "| {name} | {values} | {ratio} |");
        }
        text.push('\n');
    }
    text
}

fn shown(title: &str, value: f64) -> String {
    match title {
        "requests/s" | "p50, µs" | "p99, µs" => format!("{value:.0}"),
        "busy" => format!("{:.0} %", value * 100.0),
        _ => format!("{value:.2}"),
    }
}

/// The table of what was counted.
pub(crate) fn exact(rows: &[Exact]) -> String {
    let mut text = "| receiver | instructions, 256 B | 4 KiB | forged, 256 B | allocations | system calls |\n| --- | --- | --- | --- | --- | --- |\n".to_owned();
    for Exact { name, instructions: [small, middle, forged], allocations, system_calls } in rows {
        let forged = if *forged == 0 { String::new() } else { forged.to_string() };
        let _ = writeln!(text, "| {name} | {small} | {middle} | {forged} | {allocations:.1} | {system_calls:.2} |");
    }
    text
}

/// Goal by goal.
pub(crate) fn goals(measured: &Measured, rows: &[Exact], bytes_an_id: f64) -> String {
    let mut text = "| figure | goal | measured | |\n| --- | --- | --- | --- |\n".to_owned();
    let mut line = |figure: &str, goal: f64, most: bool, found: Option<Ratio>| {
        let Some(found) = found else { return };
        let met = if most { found.median <= goal } else { found.median >= goal };
        let bound = if most { "at most" } else { "at least" };
        let _ = writeln!(text, "| {figure} | {bound} {goal} | {found} | {} |", if met { "met" } else { "**missed**" });
    };
    let of = |name: &str, column, figure: fn(&Round) -> f64| ratio(measured, name, column, figure);
    for (column, rate, core) in [(Column::Small, 1.2, 0.82), (Column::Middle, 1.2, 0.82), (Column::Large, 1.03, 0.97)] {
        line(&format!("requests/s, {}", column.title()), rate, false, of("ours", column, |it| it.rate));
        line(&format!("core, {}", column.title()), core, true, of("ours", column, |it| it.core));
    }
    for column in [Column::Small, Column::Middle] {
        line(&format!("p50, {}", column.title()), 0.85, true, of("ours", column, |it| it.p50));
        line(&format!("p99, {}", column.title()), 0.9, true, of("ours", column, |it| it.p99));
    }
    line("requests/s, a handler that waits once", 1.1, false, of("ours", Column::Waiting, |it| it.rate));
    line("requests/s in a user's axum app, 256 B", 1.0, false, of("ours-in-axum", Column::Small, |it| it.rate));
    let against = |other: &str, column| ratio_to(measured, "ours", other, column, |it| it.rate);
    line("requests/s to the receiver without dedupe, 256 B", 0.95, false, against("plain", Column::Small));
    line("requests/s to the svix crate, 64 KiB", 3.5, false, against("svix", Column::Large));
    line("requests/s to FastAPI, 256 B", 12.0, false, against("fastapi", Column::Small));
    line("bytes of the store, an id among a million", 64.0, true, Some(Ratio::exact(bytes_an_id)));
    let row = |name: &str| rows.iter().find(|it| it.name == name);
    if let (Some(ours), Some(reference), Some(bare)) = (row("ours"), row("reference"), row("hyper")) {
        #[allow(clippy::cast_precision_loss, reason = "no count here comes near the precision of a float")]
        let share = |one: u64, other: u64| Some(Ratio::exact(one as f64 / other as f64));
        let ([small, middle, forged], [of_small, of_middle, _]) = (ours.instructions, reference.instructions);
        line("instructions, 256 B", 0.8, true, share(small, of_small));
        line("instructions, 4 KiB", 0.85, true, share(middle, of_middle));
        line("instructions over bare hyper, 256 B", 11_000.0, true, share(small - bare.instructions[0], 1));
        line("instructions of a forged delivery to an accepted one", 0.5, true, share(forged, small));
        line("allocations", 15.0, true, Some(Ratio::exact(ours.allocations)));
        line("system calls", 2.1, true, Some(Ratio::exact(ours.system_calls)));
    }
    text
}

/// A ratio in each round: the median, and the least and the most.
#[derive(Clone, Copy)]
struct Ratio {
    median: f64,
    least: f64,
    most: f64,
}

impl Ratio {
    fn exact(value: f64) -> Self {
        Self { median: value, least: value, most: value }
    }
}

impl std::fmt::Display for Ratio {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.least >= self.most {
            let digits = if self.median.fract() == 0.0 { 0 } else { 2 };
            return write!(f, "{:.digits$}", self.median);
        }
        write!(f, "{:.2} ({:.2} to {:.2})", self.median, self.least, self.most)
    }
}

fn ratio(measured: &Measured, name: &str, column: Column, figure: fn(&Round) -> f64) -> Option<Ratio> {
    ratio_to(measured, name, "reference", column, figure)
}

/// Round by round, since what hit one in a round hit the other too.
fn ratio_to(measured: &Measured, name: &str, other: &str, column: Column, figure: fn(&Round) -> f64) -> Option<Ratio> {
    let rounds = |name: &str| measured.get(&(name.to_owned(), column));
    let ratios: Vec<f64> =
        rounds(name)?.iter().zip(rounds(other)?).map(|(one, other)| figure(one) / figure(other)).collect();
    let least = ratios.iter().copied().fold(f64::INFINITY, f64::min);
    let most = ratios.iter().copied().fold(0.0, f64::max);
    Some(Ratio { median: median(ratios.into_iter()), least, most })
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
