//! What a run tells whoever watches it, while it runs.

/// Receives the progress of a run; the binary draws it.
pub trait Progress: Send + Sync {
    /// A step begins.
    fn step_started(&self, name: &str);
    /// A step ended as `executed`, `cached`, `failed` or `cancelled` after `wall_s` seconds.
    fn step_finished(&self, name: &str, state: &str, wall_s: f64);
    /// Within a step, `done` of `total` parts are done.
    fn advance(&self, name: &str, done: u64, total: u64);
    /// Something worth a line: counts, findings, warnings.
    fn note(&self, text: &str);
}

/// Tells nobody.
pub struct Silent;

impl Progress for Silent {
    fn step_started(&self, _: &str) {}
    fn step_finished(&self, _: &str, _: &str, _: f64) {}
    fn advance(&self, _: &str, _: u64, _: u64) {}
    fn note(&self, _: &str) {}
}
